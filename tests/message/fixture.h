// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>

#include "her2/message/code_book.h"
#include "tests/run/fixture.h"

namespace her2::test {

inline const Dictionary& dictionary() { return real_catalog().dictionary; }

inline const CodeBook& code_book() {
  static const CodeBook book = [] {
    auto read = CodeBook::parse(embedded_file("codes/markers.toml").value_or(""), dictionary(), "markers.toml");
    if (!read) {
      ADD_FAILURE() << read.error().text();
      std::abort();
    }
    return std::move(*read);
  }();
  return book;
}

// Any value that a case can record for the fact: exact, bounded, a set, unknown, missing.
inline Value random_value(const FactType& type, std::mt19937_64& dice) {
  const auto roll = dice() % 10;
  if (roll == 0) {
    return dice() % 2 == 0 ? Value::unknown() : Value::missing();
  }
  if (type.kind == FactKind::choice) {
    const auto open = type.all_values() & ~type.computed_only;
    std::uint64_t mask = 0;
    while (mask == 0) {
      mask = roll < 7 ? open & (std::uint64_t{1} << dice() % type.values.size()) : open & dice();
    }
    return Value::of_choices(mask);
  }
  const auto most = type.max ? static_cast<std::uint64_t>(*type.max) : 40U;
  const auto least = type.min ? static_cast<std::uint64_t>(*type.min) : 0U;
  const auto whole = least + 1 + dice() % (most > least + 1 ? most - least - 1 : 1);
  const std::string digits =
      type.integer ? std::to_string(whole) : std::to_string(whole - 1) + "." + std::to_string(10 + dice() % 90);
  const auto written = Decimal::parse(digits).value_or(Decimal{1, 0});
  if (roll < 7) {
    return Value::of_number(written);
  }
  const Bound bound{written.rational(), dice() % 2 == 0};
  if (roll == 7) {
    return Value::of_interval(bound, type.max ? std::optional(Bound{*type.max, false}) : std::nullopt);
  }
  return roll == 8 ? Value::of_interval(bound, Bound{written.rational() + 1, true})
                   : Value::of_interval(Bound{type.min.value_or(Rational(0)), type.min_open}, bound);
}

// A case with facts of all kinds; what is in it need not make sense.
inline Case random_case(std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  Case out;
  out.id = "case <" + std::to_string(seed) + "> & \"co\"|^~\\&";
  const auto specimens = 1 + dice() % 3;
  for (std::size_t i = 0; i < specimens; ++i) {
    Specimen specimen;
    specimen.id = "s" + std::to_string(i) + (dice() % 2 == 0 ? "" : "|^&~\\\r\n\t'; drop table;--");
    specimen.kind = dice() % 2 == 0 ? "core" : "";
    specimen.site = dice() % 2 == 0 ? "primary" : "";
    specimen.date = dice() % 2 == 0 ? "2025-02-0" + std::to_string(1 + i) : "";
    for (FactId id = 0; id < dictionary().size(); ++id) {
      if (dice() % 12 == 0) {
        const auto value =
            parse_value(dictionary()[id], value_text(dictionary()[id], random_value(dictionary()[id], dice)));
        if (value) {
          specimen.facts[id] = {
              id, *value, {"f.json", "/" + std::to_string(id), "t", dice() % 3 == 0 ? "Dr O'Neil" : "", ""}, {}};
        }
      }
    }
    if (dice() % 2 == 0) {
      specimen.notes.emplace_back("crushed; \xC2\xB5 <b>");
    }
    out.specimens.push_back(std::move(specimen));
  }
  return out;
}

// Same specimens and values, whatever the sources of the facts.
inline void expect_same_facts(const Case& a, const Case& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.tumour, b.tumour);
  ASSERT_EQ(a.specimens.size(), b.specimens.size());
  for (std::size_t i = 0; i < a.specimens.size(); ++i) {
    const auto& left = a.specimens[i];
    const auto& right = b.specimens[i];
    EXPECT_EQ(std::tie(left.id, left.kind, left.site, left.date, left.notes),
              std::tie(right.id, right.kind, right.site, right.date, right.notes));
    ASSERT_EQ(left.facts.size(), right.facts.size());
    for (const auto& [id, fact] : left.facts) {
      const auto at = right.facts.find(id);
      ASSERT_NE(at, right.facts.end()) << dictionary()[id].name;
      EXPECT_EQ(at->second.value, fact.value)
          << dictionary()[id].name << ": " << value_text(dictionary()[id], fact.value) << " came back as "
          << value_text(dictionary()[id], at->second.value);
      EXPECT_EQ(at->second.source.author, fact.source.author);
    }
  }
}

}  // namespace her2::test
