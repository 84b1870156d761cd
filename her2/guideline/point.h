// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "her2/guideline/plan.h"

namespace her2 {

// One plain case: every fact is missing or known exactly, numbers have at most six digits behind the point. For
// tables of millions of rows and for ensembles. Reused from case to case; not shared between threads.
class PointFacts {
 public:
  explicit PointFacts(const Dictionary& dictionary);

  // Back to every fact missing.
  void clear();
  void drop(FactId fact) { choice_[fact] = present_[fact] = 0; }
  void set_choice(FactId fact, unsigned index);
  // A number or a quotient. False when it has more than six decimals or is 10^9 or more: then the case is not plain.
  [[nodiscard]] bool set_number(FactId fact, const Decimal& number);

 private:
  friend class PointDecider;
  const Dictionary* dictionary_;
  std::vector<std::uint8_t> choice_;   // 0: missing, else index + 1
  std::vector<std::int64_t> number_;   // in millionths
  std::vector<std::uint8_t> present_;  // numbers and quotients: 1 = given
  std::vector<FactId> touched_;
};

// What a plan concludes for a plain case; the same for all cases in which the same tests are met.
struct PointOutcome {
  std::uint32_t id = 0;             // counts up from 0 within one PointDecider and generation
  std::vector<int> rows;            // for each step: row, or kNotEntered
  std::vector<std::uint8_t> facts;  // for each fact that is a choice: index of its value + 1, 0 = missing
  std::vector<std::pair<std::size_t, FactId>> disagreements;
  std::vector<std::size_t> flags;  // indices into plan.flags
  int broken_step = -1;            // >= 0: the facts break a law (`space`) of this step's table
};

// Decides plain cases: evaluates every numeric test of the plan in integers, then looks up what follows from the
// outcome of all tests. Gives the same answer as decide() (worlds.h); the tests compare the two. One per thread.
class PointDecider {
 public:
  explicit PointDecider(const Plan& plan);
  ~PointDecider();
  PointDecider(const PointDecider&) = delete;
  PointDecider& operator=(const PointDecider&) = delete;

  // nullptr: some test is open for these facts (a quotient is given without its parts, a required input is missing
  // among others that are there), or the numbers may contradict each other (a quotient besides both of its parts, a
  // third quotient that follows from two, 0 over a number that is not 0): use decide().
  // Valid until generation() changes.
  const PointOutcome* decide(const PointFacts& facts);
  // Goes up when known outcomes were dropped to bound the memory; ids start again then.
  [[nodiscard]] std::uint32_t generation() const { return generation_; }

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
  std::unordered_map<std::string, std::unique_ptr<PointOutcome>> known_;
  std::string key_;
  std::uint32_t generation_ = 0;
};

}  // namespace her2
