// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.h"

namespace her2::test {
namespace {

using testing::HasSubstr;

struct Piece {
  std::string id, date;
  std::map<std::string, std::string> facts;
};

CaseStatus status_of(const std::vector<Piece>& pieces, SpecimenPolicy policy) {
  Case subject;
  subject.id = "case";
  for (const Piece& piece : pieces) {
    Specimen one = specimen(piece.facts);
    one.id = piece.id;
    one.date = piece.date;
    subject.specimens.push_back(one);
  }
  return case_status(real_plan("breast-2018"), subject, {policy, false});
}

const std::map<std::string, std::string> kPositive{{"ihc_score", "3+"}};
const std::map<std::string, std::string> kNegative{{"ihc_score", "0"}};
const std::map<std::string, std::string> kEquivocal{{"ihc_score", "2+"}};
const std::map<std::string, std::string> kOpen{{"ihc_score", "1+|3+"}};  // negative or positive
const std::map<std::string, std::string> kImpossible{{"weak_complete", "70"}, {"strong_complete", "70"}};

struct Example {
  SpecimenPolicy policy;
  std::vector<Piece> pieces;
  std::string overall;
  int counts;
  std::string why;  // a part of the sentence
};

TEST(Policy, Examples) {
  const auto each = SpecimenPolicy::each;
  const auto recent = SpecimenPolicy::most_recent;
  const auto highest = SpecimenPolicy::highest;
  const std::vector<Example> examples{
      {each, {{"a", "", kNegative}, {"b", "", kNegative}}, "negative", -1, "agree"},
      {each, {{"a", "", kNegative}, {"b", "", kPositive}}, "", -1, "differ"},
      {each, {{"a", "", kNegative}, {"b", "", kOpen}}, "", -1, "not settled"},
      {recent, {{"a", "2020-01-31", kPositive}, {"b", "2021-01-01", kNegative}}, "negative", 1, "b"},
      {recent, {{"b", "2021-01-01", kNegative}, {"a", "2020-01-31", kPositive}}, "negative", 0, "b"},
      {recent, {{"a", "2020-02-01", kPositive}, {"b", "2020-02-01", kNegative}}, "", -1, "2 specimens"},
      {recent,
       {{"old", "2019-02-01", kPositive}, {"a", "2020-02-01", kNegative}, {"b", "2020-02-01", kNegative}},
       "",
       -1,
       "2020-02-01"},
      {recent, {{"a", "2020-02-01", kPositive}, {"b", "", kNegative}}, "", -1, "b has no date"},
      {recent, {{"a", "2019-12-31", kPositive}, {"b", "2020-01-01", kOpen}}, "", 1, "b"},
      {highest, {{"a", "", kNegative}, {"b", "", kPositive}}, "positive", 1, "b"},
      {highest, {{"a", "", kNegative}, {"b", "", kEquivocal}}, "equivocal", 1, "b"},
      {highest, {{"a", "", kNegative}, {"b", "", kNegative}}, "negative", 0, "a"},
      {highest, {{"a", "", kOpen}, {"b", "", kPositive}}, "positive", 1, "b"},
      {highest, {{"a", "", kNegative}, {"b", "", kOpen}}, "", -1, "b is not settled"},
      {highest, {{"a", "", kEquivocal}, {"b", "", kImpossible}}, "", -1, "b is not settled"},
      {highest, {{"a", "", {}}, {"b", "", {}}}, "", -1, "No specimen"},
  };
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Example& example = examples[i];
    const CaseStatus got = status_of(example.pieces, example.policy);
    EXPECT_EQ(got.overall, example.overall) << "example " << i << ": " << got.overall_why;
    EXPECT_EQ(got.counts, example.counts) << "example " << i << ": " << got.overall_why;
    EXPECT_THAT(got.overall_why, HasSubstr(example.why)) << "example " << i;
    EXPECT_EQ(got.policy, name_of(example.policy));
    EXPECT_EQ(got.specimens.size(), example.pieces.size()) << "all are reported, whatever the policy";
  }
}

TEST(Policy, OneSpecimenNeedsNone) {
  const CaseStatus got = status_of({{"a", "", kPositive}}, SpecimenPolicy::most_recent);
  EXPECT_EQ(got.overall, "positive");
  EXPECT_EQ(got.counts, 0);
}

TEST(Policy, NoSpecimen) {
  for (const auto policy : {SpecimenPolicy::each, SpecimenPolicy::most_recent, SpecimenPolicy::highest}) {
    const CaseStatus got = status_of({}, policy);
    EXPECT_EQ(got.overall, "");
    EXPECT_EQ(got.counts, -1);
    EXPECT_FALSE(got.overall_why.empty());
  }
}

// The order of specimens in the file changes neither the overall status nor which one counts.
TEST(Policy, OrderChangesNothing) {
  std::vector<Piece> pieces{
      {"a", "2020-01-01", kNegative}, {"b", "2021-05-01", kEquivocal}, {"c", "2019-03-03", kPositive}};
  std::sort(pieces.begin(), pieces.end(), [](const auto& x, const auto& y) { return x.id < y.id; });
  do {
    const auto recent = status_of(pieces, SpecimenPolicy::most_recent);
    ASSERT_GE(recent.counts, 0);
    EXPECT_EQ(recent.specimens[static_cast<std::size_t>(recent.counts)].id, "b");
    EXPECT_EQ(recent.overall, "equivocal");
    EXPECT_EQ(status_of(pieces, SpecimenPolicy::highest).overall, "positive");
    EXPECT_EQ(status_of(pieces, SpecimenPolicy::each).overall, "");
  } while (
      std::next_permutation(pieces.begin(), pieces.end(), [](const auto& x, const auto& y) { return x.id < y.id; }));
}

TEST(Policy, Names) {
  for (const char* name : {"each", "most-recent", "highest"}) {
    ASSERT_TRUE(specimen_policy(name));
    EXPECT_EQ(name_of(*specimen_policy(name)), name);
  }
  EXPECT_FALSE(specimen_policy("newest"));
}

}  // namespace
}  // namespace her2::test
