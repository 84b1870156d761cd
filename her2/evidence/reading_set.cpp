// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/reading_set.h"

#include <algorithm>

namespace her2 {

ReadingSet::ReadingSet(const Dictionary& dictionary, const FactValues& recorded)
    : dictionary_(dictionary), recorded_(recorded) {
  out_.readings.push_back({recorded, {}});
}

const Value* ReadingSet::find(std::string_view name) const {
  const auto fact = dictionary_.find(name);
  const auto found = fact ? recorded_.find(*fact) : recorded_.end();
  return found == recorded_.end() || found->second.is_missing() ? nullptr : &found->second;
}

std::optional<Rational> ReadingSet::number(std::string_view name) const {
  const Value* value = find(name);
  return value == nullptr ? std::nullopt : value->exact_number();
}

std::string ReadingSet::written(std::string_view name) const {
  const Value* value = find(name);
  return value == nullptr ? "" : value_text(dictionary_[*dictionary_.find(name)], *value);
}

const std::string& ReadingSet::label(std::string_view name) const { return dictionary_[*dictionary_.find(name)].label; }

std::vector<FactId> ReadingSet::ids(std::initializer_list<std::string_view> names) const {
  std::vector<FactId> out;
  for (const auto name : names) {
    if (const auto fact = dictionary_.find(name)) {
      out.push_back(*fact);
    }
  }
  return out;
}

std::vector<FactId> ReadingSet::recorded_ids(std::initializer_list<std::string_view> names) const {
  auto out = ids(names);
  std::erase_if(out, [&](FactId fact) { return !recorded_.contains(fact); });
  return out;
}

void ReadingSet::set_everywhere(std::string_view name, const Value& value) {
  if (const auto fact = dictionary_.find(name)) {
    for (auto& reading : out_.readings) {
      reading.facts[*fact] = value;
    }
  }
}

void ReadingSet::drop_everywhere(std::string_view name) {
  if (const auto fact = dictionary_.find(name)) {
    for (auto& reading : out_.readings) {
      reading.facts.erase(*fact);
    }
  }
}

void ReadingSet::split(const std::vector<Alternative>& alternatives) {
  std::vector<Reading> next;
  for (const auto& reading : out_.readings) {
    for (const auto& alternative : alternatives) {
      Reading other = reading;
      for (const auto name : alternative.without) {
        if (const auto fact = dictionary_.find(name)) {
          other.facts.erase(*fact);
        }
      }
      for (const auto& [name, value] : alternative.with) {
        if (const auto fact = dictionary_.find(name)) {
          other.facts[*fact] = value;
        }
      }
      if (!alternative.assumes.empty()) {
        other.assumes += (other.assumes.empty() ? "" : "; ") + alternative.assumes;
      }
      next.push_back(std::move(other));
    }
  }
  out_.readings = std::move(next);
}

}  // namespace her2
