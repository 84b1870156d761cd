// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "her2/report/care_model.h"

namespace her2 {

inline constexpr const char* kCareSchema = "her2-care/1";

// The care report for programs: schemas/care.schema.json. Keys always stand in the same order and are always there;
// what is not known is null or empty.
nlohmann::ordered_json care_tree(const CareReport& report);
std::string care_json(const CareReport& report, int indent = 2);

}  // namespace her2
