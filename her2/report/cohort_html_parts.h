// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/cohort_model.h"

// Parts of cohort_html().
namespace her2 {

// A number that opens the rows behind it.
std::string rows_html(const RowCount& count);
// "12.1 to 17.3 %", as markup: the 95 % interval.
std::string interval_text(std::uint64_t events, std::uint64_t cases);
// The sections by column and over time.
std::string cohort_series_html(const CohortReport& report);

}  // namespace her2
