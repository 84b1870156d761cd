// SPDX-License-Identifier: Apache-2.0
#include "her2/language/say.h"

#include <thread>

#include <gtest/gtest.h>

namespace her2 {
namespace {

Messages foreign() {
  auto read = Messages::read({{"xx.toml", R"(
language = "xx"
[locale]
decimal = ","
group = " "
group_from = 5
percent = "{n}%"
date = "{d}.{m}.{y}"
[locale.plural]
one = "n = 0,1"
[list]
and = "{last} et {list}"
[value.her2_status]
positive = "pozitif"
[report]
untranslated = { by = "texts", one = "<{texts} {language}>", other = "<{texts} {language}s>" }
)"}},
                             &english_messages());
  EXPECT_TRUE(read) << read.error().text();
  return read.value_or(Messages());
}

TEST(SayTest, FillsPlacesInTheOrderOfTheSentence) {
  EXPECT_EQ(say("list.and", {{"list", "a, b"}, {"last", "c"}}), "a, b and c");
  const Messages other = foreign();
  const Speaking speaking(other);
  EXPECT_EQ(say("list.and", {{"list", "a, b"}, {"last", "c"}}), "c et a, b");
}

TEST(SayTest, NumbersAndDatesAreThoseOfTheLanguage) {
  EXPECT_EQ(number_in(1234.5, 2), "1234.50");
  EXPECT_EQ(grouped(1234).text, "1,234");
  EXPECT_EQ(grouped(123).text, "123");
  EXPECT_EQ(grouped(12345678).text, "12,345,678");
  EXPECT_EQ(percent_in(71.25, 1), "71.2 %");
  EXPECT_EQ(date_in("2026-11-23"), "2026-11-23");
  const Messages other = foreign();
  const Speaking speaking(other);
  EXPECT_EQ(number_in(1234.5, 2), "1234,50");
  EXPECT_EQ(number_in("≥ 4.0"), "≥ 4,0");
  EXPECT_EQ(grouped(1234).text, "1234");
  EXPECT_EQ(grouped(12345).text, "12 345");
  EXPECT_EQ(percent_in("71.25"), "71,25%");
  EXPECT_EQ(date_in("2026-11-23"), "23.11.2026");
  EXPECT_EQ(date_in("2026-11-23T10:00:00Z"), "23.11.2026T10:00:00Z");
  EXPECT_EQ(date_in("November"), "November");
  EXPECT_EQ(date_in("2026-11"), "2026-11");
}

TEST(SayTest, WhatIsNotTranslatedStandsInEnglishAndIsCounted) {
  const Messages other = foreign();
  const Speaking speaking(other);
  EXPECT_EQ(untranslated_words(), "");
  EXPECT_EQ(say("status.look_at"), "Look at");
  EXPECT_EQ(say("status.look_at"), "Look at");
  EXPECT_EQ(untranslated_words(), "<1 xx>");
  EXPECT_EQ(say("status.why"), "Why");
  EXPECT_EQ(untranslated_words(), "<2 xxs>");
}

TEST(SayTest, ValuesOfTheDataMayBeTranslated) {
  EXPECT_EQ(say_if("value.her2_status.positive"), std::nullopt);
  const Messages other = foreign();
  const Speaking speaking(other);
  EXPECT_EQ(say_if("value.her2_status.positive"), "pozitif");
  EXPECT_EQ(say_if("value.ihc_score.3+"), std::nullopt);  // no word in it: nothing is missing
  EXPECT_TRUE(speaking.missing().empty());
  EXPECT_EQ(say_if("value.her2_status.negative"), std::nullopt);
  EXPECT_EQ(speaking.missing().size(), 1U);
}

TEST(SayTest, ScopesNestAndBelongToTheirThread) {
  const Messages other = foreign();
  const Speaking speaking(other);
  {
    const Speaking english(english_messages());
    EXPECT_EQ(number_in(1.5, 1), "1.5");
  }
  EXPECT_EQ(number_in(1.5, 1), "1,5");
  std::string elsewhere;
  std::thread([&] { elsewhere = number_in(1.5, 1); }).join();
  EXPECT_EQ(elsewhere, "1.5");
}

}  // namespace
}  // namespace her2
