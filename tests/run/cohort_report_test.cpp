// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/core/embedded.h"
#include "her2/report/cohort_document.h"
#include "table_fixture.h"

namespace her2::test {
namespace {

const Dictionary& facts() {
  static const Dictionary read = Dictionary::parse(*embedded_file("guidelines/facts.toml"), "facts.toml").value();
  return read;
}

TEST(CohortPeriods, OfDates) {
  EXPECT_EQ(period_of("2024-05-31", CohortPeriod::month), "2024-05");
  EXPECT_EQ(period_of("2024-05-31", CohortPeriod::quarter), "2024-Q2");
  EXPECT_EQ(period_of("2024-12", CohortPeriod::quarter), "2024-Q4");
  EXPECT_EQ(period_of("2024-05-31T10:00", CohortPeriod::year), "2024");
  EXPECT_EQ(period_of("2024", CohortPeriod::year), "2024");
  for (const char* text : {"", "2024", "05/31/2024", "2024-13", "2024-00-01", "2024-5-1", "20240531"}) {
    EXPECT_EQ(period_of(text, CohortPeriod::month), "") << text;
  }
}

TEST(CohortRates, BuiltInOnesAreRead) {
  const auto rates = parse_rates(*embedded_file("qa/rates.toml"), "qa/rates.toml", facts());
  ASSERT_TRUE(rates) << rates.error().text();
  EXPECT_GE(rates->size(), 12U);
  EXPECT_EQ(rates->front().rate.id, "her2-positive");
  EXPECT_DOUBLE_EQ(*rates->front().rate.reference, 0.145);
}

TEST(CohortRates, WhatIsWrongIsNamed) {
  const std::string good =
      "[[rate]]\nid = \"a\"\ntitle = \"A\"\namong = \"ihc_score == 2+\"\nwhen = \"ihc_score == 2+\"\nwords = \"w\"\n"
      "source = \"s\"\n";
  ASSERT_TRUE(parse_rates(good, "r.toml", facts()));
  for (const auto& [more, what] : {std::pair<std::string, std::string>{"published_low = \"5\"\n", "belong together"},
                                   {"published_low = \"5\"\npublished_high = \"4\"\n", "lower one first"},
                                   {"reference = \"101\"\n", "0 to 100"},
                                   {"colour = \"red\"\n", "colour"},
                                   {good, "stands twice"},
                                   {"[[rate]]\nid = \"b\"\ntitle = \"B\"\namong = \"ratio > 2\"\nwhen = \"ihc_score == "
                                    "2+\"\nwords = \"w\"\nsource = "
                                    "\"s\"\n",
                                    "choices only"}}) {
    const auto read = parse_rates(good + more, "r.toml", facts());
    ASSERT_FALSE(read) << more;
    EXPECT_THAT(read.error().text(), testing::HasSubstr(what));
    EXPECT_THAT(read.error().text(), testing::HasSubstr("r.toml"));
  }
}

}  // namespace
}  // namespace her2::test
