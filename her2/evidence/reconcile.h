// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// Something about the recorded facts that a person should look at: they contradict each other, or look wrong.
struct Discrepancy {
  std::string id;             // "ratio-not-counts", "totals-as-means", "score-against-status", ...
  std::string says;           // one sentence with the values
  std::vector<FactId> facts;  // what it is about
  bool conflict = false;      // the facts contradict each other: there is more than one reading
};

// One consistent way to read the facts.
struct Reading {
  FactValues facts;
  std::string assumes;  // "the ratio is right and the CEP17 mean is not"; empty when there is only one reading
};

// Recorded facts made ready for the tables, without repairing anything silently:
// - a described pattern (pattern_intensity, _completeness, _percent) becomes shares of the IHC grid;
// - the probe follows from what was counted when it is not stated;
// - of an over-determined count (totals, means and ratio) totals come first, then ratio and HER2 mean; what is left
//   over is checked against them within one unit of its last written digit;
// - facts that contradict each other (ratio against counts, a score against the status, totals entered as means) give
//   several readings, each of them consistent.
struct Reconciled {
  std::vector<Reading> readings;  // at least one
  std::vector<Discrepancy> discrepancies;
};

Reconciled reconcile(const Dictionary& dictionary, const FactValues& recorded);

}  // namespace her2
