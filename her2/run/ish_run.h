// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/exchange/ish_counts.h"
#include "her2/guideline/catalog.h"
#include "her2/ish/ish_evidence.h"
#include "her2/report/ish_model.h"

namespace her2 {

struct IshRun {
  std::vector<ReaderCounts> readers;  // one or two; the first one's count is the case's
  std::vector<IshEdit> edits;         // of the first one's nuclei
  std::string edition;                // empty: all
  double level = 0.05;                // of a wrong group
  Recount recount;                    // what is known of the second reader's count
  // IHC of the same tissue: a score ("2+"), or a case whose specimen the counts join (the only one, or `specimen`).
  std::string ihc_score;
  std::optional<Case> joined;
  std::string joined_file, specimen;
  std::string case_id;                // of the case written; empty: the table's name
  std::vector<std::string> unused;    // columns that were passed over
  std::vector<std::string> warnings;  // of the measurement
};

// Counts, intervals, groups, editions and what to do next. The second reader's count becomes the blinded recount when
// the first one's group is 2, 3 or 4 and IHC is not known to be anything but 2+. Fails without a nucleus to count, on
// edits that do not fit, an IHC score that is none, an unknown edition, and a case that has ISH counts already.
Result<IshReport> ish_report(const IshRun& run, const Catalog& catalog);

// Writes nuclei.csv, case.json, with edits edits.json, the pictures, report.html and result.json
// into the folder; each file appears whole or not at all, result.json last. Fills `files`.
Result<void> write_ish(IshReport& report, const std::string& folder);

}  // namespace her2
