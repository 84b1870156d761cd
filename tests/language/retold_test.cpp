// SPDX-License-Identifier: Apache-2.0
#include "her2/language/retold.h"

#include <gtest/gtest.h>

#include "her2/language/say.h"

namespace her2 {
namespace {

Messages foreign() {
  auto read = Messages::read({{"xx.toml", R"(
language = "xx"
[locale]
decimal = ","
[locale.plural]
one = "n = 1"
[kept]
ratio_is_wrong = "RATIO FALSA"
fact_is_right = "VERA: {fact}"
score_is_right = "SCORE VERA"
stain_estimated = "{dab} / {haematoxylin} / {apart} / {share}"
stain_little_brown = "BRUN {share}"
npi_size_term = "{index} <{recorded}>"
npi_differs = "{index} [{recorded}]"
ish_fixed = { by = "nuclei", one = "NUCLEUS {nuclei}", other = "NUCLEI {nuclei}" }
)"}},
                             &english_messages());
  EXPECT_TRUE(read) << read.error().text();
  return read.value_or(Messages());
}

constexpr const char* kIsh =
    "the nuclei that were found and accepted; means of {} nuclei as a bivariate t distribution of their logarithms";

std::string ish(const std::string& nuclei) {
  std::string out = kIsh;
  return out.replace(out.find("{}"), 2, nuclei);
}

TEST(RetoldTest, EnglishStaysAsItIs) {
  for (const char* kept : {"", "the ratio is wrong", "what nobody wrote", "a; b; c"}) {
    EXPECT_EQ(retold(kept), kept);
  }
}

TEST(RetoldTest, SaysWhatFitsWithItsValues) {
  const Messages other = foreign();
  const Speaking speaking(other);
  EXPECT_EQ(retold("the ratio is wrong"), "RATIO FALSA");
  EXPECT_EQ(retold("clinical T 2 is right"), "VERA: clinical T 2");
  EXPECT_EQ(retold("the IHC score is right"), "SCORE VERA") << "the one with more words of its own";
  EXPECT_EQ(retold("estimated from this slide: 31 % of what is stained is clearly brown, the vectors are 44 degrees "
                   "apart, haematoxylin 5 and DAB 7 degrees from the profile's"),
            "7 / 5 / 44 / 31");
  EXPECT_EQ(retold("of the profile: only 2.5 % of what is stained is clearly brown, too little DAB to estimate them"),
            "BRUN 2,5")
      << "a decimal as the language writes it";
  EXPECT_EQ(retold(ish("1")), "NUCLEUS 1");
  EXPECT_EQ(retold(ish("20")), "NUCLEI 20");
}

TEST(RetoldTest, TakesSentencesInARowOneByOne) {
  const Messages other = foreign();
  const Speaking speaking(other);
  EXPECT_EQ(retold("the ratio is wrong; the IHC score is right"), "RATIO FALSA; SCORE VERA");
  EXPECT_EQ(retold("nobody's words; the ratio is wrong; pT 2 is right"), "nobody's words; RATIO FALSA; VERA: pT 2");
  EXPECT_EQ(retold(ish("20") + "; " + ish("1")), "NUCLEI 20; NUCLEUS 1") << "a sentence that has a semicolon itself";
  EXPECT_EQ(retold("The recorded Nottingham Prognostic Index 3.52 is not 0.2 x cm + grade + nodes, which is 4.52; its "
                   "size term is ten times too small."),
            "4,52 <3,52>");
}

TEST(RetoldTest, LeavesWhatFitsNoneAsItWasWritten) {
  const Messages other = foreign();
  const Speaking speaking(other);
  for (const char* kept :
       {"the 20 counted nuclei; resampling of nuclei only", "; ", ";", "a; ", "{fact}", " is right"}) {
    EXPECT_EQ(retold(kept), kept);
  }
  EXPECT_EQ(retold("the copy numbers are means per cell"), "the copy numbers are means per cell") << "not translated";
  EXPECT_EQ(speaking.missing().count("kept.copies_are_means"), 1U);
}

// A file can hold anything: the search ends.
TEST(RetoldTest, EndsOnTextsThatFitAlmost) {
  const Messages other = foreign();
  const Speaking speaking(other);
  std::string hostile = "The recorded ";
  for (int i = 0; i < 5000; ++i) {
    hostile += "a (the counts give b) and ";
  }
  EXPECT_EQ(retold(hostile), hostile);
  std::string row;
  for (int i = 0; i < 100'000; ++i) {
    row += "x; ";
  }
  EXPECT_EQ(retold(row), row);
}

}  // namespace
}  // namespace her2
