// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/record/acts.h"
#include "her2/report/status_model.h"

namespace her2 {

// Decides the case of `whole` as it stands and adds the finding, its answers and guideline hashes to `rows`.
Result<void> add_finding(const CaseRecord& whole, CaseRecord& rows, RowIds& ids, const Plan& plan);

// Signs the last finding of `rows`.
void add_signature(CaseRecord& rows, RowIds& ids, const std::string& meaning, const std::string& role);

// SHA-256 of the case as a case file (case_json, full): what a finding was made of.
[[nodiscard]] std::string case_digest(const Case& subject, const Dictionary& dictionary);

}  // namespace her2
