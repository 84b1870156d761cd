// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/ihc_model.h"

namespace her2 {

inline constexpr const char* kIhcSchema = "her2-ihc/1";

// `result.json`: schemas/ihc.schema.json. Keys always stand in the same order and are always there; what is not known
// is null or empty. The same report gives the same bytes; `timing` is the one part that differs from run to run, stands
// last, and is null when left out. Pictures are named, not held.
std::string ihc_json(const IhcReport& report, bool with_timing = true);

}  // namespace her2
