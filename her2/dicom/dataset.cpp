// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/dataset.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace her2::dicom {

void quiet() {
  static std::once_flag once;
  std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

std::string cut(std::string_view text, std::size_t most) {
  std::size_t characters = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;  // not within a UTF-8 character
    if (begins && characters++ == most) {
      break;
    }
    ++end;
  }
  return std::string(text.substr(0, end));
}

Code own_code(std::string_view value, std::string_view meaning) {
  constexpr std::size_t kMostMeaning = 64;
  constexpr std::size_t kMostValue = 16;
  return {cut(value, kMostValue), kOwnScheme, cut(meaning, kMostMeaning)};
}

Filler& Filler::text(const DcmTagKey& tag, std::string_view value) {
  std::string single(value);  // a backslash would begin another value
  std::replace(single.begin(), single.end(), '\\', '/');
  item_->putAndInsertOFStringArray(tag, OFString(single.data(), single.size()));
  return *this;
}

Filler& Filler::u16(const DcmTagKey& tag, unsigned value) {
  item_->putAndInsertUint16(tag, static_cast<Uint16>(value));
  return *this;
}

Filler& Filler::u32(const DcmTagKey& tag, unsigned long value) {
  item_->putAndInsertUint32(tag, static_cast<Uint32>(value));
  return *this;
}

Filler& Filler::code(const DcmTagKey& tag, const Code& code) {
  item(tag)
      .text(DCM_CodeValue, code.value)
      .text(DCM_CodingSchemeDesignator, code.scheme)
      .text(DCM_CodeMeaning, code.meaning);
  return *this;
}

Filler Filler::item(const DcmTagKey& tag) {
  DcmItem* made = nullptr;
  constexpr signed long kAppend = -2;
  item_->findOrCreateSequenceItem(tag, made, kAppend);
  return Filler(*made);
}

Filler& Filler::element(std::unique_ptr<DcmElement> element) {
  item_->insert(element.release(), OFTrue);
  return *this;
}

std::string text_of(DcmItem& item, const DcmTagKey& tag, unsigned long index) {
  OFString value;
  std::string out;
  if (item.findAndGetOFString(tag, value, index).good()) {
    out.assign(value.begin(), value.end());
  }
  const auto end = out.find_last_not_of(std::string_view(" \0", 2));
  out.resize(end == std::string::npos ? 0 : end + 1);
  return out;
}

std::int64_t number_of(DcmItem& item, const DcmTagKey& tag) {
  Uint32 wide = 0;
  Uint16 narrow = 0;
  Sint32 text = 0;
  if (item.findAndGetUint32(tag, wide).good()) {
    return wide;
  }
  if (item.findAndGetUint16(tag, narrow).good()) {
    return narrow;
  }
  return item.findAndGetSint32(tag, text).good() ? text : 0;
}

Result<void> save(DcmFileFormat& file, const std::string& path) {
  const std::string part = fmt::format("{}.part-{}", path, ::getpid());
  const OFCondition saved = file.saveFile(OFFilename(part.c_str()), EXS_LittleEndianExplicit, EET_UndefinedLength,
                                          EGL_withoutGL, EPD_noChange);
  const int descriptor = saved.good() ? ::open(part.c_str(), O_RDONLY | O_CLOEXEC) : -1;
  const bool flushed = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int code = errno;
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  if (flushed && ::rename(part.c_str(), path.c_str()) == 0) {
    return {};
  }
  ::unlink(part.c_str());
  return fail(fmt::format("cannot be written: {}", saved.bad() ? saved.text() : std::strerror(code)), {}, path);
}

}  // namespace her2::dicom
