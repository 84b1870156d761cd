// SPDX-License-Identifier: Apache-2.0
// Prints the agreement statistics of tables of ratings for tests/system/agreement_peer.py. Standard input, a case a
// line: "table K a b c ..." (K x K counts), "raters K n11 n12 ... ; n21 ..." (ratings of each case), "limits x y x y
// ...".
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "her2/stats/agreement.h"

namespace {

using her2::Coefficient;
using her2::Weighting;

constexpr Weighting kWeightings[] = {Weighting::none, Weighting::linear, Weighting::quadratic};

void print(const Coefficient& one) {
  if (one.defined) {
    std::printf(" %.17g %.17g %.17g %.17g", one.value, one.se, one.low, one.high);
  } else {
    std::printf(" nan nan nan nan");
  }
}

void many(const her2::RatingCounts& ratings) {
  for (const Weighting weighting : kWeightings) {
    print(her2::gwet_ac(ratings, weighting));
    print(her2::fleiss_kappa(ratings, weighting));
  }
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string kind;
    in >> kind;
    std::printf("%s", kind.c_str());
    if (kind == "table") {
      std::size_t size = 0;
      in >> size;
      her2::ConfusionTable table(size);
      for (auto& count : table.counts) {
        in >> count;
      }
      for (const Weighting weighting : kWeightings) {
        print(her2::cohen_kappa(table, weighting));
      }
      many(her2::rating_counts(table));
    } else if (kind == "raters") {
      std::size_t size = 0;
      in >> size;
      her2::RatingCounts ratings;
      std::vector<std::uint32_t> one;
      for (std::uint32_t count = 0; in >> count;) {
        one.push_back(count);
        if (one.size() == size) {
          ratings.push_back(one);
          one.clear();
        }
      }
      many(ratings);
    } else {
      std::vector<double> first, second;
      for (double x = 0, y = 0; in >> x >> y;) {
        first.push_back(x);
        second.push_back(y);
      }
      const auto limits = her2::limits_of_agreement(first, second);
      std::printf(" %.17g %.17g %.17g %.17g", limits.mean, limits.sd, limits.lower, limits.upper);
    }
    std::printf("\n");
  }
  return 0;
}
