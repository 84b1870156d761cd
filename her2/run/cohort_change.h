// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/table_reader.h"
#include "her2/report/difference_document.h"

namespace her2 {

// Decides every row of a table by both plans and counts the rows that get another value of an answer that both report.
// One thread. Fails on what makes the table unreadable; rows that cannot be read are left out of `changes`.
Result<CohortChanges> cohort_changes(const std::string& path, const ColumnMap& map, const Vocabulary& vocabulary,
                                     const Plan& before, const Plan& after);

}  // namespace her2
