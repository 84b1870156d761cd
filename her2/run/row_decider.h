// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "her2/exchange/row_mapper.h"
#include "her2/guideline/point.h"
#include "her2/run/points_verdict.h"
#include "her2/run/row_classes.h"
#include "her2/run/verdict.h"

namespace her2 {

// Decides the rows of a table under one plan, many rows a microsecond where they are plain: rows in which the same
// tests are met share one verdict. Gives what decide_facts() gives. One per thread and plan.
class RowDecider {
 public:
  // `finish` is called once for each new verdict, to write its `tail`. Everything must outlive the decider.
  RowDecider(const Plan& plan, const BoundMap& map, const std::vector<FactId>& answers,
             std::function<void(Verdict&)> finish);

  // The verdict of a row like others before, from its text alone. nullptr: map it and call decide() next, after which
  // rows like it are known. The row must have no problem.
  Verdict* known(const TableRow& row);
  // Valid until the next forget(). Rows whose refused values matter get the state `refused`.
  Verdict& decide(const MappedRow& row);
  // Called between blocks: drops verdicts when there are very many. The caller has added up their counts.
  [[nodiscard]] bool full() const { return verdicts_.size() > kMostVerdicts || by_class_.size() > kMostClasses; }
  void forget();
  [[nodiscard]] const std::deque<Verdict>& verdicts() const { return verdicts_; }

 private:
  static constexpr std::size_t kMostPoints = 512;
  static constexpr std::size_t kMostVerdicts = 100'000, kMostClasses = 400'000;
  static constexpr std::size_t kNoSlot = static_cast<std::size_t>(-1);

  // Slots (places in MappedRow::values) of the facts of one dual-probe count.
  struct CountSlots {
    std::size_t cells = kNoSlot, her2 = kNoSlot, cep17 = kNoSlot, ratio = kNoSlot, copies = kNoSlot,
                cep17_copies = kNoSlot;
    std::optional<FactId> cells_counted;
  };

  CountSlots slots_of(const std::string& prefix) const;
  [[nodiscard]] std::size_t slot_of(std::string_view fact) const;
  [[nodiscard]] static bool given(const MappedRow& row, std::size_t slot);
  [[nodiscard]] bool simple_count(const MappedRow& row, const CountSlots& slots, bool& means_only) const;
  // Fills point_, and varying_ with what is not exact; false: the row needs the long way.
  bool plain(const MappedRow& row);
  bool put(const MappedRow& row, const RowValue& value, bool skip_cells);
  bool vary(const MappedRow& row, const RowValue& value);
  Verdict* decide_points();
  Verdict& decide_alone(const MappedRow& row);
  Verdict& long_way(const MappedRow& row);
  Verdict& keep(Verdict verdict);

  const Plan& plan_;
  const BoundMap& map_;
  const std::vector<FactId>& answers_;
  std::function<void(Verdict&)> finish_;
  PointDecider decider_;
  PointFacts point_;
  RowClasses classes_;
  RowClassTable<Verdict> by_class_;
  NumberCells cells_;
  PointsVerdict points_;
  struct Varying {  // a fact that is known as a few choices, or as a number of a few cells
    FactId fact = 0;
    bool may_be_missing = false;
    std::vector<unsigned> choices;
    std::vector<Decimal> numbers;
    [[nodiscard]] std::size_t size() const { return choices.size() + numbers.size() + (may_be_missing ? 1 : 0); }
  };
  std::vector<Varying> varying_;
  RowClasses::Key class_;  // of the row that known() did not know
  bool has_class_ = false;
  std::deque<Verdict> verdicts_;
  std::vector<Verdict*> by_outcome_;  // by PointOutcome::id
  std::uint32_t generation_ = 0;
  std::unordered_map<std::string, Verdict*> by_text_;
  std::string key_;
  std::array<CountSlots, 2> counts_;
  std::size_t score_ = kNoSlot, reported_ = kNoSlot, pattern_ = kNoSlot, probe_ = kNoSlot, ish_reported_ = kNoSlot;
  std::optional<FactId> probe_fact_;
  unsigned single_ = 0, dual_ = 0;  // values of probe
};

}  // namespace her2
