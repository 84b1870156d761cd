// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"
#include "her2/guideline/table.h"

namespace her2 {

// File name ("facts.toml", "breast-her2-2018.toml", "options/adc.toml") -> content.
using GuidelineFiles = std::map<std::string, std::string>;
// Parameter name -> value that replaces the file's.
using ParameterChanges = std::map<std::string, Rational>;

// The dictionary, all guidelines and all schemes. Immutable after loading; safe to share between threads.
struct Catalog {
  Dictionary dictionary;
  std::vector<Guideline> guidelines;  // by id
  std::vector<Scheme> schemes;        // as listed in schemes.toml
  std::vector<RefusedTumour> refused;

  // Reads facts.toml, schemes.toml (may be absent) and every other *.toml that lies in no folder as a guideline. Fails
  // with the file, the table and row, and what is wrong: unknown keys, names and values, types that disagree with the
  // dictionary, rows that cite nothing, parameters in `changes` that no guideline has.
  static Result<Catalog> load(const GuidelineFiles& files, const ParameterChanges& changes = {});

  [[nodiscard]] const Guideline* guideline(std::string_view id) const;
  // By id, or by edition for a tumour ("2018", "breast").
  [[nodiscard]] const Scheme* scheme(std::string_view id_or_edition, std::string_view tumour) const;
  [[nodiscard]] const Scheme* default_scheme(std::string_view tumour) const;
  // nullptr: nothing is said of the tumour.
  [[nodiscard]] const RefusedTumour* refusal(std::string_view tumour) const;
};

// Reads all *.toml of a folder and of the folders in it.
Result<GuidelineFiles> read_guideline_folder(const std::string& folder);

}  // namespace her2
