// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/spelling_table.h"

#include <algorithm>
#include <bit>

namespace her2 {

void SpellingTable::add(const std::string& spelling, const Meaning& meaning) {
  const auto is_it = [&](const Entry& entry) { return entry.spelling == spelling; };
  if (std::none_of(entries_.begin(), entries_.end(), is_it)) {
    entries_.push_back({spelling, meaning});
  }
}

std::vector<FactId> SpellingTable::other_facts() const {
  std::vector<FactId> out;
  for (const auto& entry : entries_) {
    for (const auto& [fact, value] : entry.meaning.also) {
      out.push_back(fact);
    }
  }
  return out;
}

void SpellingTable::build() {
  slots_.assign(std::bit_ceil(4 * entries_.size() + 1), Slot{});
  has_numbers_ = false;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const std::uint64_t key = key_of(entries_[i].spelling);
    std::uint64_t at = spread(key);
    while (slots_[at & (slots_.size() - 1)].entry != 0) {
      ++at;
    }
    slots_[at & (slots_.size() - 1)] = {key, static_cast<std::uint32_t>(i + 1)};
    has_numbers_ = has_numbers_ || Decimal::parse(entries_[i].spelling).has_value();
  }
}

}  // namespace her2
