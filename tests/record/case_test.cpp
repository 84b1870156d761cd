// SPDX-License-Identifier: Apache-2.0
// What is recorded of a case: nothing lost, nothing overwritten.
#include "fixture.h"
#include "her2/record/case_view.h"

namespace her2::test {
namespace {

TEST(RecordedCase, RecordedAndExportedAndImportedIsTheSame) {
  TestStore first, second;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Case subject = recordable_case(seed);
    if (seed % 3 == 0) {
      subject.specimens.front().ensembles.push_back(
          {{*dictionary().find("her2_total"), *dictionary().find("cells")},
           {{*Decimal::parse("80"), *Decimal::parse("20")}, {*Decimal::parse("77"), *Decimal::parse("20")}},
           "the nuclei; 'quoted'"});
    }
    const std::string file = case_json(subject, dictionary());
    ASSERT_TRUE(must(record(*first.store, subject)));
    const Case back = recorded(*first.store, subject.id);
    EXPECT_EQ(case_json(back, dictionary()), file) << seed;
    const Case read = must(parse_case(case_json(back, dictionary()), dictionary(), "export.json"));
    ASSERT_TRUE(must(record(*second.store, read)));
    const Case again = recorded(*second.store, subject.id);
    expect_same_facts(again, subject);
    EXPECT_EQ(case_json(again, dictionary()), file) << seed;
  }
  EXPECT_TRUE(must(verify_store(first.path)).faults.empty());
  EXPECT_TRUE(must(check_store(second.path)).faults.empty());
}

TEST(RecordedCase, WhatIsThereAlreadyIsNotWrittenAgain) {
  TestStore test;
  const Case subject = recordable_case(7);
  must(record(*test.store, subject));
  EXPECT_FALSE(must(add(*test.store, subject)));
  EXPECT_FALSE(record(*test.store, subject));
  EXPECT_EQ(must(test.store->head()).seq, 2);
}

TEST(RecordedCase, AContradictionIsAnAmendment) {
  TestStore test;
  must(record(*test.store, small_case("c", {{"ihc_score", "2+"}, {"er_percent", "90"}})));
  const Case other = small_case("c", {{"ihc_score", "3+"}});
  const auto refused = add(*test.store, other);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().reason.find("ihc_score of specimen \"core\" is recorded as \"2+\""), std::string::npos)
      << refused.error().reason;
  EXPECT_EQ(must(test.store->head()).seq, 2) << "a refused act leaves nothing";
  const auto entry = must(amend(*test.store, other));
  ASSERT_TRUE(entry);
  expect_same_facts(recorded(*test.store, "c"), small_case("c", {{"ihc_score", "3+"}, {"er_percent", "90"}}));
  expect_same_facts(recorded(*test.store, "c", entry->seq - 1),
                    small_case("c", {{"ihc_score", "2+"}, {"er_percent", "90"}}));
  EXPECT_EQ(must(test.store->find("c"))->facts.size(), 3U) << "the earlier version stays";
}

TEST(RecordedCase, ANumberWithOtherDigitsIsNoContradiction) {
  TestStore test;
  must(record(*test.store, small_case("c", {{"ratio", "2.0"}})));
  EXPECT_TRUE(must(add(*test.store, small_case("c", {{"ratio", "2.00"}}))));
  EXPECT_FALSE(add(*test.store, small_case("c", {{"ratio", "2.01"}})));
}

TEST(RecordedCase, TakenBackTheEarlierVersionCountsAgain) {
  TestStore test;
  must(record(*test.store, small_case("c", {{"ihc_score", "2+"}})));
  must(amend(*test.store, small_case("c", {{"ihc_score", "3+"}})));
  const auto take_back = [&](RowId evidence, RowId fact) {
    return test.store->write(actor(), "c", [&](const CaseRecord* now, RowIds& ids) {
      return retract(now, ids, context(), evidence, fact, "mixed up");
    });
  };
  EXPECT_TRUE(must(take_back(0, 2)));
  expect_same_facts(recorded(*test.store, "c"), small_case("c", {{"ihc_score", "2+"}}));
  EXPECT_FALSE(take_back(0, 2)) << "twice";
  EXPECT_FALSE(take_back(9, 0)) << "no such evidence";
  EXPECT_TRUE(must(take_back(1, 0)));
  expect_same_facts(recorded(*test.store, "c"), small_case("c", {}));
  EXPECT_FALSE(sign_it(*test.store, "c")) << "nothing to sign";
}

TEST(RecordedCase, ASpecimenIsStatedMoreExactlyButNotOtherwise) {
  TestStore test;
  Case subject = small_case("c", {{"ihc_score", "2+"}});
  must(record(*test.store, subject));
  subject.specimens.front().site = "primary";
  EXPECT_TRUE(must(add(*test.store, subject)));
  EXPECT_EQ(recorded(*test.store, "c").specimens.front().site, "primary");
  subject.specimens.front().site = "node";
  EXPECT_FALSE(add(*test.store, subject));
  EXPECT_TRUE(must(amend(*test.store, subject)));
  EXPECT_EQ(recorded(*test.store, "c").specimens.size(), 1U);
  EXPECT_EQ(recorded(*test.store, "c").specimens.front().site, "node");
}

TEST(RecordedCase, WhatIsSignedIsPinned) {
  TestStore test;
  must(record(*test.store, small_case("c", {{"ihc_score", "1+"}})));
  must(sign_it(*test.store, "c"));
  auto view = must(view_case(*test.store, "c", context(), kNow));
  ASSERT_EQ(view.signatures.size(), 1U);
  EXPECT_TRUE(view.signatures[0].intact);
  EXPECT_TRUE(view.signatures[0].amended_by.empty());
  EXPECT_EQ(view.signatures[0].author, "Dr Sy");
  EXPECT_EQ(view.signatures[0].finding->overall, "negative");
  EXPECT_EQ(view.signatures[0].decided_now, "");
  EXPECT_FALSE(view.signatures[0].other_guidelines);

  must(amend(*test.store, small_case("c", {{"ihc_score", "3+"}})));
  auto amended = must(view_case(*test.store, "c", context(), kNow));
  EXPECT_TRUE(amended.signatures[0].intact);
  EXPECT_EQ(amended.signatures[0].amended_by, std::vector<RowId>{4});
  EXPECT_EQ(amended.signatures[0].decided_now, "positive");
  EXPECT_EQ(amended.signatures[0].finding->overall, "negative");
  auto then = must(view_case(*test.store, "c", context(), 3));
  EXPECT_TRUE(then.signatures[0].amended_by.empty());
  EXPECT_EQ(then.status->overall, "negative");
}

TEST(RecordedCase, ACommentDoesNotAmend) {
  TestStore test;
  must(record(*test.store, small_case("c", {{"ihc_score", "1+"}})));
  must(sign_it(*test.store, "c"));
  must(test.store->write(actor(), "c", [&](const CaseRecord* now, RowIds& ids) {
    return add_comment(now, ids, "seen with Dr O'Neil; <b>");
  }));
  const auto view = must(view_case(*test.store, "c", context(), kNow));
  EXPECT_TRUE(view.signatures[0].amended_by.empty());
  EXPECT_EQ(view.record.comments.front().says, "seen with Dr O'Neil; <b>");
}

TEST(RecordedCase, ImagesAreKeptByHashAndOnlyOnce) {
  TestStore test;
  must(record(*test.store, small_case("c", {{"ihc_score", "1+"}})));
  const auto put = [&](const std::string& on) {
    return test.store->write(actor(), "c", [&](const CaseRecord* now, RowIds& ids) {
      return add_images(now, ids, {{"slide.svs", std::string(64, 'd'), on, 123}});
    });
  };
  EXPECT_TRUE(must(put("core")));
  EXPECT_FALSE(must(put("core")));
  EXPECT_FALSE(put("another"));
}

TEST(RecordedCase, NamesThatCannotBeAreRefused) {
  TestStore test;
  for (const std::string& id :
       {std::string(), std::string("  "), std::string(257, 'x'), std::string("a\nb"), std::string("\xff\xfe")}) {
    Case subject = small_case(id, {{"ihc_score", "1+"}});
    EXPECT_FALSE(record(*test.store, subject)) << id;
    subject = small_case("c", {{"ihc_score", "1+"}});
    subject.specimens.front().id = id;
    EXPECT_FALSE(record(*test.store, subject)) << id;
  }
  EXPECT_EQ(must(test.store->head()).seq, 1);
}

TEST(RecordedCase, ATumourThatNothingDecidesIsRecordedWithoutFinding) {
  TestStore test;
  Case subject = small_case("c", {{"ihc_score", "1+"}});
  subject.tumour = "lung";
  must(record(*test.store, subject));
  const auto view = must(view_case(*test.store, "c", context(), kNow));
  EXPECT_TRUE(view.record.findings.empty());
  EXPECT_FALSE(view.status);
  EXPECT_FALSE(view.undecided.empty());
  EXPECT_FALSE(sign_it(*test.store, "c"));
}

}  // namespace
}  // namespace her2::test
