// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/guideline/catalog.h"
#include "her2/guideline/plan.h"

namespace her2::app {

// The plans that `--edition` names for a tumour: "" the default one, "all" every one that answers the same question.
// Fails naming those that are known.
Result<std::vector<Plan>> plans_for(const Catalog& catalog, const std::string& edition, const std::string& tumour);

}  // namespace her2::app
