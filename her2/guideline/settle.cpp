// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "her2/guideline/change.h"

namespace her2 {
namespace {

constexpr std::size_t kMostCandidates = 16;
constexpr std::size_t kMostSets = 5;
constexpr std::size_t kLargestSet = 3;

// Two leaves that give different answers.
using Pair = std::pair<const Leaf*, const Leaf*>;

class Settler {
 public:
  Settler(const Dictionary& dictionary, const FactValues& facts, const Outcome& outcome, FactId answer)
      : dictionary_(dictionary), recorded_(facts), leaves_(outcome.leaves) {
    for (std::size_t i = 0; i < outcome.leaves.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Leaf& a = outcome.leaves[i];
        const Leaf& b = outcome.leaves[j];
        if (a.worlds.possible(answer) != b.worlds.possible(answer)) {
          pairs_.emplace_back(&a, &b);
        }
      }
    }
  }

  [[nodiscard]] bool open() const { return !pairs_.empty(); }

  // False: the bound of comparisons is reached.
  [[nodiscard]] bool searches() const { return comparisons_ < kMostSettleComparisons; }

  // Whether no two cases that agree on these facts get different answers.
  [[nodiscard]] bool settles(const std::vector<FactId>& facts) {
    std::set<FactId> shared;
    std::vector<FactId> quotients;
    for (const FactId fact : facts) {
      if (dictionary_[fact].kind == FactKind::quotient) {
        quotients.push_back(fact);
      } else {
        shared.insert(fact);
      }
    }
    if (!share_parts(quotients, shared) ||
        std::any_of(shared.begin(), shared.end(), [&](FactId fact) { return appears(fact); })) {
      return false;
    }
    const bool apart = std::none_of(pairs_.begin(), pairs_.end(),
                                    [&](const Pair& pair) { return !searches() || may_agree(pair, shared); });
    return apart && searches();
  }

 private:
  [[nodiscard]] bool recorded(FactId fact) const {
    const auto found = recorded_.find(fact);
    return found != recorded_.end() && !found->second.is_missing();
  }

  // A quotient tells one part when the other is known, and both, up to a common scale, when nothing else fixes that
  // scale. False: it is fixed, but not by a part.
  bool share_parts(std::vector<FactId> quotients, std::set<FactId>& shared) const {
    const auto known = [&](FactId fact) {
      const auto found = recorded_.find(fact);
      return shared.contains(fact) || (found != recorded_.end() && found->second.exact_number().has_value());
    };
    bool found = true;
    while (found) {
      found = false;
      for (auto at = quotients.begin(); at != quotients.end(); ++at) {
        const FactType& type = dictionary_[*at];
        if (known(type.numerator) || known(type.denominator)) {
          shared.insert({type.numerator, type.denominator});
          quotients.erase(at);
          found = true;
          break;
        }
      }
    }
    for (const FactId quotient : quotients) {
      const FactType& type = dictionary_[quotient];
      if (scale_is_fixed(type.numerator)) {
        return false;
      }
      shared.insert({type.numerator, type.denominator});
    }
    return true;
  }

  // Whether anything is recorded of a number that quotients link to this one.
  [[nodiscard]] bool scale_is_fixed(FactId number) const {
    std::set<FactId> linked{number};
    for (std::size_t before = 0; before != linked.size();) {
      before = linked.size();
      for (FactId id = 0; id < dictionary_.size(); ++id) {
        const FactType& type = dictionary_[id];
        if (type.kind == FactKind::quotient && (linked.contains(type.numerator) || linked.contains(type.denominator))) {
          linked.insert({type.numerator, type.denominator});
        }
      }
    }
    return std::any_of(linked.begin(), linked.end(), [&](FactId fact) { return recorded(fact); });
  }

  // Nothing is recorded of the fact, yet some cases have it and some do not: finding it out makes tables apply that are
  // not entered in the latter, so they say nothing of it.
  [[nodiscard]] bool appears(FactId fact) const {
    if (recorded(fact)) {
      return false;
    }
    const auto lacks = [&](const Leaf& leaf) { return leaf.worlds.surely_missing(fact); };
    return std::any_of(leaves_.begin(), leaves_.end(), lacks) && !std::all_of(leaves_.begin(), leaves_.end(), lacks);
  }

  [[nodiscard]] bool may_agree(const Pair& pair, const std::set<FactId>& shared) {
    for (const FactId fact : shared) {
      if ((pair.first->worlds.possible(fact) & pair.second->worlds.possible(fact)) == 0) {
        return false;
      }
    }
    ++comparisons_;
    std::vector<Constraint> joint = pair.first->worlds.constraints();
    for (Constraint constraint : pair.second->worlds.constraints()) {
      for (auto& [fact, coefficient] : constraint.form.terms) {
        if (!shared.contains(fact)) {
          fact = static_cast<FactId>(fact + dictionary_.size());  // the other case's own
        }
      }
      std::sort(constraint.form.terms.begin(), constraint.form.terms.end());
      joint.push_back(std::move(constraint));
    }
    return feasible(joint);
  }

  const Dictionary& dictionary_;
  const FactValues& recorded_;
  const std::vector<Leaf>& leaves_;
  std::vector<Pair> pairs_;
  std::uint64_t comparisons_ = 0;
};

// Facts that are not known exactly: what a case could still find out.
std::vector<FactId> candidates(const Plan& plan, const FactValues& facts) {
  const Dictionary& dictionary = plan.dictionary();
  std::set<FactId> read;
  std::set<FactId> given;
  for (const auto& step : plan.steps) {
    read.insert(step.table->inputs.begin(), step.table->inputs.end());
    given.insert(step.table->gives.begin(), step.table->gives.end());
  }
  const auto exact = [&](FactId fact) {
    const auto found = facts.find(fact);
    return found != facts.end() && found->second.is_exact();
  };
  const auto half_open = [&](FactId fact) {
    const auto found = facts.find(fact);
    return found != facts.end() && !found->second.is_exact();
  };
  std::vector<FactId> out;
  std::set<FactId> covered;  // parts that a candidate quotient stands for
  for (FactId fact = 0; fact < dictionary.size(); ++fact) {
    const FactType& type = dictionary[fact];
    const bool parts_read = read.contains(type.numerator) && read.contains(type.denominator);
    if (type.kind == FactKind::quotient && parts_read && !exact(fact) &&
        !(exact(type.numerator) && exact(type.denominator))) {
      out.push_back(fact);
      covered.insert(type.numerator);
      covered.insert(type.denominator);
    }
  }
  for (const FactId fact : read) {
    if (half_open(fact) || (!exact(fact) && !given.contains(fact) && !covered.contains(fact))) {
      out.push_back(fact);
    }
  }
  return out;
}

void search(Settler& settler, const std::vector<FactId>& from, std::size_t size, std::size_t start,
            std::vector<FactId>& chosen, std::vector<std::vector<FactId>>& found) {
  if (found.size() >= kMostSets || !settler.searches()) {
    return;
  }
  if (chosen.size() == size) {
    if (settler.settles(chosen)) {
      found.push_back(chosen);
    }
    return;
  }
  for (std::size_t i = start; i < from.size(); ++i) {
    chosen.push_back(from[i]);
    search(settler, from, size, i + 1, chosen, found);
    chosen.pop_back();
  }
}

}  // namespace

SettlingFacts settling_facts(const Plan& plan, const FactValues& facts, const Outcome& outcome, FactId answer) {
  SettlingFacts found;
  Settler settler(plan.dictionary(), facts, outcome, answer);
  if (!settler.open()) {
    return found;
  }
  std::vector<FactId> from = candidates(plan, facts);
  std::erase_if(from, [&](FactId fact) {
    const FactType& type = plan.dictionary()[fact];
    const FactId part = type.kind == FactKind::quotient ? type.numerator : fact;
    return outcome.possible(part) == kMissingBit;  // not done at all: nothing to find out
  });
  if (from.size() > kMostCandidates) {  // keep what is stated but not exact, then the rest, in the order of the tables
    std::stable_partition(from.begin(), from.end(), [&](FactId fact) { return facts.contains(fact); });
    from.resize(kMostCandidates);
  }
  std::vector<FactId> chosen;
  for (std::size_t size = 1; size <= kLargestSet && found.sets.empty() && settler.searches(); ++size) {
    search(settler, from, size, 0, chosen, found.sets);
  }
  found.searched = settler.searches();
  return found;
}

}  // namespace her2
