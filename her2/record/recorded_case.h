// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/evidence/dictionary.h"
#include "her2/record/case_record.h"

namespace her2 {

// As a case stands now, whatever its last entry.
inline constexpr RowId kNow = std::numeric_limits<RowId>::max();

// The rows of a case that count as of an entry: not taken back, and the last of those about the same thing.
struct CurrentRows {
  std::vector<const RecordedSpecimen*> specimens;  // in order of their first mention, in their last version
  std::map<std::pair<std::string, std::string>, const RecordedFact*> facts;  // (specimen, fact)
  std::map<std::string, std::vector<const RecordedEnsemble*>> ensembles;     // by specimen
  std::map<std::string, std::vector<const RecordedNote*>> notes;             // by specimen
};
[[nodiscard]] CurrentRows current_rows(const CaseRecord& record, RowId as_of = kNow);

// Name of the specimen of which the row with this id is a version.
[[nodiscard]] std::string specimen_name(const CaseRecord& record, RowId specimen);

// The case as of an entry. Fails on what this program's dictionary cannot read, naming the row.
Result<Case> case_of(const CaseRecord& record, const Dictionary& dictionary, RowId as_of = kNow);

// A fact and an ensemble as rows, without ids.
[[nodiscard]] RecordedFact recorded_fact(const Fact& fact, const Dictionary& dictionary);
[[nodiscard]] RecordedEnsemble recorded_ensemble(const Ensemble& ensemble, const Dictionary& dictionary);

}  // namespace her2
