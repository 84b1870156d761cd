// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "her2/care/care_answer.h"
#include "her2/care/care_change.h"
#include "her2/care/prognosis.h"
#include "her2/report/status_model.h"

namespace her2 {

// What `her2 care` says of one case: every face (text, Markdown, JSON, HTML) prints this and nothing else.
struct CareReport {
  const CareRules* rules = nullptr;  // outlives the report
  CaseStatus status;                 // the HER2 status and the receptors, with their rules
  std::size_t specimen = 0;          // the specimen whose receptors count
  CareAnswer answer;
  Prognosis prognosis;
  std::vector<CareChange> changes;
};

}  // namespace her2
