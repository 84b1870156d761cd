// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/evidence/text.h"
#include "her2/exchange/vocabulary.h"

namespace her2 {

// Spellings of one column, found without regard to case in about ten nanoseconds. Filled first, then only read, by any
// number of threads.
class SpellingTable {
 public:
  // Keeps the first meaning of a spelling (trimmed, in lower case).
  void add(const std::string& spelling, const Meaning& meaning);
  // Call once after the last add.
  void build();

  // The meaning of a trimmed text, or nullptr.
  [[nodiscard]] const Meaning* find(std::string_view text) const noexcept {
    const std::uint64_t key = key_of(text);
    for (std::uint64_t at = spread(key);; ++at) {
      const Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.entry == 0) {
        return nullptr;
      }
      if (slot.key == key && (text.size() <= 7 || same(entries_[slot.entry - 1].spelling, text))) {
        return &entries_[slot.entry - 1].meaning;
      }
    }
  }

  // Facts that some spelling tells besides the column's own.
  [[nodiscard]] std::vector<FactId> other_facts() const;

  // Whether a number is among the spellings (999 for unknown), so that numbers must be looked up as well.
  [[nodiscard]] bool has_numbers() const { return has_numbers_; }

 private:
  struct Entry {
    std::string spelling;
    Meaning meaning;
  };

  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t entry = 0;  // 1 + index, 0: empty
  };

  static bool same(const std::string& spelling, std::string_view text) noexcept {
    if (spelling.size() != text.size()) {
      return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (spelling[i] != lower(text[i])) {
        return false;
      }
    }
    return true;
  }

  // Eight letters in lower case at once.
  static std::uint64_t lower_all(std::uint64_t text) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    const std::uint64_t low = text & 0x7F * kOnes;
    const std::uint64_t from_a = low + (0x80 - 'A') * kOnes;
    const std::uint64_t behind_z = low + (0x80 - 'Z' - 1) * kOnes;
    return text | ((from_a ^ behind_z) & ~text & 0x80 * kOnes) >> 2;
  }

  // The text itself with its length, in lower case, when it has at most seven bytes; else a hash of its length and its
  // first and last eight.
  static std::uint64_t key_of(std::string_view text) noexcept {
    const std::size_t size = text.size();
    std::uint64_t out = 0;
    if (size >= 8) {
      std::uint64_t last = 0;
      std::memcpy(&out, text.data(), 8);
      std::memcpy(&last, text.data() + size - 8, 8);
      return (spread(lower_all(out)) ^ lower_all(last) ^ size) | std::uint64_t{0xFF} << 56;
    }
    if (size >= 4) {
      std::uint32_t first = 0;
      std::uint32_t last = 0;
      std::memcpy(&first, text.data(), 4);
      std::memcpy(&last, text.data() + size - 4, 4);
      out = first | std::uint64_t{last} << (8 * (size - 4));
    } else if (size > 0) {
      out = static_cast<unsigned char>(text[0]);
      out |= std::uint64_t{static_cast<unsigned char>(text[size / 2])} << (8 * (size / 2));
      out |= std::uint64_t{static_cast<unsigned char>(text[size - 1])} << (8 * (size - 1));
    }
    return lower_all(out) | std::uint64_t{size} << 56;
  }

  static std::uint64_t spread(std::uint64_t key) noexcept { return (key ^ key >> 29) * 0xBF58476D1CE4E5B9U >> 32; }

  std::vector<Entry> entries_;
  std::vector<Slot> slots_{Slot{}};  // a power of two, never full
  bool has_numbers_ = false;
};

}  // namespace her2
