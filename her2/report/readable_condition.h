// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/evidence/dictionary.h"
#include "her2/guideline/table.h"

namespace her2 {

// A condition of a guideline file as a person reads it: labels for names, words and signs for operators, units behind
// limits, parameters as their values. "ratio < 2.0 and 4.0 <= copies and copies < 6.0" becomes "HER2/CEP17 ratio < 2.0
// and 4.0 ≤ average HER2 copies per cell < 6.0". It says the same as `when`, in the same order; it is for reading only
// and never parsed. `guideline` gives the parameters, `table` the named sums; without them such names are shown as they
// are.
std::string readable_condition(std::string_view when, const Dictionary& dictionary,
                               const Guideline* guideline = nullptr, const Table* table = nullptr);

// A label as it stands in a sentence: in “ ” when it holds a comma or blanks that could be misread.
std::string label_in_text(const std::string& label);

}  // namespace her2
