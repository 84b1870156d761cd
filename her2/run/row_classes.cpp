// SPDX-License-Identifier: Apache-2.0
#include "her2/run/row_classes.h"

#include <algorithm>

namespace her2 {
namespace {

constexpr std::size_t kMostClasses = 255;  // of a field

// What is counted over a number of cells stays its own fact where the number itself is not used; see reconcile().
constexpr std::array<std::string_view, 2> kCells{"cells", "recount_cells"};

}  // namespace

RowClasses::RowClasses(const Plan& plan, const BoundMap& map)
    : map_(map), dictionary_(plan.dictionary()), cells_(plan) {
  const auto separate = map.separate_fields();
  if (!separate || separate->fields.size() > kMostFields) {
    return;
  }
  std::vector<std::vector<FactId>> numbers;
  for (const auto& [column, fact, bare_numbers] : separate->fields) {
    const FactType& type = dictionary_[fact];
    Field field;
    field.column = column;
    field.fact = fact;
    field.never = type.kind == FactKind::quotient || type.name.starts_with("pattern_");
    field.concluded = type.name == "ish_reported";
    field.remembered.resize(kFirstPlaces);
    std::vector<FactId> stands_for{fact};
    if (std::find(kCells.begin(), kCells.end(), type.name) != kCells.end()) {
      if (const auto counted = dictionary_.find(type.name + "_counted")) {
        stands_for.push_back(*counted);
      }
    }
    if (bare_numbers && !field.never && !cells_.stands_alone(fact)) {
      allow_counts(type, field);
    }
    numbers.push_back(cells_.stands_alone(fact) ? std::vector<FactId>{} : std::move(stands_for));
    fields_.push_back(std::move(field));
  }
  tests_.emplace(plan, numbers);
  usable_ = tests_->usable();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    fields_[i].empty = read(i, {});
  }
}

const RowClasses::Said* RowClasses::remember(std::size_t i, std::string_view text, const std::uint64_t (&packed)[2]) {
  Said said = read(i, text);
  said.text[0] = packed[0];
  said.text[1] = packed[1];
  said.size = static_cast<std::uint32_t>(text.size());
  Field& field = fields_[i];
  const auto place = [&](const Said& one) {
    std::uint64_t at = hash(one.text, one.size);
    while (field.remembered[at & (field.remembered.size() - 1)].size != kNothing) {
      ++at;
    }
    Said& found = field.remembered[at & (field.remembered.size() - 1)];
    found = one;
    return &found;
  };
  if (2 * ++field.texts > field.remembered.size()) {
    const bool anew = field.remembered.size() == kMostPlaces;
    std::vector<Said> old(anew ? kMostPlaces : 4 * field.remembered.size());
    old.swap(field.remembered);
    field.texts = 1;
    for (const Said& one : old) {
      if (!anew && one.size != kNothing) {
        place(one);
        ++field.texts;
      }
    }
  }
  return place(said);
}

// Counts from the least to the most that the type allows need not be looked up.
void RowClasses::allow_counts(const FactType& type, Field& field) {
  constexpr std::int64_t kMost = 999'999;
  const auto floor_of = [](const Rational& r) { return static_cast<std::int64_t>(numerator(r) / denominator(r)); };
  const auto between = [](const Rational& low, const Rational& x, const Rational& high) {
    return low <= x && x < high;
  };
  const bool in_reach = between(-kMost, type.min.value_or(0), kMost) && between(0, type.max.value_or(0), kMost);
  if (!in_reach) {
    return;
  }
  field.most_count = type.max ? floor_of(*type.max) : kMost;
  while (type.min && (field.least_count < *type.min || (type.min_open && field.least_count == *type.min))) {
    ++field.least_count;
  }
  field.count = 0;
  field.classes.try_emplace({Value::State::number, 0, {}}, field.count);
}

RowClasses::Said RowClasses::read(std::size_t i, std::string_view text) {
  Field& field = fields_[i];
  Said out;
  const auto value = map_.separate_value(i, text);
  if (!value || (field.never && !value->is_missing())) {
    out.traits = kNone;
    return out;
  }
  // An empty field and words for "not done" are two ways to be missing.
  std::uint64_t choices = value->is_missing() ? (text.empty() ? 0 : 1) : value->choices;
  NumberCells::Cells cells;
  if (value->state == Value::State::number && cells_.stands_alone(field.fact)) {
    cells = cells_.cells(field.fact, *value);
    out.traits = dictionary_[field.fact].integer && !value->is_exact() ? kNone : 0;
  } else if (value->state == Value::State::number) {
    const auto exact = value->written ? ExactTests::millionths(*value->written) : std::nullopt;
    out.traits = exact ? kCounted : kNone;
    out.millionths = exact.value_or(0);
  } else if (value->state == Value::State::unknown && dictionary_[field.fact].kind == FactKind::number &&
             !cells_.stands_alone(field.fact)) {
    out.traits = kNone;
  }
  if (field.concluded && !value->is_missing()) {
    out.traits |= kConcluded;
  }
  const auto [known, added] =
      field.classes.try_emplace({value->state, choices, cells}, static_cast<std::uint8_t>(field.classes.size()));
  out.of_class = known->second;
  if (field.classes.size() > kMostClasses) {
    field.classes.erase(known);
    out.traits = kNone;
  }
  return out;
}

}  // namespace her2
