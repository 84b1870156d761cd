// SPDX-License-Identifier: Apache-2.0
#include "her2/core/error.h"

#include <gtest/gtest.h>

namespace her2 {
namespace {

TEST(ErrorText, LeavesOutWhatIsEmpty) {
  EXPECT_EQ((Error{"a.csv", "line 3", "no such column"}.text()), "a.csv: line 3: no such column");
  EXPECT_EQ((Error{"", "line 3", "no such column"}.text()), "line 3: no such column");
  EXPECT_EQ((Error{"a.csv", "", "no such column"}.text()), "a.csv: no such column");
  EXPECT_EQ((Error{"", "", "no such column"}.text()), "no such column");
}

TEST(Fail, MakesAnyResultAnError) {
  const auto halve = [](int value) -> Result<int> {
    if (value % 2 != 0) {
      return fail("not even", "value 3", "input");
    }
    return value / 2;
  };
  EXPECT_EQ(halve(4).value(), 2);
  const auto bad = halve(3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().text(), "input: value 3: not even");

  const Result<void> nothing = fail("only a reason");
  ASSERT_FALSE(nothing);
  EXPECT_TRUE(nothing.error().file.empty());
  EXPECT_TRUE(nothing.error().place.empty());
}

TEST(Located, FillsOnlyWhatIsEmpty) {
  const auto filled = located(Error{"", "", "reason"}, "file", "place");
  EXPECT_EQ(filled.text(), "file: place: reason");
  const auto kept = located(Error{"inner.toml", "row 2", "reason"}, "outer.toml", "row 9");
  EXPECT_EQ(kept.text(), "inner.toml: row 2: reason");
  EXPECT_EQ(located(Error{"", "row 2", "reason"}, "outer.toml").text(), "outer.toml: row 2: reason");
}

}  // namespace
}  // namespace her2
