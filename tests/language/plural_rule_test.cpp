// SPDX-License-Identifier: Apache-2.0
#include "her2/language/plural_rule.h"

#include <gtest/gtest.h>

namespace her2 {
namespace {

// Numbers below 200 for which the rule holds. The rules are CLDR's own, as UTS 35 writes them; tests/system/messages.py
// compares those of many languages with Babel.
std::vector<int> holds(std::string_view rule) {
  const auto read = PluralRule::parse(rule);
  EXPECT_TRUE(read) << rule;
  std::vector<int> out;
  for (int n = 0; read && n < 30; ++n) {
    if (read->holds_for(static_cast<std::uint64_t>(n))) {
      out.push_back(n);
    }
  }
  return out;
}

TEST(PluralRuleTest, RulesOfTheNotation) {
  EXPECT_EQ(holds("i = 1 and v = 0 @integer 1"), std::vector<int>{1});
  EXPECT_EQ(holds("n = 0,1"), (std::vector<int>{0, 1}));
  EXPECT_EQ(holds("v = 0 and i % 10 = 2..4 and i % 100 != 12..14"), (std::vector<int>{2, 3, 4, 22, 23, 24}));
  EXPECT_EQ(holds("n % 10 = 0 or n % 100 = 11..19"), (std::vector<int>{0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}));
  EXPECT_EQ(holds("v != 0"), std::vector<int>{});  // whole numbers have no visible fraction
  EXPECT_EQ(holds("n=2"), std::vector<int>{2});
}

TEST(PluralRuleTest, WrongRulesAreRefusedWithTheirPlace) {
  for (const auto* rule : {"", "x = 1", "n", "n = ", "n = 4..2", "n % 0 = 1", "n = 1 and", "n = 1 or or n = 2",
                           "n = 1 n = 2", "n == 1", "n = 99999999999999999999"}) {
    const auto read = PluralRule::parse(rule);
    ASSERT_FALSE(read) << rule;
    EXPECT_NE(read.error().reason.find("plural rule"), std::string::npos) << rule;
  }
  EXPECT_FALSE(PluralRule::parse(std::string(1001, ' ')));
}

}  // namespace
}  // namespace her2
