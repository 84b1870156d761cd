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
    for (std::uint64_t at = hash(text);; ++at) {
      const std::uint32_t index = slots_[at & (slots_.size() - 1)];
      if (index == 0) {
        return nullptr;
      }
      const Entry& entry = entries_[index - 1];
      if (same(entry.spelling, text)) {
        return &entry.meaning;
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

  // Of length and the outer sixteen bytes, letters in either case alike.
  static std::uint64_t hash(std::string_view text) noexcept {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    const std::size_t size = text.size();
    if (size >= 8) {
      std::memcpy(&a, text.data(), 8);
      std::memcpy(&b, text.data() + size - 8, 8);
    } else if (size >= 4) {
      std::uint32_t part = 0;
      std::memcpy(&part, text.data(), 4);
      a = part;
      std::memcpy(&part, text.data() + size - 4, 4);
      b = part;
    } else if (size > 0) {
      a = static_cast<unsigned char>(text[0]);
      b = std::uint64_t{static_cast<unsigned char>(text[size / 2])} << 8 | static_cast<unsigned char>(text[size - 1]);
    }
    constexpr std::uint64_t kCase = 0x2020202020202020U;
    const std::uint64_t mixed = ((a | kCase) * 0x9E3779B97F4A7C15U) ^ ((b | kCase) + size) * 0xC2B2AE3D27D4EB4FU;
    return (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9U >> 32;
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_{0};  // 1 + index of an entry, 0: empty; a power of two, never full
  bool has_numbers_ = false;
};

}  // namespace her2
