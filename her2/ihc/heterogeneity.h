// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "her2/ihc/score.h"

// How unlike the parts of a slide are. Pure functions of the table and what was scored.
namespace her2 {

inline constexpr double kFieldUm = 500;
inline constexpr std::uint32_t kFieldCells = 50;  // own: tumour cells that a field needs to be compared

struct Field {
  SubPoint corner;  // top left, level 0
  double side = 0;  // level 0 pixels
  ClassCounts counts;
};

// Two populations are discrete when the fields' H-scores fall into two groups that explain at least 75 % of their
// variance, differ by at least 60, and each hold at least 10 % of the tumour cells. The limits are our own.
struct Populations {
  bool discrete = false;
  double explained = 0;      // share of the variance between fields, 0 to 1, by the best cut in two
  double low = 0, high = 0;  // mean H-scores of the groups
  double high_share = 0;     // of the tumour cells that are in the higher group
};

struct Heterogeneity {
  std::vector<Field> fields;  // with enough cells, from the top left on
  std::optional<std::size_t> lowest, highest;
  Populations populations;
  // Share of the variance of a cell's points (0 to 3) that lies between fields (intraclass correlation of the one-way
  // analysis of variance): 0 fields are alike, 1 all cells of a field are alike. Fewer than two fields: 0.
  double between_fields = 0;
  double diversity = 0;  // probability that two tumour cells are of different classes (Simpson 1949), 0 to 8/9
};
Heterogeneity heterogeneity(const CellTable& table, const ScoredCells& scored);

// ("lowest 0.5 mm field", "H-score 12 (134 cells)") and the like, in a fixed order.
std::vector<std::pair<std::string, std::string>> heterogeneity_words(const Heterogeneity& heterogeneity);

// Counts of each region of the table (drawn regions, cores of a microarray), by index; kinds as well.
std::vector<ClassCounts> counts_by_region(const CellTable& table, const ScoredCells& scored);

}  // namespace her2
