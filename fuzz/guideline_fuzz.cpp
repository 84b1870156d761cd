// SPDX-License-Identifier: Apache-2.0
// A guideline file. What is read can be written for the solver and cut into cells; an error has a reason.
#include <algorithm>

#include "fuzz/dictionary.h"
#include "her2/guideline/load.h"
#include "her2/guideline/smtlib.h"
#include "her2/guideline/verify_cells.h"

namespace {

using namespace her2;

constexpr std::size_t kMostInputs = 4;  // so that one input of the fuzzer stays fast
constexpr std::size_t kMostText = 4000;
constexpr std::size_t kMostCells = 200;

void cut(const Table& table) {
  std::vector<const Condition*> rows;
  for (const Row& row : table.rows) {
    rows.push_back(&row.when);
  }
  std::size_t cells = 0;
  for_each_cell(fuzz::dictionary(), {table.inputs, table.missing_ok, {}}, rows, [&](const Cell& cell) {
    fuzz::require(cell.met.size() == rows.size());
    bool uncertain = false;
    if (const auto example = cell.example(uncertain)) {
      const Worlds worlds = worlds_of(fuzz::dictionary(), *example);
      fuzz::require(worlds.any());
      for (std::size_t row = 0; row < rows.size(); ++row) {
        fuzz::require((truth(worlds, *rows[row]) == Truth::met) == cell.met[row]);
      }
    }
    return ++cells < kMostCells;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto loaded = load_guideline(std::string(fuzz::text_of(data, size)), fuzz::dictionary(), {});
  if (!loaded) {
    fuzz::require(!loaded.error().reason.empty());
    return 0;
  }
  for (const Table& table : loaded->tables) {
    fuzz::require(!table.rows.empty() && std::is_sorted(table.inputs.begin(), table.inputs.end()));
    if (size <= kMostText && table.inputs.size() <= kMostInputs) {
      fuzz::require(!smtlib(fuzz::dictionary(), *loaded, table).empty());
      cut(table);
    }
  }
  return 0;
}
