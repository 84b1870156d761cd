// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/care/explain.h"
#include "her2/evidence/case.h"
#include "her2/report/care_model.h"
#include "her2/run/case_status.h"

namespace her2 {

struct CareReportOptions {
  SpecimenPolicy policy = SpecimenPolicy::most_recent;
  std::string what_if;         // "grade=3,nodes=2": facts to assume
  std::string tnm;             // "pT1c pN0 cM0": T, N and M besides the recorded facts (her2/care/tnm_text.h)
  PrognosisOptions prognosis;  // the model and the user's stage tables
  bool all = true;             // false: status and options only, without prognosis and what would change them
};

// One case of breast cancer under the rules. `plan` is the HER2 scheme that the rules were made from. Fails when no one
// specimen counts under the policy, or with what is not understood in what_if or tnm; errors lack the file. The rules
// must outlive the report. Thread-safe.
Result<CareReport> care_report(const CareRules& rules, const Plan& plan, const Case& input,
                               const CareReportOptions& options);

// Survival of a hundred people like this with the treatments on record, as far as PREDICT 3.2 answers; empty otherwise.
PatientFigures patient_figures(const CareReport& report);

}  // namespace her2
