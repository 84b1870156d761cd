// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include "her2/cellfile/measurements.h"
#include "her2/dicom/annotations.h"

namespace her2 {
namespace {

// Short names (at most 16 characters) of measurements(), by their names there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kShort{{
    {"nucleus_area_um2", "NUC-AREA"},
    {"nucleus_circularity", "NUC-CIRCULARITY"},
    {"nucleus_elongation", "NUC-ELONGATION"},
    {"nucleus_haematoxylin_od", "NUC-H-OD"},
    {"nucleus_dab_od", "NUC-DAB-OD"},
    {"cell_area_um2", "CELL-AREA"},
    {"cell_perimeter_um", "CELL-PERIMETER"},
    {"cytoplasm_dab_od", "CYT-DAB-OD"},
    {"membrane_dab_od", "MEM-DAB-OD"},
    {"membrane_width_half_um", "MEM-WIDTH-HALF"},
    {"membrane_width_fixed_um", "MEM-WIDTH-FIXED"},
    {"free_border_percent", "FREE-BORDER"},
    {"kind_confidence_percent", "KIND-CONFIDENCE"},
}};

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c == '_' ? '-' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

}  // namespace

std::vector<AnnotationCode> annotation_measurements() {
  std::vector<AnnotationCode> out;
  for (const Measurement& m : measurements()) {
    const auto* const found =
        std::find_if(kShort.begin(), kShort.end(), [&](const auto& pair) { return pair.first == m.name; });
    out.push_back({std::string(found == kShort.end() ? std::string_view(m.name).substr(0, 16) : found->second),
                   m.qupath, m.unit});
  }
  out.push_back({"MEM-COMPLETE", "Membrane: Completeness %", "%"});
  out.push_back({"MEM-GAP", "Membrane: Longest gap %", "%"});
  out.push_back({"MEM-CONTRAST", "Membrane: DAB OD contrast median", "OD"});
  out.push_back({"TABLE-ROW", "Row in cells.h5ad, from 0", ""});
  return out;
}

AnnotationCode annotation_class(CellKind kind, const std::string& name_of_class) {
  if (kind != CellKind::tumour) {
    return {upper(name_of(kind)), std::string(name_of(kind)), {}};
  }
  std::string words = name_of_class;
  std::replace(words.begin(), words.end(), '_', ' ');
  std::string value = upper(name_of_class);
  constexpr std::string_view kComplete = "-COMPLETE";
  constexpr std::string_view kIncomplete = "-INCOMPLETE";
  if (value.ends_with(kIncomplete)) {
    value.resize(value.size() - kIncomplete.size() + 2);
  } else if (value.ends_with(kComplete)) {
    value.resize(value.size() - kComplete.size() + 2);
  }
  return {"T-" + value, "tumour, " + words, {}};
}

}  // namespace her2
