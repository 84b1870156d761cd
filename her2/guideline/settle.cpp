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
  Settler(const Dictionary& dictionary, const Outcome& outcome, FactId answer) : dictionary_(dictionary) {
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

  // Whether no two cases that agree on these facts get different answers.
  [[nodiscard]] bool settles(const std::vector<FactId>& facts) const {
    std::set<FactId> shared;
    for (const FactId fact : facts) {
      const FactType& type = dictionary_[fact];
      if (type.kind == FactKind::quotient) {  // both parts, up to a scale that nothing else fixes
        shared.insert(type.numerator);
        shared.insert(type.denominator);
      } else {
        shared.insert(fact);
      }
    }
    return std::none_of(pairs_.begin(), pairs_.end(), [&](const Pair& pair) { return may_agree(pair, shared); });
  }

 private:
  [[nodiscard]] bool may_agree(const Pair& pair, const std::set<FactId>& shared) const {
    for (const FactId fact : shared) {
      if ((pair.first->worlds.possible(fact) & pair.second->worlds.possible(fact)) == 0) {
        return false;
      }
    }
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
  std::vector<Pair> pairs_;
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

void search(const Settler& settler, const std::vector<FactId>& from, std::size_t size, std::size_t start,
            std::vector<FactId>& chosen, std::vector<std::vector<FactId>>& found) {
  if (found.size() >= kMostSets) {
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

std::vector<std::vector<FactId>> settling_facts(const Plan& plan, const FactValues& facts, const Outcome& outcome,
                                                FactId answer) {
  std::vector<std::vector<FactId>> found;
  const Settler settler(plan.dictionary(), outcome, answer);
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
  if (!settler.settles(from)) {
    return found;
  }
  std::vector<FactId> chosen;
  for (std::size_t size = 1; size <= kLargestSet && found.empty(); ++size) {
    search(settler, from, size, 0, chosen, found);
  }
  return found;
}

}  // namespace her2
