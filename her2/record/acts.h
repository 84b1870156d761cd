// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/guideline/plan.h"
#include "her2/record/case_store.h"

// What can be done with a case, as pure functions from what is recorded to the rows that are to be written. Each fails
// with one sentence, and then nothing is written. `now` must outlive nothing.
namespace her2 {

// What decides a case: the plan for a tumour. Where there is none (a tumour that is refused), no finding is recorded.
using PlanFor = std::function<Result<Plan>(const std::string& tumour)>;

struct RecordContext {
  const Dictionary& dictionary;
  const PlanFor& plan_for;
};

// A document that brings facts.
struct Incoming {
  Case subject;        // its id does not matter here
  std::string file;    // name without folders; may be empty
  std::string sha256;  // of its bytes
};

// A slide or picture that belongs to the case.
struct IncomingImage {
  std::string file, sha256, specimen;  // specimen: "" not stated; else it must be recorded
  std::int64_t bytes = 0;
};

// A new case. Fails when there is one of this name, and on a name that is empty, longer than 256 bytes, holds control
// characters or is not UTF-8. `first` may bring its first facts.
Result<Deed> new_case(const CaseRecord* now, RowIds& ids, const RecordContext& context, const std::string& case_id,
                      const std::string& tumour, const Incoming* first = nullptr);

// Adds what the document says beyond what is recorded, and a finding. Fails when it contradicts what is recorded: that
// is an amendment. Without anything new the deed has no rows.
Result<Deed> add_evidence(const CaseRecord* now, RowIds& ids, const RecordContext& context, const Incoming& document);

// The same, but what the document says replaces what was recorded of the same facts.
Result<Deed> amend_evidence(const CaseRecord* now, RowIds& ids, const RecordContext& context, const Incoming& document,
                            const std::string& reason);

// Takes back all facts of one evidence, or one fact of it (`fact` not 0), by the ids that `her2 case show` prints.
Result<Deed> retract(const CaseRecord* now, RowIds& ids, const RecordContext& context, RowId evidence, RowId fact,
                     const std::string& reason);

Result<Deed> add_comment(const CaseRecord* now, RowIds& ids, const std::string& says);
Result<Deed> add_images(const CaseRecord* now, RowIds& ids, const std::vector<IncomingImage>& images);

// Decides the case, records the finding and signs it. Fails where no guideline decides the tumour, and for a case
// without facts.
Result<Deed> sign(const CaseRecord* now, RowIds& ids, const RecordContext& context, const std::string& meaning,
                  const std::string& role);

}  // namespace her2
