// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/further.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace her2 {
namespace {

constexpr std::uint64_t kMost = 100'000;
constexpr int kPlanningNodes = 32;   // a plan needs no four digits
constexpr double kPlanningDf = 500;  // as good as normal

double wrong_with(std::span<const LogMoments> ways, std::uint64_t nuclei, int nodes) {
  std::vector<MeansBelief> beliefs;
  for (const LogMoments& way : ways) {
    MeansBelief belief = belief_of(way);
    const double factor = static_cast<double>(nuclei) / static_cast<double>(way.nuclei);
    belief.her2_error /= std::sqrt(factor);
    belief.cep17_error /= std::sqrt(factor);
    belief.df = std::min(belief.df * factor, std::max(belief.df, kPlanningDf));
    beliefs.push_back(belief);
  }
  const GroupShares shares = group_shares(beliefs, nodes);
  return 1 - *std::max_element(shares.begin(), shares.end());
}

}  // namespace

FurtherNuclei further_nuclei(std::span<const LogMoments> ways, double level) {
  FurtherNuclei out;
  if (ways.empty()) {
    return out;
  }
  const std::uint64_t now = ways.front().nuclei;
  out.spread = ways.front().ratio.nuclei_error * std::sqrt(static_cast<double>(now));
  out.wrong = wrong_with(ways, now, kGridNodes);
  if (out.wrong <= level) {
    return out;
  }
  if (wrong_with(ways, now + kMost, kPlanningNodes) > level) {
    out.verdict = ways.size() > 1 ? FurtherNuclei::Verdict::not_by_doubtful : FurtherNuclei::Verdict::not_by_counting;
    out.further = kMost;
    return out;
  }
  std::uint64_t few = now;
  std::uint64_t many = now + kMost;
  while (many - few > 1) {
    const std::uint64_t middle = few + (many - few) / 2;
    (wrong_with(ways, middle, kPlanningNodes) > level ? few : many) = middle;
  }
  out.further = many - now;
  out.verdict = many > kBiasNuclei ? FurtherNuclei::Verdict::not_by_counting : FurtherNuclei::Verdict::count_more;
  return out;
}

}  // namespace her2
