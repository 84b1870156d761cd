// SPDX-License-Identifier: Apache-2.0
#include "make_files.h"

namespace her2::test {
namespace {

std::string number(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) {
    out += static_cast<char>(value >> static_cast<unsigned>(8 * i) & 255U);
  }
  return out;
}

std::string tag(std::uint32_t both) { return number(both >> 16U, 2) + number(both & 0xFFFFU, 2); }

// Explicit little endian.
std::string element(std::uint32_t which, const std::string& vr, std::string value) {
  if (value.size() % 2 == 1) {
    value += vr == "UI" || vr == "OB" ? '\0' : ' ';
  }
  const bool wide = vr == "OB" || vr == "SQ";
  const auto length = static_cast<std::uint32_t>(value.size());
  return tag(which) + vr + (wide ? number(0, 2) + number(length, 4) : number(length, 2)) + value;
}

std::string item(const std::string& value) {
  return tag(0xFFFEE000) + number(static_cast<std::uint32_t>(value.size()), 4) + value;
}

std::string us(std::uint32_t which, int value) {
  return element(which, "US", number(static_cast<std::uint32_t>(value), 2));
}

std::string ul(std::uint32_t which, const char* vr, int value) {
  return element(which, vr, number(static_cast<std::uint32_t>(value), 4));
}

std::string pixel_data(const DicomSpec& spec) {
  std::string all;
  if (spec.transfer_syntax == "1.2.840.10008.1.2.1") {
    for (const auto& frame : spec.frames) {
      all += frame;
    }
    return element(0x7FE00010, "OB", all);
  }
  all = tag(0x7FE00010) + "OB" + number(0, 2) + number(0xFFFFFFFF, 4) + item("");
  for (const auto& frame : spec.frames) {
    all += item(frame.size() % 2 == 1 ? frame + '\0' : frame);
  }
  return all + (spec.end ? tag(0xFFFEE0DD) + number(0, 4) : "");
}

std::string places(const DicomSpec& spec) {
  std::string groups;
  for (const auto& [column, row] : spec.positions) {
    const auto place = ul(0x0048021E, "SL", column) + ul(0x0048021F, "SL", row);
    groups += item(element(0x0048021A, "SQ", item(place)));
  }
  return groups.empty() ? "" : element(0x52009230, "SQ", groups);
}

}  // namespace

std::string make_dicom(const DicomSpec& spec) {
  const std::string kind = "1.2.840.10008.5.1.4.1.1.77.1.6";
  const std::string meta = element(0x00020001, "OB", std::string("\0\1", 2)) + element(0x00020002, "UI", kind) +
                           element(0x00020003, "UI", "1.2.3.4") + element(0x00020010, "UI", spec.transfer_syntax) +
                           element(0x00020012, "UI", "1.2.3.5");
  std::string out = std::string(128, '\0') + "DICM" + ul(0x00020000, "UL", static_cast<int>(meta.size())) + meta;
  out += element(0x00080008, "CS", "DERIVED\\PRIMARY\\" + spec.flavour + "\\NONE");
  out += element(0x00080016, "UI", kind) + element(0x00080018, "UI", "1.2.3.4");
  out += element(0x0020000E, "UI", spec.series);
  if (!spec.organisation.empty()) {
    out += element(0x00209311, "CS", spec.organisation);
  }
  out += us(0x00280002, 3) + element(0x00280004, "CS", spec.photometric) + us(0x00280006, 0);
  out += element(0x00280008, "IS", std::to_string(spec.claimed_frames.value_or(static_cast<int>(spec.frames.size()))));
  out += us(0x00280010, spec.tile) + us(0x00280011, spec.tile) + us(0x00280100, 8) + us(0x00280101, 8);
  out += ul(0x00480006, "UL", spec.width) + ul(0x00480007, "UL", spec.height);
  const std::string measures = item(element(0x00280030, "DS", spec.spacing));
  out += element(0x52009229, "SQ", item(element(0x00289110, "SQ", measures)));
  out += places(spec);
  return out + (spec.pixel_data ? pixel_data(spec) : "");
}

}  // namespace her2::test
