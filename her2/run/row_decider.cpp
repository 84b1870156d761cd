// SPDX-License-Identifier: Apache-2.0
#include "her2/run/row_decider.h"

#include <algorithm>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr std::size_t kMostTexts = 50'000;

bool one_value(std::uint64_t mask) { return mask != 0 && (mask & (mask - 1)) == 0; }

}  // namespace

RowDecider::RowDecider(const Plan& plan, const BoundMap& map, const std::vector<FactId>& answers,
                       std::function<void(Verdict&)> finish)
    : plan_(plan),
      map_(map),
      answers_(answers),
      finish_(std::move(finish)),
      decider_(plan),
      point_(plan.dictionary()),
      classes_(plan, map),
      cells_(plan),
      points_(plan, answers),
      counts_{slots_of(""), slots_of("recount_")},
      score_(slot_of("ihc_score")),
      reported_(slot_of("ihc_reported")),
      pattern_(slot_of("pattern_intensity")),
      probe_(slot_of("probe")),
      ish_reported_(slot_of("ish_reported")),
      probe_fact_(plan.dictionary().find("probe")) {
  if (probe_fact_) {
    single_ = plan.dictionary()[*probe_fact_].index_of("single").value_or(0);
    dual_ = plan.dictionary()[*probe_fact_].index_of("dual").value_or(0);
  }
}

std::size_t RowDecider::slot_of(std::string_view fact) const {
  const auto id = plan_.dictionary().find(fact);
  const auto& facts = map_.facts();
  const auto found = id ? std::find(facts.begin(), facts.end(), *id) : facts.end();
  return found == facts.end() ? kNoSlot : static_cast<std::size_t>(found - facts.begin());
}

RowDecider::CountSlots RowDecider::slots_of(const std::string& prefix) const {
  CountSlots out;
  out.cells = slot_of(prefix + "cells");
  out.her2 = slot_of(prefix + "her2_total");
  out.cep17 = slot_of(prefix + "cep17_total");
  out.ratio = slot_of(prefix + "ratio");
  out.copies = slot_of(prefix + "copies");
  out.cep17_copies = slot_of(prefix + "cep17_copies");
  out.cells_counted = plan_.dictionary().find(prefix + "cells_counted");
  return out;
}

bool RowDecider::given(const MappedRow& row, std::size_t slot) {
  return slot != kNoSlot && row.values[slot].kind != RowValue::Kind::missing;
}

// Whether reconcile() would leave the count as it is, but for dropping `cells` beside means.
bool RowDecider::simple_count(const MappedRow& row, const CountSlots& slots, bool& means_only) const {
  const int totals = given(row, slots.cells) + given(row, slots.her2) + given(row, slots.cep17);
  const int means = given(row, slots.ratio) + given(row, slots.copies) + given(row, slots.cep17_copies);
  if (means == 0) {
    return true;
  }
  means_only = !given(row, slots.her2) && !given(row, slots.cep17);
  const bool whole_mean = given(row, slots.copies) && row.values[slots.copies].kind == RowValue::Kind::decimal &&
                          row.values[slots.copies].number.scale == 0;
  return totals < 3 && means_only && means < 3 && !whole_mean;
}

bool RowDecider::put(const MappedRow& row, const RowValue& value, bool skip) {
  switch (value.kind) {
    case RowValue::Kind::missing: return true;
    case RowValue::Kind::choice:
      if (!one_value(value.choices)) {
        return vary(row, value);
      }
      point_.set_choice(value.fact, static_cast<unsigned>(__builtin_ctzll(value.choices)));
      return true;
    case RowValue::Kind::decimal: return skip || point_.set_number(value.fact, value.number);
    case RowValue::Kind::unknown:
    case RowValue::Kind::full: return vary(row, value);
  }
  return false;
}

// Notes what a fact may be. False: too much, or what is known of it bears on other facts.
bool RowDecider::vary(const MappedRow& row, const RowValue& value) {
  const FactType& type = plan_.dictionary()[value.fact];
  const bool unknown = value.kind == RowValue::Kind::unknown;
  Varying out;
  out.fact = value.fact;
  out.may_be_missing = unknown;
  if (type.kind == FactKind::choice) {
    const std::uint64_t mask = unknown ? type.all_values() & ~type.computed_only : value.choices;
    for (unsigned i = 0; i < type.values.size(); ++i) {
      if ((mask >> i & 1U) != 0) {
        out.choices.push_back(i);
      }
    }
  } else if (cells_.stands_alone(value.fact) && !type.integer) {
    const auto cells = unknown ? cells_.all_cells(value.fact) : cells_.cells(value.fact, BoundMap::value(row, value));
    for (std::uint32_t cell = cells.first; cell <= cells.last; ++cell) {
      const auto number = cells_.example(value.fact, cell);
      if (!number) {
        return false;
      }
      out.numbers.push_back(*number);
    }
  } else {
    return false;
  }
  const bool score_unknown = unknown && type.name == "ihc_score" && reported_ != kNoSlot;  // a status may narrow it
  varying_.push_back(std::move(out));
  return !score_unknown;
}

bool RowDecider::plain(const MappedRow& row) {
  if (!row.refusals.empty() || given(row, pattern_) || (given(row, score_) && given(row, reported_))) {
    return false;
  }
  const CountSlots& first = counts_[0];
  const bool ratio_known = given(row, first.ratio) || (given(row, first.her2) && given(row, first.cep17));
  if (given(row, ish_reported_) && ratio_known) {
    return false;  // the two may contradict each other
  }
  point_.clear();
  varying_.clear();
  std::array<bool, 2> means_only{};
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (!simple_count(row, counts_[i], means_only[i])) {
      return false;
    }
  }
  for (std::size_t slot = 0; slot < row.values.size(); ++slot) {
    const bool skip = (slot == counts_[0].cells && means_only[0]) || (slot == counts_[1].cells && means_only[1]);
    if (!put(row, row.values[slot], skip)) {
      return false;
    }
  }
  for (const CountSlots& slots : counts_) {
    if (given(row, slots.cells) && slots.cells_counted &&
        !point_.set_number(*slots.cells_counted, row.values[slots.cells].number)) {
      return false;
    }
  }
  if (probe_fact_ && !given(row, probe_)) {
    const CountSlots& slots = counts_[0];
    const bool dual = given(row, slots.cep17) || given(row, slots.cep17_copies) || given(row, slots.ratio);
    if (dual || given(row, slots.her2) || given(row, slots.copies)) {
      point_.set_choice(*probe_fact_, dual ? dual_ : single_);
    }
  }
  return true;
}

Verdict& RowDecider::keep(Verdict verdict) {
  verdicts_.push_back(std::move(verdict));
  finish_(verdicts_.back());
  return verdicts_.back();
}

Verdict* RowDecider::known(const TableRow& row) {
  has_class_ = classes_.classify(row, class_);
  Verdict* found = has_class_ ? by_class_.find(class_) : nullptr;
  has_class_ = has_class_ && found == nullptr;
  return found;
}

Verdict& RowDecider::decide(const MappedRow& row) {
  Verdict& verdict = decide_alone(row);
  if (has_class_ && verdict.reason.empty()) {  // a reason may quote the row's own numbers
    by_class_.add(class_, &verdict);
  }
  has_class_ = false;
  return verdict;
}

Verdict& RowDecider::decide_alone(const MappedRow& row) {
  const bool short_way = plain(row);
  if (short_way && !varying_.empty()) {
    Verdict* verdict = decide_points();
    return verdict == nullptr ? long_way(row) : *verdict;
  }
  const PointOutcome* outcome = short_way ? decider_.decide(point_) : nullptr;
  if (outcome == nullptr) {
    return long_way(row);
  }
  if (decider_.generation() != generation_) {
    by_outcome_.clear();
    generation_ = decider_.generation();
  }
  if (outcome->id >= by_outcome_.size()) {
    by_outcome_.resize(outcome->id + 1, nullptr);
  }
  Verdict*& known = by_outcome_[outcome->id];
  if (known == nullptr) {
    known = &keep(verdict_of(plan_, *outcome, answers_));
  }
  return *known;
}

// Decides every case that the row may be, one of each kind that the plan can tell apart. nullptr: too many, or they
// cannot be taken together so.
Verdict* RowDecider::decide_points() {
  std::size_t rounds = 1;
  for (const Varying& varying : varying_) {
    rounds = std::min(rounds * varying.size(), kMostPoints + 1);
  }
  points_.clear();
  for (std::size_t round = 0; round < rounds; ++round) {
    std::size_t rest = round;
    for (const Varying& varying : varying_) {
      const std::size_t at = rest % varying.size();
      rest /= varying.size();
      point_.drop(varying.fact);
      if (at < varying.choices.size()) {
        point_.set_choice(varying.fact, varying.choices[at]);
      } else if (at < varying.choices.size() + varying.numbers.size() &&
                 !point_.set_number(varying.fact, varying.numbers[at - varying.choices.size()])) {
        return nullptr;
      }
    }
    const PointOutcome* outcome = decider_.decide(point_);
    if (rounds > kMostPoints || outcome == nullptr || !points_.add(*outcome)) {
      return nullptr;
    }
  }
  return rounds == 0 ? nullptr : &keep(points_.verdict());
}

Verdict& RowDecider::long_way(const MappedRow& row) {
  key_.clear();
  FactValues facts;
  for (const RowValue& value : row.values) {
    // "Not done" is said, too, but not by an empty field; and beside a value that cannot be read it proves nothing.
    const bool says_not_done =
        value.column != RowValue::kNoColumn && !row.fields[value.column].empty() && row.refusals.empty();
    if (value.kind != RowValue::Kind::missing || says_not_done) {
      facts[value.fact] = BoundMap::value(row, value);
      key_ += fmt::format("{}={};", value.fact, value_text(plan_.dictionary()[value.fact], facts[value.fact]));
    }
  }
  key_ += row.refusals.empty() ? "" : "refused";
  const auto found = by_text_.find(key_);
  if (found != by_text_.end()) {
    return *found->second;
  }
  Verdict verdict = verdict_of(plan_, decide_facts(plan_, facts, answers_), answers_);
  if (!row.refusals.empty() && verdict.state != RowState::decided) {
    verdict.state = RowState::refused;
  }
  if (by_text_.size() > kMostTexts) {
    by_text_.clear();
  }
  Verdict& kept = keep(std::move(verdict));
  by_text_[key_] = &kept;
  return kept;
}

void RowDecider::forget() {
  by_outcome_.clear();
  by_class_.clear();
  by_text_.clear();
  verdicts_.clear();
}

}  // namespace her2
