// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/cohort_model.h"

// Words that the parts of a cohort report share, in the language that the thread speaks.
namespace her2 {

// Whether a value of a distribution stands for none: "not recorded", "refused".
bool is_no_value(const std::string& value);

// A value of a distribution: "positive", "equivocal or undefined", "5 values possible", "not recorded".
std::string cohort_value_words(const std::string& fact, const std::string& value);

std::string rate_title(const CohortRate& rate);
std::string edition_title(const CohortEdition& edition);

// Why rows or values were left out. Reasons are counted as the rows gave them, in English (docs/languages.md); the
// common ones have words of their own.
std::string refusal_words(const std::string& reason);

// "lab 7", and for "" that nothing is stated.
std::string group_name(const CohortGroup& group);

}  // namespace her2
