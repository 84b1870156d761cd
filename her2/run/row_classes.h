// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "her2/exchange/row_mapper.h"
#include "her2/guideline/point_classes.h"

namespace her2 {

// Tells rows that a plan cannot tell apart, from their text alone: what a field says is worked out once for each
// different text of a column and then remembered, as the class of what it says. Numbers that tests take together (the
// totals of an ISH count) have no class of their own; with them the outcome of these tests is part of the row's class.
// A row has no class, and is to be decided by itself, when a field of it is refused or is not a single fact; when means
// or ratios, bounds of counts, or a described staining pattern are recorded, which reconcile() compares digit by digit;
// or when the map reads more than an id and facts. One per thread and plan.
class RowClasses {
 public:
  static constexpr std::size_t kMostFields = 24;

  struct Key {
    std::array<std::uint64_t, kMostFields / 8> classes{};  // eight bits a field
    ExactTests::Met met{};
    friend bool operator==(const Key& a, const Key& b) {
      std::uint64_t differ = 0;
      for (std::size_t i = 0; i < a.classes.size(); ++i) {
        differ |= a.classes[i] ^ b.classes[i];
      }
      for (std::size_t i = 0; i < a.met.size(); ++i) {
        differ |= a.met[i] ^ b.met[i];
      }
      return differ == 0;
    }
  };

  // Both must outlive it.
  RowClasses(const Plan& plan, const BoundMap& map);

  // Rows with the same key get the same verdict, unless its reason quotes values. False: the row has no class. The row
  // must have no problem.
  bool classify(const TableRow& row, Key& key) {
    if (!usable_) {
      return false;
    }
    key = Key{};
    std::uint64_t given = 0;
    unsigned traits = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      Field& field = fields_[i];
      const std::string_view text = row.fields[field.column];
      if (field.most_count >= 0 && !text.empty()) {
        const std::int64_t count = digits(text);
        if (count <= field.most_count && count >= field.least_count) {
          key.classes[i / 8] |= std::uint64_t{field.count} << i % 8 * 8;
          numbers_[i] = count * 1'000'000;
          given |= std::uint64_t{1} << i;
          traits |= kCounted;
          continue;
        }
      }
      const Said* said = text.empty() ? &field.empty : find(i, text);
      if (said == nullptr) {
        return false;
      }
      key.classes[i / 8] |= std::uint64_t{said->of_class} << i % 8 * 8;
      traits |= said->traits;
      if ((said->traits & kCounted) != 0) {
        numbers_[i] = said->millionths;
        given |= std::uint64_t{1} << i;
      }
    }
    if ((traits & kNone) != 0 || (traits & (kCounted | kConcluded)) == (kCounted | kConcluded)) {
      return false;
    }
    if (given != 0) {
      key.met = tests_->met(numbers_.data(), given);
    }
    return true;
  }

 private:
  // What a text of a field says, in small.
  static constexpr std::uint8_t kNone = 1;       // rows with it have no class
  static constexpr std::uint8_t kCounted = 2;    // an exact number that tests take together with others
  static constexpr std::uint8_t kConcluded = 4;  // the laboratory's own ISH status: it is compared with the counts
  static constexpr std::uint32_t kNothing = ~0U;
  struct Said {
    std::uint64_t text[2] = {};     // see pack()
    std::uint32_t size = kNothing;  // of the text
    std::uint8_t of_class = 0;
    std::uint8_t traits = 0;
    std::int64_t millionths = 0;
  };
  struct Field {
    std::size_t column = 0;
    FactId fact = 0;
    // Bare digits of at most this are a count and nothing else, of the class `count`; -1: no such shortcut.
    std::int64_t most_count = -1, least_count = 0;
    std::uint8_t count = 0;
    bool never = false;            // a row in which it is not missing has no class
    bool concluded = false;        // the laboratory's own ISH status
    Said empty;                    // what no text says
    std::vector<Said> remembered;  // a power of two, at most half full
    std::size_t texts = 0;
    std::map<std::tuple<Value::State, std::uint64_t, NumberCells::Cells>, std::uint8_t> classes;
  };
  // Places for texts of a field, at first and at most: as few as do, to stay in the nearest cache.
  static constexpr std::size_t kFirstPlaces = 64, kMostPlaces = 8192;
  static constexpr std::size_t kLongest = 16;  // bytes of a text that is remembered

  // The text, of 1 to 16 bytes, in two words that differ for any two texts of the same size.
  static void pack(std::string_view text, std::uint64_t (&out)[2]) {
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(&out[0], text.data(), 8);
    if (text.size() >= 8) {
      std::memcpy(&out[1], text.data() + text.size() - 8, 8);
    } else {
      out[0] &= ~std::uint64_t{0} >> (64 - 8 * text.size());
    }
  }

  // The number that one to six digits say; -1: something else.
  static std::int64_t digits(std::string_view text) {
    if (text.empty() || text.size() > 6) {
      return -1;
    }
    std::int64_t out = 0;
    for (const char c : text) {
      if (c < '0' || c > '9') {
        return -1;
      }
      out = out * 10 + (c - '0');
    }
    return out;
  }

  const Said* find(std::size_t i, std::string_view text) {
    if (text.size() > kLongest) {
      return nullptr;
    }
    std::uint64_t packed[2] = {};
    pack(text, packed);
    const std::vector<Said>& remembered = fields_[i].remembered;
    for (std::uint64_t at = hash(packed, text.size());; ++at) {
      const Said& said = remembered[at & (remembered.size() - 1)];
      if (said.text[0] == packed[0] && said.text[1] == packed[1] && said.size == text.size()) {
        return &said;
      }
      if (said.size == kNothing) {
        return remember(i, text, packed);
      }
    }
  }

  static std::uint64_t hash(const std::uint64_t (&packed)[2], std::size_t size) {
    return (packed[0] ^ (packed[1] << 1) ^ size) * 0x9E3779B97F4A7C15U >> 32;
  }
  const Said* remember(std::size_t i, std::string_view text, const std::uint64_t (&packed)[2]);
  Said read(std::size_t i, std::string_view text);
  static void allow_counts(const FactType& type, Field& field);

  const BoundMap& map_;
  const Dictionary& dictionary_;
  NumberCells cells_;
  std::vector<Field> fields_;
  std::array<std::int64_t, kMostFields> numbers_{};
  std::optional<ExactTests> tests_;
  bool usable_ = false;
};

// From the key of a row to what is known of such rows. Any number of keys; find() is a few nanoseconds.
template <class Found>
class RowClassTable {
 public:
  [[nodiscard]] Found* find(const RowClasses::Key& key) const {
    for (std::uint64_t at = hash(key);; ++at) {
      const Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.found == nullptr || slot.key == key) {
        return slot.found;
      }
    }
  }
  // The key must not be there yet.
  void add(const RowClasses::Key& key, Found* found) {
    if (2 * ++size_ > slots_.size()) {
      std::vector<Slot> old(2 * slots_.size());
      old.swap(slots_);
      for (const Slot& slot : old) {
        if (slot.found != nullptr) {
          place(slot);
        }
      }
    }
    place({key, found});
  }
  void clear() {
    slots_.assign(kFirst, {});
    size_ = 0;
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kFirst = 1024;
  struct Slot {
    RowClasses::Key key;
    Found* found = nullptr;
  };
  static std::uint64_t hash(const RowClasses::Key& key) {
    std::uint64_t out = 0;
    const auto mix = [&](std::uint64_t word) {
      out = (out ^ word) * 0x9E3779B97F4A7C15U;
      out ^= out >> 32;
    };
    std::for_each(key.classes.begin(), key.classes.end(), mix);
    std::for_each(key.met.begin(), key.met.end(), mix);
    return out;
  }
  void place(const Slot& slot) {
    std::uint64_t at = hash(slot.key);
    while (slots_[at & (slots_.size() - 1)].found != nullptr) {
      ++at;
    }
    slots_[at & (slots_.size() - 1)] = slot;
  }

  std::vector<Slot> slots_ = std::vector<Slot>(kFirst);  // a power of two, at most half full
  std::size_t size_ = 0;
};

}  // namespace her2
