// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/assay/measure_slide.h"
#include "her2/assay/slide_score.h"
#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/guideline/catalog.h"
#include "her2/report/ihc_model.h"

namespace her2 {

struct IhcOutcome {
  IhcReport report;
  std::optional<Case> evidence;  // nothing: the slide was refused, or is a microarray
};

// Everything that a result says, from the table, its score, and the profile: the same whether the cells were just
// measured or come from a file.
Result<IhcOutcome> ihc_result(const CellTable& table, const SlideScore& score, const Profile& profile,
                              const QualityFacts& facts, const Catalog& catalog, const std::string& edition);

// What quality is judged on. `measured` may be empty (cells from a file): then only what the table tells.
QualityFacts quality_facts(const CellTable& table, const ScoredCells& scored, const SlideMeasurement& measured,
                           bool allow_coarse);

// The cells of regions marked as controls, scored, as facts of quality and as regions of the report.
Result<void> add_controls(const CellTable& controls, const Profile& profile, QualityFacts& facts,
                          std::vector<IhcRegion>& regions);

// The opinion of connectivity beside the score of the report.
void add_second_opinion(const ConnectivitySums& sums, const Profile& profile, IhcReport& report);

// Adds what only the pixels tell: the slide's format, areas, stain, quality.
void add_measurement(const SlideMeasurement& measured, const SlideInfo& info, IhcReport& report);

}  // namespace her2
