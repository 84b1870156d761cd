// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "her2/core/error.h"

namespace her2 {

// Calls work(item, worker) for every item in [0, items) on `threads` threads (at least one; the caller's is one of
// them); worker is in [0, threads). Items are taken in order, in no fixed pairing with workers, so work must not depend
// on it. The first error by item number is returned; after an error no new item is begun. Memory that runs out within
// work is such an error.
Result<void> parallel_for(std::size_t items, int threads,
                          const std::function<Result<void>(std::size_t item, int worker)>& work);

// What --threads takes: 0 is all that this process may use.
int thread_count(int wanted);

}  // namespace her2
