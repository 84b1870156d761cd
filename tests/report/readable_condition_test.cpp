// SPDX-License-Identifier: Apache-2.0
#include "her2/report/readable_condition.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "her2/guideline/catalog.h"
#include "tests/places.h"

namespace her2 {
namespace {

const Catalog& catalog() {
  static const Catalog loaded = [] {
    auto files = read_guideline_folder(test::source_folder() + "/guidelines");
    auto result = files.and_then([](const GuidelineFiles& f) { return Catalog::load(f); });
    if (!result) {
      ADD_FAILURE() << result.error().text();
      std::abort();
    }
    return std::move(*result);
  }();
  return loaded;
}

// Labels of its own, so that the wording of facts.toml may change.
const Dictionary& dictionary() {
  static const Dictionary parsed = [] {
    auto result = Dictionary::parse(R"(
[facts.ihc_score]
values = ["0", "0+", "1+", "2+", "3+"]
ordered = true
label = "HER2 IHC score"
[facts.ihc_acceptance]
values = ["accept", "reject"]
label = "acceptance of the IHC slide"
[facts.ish_group]
values = ["1", "2", "3", "4", "5"]
label = "ISH group"
[facts.cytoplasm_obscures]
values = ["no", "yes"]
label = "cytoplasm hides the membrane"
[facts.her2_total]
unit = "signals"
min = "0"
label = "HER2 signals"
[facts.cells]
unit = "cells"
above = "0"
label = "cells counted"
[facts.copies]
quotient = ["her2_total", "cells"]
label = "HER2 copies per cell"
[facts.fixation_hours]
unit = "h"
min = "0"
label = "time in fixative"
[facts.weak_complete]
unit = "%"
min = "0"
label = "weak, complete"
[facts.strong_complete]
unit = "%"
min = "0"
label = "strong, complete"
)",
                                    "test.toml");
    if (!result) {
      ADD_FAILURE() << result.error().text();
      std::abort();
    }
    return std::move(*result);
  }();
  return parsed;
}

std::string words(const char* when) { return readable_condition(when, dictionary()); }

TEST(ReadableCondition, UsesLabelsSignsAndUnits) {
  EXPECT_EQ(words("copies >= 4.0 or copies < 2.0"), "HER2 copies per cell ≥ 4.0 or HER2 copies per cell < 2.0");
  EXPECT_EQ(words("cells > 3 and 4.0 <= copies and copies < 6.0"),
            "cells counted > 3 and 4.0 ≤ HER2 copies per cell < 6.0");
  EXPECT_EQ(words("6 <= fixation_hours <= 72"), "6 ≤ time in fixative ≤ 72 h");
  EXPECT_EQ(words("cells >= 20"), "cells counted ≥ 20");
  EXPECT_EQ(words("strong_complete > 10"), "“strong, complete” > 10 %");
  EXPECT_EQ(words("weak_complete + 2 * strong_complete > 10"), "“weak, complete” + 2 × “strong, complete” > 10 %");
}

TEST(ReadableCondition, SaysChoicesInWords) {
  EXPECT_EQ(words("ihc_score in {0, 0+, 1+}"), "HER2 IHC score is one of 0, 0+, 1+");
  EXPECT_EQ(words("not ihc_acceptance == reject and ihc_score == 3+"),
            "acceptance of the IHC slide is not reject and HER2 IHC score is 3+");
  EXPECT_EQ(words("ihc_score is missing or not (ihc_score == \"2+\")"),
            "HER2 IHC score is missing or not (HER2 IHC score is 2+)");
  EXPECT_EQ(words("not cytoplasm_obscures and ihc_score >= 2+"),
            "not “cytoplasm hides the membrane” and HER2 IHC score ≥ 2+");
  EXPECT_EQ(words("not ish_group in {1, 5}"), "ISH group is none of 1, 5");
}

TEST(ReadableCondition, StandsAnyText) {
  for (const char* text :
       {"", "(", "{{{", "a ==", "\"", "not", "not not x", "1 <= ", "ihc_score in {", "ihc_score ==", "<>&'\""}) {
    EXPECT_NO_THROW(words(text)) << text;
  }
}

TEST(ReadableCondition, EveryShippedConditionReadsWithoutCode) {
  const bool show = std::getenv("HER2_PREVIEW") != nullptr;
  for (const Guideline& guideline : catalog().guidelines) {
    for (const Table& table : guideline.tables) {
      for (const Row& row : table.rows) {
        const std::string text = readable_condition(row.when_text, catalog().dictionary, &guideline, &table);
        EXPECT_FALSE(text.empty());
        for (const char* code : {"_", "==", "!=", "<=", ">=", "{", "}", "  "}) {
          EXPECT_EQ(text.find(code), std::string::npos)
              << guideline.id << ' ' << table.name << '/' << row.id << ": " << text;
        }
        if (show) {
          std::cout << guideline.id << ' ' << table.name << '/' << row.id << ": " << text << '\n';
        }
      }
    }
  }
}

}  // namespace
}  // namespace her2
