// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/assay/slide_score.h"
#include "her2/core/error.h"
#include "her2/guideline/catalog.h"
#include "her2/report/ihc_model.h"

namespace her2 {

// Each core of a microarray (regions of the table) scored by itself under one edition (empty: the first): a region of
// role "core" with its score, or why it has none. In the order of the table's regions.
Result<std::vector<IhcRegion>> score_cores(const CellTable& table, const SlideScore& score, const Profile& profile,
                                           const Catalog& catalog, const std::string& edition);

// `cores.csv`: a row a core, with the shares under the names of their facts, so that `her2 status cores.csv` decides
// each under any edition. Cores without a score have no shares.
std::string cores_csv(const IhcReport& report);

}  // namespace her2
