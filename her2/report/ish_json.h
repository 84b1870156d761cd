// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/ish_model.h"

namespace her2 {

inline constexpr const char* kIshSchema = "her2-ish/1";

// `result.json`: schemas/ish.schema.json. Keys always stand in the same order and are always there; what is not known
// is null or empty. The same report gives the same bytes; `timing` is the one part that differs from run to run, stands
// last, and is null when left out. Nuclei are in nuclei.csv, pictures are named.
std::string ish_json(const IshReport& report, bool with_timing = true);

}  // namespace her2
