// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "her2/stats/agreement.h"
#include "her2/stats/proportion.h"

namespace her2 {

// A share with its 95 % interval (Wilson). trials = 0: not known.
struct CountedShare {
  std::uint64_t successes = 0, trials = 0;
  ShareInterval interval;
};

// Two halves of ordered categories: above or at most.
struct BoundaryAgreement {
  std::string name;  // "0 / 1+"
  CountedShare overall;
  CountedShare positive;  // of those that the first puts above, the second does so too
  CountedShare negative;
  Coefficient kappa, ac1;
};

struct CategoryAgreement {
  std::string category;
  CountedShare positive, negative;  // of those that the first calls so, or not, the second agrees
  double specific = 0;              // 2 * both / (one + other): neither is the reference; 0 where nobody calls it so
};

// Two raters over the cases that both rated. The first is the reference where one is needed.
struct PairAgreement {
  std::string first, second;
  std::vector<std::string> categories;  // from low to high
  bool ordered = false;
  ConfusionTable table;
  CountedShare overall;
  Coefficient kappa, linear, quadratic, ac1, ac2_linear, ac2_quadratic;
  std::vector<CategoryAgreement> by_category;
  std::vector<BoundaryAgreement> boundaries;
};

struct NumbersAgreement {
  std::string first, second, scale;  // "difference" or "ratio" (limits of the logarithm, given back as factors)
  LimitsOfAgreement limits;
};

// Three or more readers among themselves.
struct PanelAgreement {
  std::vector<std::string> readers;
  std::uint64_t cases = 0;
  CountedShare unanimous;
  Coefficient fleiss, ac1, ac2_linear;
  std::vector<std::pair<std::string, CountedShare>> against_others;  // each reader against the majority of the others
};

struct RuleResult {
  std::string id, title, note;
  bool passed = false;
  std::vector<std::string> met, failed;  // one sentence each
  std::vector<std::string> cite;
};

struct AgreementReport {
  std::string what;  // what was rated: "ihc_score"
  std::vector<PairAgreement> pairs;
  std::vector<NumbersAgreement> numbers;
  std::optional<PanelAgreement> panel;
  std::string method;  // compared with the majority of the panel; may be empty
  std::uint64_t without_majority = 0;
  std::vector<RuleResult> rules;
  struct Needed {
    double share = 0, half_width = 0;
    std::uint64_t cases = 0;
  };
  std::vector<Needed> needed;
  std::vector<std::string> notes;  // cases left out, and why
};

}  // namespace her2
