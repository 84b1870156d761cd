// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_structure.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace her2 {
namespace {

std::uint64_t number(std::span<const std::uint8_t> bytes, bool big_endian) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out = (out << 8U) | bytes[big_endian ? i : bytes.size() - 1 - i];
  }
  return out;
}

// Bytes of one value of a TIFF field type; 0: a type that TIFF does not have.
std::uint64_t type_size(std::uint16_t type) {
  constexpr std::array<std::uint8_t, 19> kSizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < kSizes.size() ? kSizes[type] : 0;
}

}  // namespace

const TiffEntry* TiffDirectory::find(std::uint16_t tag) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.tag == tag; });
  return found == entries.end() ? nullptr : &*found;
}

bool looks_like_tiff(std::span<const std::uint8_t> head) {
  if (head.size() < 8 || head[0] != head[1] || (head[0] != 'I' && head[0] != 'M')) {
    return false;
  }
  const auto version = number(head.subspan(2, 2), head[0] == 'M');
  return version == 42 || version == 43;
}

Result<TiffStructure> TiffStructure::read(const FileBytes& file) {
  std::array<std::uint8_t, 16> head{};
  if (auto got = file.read(0, std::span(head).first(std::min<std::uint64_t>(16, file.size()))); !got) {
    return tl::unexpected(got.error());
  }
  if (!looks_like_tiff(head)) {
    return fail("is no TIFF file", {}, file.path());
  }
  TiffStructure out;
  out.layout_.big_endian = head[0] == 'M';
  out.layout_.big = number(std::span(head).subspan(2, 2), out.layout_.big_endian) == 43;
  std::uint64_t next =
      number(std::span(head).subspan(out.layout_.big ? 8 : 4, out.layout_.big ? 8 : 4), out.layout_.big_endian);
  if (next == 0) {
    return fail("the TIFF file has no image directory; it was not finished when it was written", {}, file.path());
  }
  while (next != 0) {
    auto directory = out.directory(file, next, &next);
    if (!directory) {
      return tl::unexpected(
          located(directory.error(), file.path(), fmt::format("directory {}", out.chain_.size() + 1)));
    }
    out.chain_.push_back(std::move(*directory));
  }
  return out;
}

Result<TiffDirectory> TiffStructure::sub_directory(const FileBytes& file, std::uint64_t offset) {
  return directory(file, offset, nullptr);
}

Result<TiffDirectory> TiffStructure::directory(const FileBytes& file, std::uint64_t offset, std::uint64_t* next) {
  const auto known = std::lower_bound(seen_.begin(), seen_.end(), offset);
  if (known != seen_.end() && *known == offset) {
    return fail("its image directories point in a circle; the file is damaged");
  }
  if (seen_.size() >= kMostDirectories) {
    return fail(fmt::format("the file has more than {} image directories", kMostDirectories));
  }
  seen_.insert(known, offset);

  const std::size_t count_size = layout_.big ? 8 : 2;
  const std::size_t entry_size = layout_.big ? 20 : 12;
  const std::size_t link_size = layout_.big ? 8 : 4;
  std::array<std::uint8_t, 8> small{};
  if (!file.read(offset, std::span(small).first(count_size))) {
    return fail(
        fmt::format("its image directory at byte {} is beyond the end of the file: the file is cut short; copy "
                    "it again",
                    offset));
  }
  const auto count = number(std::span(small).first(count_size), layout_.big_endian);
  constexpr std::uint64_t kMostEntries = 4096;
  if (count == 0 || count > kMostEntries) {
    return fail(fmt::format("its image directory claims {} entries; the file is damaged", count));
  }
  std::vector<std::uint8_t> bytes(count * entry_size + link_size);
  if (!file.read(offset + count_size, bytes)) {
    return fail("its image directory goes beyond the end of the file: the file is cut short; copy it again");
  }
  TiffDirectory out;
  out.offset = offset;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto entry = std::span(bytes).subspan(i * entry_size, entry_size);
    TiffEntry read;
    read.tag = static_cast<std::uint16_t>(number(entry.subspan(0, 2), layout_.big_endian));
    read.type = static_cast<std::uint16_t>(number(entry.subspan(2, 2), layout_.big_endian));
    read.count = number(entry.subspan(4, count_size == 8 ? 8 : 4), layout_.big_endian);
    const auto size = type_size(read.type);
    if (size != 0 && read.count > file.size() / size) {
      return fail(fmt::format("tag {} claims {} values, more than the file's {} bytes can hold", read.tag, read.count,
                              file.size()));
    }
    constexpr std::uint16_t kShort = 3;
    constexpr std::uint16_t kLong = 4;
    if (read.count == 1 && (read.type == kShort || read.type == kLong)) {
      const auto value = entry.subspan(4 + link_size, read.type == kShort ? 2 : 4);
      read.value = static_cast<std::uint32_t>(number(value, layout_.big_endian));
    }
    out.entries.push_back(read);
  }
  if (next != nullptr) {
    *next = number(std::span(bytes).subspan(count * entry_size, link_size), layout_.big_endian);
  }
  return out;
}

}  // namespace her2
