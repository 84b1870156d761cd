// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/kind.h"

#include <algorithm>
#include <array>

namespace her2 {
namespace {

constexpr std::array<std::string_view, 4> kNames{"tumour", "lymphocyte", "stromal", "other"};

}  // namespace

std::string_view name_of(CellKind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::optional<CellKind> cell_kind(std::string_view name) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  return found == kNames.end() ? std::nullopt : std::optional(static_cast<CellKind>(found - kNames.begin()));
}

}  // namespace her2
