// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/cell/kind.h"
#include "her2/core/polygon.h"

namespace her2 {

// The grid on which a cell is classed: intensity and completeness of its membrane. `unstained` stands alone.
enum class MembraneClass : std::uint8_t {
  unstained,
  faint_incomplete,
  faint_complete,
  weak_incomplete,
  weak_complete,
  moderate_incomplete,
  moderate_complete,
  strong_incomplete,
  strong_complete,
};
inline constexpr std::size_t kMembraneClasses = 9;

std::string_view name_of(MembraneClass membrane);  // "faint_incomplete": the fact of that name; "unstained"
std::optional<MembraneClass> membrane_class(std::string_view name);

// One correction by a person. It is found again by cell id and, when the slide was measured anew, by centroid.
struct Edit {
  std::string cell;   // id of the cell (CellTable::id); empty for `add`
  SubPoint centroid;  // level 0
  std::string slide_sha256;
  enum class Action : std::uint8_t { remove, kind, membrane } action = Action::remove;
  CellKind kind = CellKind::other;                    // action kind
  MembraneClass membrane = MembraneClass::unstained;  // action membrane
  std::string author;                                 // who says so
  std::string time;                                   // ISO 8601 as given; never made up
};

}  // namespace her2
