// SPDX-License-Identifier: Apache-2.0
// The text of a DMN document; that an engine runs it to the same answers is tests/system/dmn_peer.py.
#include "her2/guideline/dmn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.h"

namespace her2::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

TEST(Dmn, ConditionsKeepToTwoValues) {
  const std::string text =
      dmn(small_dictionary(),
          small_guideline(
              "inputs = { a = \"%\", colour = \"red | green | blue\", top = \"signals\", bottom = \"signals\" }\n"
              "missing_ok = [\"a\", \"colour\", \"top\", \"bottom\"]\ngives = [\"result\"]\n" +
              row("x", "a >= 2.5 and colour in {red, blue}") + row("y", "ratio < 2.0", "y")));
  EXPECT_THAT(text, HasSubstr("https://www.omg.org/spec/DMN/20191111/MODEL/"));
  EXPECT_THAT(text, HasSubstr("hitPolicy=\"UNIQUE\""));
  EXPECT_THAT(text, HasSubstr("if a != null then 5 &lt;= 2 * a else false"));
  EXPECT_THAT(text, HasSubstr("(colour = &quot;red&quot; or colour = &quot;blue&quot;)"));
  EXPECT_THAT(text, HasSubstr("0 &lt; bottom"));
  EXPECT_THAT(text, HasSubstr("top &lt; 2 * bottom"));
  EXPECT_THAT(text, HasSubstr("if recorded_result != null then recorded_result"));
  EXPECT_THAT(text, Not(ContainsRegex("<text>[^<]*ratio &lt;")));  // labels may say it, expressions not
}

TEST(Dmn, EveryRealGuidelineIsWrittenWithAllItsRows) {
  for (const Guideline& guideline : real_catalog().guidelines) {
    const std::string text = dmn(real_catalog().dictionary, guideline);
    for (const Table& table : guideline.tables) {
      EXPECT_THAT(text, HasSubstr("<decision id=\"row_" + table.name + "\"")) << guideline.id;
      for (const Row& row : table.rows) {
        EXPECT_THAT(text, HasSubstr("<text>\"" + row.id + "\"</text>")) << guideline.id << " " << table.name;
      }
    }
  }
}

}  // namespace
}  // namespace her2::test
