// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/guideline/catalog.h"
#include "her2/ihc/nuclear.h"
#include "her2/report/status_model.h"

namespace her2 {

// Whether there is such an edition for breast, and whether it decides what is measured (nothing: HER2). Fails saying
// which do.
Result<void> scores_ihc(const Catalog& catalog, const std::string& edition, const std::optional<NuclearMarker>& marker);

// The case under each edition (all that score breast IHC, or only `edition`). Fails when there is no such edition.
Result<std::vector<CaseStatus>> ihc_editions(const Case& input, const Catalog& catalog, const std::string& edition);

}  // namespace her2
