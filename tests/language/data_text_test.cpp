// SPDX-License-Identifier: Apache-2.0
#include "her2/language/data_text.h"

#include <gtest/gtest.h>

#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr const char* kKey = "guideline.g.ihc/3.comment";

Messages foreign(const std::string& tables) {
  auto read = Messages::read({{"xx.toml", "language = \"xx\"\n" + tables}}, &english_messages());
  EXPECT_TRUE(read) << read.error().text();
  return read.value_or(Messages());
}

TEST(DataTextTest, IsTheFilesOwnInEnglish) {
  EXPECT_EQ(data_text(kKey, "Positive."), "Positive.");
  const Speaking english(english_messages());
  EXPECT_TRUE(speaks_english());
  EXPECT_EQ(data_text(kKey, "Positive."), "Positive.");
  EXPECT_TRUE(english.missing().empty());
}

TEST(DataTextTest, IsSaidOverWhereTheEnglishIsTheOneThatWasTranslated) {
  const Messages other = foreign(R"([guideline.g."ihc/3"]
comment = { of = "Report as positive.", say = "Positiv." })");
  const Speaking speaking(other);
  EXPECT_FALSE(speaks_english());
  EXPECT_EQ(data_text(kKey, "Report as positive."), "Positiv.");
  EXPECT_EQ(data_text(kKey, "Report\n   as positive. "), "Positiv.");  // lines of the file are broken anywhere
  EXPECT_TRUE(speaking.missing().empty());
  EXPECT_EQ(data_text(kKey, "Report as positive, and say why."), "Report as positive, and say why.");
  EXPECT_EQ(data_text(kKey, "Report as"), "Report as");
  EXPECT_EQ(speaking.missing().count(kKey), 1U);
}

TEST(DataTextTest, WithoutItsEnglishItIsAlwaysUsed) {
  const Messages other = foreign("[guideline.g.\"ihc/3\"]\ncomment = \"Positiv.\"\n");
  const Speaking speaking(other);
  EXPECT_EQ(data_text(kKey, "Anything."), "Positiv.");
}

TEST(DataTextTest, TriesTheGuidelineThatATextWasTakenFrom) {
  const Messages other = foreign("[guideline.older.\"ihc/3\"]\ncomment = { of = \"Yes.\", say = \"Ja.\" }\n");
  const Speaking speaking(other);
  EXPECT_EQ(data_text(kKey, "guideline.older.ihc/3.comment", "Yes."), "Ja.");
  EXPECT_EQ(data_text(kKey, "guideline.older.ihc/3.comment", "No."), "No.");
}

TEST(DataTextTest, CountsNoTextThatHasNoWord) {
  const Messages other = foreign("");
  const Speaking speaking(other);
  EXPECT_EQ(data_text("fact.t.label", "T"), "T");
  EXPECT_EQ(data_text("fact.t.label", ""), "");
  EXPECT_TRUE(speaking.missing().empty());
}

TEST(DataTextTest, NamesEachOfSeveralValues) {
  EXPECT_EQ(value_name("her2_spectrum", "low | ultralow"), "low | ultralow");  // not "HER2-low": a table of facts
  const Messages other = foreign("[value.her2_spectrum]\nlow = \"niedrig\"\n");
  const Speaking speaking(other);
  EXPECT_EQ(value_name("her2_spectrum", "low"), "niedrig");
  EXPECT_EQ(value_name("her2_spectrum", "low | ultralow"), "niedrig | ultralow");
}

TEST(DataTextTest, OnlyTextsOfTheDataNameTheirEnglish) {
  for (const std::string wrong :
       {"[status]\nlook_at = { of = \"Look at\", say = \"Beachten\" }", "[fact.a]\nlabel = { of = 1, say = \"x\" }",
        "[fact.a]\nlabel = { of = \"x\", say = 1 }", "[fact.a]\nlabel = { of = \"x\", say = \"y\", more = \"z\" }"}) {
    const auto read = Messages::read({{"xx.toml", "language = \"xx\"\n" + wrong}}, &english_messages());
    EXPECT_FALSE(read) << wrong;
  }
}

}  // namespace
}  // namespace her2
