// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/guideline/table.h"

namespace her2 {

// A table's proof obligations in SMT-LIB 2.6, for a second opinion by a solver that shares no code with verify.h:
// after `(echo "TABLE complete")` and `(echo "TABLE exclusive")` the answer must be unsat, after
// `(echo "TABLE reaches ROW")` sat. Every check-sat says by `(set-info :status ...)` which answer a sound table gives.
[[nodiscard]] std::string smtlib(const Dictionary& dictionary, const Guideline& guideline, const Table& table);
// All tables of a guideline, one after the other, each between `(reset)`s.
[[nodiscard]] std::string smtlib(const Dictionary& dictionary, const Guideline& guideline);

}  // namespace her2
