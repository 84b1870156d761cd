// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "her2/report/status_model.h"

namespace her2 {

inline constexpr const char* kStatusSchema = "her2-status/1";

// The status for programs: schemas/status.schema.json. Keys always stand in the same order and are always there; what
// is not known is null or empty. Numbers that are exact are strings, as they were written.
nlohmann::ordered_json status_tree(const CaseStatus& status);

// The same as text. indent < 0: one line without line end, for JSON Lines. Text that is not UTF-8 gets U+FFFD.
std::string status_json(const CaseStatus& status, int indent = 2);

}  // namespace her2
