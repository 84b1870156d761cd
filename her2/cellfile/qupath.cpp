// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/qupath.h"

#include <algorithm>

namespace her2 {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

int intensity_of(MembraneClass membrane) {
  static constexpr std::array<int, kMembraneClasses> kIntensity{0, 1, 1, 1, 1, 2, 2, 3, 3};
  return kIntensity.at(static_cast<std::size_t>(membrane));
}

std::optional<CellKind> kind_of(const std::string& name) {
  if (name == "tumor" || name == "tumour") {
    return CellKind::tumour;
  }
  if (name == "immune cells" || name == "lymphocyte") {
    return CellKind::lymphocyte;
  }
  if (name == "stroma" || name == "stromal") {
    return CellKind::stromal;
  }
  return name == "other" ? std::optional(CellKind::other) : std::nullopt;
}

}  // namespace

ClassNames qupath_class(CellKind kind, MembraneClass membrane) {
  static constexpr std::array<const char*, 4> kIntensity{"Negative", "1+", "2+", "3+"};
  switch (kind) {
    case CellKind::tumour: return {"Tumor", kIntensity.at(static_cast<std::size_t>(intensity_of(membrane)))};
    case CellKind::lymphocyte: return {"Immune cells"};
    case CellKind::stromal: return {"Stroma"};
    case CellKind::other: break;
  }
  return {"Other"};
}

std::array<int, 3> qupath_colour(CellKind kind, MembraneClass membrane) {
  static constexpr std::array<std::array<int, 3>, 4> kIntensity{
      {{90, 90, 180}, {255, 215, 0}, {225, 150, 50}, {200, 50, 50}}};
  switch (kind) {
    case CellKind::tumour: return kIntensity.at(static_cast<std::size_t>(intensity_of(membrane)));
    case CellKind::lymphocyte: return {160, 90, 160};
    case CellKind::stromal: return {150, 200, 150};
    case CellKind::other: break;
  }
  return {255, 200, 0};
}

std::optional<ClassMeaning> class_meaning(const ClassNames& names) {
  ClassMeaning out;
  for (const std::string& name : names) {
    const std::string word = lower_case(name);
    static constexpr std::array<std::string_view, 4> kIntensity{"negative", "1+", "2+", "3+"};
    const auto* const intensity = std::find(kIntensity.begin(), kIntensity.end(), word);
    if (word.ends_with('*')) {
      out.ignored = true;
    } else if (intensity != kIntensity.end()) {
      out.intensity = static_cast<int>(intensity - kIntensity.begin());
    } else if (word == "complete" || word == "incomplete") {
      out.complete = word == "complete";
    } else if (word == "faint") {
      out.faint = true;
      out.intensity = out.intensity.value_or(1);
    } else if (const auto kind = kind_of(word); kind && !out.kind) {
      out.kind = kind;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

ClassNames split_class(std::string_view name) {
  ClassNames out;
  while (true) {
    const auto colon = name.find(':');
    std::string_view part = name.substr(0, colon);
    while (part.starts_with(' ')) {
      part.remove_prefix(1);
    }
    while (part.ends_with(' ')) {
      part.remove_suffix(1);
    }
    out.emplace_back(part);
    if (colon == std::string_view::npos) {
      return out;
    }
    name.remove_prefix(colon + 1);
  }
}

}  // namespace her2
