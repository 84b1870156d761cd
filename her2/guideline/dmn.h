// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/guideline/table.h"

namespace her2 {

// A guideline as a DMN 1.3 document (OMG, Decision Model and Notation), for any engine that runs FEEL.
//
// Each table becomes a decision table of hit policy UNIQUE named after it, which gives the id of the row that is met,
// or "not-entered". A column asks for one row's condition; FEEL's three values are kept to two, as the guideline
// language has it: a comparison with something missing (null) is not met. Each fact that tables give becomes a
// decision of its name: what is recorded ("recorded_NAME"), else what the row gives, else null. Inputs are all facts
// that no table gives, under their own names; choices are strings, numbers numbers. Quotients are compared by their
// parts, exactly as far as the engine's decimals go.
//
// A table of which some required inputs are there and some are missing has no row: it gives "open", where her2 itself
// would look at every value they could have.
[[nodiscard]] std::string dmn(const Dictionary& dictionary, const Guideline& guideline);

}  // namespace her2
