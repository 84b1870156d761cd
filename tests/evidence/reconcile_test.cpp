// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/reconcile.h"

#include <gtest/gtest.h>

#include "her2/core/embedded.h"

namespace her2::test {
namespace {

const Dictionary& dictionary() {
  static const Dictionary parsed =
      *Dictionary::parse(embedded_file("guidelines/facts.toml").value_or(""), "facts.toml");
  return parsed;
}

// "name=value name=value", values without blanks.
FactValues facts_of(const std::string& text) {
  FactValues out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find(' ', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    const auto equals = item.find('=');
    const auto fact = dictionary().find(item.substr(0, equals));
    if (!fact) {
      ADD_FAILURE() << "no fact " << item;
      break;
    }
    const auto value = parse_value(dictionary()[*fact], item.substr(equals + 1));
    EXPECT_TRUE(value) << item;
    out[*fact] = value.value_or(Value{});
    begin = end + 1;
  }
  return out;
}

// The facts of a reading, sorted by name.
std::string text_of(const FactValues& facts) {
  std::map<std::string, std::string> sorted;
  for (const auto& [id, value] : facts) {
    std::string text = value_text(dictionary()[id], value);
    std::erase(text, ' ');
    sorted[dictionary()[id].name] = text;
  }
  std::string out;
  for (const auto& [name, text] : sorted) {
    out += (out.empty() ? "" : " ") + name + "=" + text;
  }
  return out;
}

struct Example {
  const char* name;
  const char* recorded;
  std::vector<std::string> readings;       // facts of each, by name
  std::vector<std::string> discrepancies;  // ids; a "!" in front: a conflict
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.name; }

class Reconcile : public testing::TestWithParam<Example> {};

TEST_P(Reconcile, GivesTheReadings) {
  const Example& example = GetParam();
  const Reconciled got = reconcile(dictionary(), facts_of(example.recorded));
  std::vector<std::string> readings, discrepancies;
  for (const auto& reading : got.readings) {
    readings.push_back(text_of(reading.facts));
    EXPECT_EQ(reading.assumes.empty(), got.readings.size() == 1) << reading.assumes;
  }
  for (const auto& discrepancy : got.discrepancies) {
    discrepancies.push_back((discrepancy.conflict ? "!" : "") + discrepancy.id);
    EXPECT_TRUE(discrepancy.says.ends_with(".")) << discrepancy.says;
    EXPECT_EQ(discrepancy.says.find('\n'), std::string::npos);
    EXPECT_FALSE(discrepancy.facts.empty());
  }
  EXPECT_EQ(readings, example.readings) << example.recorded;
  EXPECT_EQ(discrepancies, example.discrepancies) << example.recorded;
}

std::string name_of_example(const testing::TestParamInfo<Example>& info) { return info.param.name; }

// Counts: three totals decide; what was computed from them is dropped when it follows within its last digit.
INSTANTIATE_TEST_SUITE_P(
    Totals, Reconcile,
    testing::Values(Example{"Alone",
                            "cells=20 her2_total=80 cep17_total=40",
                            {"cells=20 cells_counted=20 cep17_total=40 her2_total=80 probe=dual"},
                            {}},
                    Example{"RatioRounded",
                            "cells=20 her2_total=80 cep17_total=41 ratio=1.95",
                            {"cells=20 cells_counted=20 cep17_total=41 her2_total=80 probe=dual"},
                            {}},
                    Example{"RatioCutOff",
                            "cells=20 her2_total=83 cep17_total=41 ratio=2.02 copies=4.1 cep17_copies=2.1",
                            {"cells=20 cells_counted=20 cep17_total=41 her2_total=83 probe=dual"},
                            {}},
                    Example{"RatioOneDigitOff",
                            "cells=20 her2_total=80 cep17_total=40 ratio=2.02",  // 2.01 to 2.03 leaves 2 out
                            {"cells=20 cells_counted=20 cep17_total=40 her2_total=80 probe=dual",
                             "cells_counted=20 probe=dual ratio=2.02"},
                            {"!counts-not-means"}},
                    Example{"RatioAtTheTolerance",
                            "cells=20 her2_total=80 cep17_total=40 ratio=2.01",
                            {"cells=20 cells_counted=20 cep17_total=40 her2_total=80 probe=dual"},
                            {}},
                    Example{"WholeNumbersAreGoodToATenth",
                            "cells=20 her2_total=80 cep17_total=41 ratio=2",  // 1.951
                            {"cells=20 cells_counted=20 cep17_total=41 her2_total=80 probe=dual"},
                            {}},
                    Example{"WholeNumbersNoMore",
                            "cells=20 her2_total=80 cep17_total=43 ratio=2",  // 1.860
                            {"cells=20 cells_counted=20 cep17_total=43 her2_total=80 probe=dual",
                             "cells_counted=20 probe=dual ratio=2"},
                            {"!counts-not-means"}},
                    Example{"CleanMeansStayInTheirReading",
                            "cells=20 her2_total=80 cep17_total=40 ratio=1.2 copies=4.0 cep17_copies=2.0",
                            {"cells=20 cells_counted=20 cep17_total=40 her2_total=80 probe=dual",
                             "cells_counted=20 copies=4.0 probe=dual ratio=1.2"},
                            {"!counts-not-means"}},
                    Example{"NoSignalNoRatio",
                            "cells=20 her2_total=80 cep17_total=0 ratio=2.0",
                            {"cells=20 cells_counted=20 cep17_total=0 her2_total=80 probe=dual",
                             "cells_counted=20 probe=dual ratio=2.0"},
                            {"!counts-not-means"}},
                    Example{"RecountLikewise",
                            "recount_cells=20 recount_her2_total=80 recount_cep17_total=41 recount_ratio=1.95",
                            {"recount_cells=20 recount_cells_counted=20 recount_cep17_total=41 recount_her2_total=80"},
                            {}}),
    name_of_example);

// Some of the totals: a rounded quotient of two known counts must not make the case impossible.
INSTANTIATE_TEST_SUITE_P(SomeTotals, Reconcile,
                         testing::Values(Example{"RatioOfTotals",
                                                 "her2_total=80 cep17_total=41 ratio=1.95",
                                                 {"cep17_total=41 her2_total=80 probe=dual"},
                                                 {}},
                                         Example{"MeanOfSingleProbe",
                                                 "cells=20 her2_total=83 copies=4.2",
                                                 {"cells=20 cells_counted=20 her2_total=83 probe=single"},
                                                 {}},
                                         Example{"WrongMean",
                                                 "cells=20 her2_total=83 copies=3.0",
                                                 {"cells=20 cells_counted=20 her2_total=83 probe=single",
                                                  "cells_counted=20 copies=3.0 probe=single"},
                                                 {"!counts-not-means"}},
                                         Example{"WrongRatio",
                                                 "her2_total=80 cep17_total=41 ratio=2.5",
                                                 {"cep17_total=41 her2_total=80 probe=dual", "probe=dual ratio=2.5"},
                                                 {"!counts-not-means"}},
                                         Example{
                                             "IntervalIsCountedOver",
                                             "cells=20 cep17_total=2-6 copies=6.2",
                                             {"cells=20 cells_counted=20 cep17_total=>=2&<=6 copies=6.2 probe=dual"},
                                             {}},
                                         Example{"ThirdMeanIsDropped",
                                                 "cells=20 her2_total=80 ratio=1.95 cep17_copies=2.05",
                                                 {"cells=20 cells_counted=20 her2_total=80 probe=dual ratio=1.95"},
                                                 {}},
                                         Example{"RatioIsKept",
                                                 "cells=20 cep17_total=41 ratio=1.95 copies=4.0",
                                                 {"cells=20 cells_counted=20 copies=4.0 probe=dual ratio=1.95"},
                                                 {}},
                                         Example{"CountAgainstMeans",
                                                 "cells=20 her2_total=80 ratio=1.5 cep17_copies=1.5",  // 4 / 1.5 = 2.67
                                                 {"cells=20 cells_counted=20 her2_total=80 probe=dual ratio=1.5",
                                                  "cells=20 cells_counted=20 cep17_copies=1.5 her2_total=80 probe=dual",
                                                  "cells=20 cells_counted=20 cep17_copies=1.5 probe=dual ratio=1.5"},
                                                 {"!ratio-not-means"}}),
                         name_of_example);

INSTANTIATE_TEST_SUITE_P(
    Means, Reconcile,
    testing::Values(
        Example{"Follow", "ratio=2.1 copies=4.3 cep17_copies=2.0", {"copies=4.3 probe=dual ratio=2.1"}, {}},
        Example{"CellsAreOnlyCounted",
                "cells=20 ratio=2.1 copies=4.3",
                {"cells_counted=20 copies=4.3 probe=dual ratio=2.1"},
                {}},
        Example{"DoNotFollow",
                "ratio=1.0 copies=5.0 cep17_copies=4.0",
                {"copies=5.0 probe=dual ratio=1.0", "cep17_copies=4.0 copies=5.0 probe=dual",
                 "cep17_copies=4.0 probe=dual ratio=1.0"},
                {"!ratio-not-means"}},
        Example{"JustWithin",
                "ratio=2.0 copies=4.41 cep17_copies=2.0",  // up to 2.1 * 2.1 = 4.41
                {"copies=4.41 probe=dual ratio=2.0"},
                {}},
        Example{"JustOutside",
                "ratio=2.0 copies=4.43 cep17_copies=2.0",
                {"copies=4.43 probe=dual ratio=2.0", "cep17_copies=2.0 copies=4.43 probe=dual",
                 "cep17_copies=2.0 probe=dual ratio=2.0"},
                {"!ratio-not-means"}},
        Example{"BoundThatRoundingMeets", "ratio=3.0 copies=>6 cep17_copies=2", {"copies=>6 probe=dual ratio=3.0"}, {}},
        Example{"BoundThatItDoesNot",
                "ratio=1.0 copies=>6 cep17_copies=2",
                {"copies=>6 probe=dual ratio=1.0", "cep17_copies=2 copies=>6 probe=dual",
                 "cep17_copies=2 probe=dual ratio=1.0"},
                {"!ratio-not-means"}},
        Example{"IntervalsNarrowEachOther",
                "ratio=1.5-2.5 copies=4.4 cep17_copies=2.1",
                {"cep17_copies=2.1 copies=4.4 probe=dual ratio=>=1.5&<=2.5"},
                {}},
        Example{"NoSignal",
                "ratio=1.0 copies=2.0 cep17_copies=0",
                {"copies=2.0 probe=dual ratio=1.0", "cep17_copies=0 copies=2.0 probe=dual",
                 "cep17_copies=0 probe=dual ratio=1.0"},
                {"!ratio-not-means"}}),
    name_of_example);

INSTANTIATE_TEST_SUITE_P(
    TotalsAsMeans, Reconcile,
    testing::Values(
        Example{"WholeAndNotBelowTheCells",
                "cells=60 copies=69 cep17_copies=63",
                {"cells_counted=60 cep17_copies=63 copies=69 probe=dual",
                 "cells=60 cells_counted=60 cep17_total=63 her2_total=69 probe=dual"},
                {"!totals-as-means"}},
        Example{"WithTheirRatio",
                "cells=60 copies=69 cep17_copies=63 ratio=1.10",
                {"cells_counted=60 copies=69 probe=dual ratio=1.10",
                 "cells=60 cells_counted=60 cep17_total=63 her2_total=69 probe=dual"},
                {"!totals-as-means"}},
        Example{"BelowTheCellsIsAMean",
                "cells=20 copies=15 cep17_copies=2",
                {"cells_counted=20 cep17_copies=2 copies=15 probe=dual"},
                {}},
        Example{
            "HighWithoutCells", "copies=47 cep17_copies=63", {"cep17_copies=63 copies=47 probe=dual"}, {"high-mean"}},
        Example{"TwelveIsNotHigh", "copies=12 cep17_copies=3", {"cep17_copies=3 copies=12 probe=dual"}, {}},
        Example{"ThirteenIs", "copies=13 cep17_copies=3", {"cep17_copies=3 copies=13 probe=dual"}, {"high-mean"}},
        Example{"FractionsAreMeans",
                "cells=10 copies=21.0 cep17_copies=2.0",
                {"cells_counted=10 cep17_copies=2.0 copies=21.0 probe=dual"},
                {}},
        Example{"FewCells",
                "cells=9 copies=18 cep17_copies=9",
                {"cells_counted=9 cep17_copies=9 copies=18 probe=dual"},
                {"high-mean"}}),
    name_of_example);

INSTANTIATE_TEST_SUITE_P(
    Score, Reconcile,
    testing::Values(
        Example{"Agrees", "ihc_score=2+ ihc_reported=equivocal", {"ihc_reported=equivocal ihc_score=2+"}, {}},
        Example{"OneOfSeveralAgrees",
                "ihc_score=0|1+|2+ ihc_reported=negative",
                {"ihc_reported=negative ihc_score=0|1+|2+"},
                {}},
        Example{"Contradicts",
                "ihc_score=1+ ihc_reported=positive",
                {"ihc_score=1+", "ihc_reported=positive"},
                {"!score-against-status"}},
        Example{"IndeterminateBesideAScore",
                "ihc_score=3+ ihc_reported=indeterminate",
                {"ihc_score=3+", "ihc_reported=indeterminate"},
                {"!score-against-status"}},
        Example{"UnknownFollowsTheStatus",
                "ihc_score=unknown ihc_reported=negative",
                {"ihc_reported=negative ihc_score=0|0+|1+"},
                {}},
        Example{"UnknownFollowsPositive",
                "ihc_score=unknown ihc_reported=positive",
                {"ihc_reported=positive ihc_score=3+"},
                {}},
        Example{"UnknownButNotDone", "ihc_score=unknown ihc_reported=missing", {"ihc_reported=missing"}, {}},
        Example{"UnknownStays", "ihc_score=unknown", {"ihc_score=unknown"}, {}},
        Example{"MissingStatusIsNoContradiction",
                "ihc_score=3+ ihc_reported=missing",
                {"ihc_reported=missing ihc_score=3+"},
                {}}),
    name_of_example);

INSTANTIATE_TEST_SUITE_P(
    UnknownNumbers, Reconcile,
    testing::Values(
        Example{"GoBesideAStatus", "ratio=unknown copies=unknown ish_reported=negative", {"ish_reported=negative"}, {}},
        Example{"GoBesideANumber", "ratio=2.5 copies=unknown", {"probe=dual ratio=2.5"}, {}},
        Example{"StayAlone", "ratio=unknown", {"ratio=unknown"}, {}},
        Example{"CellsNotToHandWereNotStated",
                "cells=unknown ratio=2.5 copies=5.0",
                {"copies=5.0 probe=dual ratio=2.5"},
                {}},
        Example{"MissingIsNotUnknown", "ratio=missing copies=5.0", {"copies=5.0 probe=single ratio=missing"}, {}},
        Example{"MissingBesideUnknown",
                "copies=missing ratio=unknown ish_reported=missing",
                {"copies=missing ish_reported=missing"},
                {}}),
    name_of_example);

INSTANTIATE_TEST_SUITE_P(Probe, Reconcile,
                         testing::Values(Example{"AsStated",
                                                 "probe=single her2_total=80 cells=20",
                                                 {"cells=20 cells_counted=20 her2_total=80 probe=single"},
                                                 {}},
                                         Example{"Single", "copies=4.5", {"copies=4.5 probe=single"}, {}},
                                         Example{"DualByRatio", "ratio=2.5", {"probe=dual ratio=2.5"}, {}},
                                         Example{
                                             "DualByCep17", "cep17_copies=2.5", {"cep17_copies=2.5 probe=dual"}, {}},
                                         Example{"NoneForTheRecount", "recount_ratio=2.5", {"recount_ratio=2.5"}, {}},
                                         Example{"NothingCounted", "ihc_score=3+", {"ihc_score=3+"}, {}}),
                         name_of_example);

INSTANTIATE_TEST_SUITE_P(
    IshStatus, Reconcile,
    testing::Values(Example{"EquivocalAboveTwo",
                            "ratio=2.1 ish_reported=equivocal",
                            {"ish_reported=equivocal probe=dual ratio=2.1"},
                            {"ish-status-against-ratio"}},
                    Example{"NegativeAtTwo",
                            "ratio=2.0 ish_reported=negative",
                            {"ish_reported=negative probe=dual ratio=2.0"},
                            {"ish-status-against-ratio"}},
                    Example{"NegativeInGroupTwo",
                            "ratio=2.2 copies=3.2 ish_reported=negative",
                            {"copies=3.2 ish_reported=negative probe=dual ratio=2.2"},
                            {}},
                    Example{"PositiveBelowTwo",
                            "ratio=1.5 copies=4.5 ish_reported=positive",
                            {"copies=4.5 ish_reported=positive probe=dual ratio=1.5"},
                            {"ish-status-against-ratio"}},
                    Example{"PositiveInGroupThree",
                            "ratio=1.5 copies=6.5 ish_reported=positive",
                            {"copies=6.5 ish_reported=positive probe=dual ratio=1.5"},
                            {}},
                    Example{"AgreesFromCounts",
                            "cells=20 her2_total=90 cep17_total=40 ish_reported=positive",
                            {"cells=20 cells_counted=20 cep17_total=40 her2_total=90 ish_reported=positive probe=dual"},
                            {}},
                    Example{"DiffersFromCounts",
                            "cells=20 her2_total=90 cep17_total=40 ish_reported=negative",
                            {"cells=20 cells_counted=20 cep17_total=40 her2_total=90 ish_reported=negative probe=dual"},
                            {"ish-status-against-ratio"}}),
    name_of_example);

// A described pattern becomes the grid of shares.
std::string grid(const std::string& cell, const std::string& percent) {
  std::map<std::string, std::string> shares;
  for (const char* intensity : {"faint", "weak", "moderate", "strong"}) {
    for (const char* completeness : {"incomplete", "complete"}) {
      shares[std::string(intensity) + "_" + completeness] = "0";
    }
  }
  if (!cell.empty()) {
    shares[cell] = percent;
  }
  std::string out;
  for (const auto& [name, share] : shares) {
    out += (out.empty() ? "" : " ") + name + "=" + share;
  }
  return out;
}

TEST(ReconcilePattern, BecomesShares) {
  struct Row {
    std::string recorded;
    std::vector<std::pair<std::string, std::string>> cells;
  };
  const std::vector<Row> rows{
      {"pattern_intensity=weak pattern_completeness=incomplete pattern_percent=25", {{"weak_incomplete", "25"}}},
      {"pattern_intensity=strong pattern_completeness=complete pattern_percent=>10", {{"strong_complete", ">10"}}},
      {"pattern_intensity=none", {{"", ""}}},
      {"pattern_intensity=none pattern_percent=0", {{"", ""}}},
      {"pattern_intensity=faint pattern_percent=5", {{"faint_incomplete", "5"}, {"faint_complete", "5"}}},
      {"pattern_intensity=weak|moderate pattern_completeness=complete pattern_percent=30",
       {{"weak_complete", "30"}, {"moderate_complete", "30"}}},
      {"pattern_intensity=moderate pattern_completeness=complete", {{"moderate_complete", ">0&<=100"}}},
  };
  for (const Row& row : rows) {
    const Reconciled got = reconcile(dictionary(), facts_of(row.recorded));
    ASSERT_EQ(got.readings.size(), row.cells.size()) << row.recorded;
    EXPECT_TRUE(got.discrepancies.empty());
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      auto facts = got.readings[i].facts;
      std::erase_if(facts, [](const auto& entry) { return dictionary()[entry.first].name.starts_with("pattern_"); });
      EXPECT_EQ(text_of(facts), grid(row.cells[i].first, row.cells[i].second)) << row.recorded;
      EXPECT_EQ(got.readings[i].assumes.empty(), row.cells.size() == 1);
    }
  }
}

TEST(ReconcilePattern, BesideSharesIsPointedOut) {
  const Reconciled got =
      reconcile(dictionary(),
                facts_of("pattern_intensity=weak pattern_completeness=complete pattern_percent=30 strong_complete=50"));
  ASSERT_EQ(got.discrepancies.size(), 1U);
  EXPECT_EQ(got.discrepancies[0].id, "pattern-and-shares");
  EXPECT_TRUE(got.discrepancies[0].conflict);
  ASSERT_EQ(got.readings.size(), 2U);
  const FactId strong = *dictionary().find("strong_complete");
  EXPECT_EQ(*got.readings[0].facts.at(strong).exact_number(), 0);
  EXPECT_EQ(*got.readings[1].facts.at(strong).exact_number(), 50);
}

// Several contradictions at once: every combination is a reading.
TEST(ReconcileSeveral, Combine) {
  const Reconciled got =
      reconcile(dictionary(), facts_of("ratio=1.0 copies=5.0 cep17_copies=4.0 ihc_score=1+ ihc_reported=positive"));
  EXPECT_EQ(got.readings.size(), 6U);
  EXPECT_EQ(got.readings.front().assumes, "the CEP17 mean is wrong; the IHC score is right");
  EXPECT_EQ(got.discrepancies.size(), 2U);
}

}  // namespace
}  // namespace her2::test
