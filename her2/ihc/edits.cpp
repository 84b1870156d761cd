// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/edits.h"

#include <algorithm>
#include <array>

namespace her2 {
namespace {

constexpr std::array<std::string_view, kMembraneClasses> kNames{
    "unstained",           "faint_incomplete",  "faint_complete",    "weak_incomplete", "weak_complete",
    "moderate_incomplete", "moderate_complete", "strong_incomplete", "strong_complete"};

}  // namespace

std::string_view name_of(MembraneClass membrane) { return kNames.at(static_cast<std::size_t>(membrane)); }

std::optional<MembraneClass> membrane_class(std::string_view name) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  return found == kNames.end() ? std::nullopt : std::optional(static_cast<MembraneClass>(found - kNames.begin()));
}

}  // namespace her2
