// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/verify.h"

#include <algorithm>
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/guideline/fixture.h"

namespace her2 {
namespace {

using test::row;
using Kind = Finding::Kind;
using testing::HasSubstr;

Verification verified(const std::string& table) {
  const Guideline guideline = test::small_guideline(table);
  return guideline.tables.empty() ? Verification{}
                                  : verify(test::small_dictionary(), guideline, guideline.tables.front());
}

std::vector<Kind> kinds(const Verification& verification) {
  std::vector<Kind> out;
  for (const Finding& finding : verification.findings) {
    out.push_back(finding.kind);
  }
  return out;
}

const Finding* first(const Verification& verification, Kind kind) {
  const auto found = std::find_if(verification.findings.begin(), verification.findings.end(),
                                  [&](const Finding& finding) { return finding.kind == kind; });
  return found == verification.findings.end() ? nullptr : &*found;
}

const std::string kA = "inputs = { a = \"%\" }\ngives = [\"result\"]\n";
const std::string kCounts =
    "inputs = { top = \"signals\", bottom = \"signals\", count = \"cells\" }\ngives = [\"result\"]\n";

TEST(Verify, ProvesASoundTable) {
  const auto found = verified(kA + row("low", "a < 2") + row("high", "a >= 2", "y"));
  EXPECT_TRUE(found.ok());
  EXPECT_THAT(found.findings, testing::IsEmpty());
  ASSERT_EQ(found.proofs.size(), 1U);
  const Proof& proof = found.proofs.front();
  EXPECT_TRUE(proof.complete && proof.exclusive && proof.reachable && proof.cited);
  EXPECT_EQ(proof.rows, 2U);
  EXPECT_EQ(proof.cells, 2U);
}

TEST(Verify, FindsAGapOfASinglePoint) {
  const auto found = verified(kA + row("low", "a < 2") + row("high", "a > 2"));
  const Finding* gap = first(found, Kind::gap);
  ASSERT_NE(gap, nullptr);
  EXPECT_EQ(gap->example_text, "a = 2");
  EXPECT_FALSE(found.ok());
  EXPECT_FALSE(found.proofs.front().complete);
  EXPECT_EQ(text(*gap), "g, table t: no row is met, for example by a = 2");
}

TEST(Verify, FindsAnOverlapOfASinglePoint) {
  const auto found = verified(kA + row("low", "a <= 2") + row("high", "a >= 2"));
  const Finding* overlap = first(found, Kind::overlap);
  ASSERT_NE(overlap, nullptr);
  EXPECT_EQ(overlap->rows, (std::vector<std::string>{"low", "high"}));
  EXPECT_EQ(overlap->example_text, "a = 2");
}

TEST(Verify, NamesEveryPairOnce) {
  const auto found = verified(kA + row("all", "a >= 0") + row("low", "a < 2") + row("zero", "a == 0"));
  EXPECT_THAT(kinds(found), testing::ElementsAre(Kind::overlap, Kind::overlap, Kind::overlap));
}

TEST(Verify, FindsARowThatNothingMeets) {
  const auto found = verified(kA + row("low", "a < 2") + row("high", "a >= 2") + row("never", "a > 4"));
  ASSERT_THAT(kinds(found), testing::ElementsAre(Kind::unreachable));
  EXPECT_EQ(found.findings.front().rows, std::vector<std::string>{"never"});
}

TEST(Verify, TakesWholeNumbersForCounts) {
  const std::string count = "inputs = { count = \"cells\" }\ngives = [\"result\"]\n";
  EXPECT_TRUE(verified(count + row("few", "count <= 2") + row("many", "count >= 3")).ok()) << "nothing lies between";
  const auto found = verified(count + row("few", "count < 2") + row("many", "count >= 3"));
  ASSERT_NE(first(found, Kind::gap), nullptr);
  EXPECT_EQ(first(found, Kind::gap)->example_text, "count = 2");
  const auto between =
      verified(count + row("few", "count <= 2") + row("no", "2 < count < 3") + row("many", "count >= 3"));
  EXPECT_THAT(kinds(between), testing::ElementsAre(Kind::unreachable));
}

TEST(Verify, AQuotientWithoutDenominatorMeetsNothing) {
  const auto found = verified(kCounts + row("low", "ratio < 2.0 and mean >= 0") + row("high", "ratio >= 2.0"));
  const Finding* gap = first(found, Kind::gap);
  ASSERT_NE(gap, nullptr);
  EXPECT_THAT(gap->example_text, HasSubstr("bottom = 0"));
  EXPECT_TRUE(verified(kCounts + row("low", "ratio < 2.0 and mean >= 0") + row("high", "ratio >= 2.0") +
                       row("none", "bottom == 0"))
                  .ok());
}

TEST(Verify, ShowsQuotientsOfTheExample) {
  const auto found = verified(kCounts + row("low", "ratio < 2.0 and mean < 4.0") + row("high", "ratio > 2.0") +
                              row("mean", "ratio < 2.0 and mean >= 4.0") + row("none", "bottom == 0"));
  const Finding* gap = first(found, Kind::gap);
  ASSERT_NE(gap, nullptr);
  EXPECT_THAT(gap->example_text, HasSubstr("ratio = 2"));
  EXPECT_THAT(gap->example_text, HasSubstr("mean = "));
}

TEST(Verify, MissingIsACaseOnlyWhereAllowed) {
  const std::string rows = row("low", "a < 2") + row("high", "a >= 2");
  const auto found = verified("inputs = { a = \"%\" }\nmissing_ok = [\"a\"]\ngives = [\"result\"]\n" + rows);
  ASSERT_NE(first(found, Kind::gap), nullptr);
  EXPECT_EQ(first(found, Kind::gap)->example_text, "a = missing");
}

TEST(Verify, EnterAndSpaceCutTheInputs) {
  const std::string two = "inputs = { a = \"%\", b = \"%\" }\ngives = [\"result\"]\n";
  const std::string rows = row("low", "a + b < 3") + row("high", "3 <= a + b <= 4");
  EXPECT_FALSE(verified(two + rows).ok());
  EXPECT_TRUE(verified(two + "space = [\"a + b <= 4\"]\n" + rows).ok());
  EXPECT_TRUE(verified(two + "enter = \"a < 2 and b <= 2\"\n" + rows).ok());
  const auto never = verified(two + "enter = \"a > 5\"\n" + rows);
  EXPECT_NE(first(never, Kind::unreachable), nullptr);
}

TEST(Verify, FindsInputsThatNothingReads) {
  const auto found = verified("inputs = { a = \"%\", b = \"%\" }\ngives = [\"result\"]\n" + row("r", "a >= 0"));
  ASSERT_THAT(kinds(found), testing::ElementsAre(Kind::unread));
  EXPECT_THAT(found.findings.front().what, HasSubstr("b"));
}

TEST(Verify, FindsRowsThatReadWhatTheyGive) {
  const std::string inputs =
      "inputs = { a = \"%\", result = \"x | y | z | none\" }\nmissing_ok = [\"result\"]\n"
      "gives = [\"result\"]\n";
  const auto found = verified(inputs + row("r", "a >= 0 and not result == y") + row("s", "result == y"));
  EXPECT_THAT(kinds(found), testing::ElementsAre(Kind::circle));
  EXPECT_TRUE(verified(inputs + "enter = \"result is missing\"\n" + row("r", "a >= 0")).ok());
}

TEST(Verify, NotesRowsThatLeaveOutAFact) {
  const auto found = verified("inputs = { a = \"%\" }\ngives = [\"result\", \"verdict\"]\n" + row("r", "a >= 0"));
  ASSERT_THAT(kinds(found), testing::ElementsAre(Kind::silent));
  EXPECT_TRUE(found.ok()) << "only a note";
}

TEST(Verify, FindsUnexplainedCitations) {
  Guideline guideline = test::small_guideline(kA + row("r", "a >= 0"));
  guideline.tables.front().rows.front().cite = {"S", "NOWHERE"};
  const auto found = verify(test::small_dictionary(), guideline, guideline.tables.front());
  EXPECT_THAT(kinds(found), testing::ElementsAre(Kind::uncited));
  EXPECT_FALSE(found.proofs.front().cited);
}

TEST(Verify, FindsFlagsThatNothingRaises) {
  Catalog catalog;
  catalog.dictionary = test::small_dictionary();
  Guideline guideline = test::small_guideline(kA + row("r", "a >= 0"));
  guideline.flags.push_back({"never", test::condition("a > 3 and a + b < 2"), "", "says", {}});
  guideline.flags.push_back({"sometimes", test::condition("ratio >= 2.0 and colour is missing"), "", "says", {}});
  const auto found = verify(catalog, guideline);
  ASSERT_THAT(kinds(found), testing::ElementsAre(Kind::flag_never));
  EXPECT_EQ(found.findings.front().rows, std::vector<std::string>{"never"});
}

// ---- Tables together

Catalog catalog_of(const std::string& tables, const std::string& answers = "\"verdict\"") {
  GuidelineFiles files;
  files["facts.toml"] = test::kSmallFacts;
  files["g.toml"] = test::guideline_text(tables);
  files["schemes.toml"] =
      "[[scheme]]\nid = \"s\"\nedition = \"1\"\ntumour = \"t\"\ntitle = \"s\"\n"
      "guidelines = [\"g\"]\nanswers = [" +
      answers + "]\n";
  auto loaded = Catalog::load(files);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().text());
  return loaded ? *loaded : Catalog{};
}

std::string second_table(const std::string& inputs, const std::string& gives, const std::string& rows) {
  return "[[table]]\nname = \"u\"\ntitle = \"u\"\ninputs = { " + inputs + " }\ngives = [\"" + gives + "\"]\n" + rows;
}

std::string verdict_row(const std::string& id, const std::string& when, const std::string& value = "good") {
  return "[[table.row]]\nid = \"" + id + "\"\nwhen = '''" + when + "'''\nthen = { verdict = \"" + value +
         "\" }\ncite = [\"S\"]\n";
}

const std::string kReadsResult = "result = \"x | y | z | none\"";

TEST(VerifyScheme, AgreesWhenTablesFit) {
  const Catalog catalog =
      catalog_of(kA + row("low", "a < 2") + row("high", "a >= 2", "none") +
                 second_table(kReadsResult, "verdict",
                              verdict_row("r", "result == none") + verdict_row("s", "result != none", "bad")));
  EXPECT_THAT(verify(catalog).findings, testing::IsEmpty());
}

TEST(VerifyScheme, FindsAValueThatTheReaderRefuses) {
  const Catalog catalog = catalog_of(kA + row("low", "a < 2") + row("high", "a >= 2", "y") +
                                     "[[table]]\nname = \"u\"\ntitle = \"u\"\ninputs = { " + kReadsResult +
                                     " }\nspace = [\"result != y\"]\ngives = [\"verdict\"]\n" +
                                     verdict_row("r", "result in {x, y, z, none}"));
  const auto found = verify(catalog, catalog.schemes.front());
  ASSERT_THAT(kinds(found), testing::ElementsAre(Kind::refused));
  EXPECT_THAT(found.findings.front().what, HasSubstr("result = y"));
}

TEST(VerifyScheme, NotesAValueThatNothingGives) {
  const Catalog catalog =
      catalog_of(kA + row("r", "a >= 0") +
                 second_table(kReadsResult, "verdict",
                              verdict_row("r", "result == none") + verdict_row("s", "result != none", "bad")));
  EXPECT_THAT(kinds(verify(catalog, catalog.schemes.front())), testing::ElementsAre(Kind::dead_value));
}

TEST(VerifyScheme, FindsAnAnswerThatNothingGives) {
  const Catalog catalog = catalog_of(kA + row("r", "a >= 0"));
  EXPECT_THAT(kinds(verify(catalog, catalog.schemes.front())), testing::ElementsAre(Kind::no_answer));
}

TEST(VerifyScheme, FindsACircle) {
  const Catalog catalog =
      catalog_of("inputs = { verdict = \"good | bad\" }\ngives = [\"result\"]\n" + row("r", "verdict is known") +
                 second_table(kReadsResult, "verdict", verdict_row("s", "result is known")));
  EXPECT_THAT(kinds(verify(catalog, catalog.schemes.front())), testing::ElementsAre(Kind::circle));
}

TEST(VerifyScheme, NotesAFactGivenTwiceDifferently) {
  const std::string giver = kA + row("low", "a < 2") + row("high", "a >= 2", "y");
  const auto second = [&](const std::string& when) {
    return "[[table]]\nname = \"u\"\ntitle = \"u\"\ninputs = { a = \"%\" }\nenter = \"" + when +
           "\"\ngives = [\"result\"]\n" + row("all", "a >= 0");
  };
  const Catalog differ = catalog_of(giver + second("a >= 0"), "\"result\"");
  const auto found = verify(differ, differ.schemes.front());
  ASSERT_THAT(kinds(found), testing::ElementsAre(Kind::given_twice));
  EXPECT_EQ(found.findings.front().example_text, "a = 2");
  const Catalog agree = catalog_of(giver + second("a < 2"), "\"result\"");
  EXPECT_THAT(verify(agree, agree.schemes.front()).findings, testing::IsEmpty());
}

// ---- The real files

TEST(VerifyRealFiles, EveryTableIsProved) {
  const auto start = std::chrono::steady_clock::now();
  const Verification found = verify(test::real_catalog());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  for (const Finding& finding : found.findings) {
    EXPECT_TRUE(finding.note) << text(finding);
  }
  for (const Proof& proof : found.proofs) {
    EXPECT_TRUE(proof.complete && proof.exclusive && proof.reachable && proof.cited)
        << proof.guideline << " " << proof.table;
  }
  EXPECT_GT(found.proofs.size(), 20U);
  EXPECT_LT(took.count(), 60.0) << "seconds; about 0.2 in a release build";
}

}  // namespace
}  // namespace her2
