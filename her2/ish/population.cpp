// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/population.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "her2/ish/mixture.h"
#include "her2/stats/random.h"

namespace her2 {
namespace {

constexpr int kSamples = 199;
constexpr double kLevel = 0.01;
constexpr double kSeparation = 2;
constexpr int kShuffles = 999;
constexpr double kTogetherLevel = 0.05;

// Of each accepted nucleus the nearest other one of its field, as an index among them; itself where there is none.
// Ordered by field and y, the search goes up and down until y alone is too far.
std::vector<std::size_t> nearest(const NucleusTable& table, const std::vector<std::size_t>& nuclei) {
  std::vector<std::size_t> order(nuclei.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t k) {
      const IshNucleus& n = table.nuclei[nuclei[k]];
      return std::tuple(n.field, n.centroid.y, n.centroid.x, k);
    };
    return key(a) < key(b);
  });
  std::vector<std::size_t> out(nuclei.size());
  for (std::size_t at = 0; at < order.size(); ++at) {
    const std::size_t i = order[at];
    const IshNucleus& here = table.nuclei[nuclei[i]];
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    out[i] = i;
    const auto look = [&](std::size_t place) {
      const std::size_t k = order[place];
      const IshNucleus& other = table.nuclei[nuclei[k]];
      const std::int64_t dx = std::int64_t{other.centroid.x} - here.centroid.x;
      const std::int64_t dy = std::int64_t{other.centroid.y} - here.centroid.y;
      if (other.field != here.field || dy * dy > least) {
        return false;
      }
      if (dx * dx + dy * dy < least) {
        least = dx * dx + dy * dy;
        out[i] = k;
      }
      return true;
    };
    for (std::size_t place = at; place-- > 0 && look(place);) {
    }
    for (std::size_t place = at + 1; place < order.size() && look(place); ++place) {
    }
  }
  return out;
}

bool has_positions(const NucleusTable& table, const std::vector<std::size_t>& nuclei) {
  return std::any_of(nuclei.begin(), nuclei.end(), [&](std::size_t i) {
    return table.nuclei[i].field != table.nuclei[nuclei[0]].field ||
           table.nuclei[i].centroid != table.nuclei[nuclei[0]].centroid;
  });
}

void shuffle(std::vector<bool>& labels, Random& random) {
  for (std::size_t i = labels.size(); i > 1; --i) {
    const std::size_t k = random.below(i);
    const bool kept = labels[i - 1];
    labels[i - 1] = labels[k];
    labels[k] = kept;
  }
}

// How many members have a member as their nearest; or the sum over areas of members^2 / nuclei, scaled.
class Together {
 public:
  Together(const NucleusTable& table, std::span<const NucleusCount> counts) {
    const auto nuclei = accepted(table);
    if (has_positions(table, nuclei)) {
      nearest_ = nearest(table, nuclei);
    }
    for (const NucleusCount& count : counts) {
      area_.push_back(count.area);
      size_.resize(std::max<std::size_t>(size_.size(), count.area + 1), 0);
      ++size_[count.area];
    }
  }
  [[nodiscard]] bool known() const {
    return !nearest_.empty() || std::count_if(size_.begin(), size_.end(), [](double n) { return n > 0; }) >= 2;
  }
  [[nodiscard]] double of(const std::vector<bool>& member) const {
    double out = 0;
    if (!nearest_.empty()) {
      for (std::size_t i = 0; i < member.size(); ++i) {
        out += member[i] && nearest_[i] != i && member[nearest_[i]] ? 1 : 0;
      }
      return out;
    }
    std::vector<double> members(size_.size(), 0);
    for (std::size_t i = 0; i < member.size(); ++i) {
      members[area_[i]] += member[i] ? 1 : 0;
    }
    for (std::size_t a = 0; a < members.size(); ++a) {
      out += size_[a] > 0 ? members[a] * members[a] / size_[a] : 0;
    }
    return out;
  }

 private:
  std::vector<std::size_t> nearest_;
  std::vector<std::uint32_t> area_;
  std::vector<double> size_;
};

void find_pattern(const Together& together, std::uint64_t seed, SecondPopulation& out) {
  if (!together.known()) {
    return;
  }
  const double seen = together.of(out.member);
  int beyond = 0;
  Random random(seed, 1'000'000);
  std::vector<bool> labels = out.member;
  for (int s = 0; s < kShuffles; ++s) {
    shuffle(labels, random);
    beyond += together.of(labels) >= seen - 1e-9 ? 1 : 0;
  }
  out.together_p = (beyond + 1.0) / (kShuffles + 1.0);
  out.pattern =
      *out.together_p <= kTogetherLevel ? SecondPopulation::Pattern::together : SecondPopulation::Pattern::intermingled;
}

}  // namespace

SecondPopulation second_population(const NucleusTable& table, std::span<const NucleusCount> nuclei) {
  SecondPopulation out;
  out.member.assign(nuclei.size(), false);
  CountHistogram histogram;
  for (const NucleusCount& nucleus : nuclei) {
    ++histogram[nucleus.her2];
  }
  if (nuclei.size() < kPopulationNuclei || histogram.size() < 2) {
    return out;
  }
  out.tested = true;
  const CountSums all = sums_of(nuclei);
  const std::uint64_t seed = all.her2 * 1'000'003 + all.cep17 * 1'009 + all.her2_her2;
  const MixtureFit on_root = fit_two(histogram, root_scale());
  const MixtureFit on_log = fit_two(histogram, log_scale());
  out.separation = std::min(on_root.separation(), on_log.separation());
  for (std::size_t i = 0; i < nuclei.size(); ++i) {
    out.member[i] = on_root.upper(root_scale().to(nuclei[i].her2)) > 0.5;
    (out.member[i] ? out.second : out.first).add(nuclei[i]);
  }
  out.members = out.second.nuclei;
  out.share = clopper_pearson(out.members, nuclei.size());
  const bool twice = out.first.nuclei > 0 && out.second.her2_mean() >= 2 * out.first.her2_mean();
  if (out.separation >= kSeparation && twice) {  // else the test cannot say more
    out.p = std::max(one_population_p(histogram, root_scale(), on_root.gain, seed, kSamples),
                     one_population_p(histogram, log_scale(), on_log.gain, seed, kSamples));
    out.found = out.p <= kLevel;
  }
  if (out.found) {
    find_pattern(Together(table, nuclei), seed, out);
  } else {
    out.member.assign(nuclei.size(), false);
    out.members = 0;
    out.share = {};
    out.first = all;
    out.second = {};
  }
  return out;
}

}  // namespace her2
