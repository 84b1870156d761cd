// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/error.h"

namespace her2 {

// What was found in a store; without faults it is sound.
struct StoreFindings {
  std::int64_t version = 0, entries = 0, rows = 0;
  std::string head;                 // hash of the last entry
  std::vector<std::string> faults;  // one sentence each, at most kMostFaults
  static constexpr std::size_t kMostFaults = 1000;
};

// Whether the file is sound as a database: its pages, its indexes, what rows point to.
Result<StoreFindings> check_store(const std::string& path);

// Follows the chain from the first entry to the last and names every entry and row that was altered, is missing, was
// added or stands in another order. `head`: the hash of an entry that was kept elsewhere; it must be one of the
// chain's, so that a store that was cut short or written anew is found as well. Empty: not asked for.
Result<StoreFindings> verify_store(const std::string& path, const std::string& head = {});

}  // namespace her2
