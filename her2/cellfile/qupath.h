// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/cell/kind.h"
#include "her2/ihc/edits.h"

// How QuPath names and colours what we find. Tumour cells have the class "Tumor" with the intensity "Negative", "1+",
// "2+" or "3+" below it, from which QuPath computes H-scores: faint and weak staining are 1+, moderate 2+, strong 3+.
// Whether a membrane is complete stands in a measurement and in the object's metadata.
namespace her2 {

using ClassNames = std::vector<std::string>;  // from the root: {"Tumor", "3+"}

ClassNames qupath_class(CellKind kind, MembraneClass membrane);

// The colour that QuPath gives the class: red, green, blue.
std::array<int, 3> qupath_colour(CellKind kind, MembraneClass membrane);

// What a class says that a person may have given. `kind`: by its first name that is one of Tumor, Immune cells, Stroma,
// Other, or ours (tumour, lymphocyte, stromal, other). `intensity`: 0 to 3. "Complete", "Incomplete", "Faint" below
// Tumor are understood too. A name that ends in "*" (as "Ignore*") is not to be counted.
struct ClassMeaning {
  bool ignored = false;
  std::optional<CellKind> kind;
  std::optional<int> intensity;
  std::optional<bool> complete;
  bool faint = false;
};
// nullopt: a name that is not known.
std::optional<ClassMeaning> class_meaning(const ClassNames& names);

// "Tumor: 3+" as {"Tumor", "3+"}.
ClassNames split_class(std::string_view name);

}  // namespace her2
