// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "her2/stats/control_chart.h"
#include "her2/stats/proportion.h"

namespace her2 {

// The report on a table of cases. Every count opens the rows behind it: the first kMostRowsShown of them.
inline constexpr std::size_t kMostRowsShown = 40;

struct RowCount {
  std::uint64_t rows = 0;
  std::vector<std::string> ids;  // of the first kMostRowsShown rows, in the order of the table
};

// How often each value occurs; values in the dictionary's order, then what is open or missing.
struct CohortDistribution {
  std::string id, title, note;
  std::vector<std::pair<std::string, RowCount>> values;
};

struct CohortEdition {
  std::string scheme, edition, title;
};

// The status under one edition beside that under the next.
struct CohortShift {
  std::size_t from = 0;                                                         // editions from and from + 1
  std::vector<std::pair<std::pair<std::string, std::string>, RowCount>> flows;  // values before and after
  std::uint64_t changed = 0;                                                    // rows
};

// A rate that is watched, as qa/rates.toml defines it. Shares in 0..1.
struct CohortRate {
  std::string id, title, words, source, watch_note;
  std::optional<double> reference;  // published; funnels and limits are drawn around it
  std::optional<std::pair<double, double>> published, watch;
};

// One count of a rate.
struct RateCount {
  RowCount events;
  std::uint64_t cases = 0;
  std::uint64_t open = 0;  // rows that are left out: a fact that it hangs on has several possible values
  [[nodiscard]] double share() const {
    return cases == 0 ? 0 : static_cast<double>(events.rows) / static_cast<double>(cases);
  }
};

// All rates of the rows that have one value of a column, or fall in one period.
struct CohortGroup {
  std::string name;  // "": nothing is stated there
  std::uint64_t rows = 0;
  std::vector<RateCount> rates;  // as CohortReport::rates
};
struct CohortGrouping {
  std::string column;
  std::vector<CohortGroup> groups;  // by name
  std::uint64_t left_out = 0;       // rows with values beyond the first kMostGroups
};
inline constexpr std::size_t kMostGroups = 200;

// One rate over time.
struct CohortChart {
  std::size_t rate = 0;
  bool complement = false;  // a share above one half is watched by that of the other cases
  double centre = 0;        // the table's own share (of the complement where so)
  struct Point {
    std::size_t period = 0;  // of CohortReport::periods
    std::uint64_t events = 0, cases = 0;
    CountLimits limits;              // three sigma, in counts
    std::uint64_t up = 0, down = 0;  // the CUSUMs; after a signal they start again from 0
    bool outside = false, signals_up = false, signals_down = false;
  };
  std::vector<Point> points;
  CusumDesign up, down;
};
inline constexpr double kCusumRun = 10'000;  // mean cases to a false signal
inline constexpr double kCusumOdds = 1.5;    // the shift that is looked for

struct CohortReport {
  std::string table, map, software;
  std::uint64_t rows = 0, rows_refused = 0, cells_refused = 0;
  std::vector<CohortEdition> editions;
  std::vector<CohortDistribution> statuses;  // the HER2 status, one an edition
  std::vector<CohortShift> shifts;
  std::vector<CohortDistribution> distributions;  // under the last edition: IHC, groups, spectrum, subtypes
  std::vector<CohortRate> rates;
  std::vector<RateCount> totals;
  std::vector<CohortGrouping> groupings;
  std::string period;                // "month", "quarter", "year"; empty: no dates
  std::vector<CohortGroup> periods;  // in order of time
  std::uint64_t undated = 0;
  std::vector<CohortChart> charts;
  CohortDistribution refusals, discordances;
  std::map<std::string, std::string> notice_words;  // id of a notice -> what it says; others say it themselves
  struct Column {
    std::string fact, label, column;
    std::uint64_t known = 0, unknown = 0, missing = 0, refused = 0;
  };
  std::vector<Column> columns;
  std::vector<std::string> absent_columns, unused_columns;
};

}  // namespace her2
