// SPDX-License-Identifier: Apache-2.0
// A stage table of the user's. What is read answers every combination.
#include "fuzz/dictionary.h"
#include "her2/care/stage_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto table = StageTable::parse(fuzz::text_of(data, size), "own.csv", StageTable::Kind::pathological);
  if (!table) {
    fuzz::require(!table.error().reason.empty() && table.error().file == "own.csv");
    return 0;
  }
  for (unsigned t = 0; t < kTNames.size(); ++t) {
    for (unsigned n = 0; n < kNNames.size(); ++n) {
      for (unsigned bits = 0; bits < 8; ++bits) {
        for (const int grade : {1, 2, 3}) {
          const bool stageable = t == 1 ? n == 0 : t != 0 || n != 0;
          const auto stage = table->stage(t, n, 0, grade, (bits & 4U) != 0, (bits & 2U) != 0, (bits & 1U) != 0);
          fuzz::require(!stageable || stage < kStageNames.size());
        }
      }
    }
  }
  fuzz::require(table->stage(2, 0, 1, 1, false, false, false) < kStageNames.size());
  return 0;
}
