// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace her2 {

// What a cell is, from its nucleus and its neighbours, never from its membrane stain.
enum class CellKind : std::uint8_t {
  tumour,      // tumour-like epithelial: the denominator of every share
  lymphocyte,  // small, dark, round
  stromal,     // elongated: fibroblast, endothelium
  other,       // debris, damaged, not to be told
};

std::string_view name_of(CellKind kind);  // "tumour", "lymphocyte", ...
std::optional<CellKind> cell_kind(std::string_view name);

}  // namespace her2
