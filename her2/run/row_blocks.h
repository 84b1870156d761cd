// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "her2/core/error.h"
#include "her2/core/output_file.h"
#include "her2/exchange/table_reader.h"

namespace her2 {

// One thread's part of the work on a table.
class RowBlockWorker {
 public:
  RowBlockWorker() = default;
  RowBlockWorker(const RowBlockWorker&) = delete;
  RowBlockWorker& operator=(const RowBlockWorker&) = delete;
  virtual ~RowBlockWorker() = default;

  // Works on a block; nothing is written yet. On this worker's thread.
  virtual Result<void> work(const Block& block) = 0;
  // Writes what came of it. Called in the order of the blocks, for one worker at a time.
  virtual Result<void> hand_in(OutputFile& out) = 0;
};

// Gives the blocks of a table to `threads` workers (at least one; the caller's thread is one of them) and has them hand
// in in the order of the table, so that the same bytes are written for any number of threads. Stops at the first error.
Result<void> work_in_order(BlockReader& reader, OutputFile& out, unsigned threads,
                           const std::function<std::unique_ptr<RowBlockWorker>()>& make_worker);

}  // namespace her2
