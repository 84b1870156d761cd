// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "her2/record/acts.h"
#include "her2/report/status_model.h"

namespace her2 {

// A signature as it stands today.
struct SignatureView {
  const RecordedSignature* signature = nullptr;
  const RecordedFinding* finding = nullptr;  // what it signs
  std::string at, author;
  RowId entry = 0;
  bool intact = false;            // the case as of the signature still gives the signed hash
  std::vector<RowId> amended_by;  // later entries that brought, changed or took back evidence
  bool other_guidelines = false;  // today's guideline files differ from those of the signed finding
  std::string decided_now;        // today's status when it differs from the signed one; else empty
};

// What a person is shown of a case.
struct CaseView {
  CaseRecord record;
  std::vector<AuditEntry> entries;  // of the case, up to `as_of`
  Case subject;
  std::optional<CaseStatus> status;  // by the same engine as `her2 status`
  std::string undecided;             // why there is no status; empty when there is one
  std::vector<SignatureView> signatures;
};

// Fails when there is no such case, and on rows that cannot be read. `as_of`: an entry's number; kNow: as it stands.
// `plan_for` may refuse a tumour: then `undecided` says why.
Result<CaseView> view_case(CaseStore& store, const std::string& case_id, const RecordContext& context, RowId as_of);

}  // namespace her2
