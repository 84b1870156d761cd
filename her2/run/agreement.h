// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"
#include "her2/report/agreement_model.h"

namespace her2 {

// One rater's value for each case, by the case's id; empty values are left out.
struct Rater {
  std::string name;
  std::map<std::string, std::string> values;
};

// Reads one column of a table (CSV, TSV). Fails on a table without the columns, and on an id that stands twice.
Result<Rater> read_rater(const std::string& path, const std::string& id_column, const std::string& column);

// How a first validation or a proficiency test is judged: qa/rules.toml. A negative number: not asked for.
struct AgreementRule {
  std::string id, title, kind, note;
  double min_positive = -1, min_negative = -1, min_cases = -1, max_cases = -1, min_events = -1, perfect_below = -1;
  double overall_percent = -1, positive_percent = -1, negative_percent = -1;
  std::vector<std::string> cite;
};
Result<std::vector<AgreementRule>> parse_agreement_rules(std::string_view toml, const std::string& file);

struct AgreementOptions {
  std::string what = "ihc_score";  // a fact gives the order of its values; else they are ordered if all are numbers
  bool numbers = false;            // limits of agreement instead of categories
  bool ratio = false;              // of the logarithms
  std::string method;              // this rater against the majority of all others
  std::vector<AgreementRule> rules;
  int events = -1;                                // proficiency events in the year; -1: not stated
  std::vector<std::pair<double, double>> wanted;  // share, half width
};

// Every pair of raters, the panel where there are three readers or more, rules (first rater against second), cases
// needed. Fails when no case was rated by two.
Result<AgreementReport> agreement_report(const Dictionary& dictionary, const std::vector<Rater>& raters,
                                         const AgreementOptions& options);

}  // namespace her2
