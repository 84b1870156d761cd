// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "her2/guideline/catalog.h"
#include "her2/guideline/load.h"
#include "her2/guideline/worlds.h"
#include "tests/places.h"

namespace her2::test {

// Facts of every kind, small enough to enumerate; nothing of HER2.
inline constexpr const char* kSmallFacts = R"(
[facts.a]
unit = "%"
min = "0"
max = "4"
label = "a"
[facts.b]
unit = "%"
min = "0"
max = "4"
label = "b"
[facts.top]
unit = "signals"
min = "0"
integer = true
label = "top"
[facts.bottom]
unit = "signals"
min = "0"
integer = true
label = "bottom"
[facts.count]
unit = "cells"
above = "0"
integer = true
label = "count"
[facts.ratio]
quotient = ["top", "bottom"]
label = "top over bottom"
[facts.mean]
quotient = ["top", "count"]
label = "top over count"
[facts.colour]
values = ["red", "green", "blue"]
label = "colour"
[facts.grade]
values = ["low", "mid", "high", "2+", "not sure"]
ordered = true
label = "grade"
[facts.seen]
values = ["no", "yes"]
label = "seen"
[facts.result]
values = ["x", "y", "z", "none"]
computed_only = ["none"]
label = "result"
[facts.verdict]
values = ["good", "bad"]
label = "verdict"
)";

inline const Dictionary& small_dictionary() {
  static const Dictionary dictionary = [] {
    auto parsed = Dictionary::parse(kSmallFacts, "facts.toml");
    if (!parsed) {
      ADD_FAILURE() << parsed.error().text();
    }
    return *parsed;
  }();
  return dictionary;
}

inline FactId fact(std::string_view name) {
  const auto found = small_dictionary().find(name);
  EXPECT_TRUE(found) << name;
  return found.value_or(0);
}

inline Condition condition(std::string_view text, const ConditionNames& names = {}) {
  auto parsed = parse_condition(text, small_dictionary(), names);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().text());
  return parsed ? *parsed : Condition{};
}

// A guideline with one table "t" out of its lines (inputs, gives, rows).
inline std::string guideline_text(const std::string& table) {
  return "id = \"g\"\ntitle = \"g\"\nbody = \"b\"\nedition = \"1\"\ntumour = \"t\"\n[sources]\nS = \"a source\"\n"
         "[[table]]\nname = \"t\"\ntitle = \"t\"\n" +
         table;
}

// A row that gives result = `value`.
inline std::string row(const std::string& id, const std::string& when, const std::string& value = "x") {
  return "[[table.row]]\nid = \"" + id + "\"\nwhen = '''" + when + "'''\nthen = { result = \"" + value +
         "\" }\ncite = [\"S\"]\n";
}

inline Guideline small_guideline(const std::string& table) {
  auto loaded = load_guideline(guideline_text(table), small_dictionary(), {});
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().text());
  return loaded ? *loaded : Guideline{};
}

inline Value number(int numerator, int denominator = 1) { return Value::of_number(Rational(numerator, denominator)); }

// The real files, from the source tree.
inline const GuidelineFiles& real_files() {
  static const GuidelineFiles files = [] {
    auto read = read_guideline_folder(source_folder() + "/guidelines");
    if (!read) {
      ADD_FAILURE() << read.error().text();
    }
    return *read;
  }();
  return files;
}

inline const Catalog& real_catalog() {
  static const Catalog catalog = [] {
    auto loaded = Catalog::load(real_files());
    if (!loaded) {
      ADD_FAILURE() << loaded.error().text();
    }
    return *loaded;
  }();
  return catalog;
}

// The same numbers on every machine: std::mt19937_64 is defined exactly, the distributions are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  int roll(int low, int high) { return low + static_cast<int>(engine_() % static_cast<std::uint64_t>(high - low + 1)); }
  bool chance(int percent) { return roll(1, 100) <= percent; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace her2::test
