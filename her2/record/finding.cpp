// SPDX-License-Identifier: Apache-2.0
#include "her2/record/finding.h"

#include "her2/core/sha256.h"
#include "her2/exchange/case_json.h"
#include "her2/record/chain.h"
#include "her2/record/recorded_case.h"
#include "her2/report/status_json.h"
#include "her2/run/case_status.h"

namespace her2 {

std::string case_digest(const Case& subject, const Dictionary& dictionary) {
  return sha256_hex(case_json(subject, dictionary));
}

Result<void> add_finding(const CaseRecord& whole, CaseRecord& rows, RowIds& ids, const Plan& plan) {
  const auto subject = case_of(whole, plan.dictionary());
  if (!subject) {
    return tl::unexpected(subject.error());
  }
  const CaseStatus status = case_status(plan, *subject, {SpecimenPolicy::each, false});
  const RowId case_id = whole.head->id;
  const RowId finding = ids.next<RecordedFinding>();
  rows.findings.push_back({finding, 0, case_id, status.scheme, status.edition, status.overall,
                           case_digest(*subject, plan.dictionary()), status_json(status, -1)});
  for (const auto& [id, hash] : status.guidelines) {
    rows.guidelines.push_back({ids.next<RecordedGuideline>(), 0, case_id, finding, id, hash});
  }
  for (const auto& specimen : status.specimens) {
    for (const auto& answer : specimen.answers) {
      for (const auto& value : answer.values) {
        rows.answers.push_back(
            {ids.next<RecordedAnswer>(), 0, case_id, finding, specimen.id, answer.fact, value.value});
      }
    }
  }
  return {};
}

void add_signature(CaseRecord& rows, RowIds& ids, const std::string& meaning, const std::string& role) {
  const RecordedFinding& finding = rows.findings.back();
  rows.signatures.push_back({ids.next<RecordedSignature>(), 0, finding.case_id, finding.id, meaning,
                             signed_digest(finding.case_sha256, finding.status), role});
}

}  // namespace her2
