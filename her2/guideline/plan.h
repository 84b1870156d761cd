// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "her2/core/error.h"
#include "her2/guideline/catalog.h"

namespace her2 {

// The tables of a scheme in an order in which each comes after the tables whose facts it reads. Points into the
// catalog, which must outlive it. Immutable; safe to share between threads.
struct Plan {
  struct Step {
    const Guideline* guideline = nullptr;
    const Table* table = nullptr;
  };
  struct Watch {
    const Guideline* guideline = nullptr;
    const Flag* flag = nullptr;
  };

  const Catalog* catalog = nullptr;
  const Scheme* scheme = nullptr;
  std::vector<Step> steps;
  std::vector<Watch> flags;

  [[nodiscard]] const Dictionary& dictionary() const { return catalog->dictionary; }
};

// Fails when tables feed each other in a circle.
Result<Plan> make_plan(const Catalog& catalog, const Scheme& scheme);

}  // namespace her2
