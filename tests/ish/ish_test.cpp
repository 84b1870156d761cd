// SPDX-License-Identifier: Apache-2.0
// Counting, groups, probabilities, nuclei needed, corrections and readers, against arithmetic and independent sums.
#include <gtest/gtest.h>

#include <cmath>

#include "her2/ish/edits.h"
#include "her2/ish/readers.h"
#include "her2/ish/score.h"
#include "her2/stats/student.h"
#include "tests/ish/simulated_counts.h"

namespace her2 {
namespace {

NucleusTable table_of(const std::vector<std::pair<int, int>>& counts, bool named = true) {
  NucleusTable table;
  table.assay = IshAssay::counts;
  table.name = "t.csv";
  table.named = named;
  table.fields.emplace_back();
  table.areas = {""};
  for (const auto& [her2, cep17] : counts) {
    IshNucleus nucleus;
    nucleus.name = std::to_string(table.nuclei.size() + 1);
    nucleus.counts[0].clear = static_cast<std::uint16_t>(her2);
    nucleus.counts[1].clear = static_cast<std::uint16_t>(cep17);
    table.add(std::move(nucleus), {}, {});
  }
  return table;
}

TEST(IshGroup, BordersInWholeNumbers) {
  EXPECT_EQ(ish_group(80, 40, 20), 1);
  EXPECT_EQ(ish_group(79, 39, 20), 2);
  EXPECT_EQ(ish_group(120, 61, 20), 3);
  EXPECT_EQ(ish_group(119, 60, 20), 4);
  EXPECT_EQ(ish_group(80, 41, 20), 4);
  EXPECT_EQ(ish_group(79, 40, 20), 5);
  EXPECT_EQ(ish_group(40, 0, 20), std::nullopt);
  EXPECT_EQ(ish_group(0, 0, 0), std::nullopt);
}

TEST(IshCounting, ClustersAndDoubtfulSignals) {
  SignalCount count{3, 2, {1240, 1180, 150, false}};
  EXPECT_EQ(count_of(count, false, ClusterReading::mean), 15U);  // 3 + 12.1
  EXPECT_EQ(count_of(count, true, ClusterReading::mean), 17U);
  EXPECT_EQ(count_of(count, false, ClusterReading::integrated), 15U);
  EXPECT_EQ(count_of(count, false, ClusterReading::greedy), 15U);
  count.cluster.integrated = 1400;
  EXPECT_EQ(count_of(count, false, ClusterReading::integrated), 17U);
  NucleusTable table = table_of({{4, 2}, {5, 2}});
  EXPECT_EQ(counting_ways(table), std::vector<CountingWay>{CountingWay{}});
  table.nuclei[0].counts[1].doubtful = 1;
  EXPECT_EQ(counting_ways(table).size(), 2U);
  table.nuclei[0].counts[0] = count;
  EXPECT_EQ(counting_ways(table).size(), 8U);
  table.nuclei[0].verdict = NucleusVerdict::overlap;  // what is not counted opens no way
  EXPECT_EQ(counting_ways(table).size(), 1U);
}

// The interval by its formula, written out anew.
TEST(IshIntervals, LogDeltaByHand) {
  const std::vector<std::pair<int, int>> counts{{4, 2}, {5, 2}, {3, 1}, {6, 3}, {2, 2}, {4, 2}, {7, 3}, {3, 2}};
  const double n = static_cast<double>(counts.size());
  double h = 0;
  double c = 0;
  for (const auto& [a, b] : counts) {
    h += a / n;
    c += b / n;
  }
  double squares = 0;
  double her2 = 0;
  for (const auto& [a, b] : counts) {
    squares += std::pow(a / h - b / c, 2);
    her2 += std::pow(a / h - 1, 2);
  }
  const double t = student_quantile(0.975, n - 1);
  EXPECT_NEAR(t, 2.364624, 1e-6);  // printed tables
  const auto moments = log_moments(counted(table_of(counts)));
  const Interval ratio = interval_of(moments->ratio);
  EXPECT_NEAR(ratio.low, h / c * std::exp(-t * std::sqrt(squares / n / (n - 1))), 1e-9);
  EXPECT_NEAR(ratio.high, h / c * std::exp(t * std::sqrt(squares / n / (n - 1))), 1e-9);
  EXPECT_NEAR(interval_of(moments->her2).high, h * std::exp(t * std::sqrt(her2 / n / (n - 1))), 1e-9);
  // One way of counting twice is one way.
  const std::vector<LogEstimate> twice{moments->ratio, moments->ratio};
  EXPECT_NEAR(interval_of(twice).low, ratio.low, 1e-6);
  EXPECT_NEAR(interval_of(twice).high, ratio.high, 1e-6);
}

TEST(IshIntervals, NucleiThatAllLookAlikeLeaveDoubt) {
  const auto moments = log_moments(counted(table_of(std::vector<std::pair<int, int>>(20, {4, 2}))));
  EXPECT_GT(interval_of(moments->ratio).high, 2.01);
  EXPECT_LT(interval_of(moments->ratio).low, 1.99);
  EXPECT_FALSE(log_moments(counted(table_of({{4, 2}}))));
  EXPECT_FALSE(log_moments(counted(table_of({{4, 0}, {3, 0}}))));
}

TEST(IshIntervals, OrderChangesNothing) {
  simulated::Nuclei nuclei({"x", .47, .3, .3}, 4, 2, 3, 3);
  auto counts = nuclei.take(60);
  const auto before = log_moments(counts);
  std::reverse(counts.begin(), counts.end());
  const auto after = log_moments(counts);
  EXPECT_EQ(before->ratio.error, after->ratio.error);
  EXPECT_EQ(before->her2.at, after->her2.at);
}

// The shares by brute force: t(df) in two dimensions from Monte Carlo with another construction.
TEST(IshGroups, SharesAgreeWithSimulation) {
  const MeansBelief b{std::log(4.1), std::log(2.1), 0.08, 0.06, 0.35, 24};
  const GroupShares shares = group_shares(b);
  double sum = 0;
  for (const double share : shares) {
    sum += share;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  GroupShares drawn{};
  constexpr int kDraws = 200'000;
  Random random(1, 1);
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal() / 65536.0;
    const double y = b.correlation * x + std::sqrt(1 - b.correlation * b.correlation) * random.normal() / 65536.0;
    double chi = 0;
    for (int k = 0; k < 24; ++k) {
      const double z = random.normal() / 65536.0;
      chi += z * z;
    }
    const double scale = std::sqrt(24 / chi);
    const double h = std::exp(b.her2 + b.her2_error * x * scale);
    const double c = std::exp(b.cep17 + b.cep17_error * y * scale);
    const int group = h >= 2 * c ? h >= 4 ? 1 : 2 : h >= 6 ? 3 : h >= 4 ? 4 : 5;
    drawn.at(static_cast<std::size_t>(group - 1)) += 1.0 / kDraws;
  }
  for (std::size_t g = 0; g < kIshGroups; ++g) {
    EXPECT_NEAR(shares[g], drawn[g], 0.005) << "group " << g + 1;
  }
}

TEST(IshGroups, ReplicatesHaveTheSharesAndKeepTheSide) {
  const MeansBelief b{std::log(3.95), std::log(2.0), 0.1, 0.1, 0.2, 19};
  const GroupShares shares = group_shares(b);
  GroupShares counted{};
  const auto replicates = replicates_of(b, 20, 2000);
  for (const auto& [her2, cep17] : replicates) {
    counted.at(static_cast<std::size_t>(*ish_group(her2, cep17, 20) - 1)) += 1.0 / 2000;
  }
  for (std::size_t g = 0; g < kIshGroups; ++g) {
    EXPECT_NEAR(shares[g], counted[g], 0.01) << "group " << g + 1;
  }
}

// What is said with 0.9 must be so in about nine of ten: the truth drawn around the border, its count, what is said.
TEST(IshGroups, ProbabilitiesAreCalibrated) {
  double said = 0;
  double right = 0;
  double sure = 0;
  double sure_right = 0;
  for (int r = 0; r < 600; ++r) {
    const double ratio = 1.6 + 0.8 * (r % 40) / 39;
    simulated::Nuclei nuclei({"x", .47, .3, .3}, 2.2 * ratio, 2.2, 17, static_cast<std::uint64_t>(r));
    const auto truth = *ish_group(static_cast<std::uint64_t>(2200 * ratio), 2200, 1000);
    const GroupShares shares = group_shares(belief_of(*log_moments(nuclei.take(40))));
    const int likeliest = likeliest_group(shares);
    const double share = shares[static_cast<std::size_t>(likeliest - 1)];
    said += share;
    right += likeliest == truth ? 1 : 0;
    sure += share > 0.95 ? 1 : 0;
    sure_right += share > 0.95 && likeliest == truth ? 1 : 0;
  }
  EXPECT_NEAR(said / 600, right / 600, 0.05);
  EXPECT_GT(sure_right / sure, 0.95);
}

TEST(IshFurther, MoreNucleiSettleWhatIsNotOnTheBorder) {
  simulated::Nuclei nuclei({"x", .47, .3, .3}, 3.6, 2.0, 3, 5);
  const auto moments = *log_moments(nuclei.take(46));
  const std::vector<LogMoments> one{moments};
  const FurtherNuclei further = further_nuclei(one, 0.05);
  if (further.verdict == FurtherNuclei::Verdict::count_more) {
    EXPECT_LE(46 + further.further, kBiasNuclei);
  }
  EXPECT_GE(further_nuclei(one, 0.01).further, further.further);
  // On the border no number is enough.
  const auto on_border = *log_moments(counted(table_of(std::vector<std::pair<int, int>>(20, {6, 3}))));
  const std::vector<LogMoments> border{on_border};
  EXPECT_EQ(further_nuclei(border).verdict, FurtherNuclei::Verdict::not_by_counting);
  // Two ways of counting on both sides: not by counting either, and it says why.
  const auto low = *log_moments(counted(table_of({{3, 2}, {4, 2}, {3, 2}, {3, 1}, {3, 2}, {2, 2}})));
  const auto high = *log_moments(counted(table_of({{7, 2}, {8, 2}, {7, 2}, {7, 1}, {7, 2}, {6, 2}})));
  const std::vector<LogMoments> both{low, high};
  EXPECT_EQ(further_nuclei(both).verdict, FurtherNuclei::Verdict::not_by_doubtful);
}

TEST(IshEdits, KeepAuthorAndRecompute) {
  NucleusTable table = table_of({{4, 2}, {5, 2}, {9, 2}});
  std::vector<IshEdit> edits(3);
  edits[0].nucleus = "3";
  edits[0].reason = NucleusVerdict::overlap;
  edits[0].author = "A. Reader";
  edits[1].nucleus = "1";
  edits[1].action = IshEdit::Action::recount;
  edits[1].her2 = 6;
  edits[1].cep17 = 3;
  edits[2].nucleus = "3";
  edits[2].action = IshEdit::Action::accept;
  auto edited = with_edits(table, std::span(edits).first(2));
  ASSERT_TRUE(edited);
  EXPECT_EQ(sums_of(counted(*edited)).her2, 11U);
  EXPECT_EQ(edited->nuclei[2].editor, "A. Reader");
  EXPECT_EQ(edited->nuclei[0].editor, "not stated");
  edited = with_edits(table, edits);
  EXPECT_EQ(sums_of(counted(*edited)).her2, 20U);
  edits[0].nucleus = "7";
  edits[0].place = "row 1";
  const auto wrong = with_edits(table, edits);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().place, "row 1");
  EXPECT_NE(wrong.error().reason.find("7"), std::string::npos);
}

TEST(IshEdits, FoundAgainByPlace) {
  NucleusTable table;
  table.fields.resize(1);
  table.fields[0].name = "f.jpg";
  table.areas = {""};
  const Contour square{{0, 0}, {320, 0}, {320, 320}, {0, 320}};
  table.add({}, {}, square);
  IshEdit edit;
  edit.field = "f.jpg";
  edit.at = SubPoint{100, 100};
  EXPECT_EQ(with_edits(table, std::span(&edit, 1))->nuclei[0].verdict, NucleusVerdict::person);
  edit.at = SubPoint{400, 100};
  EXPECT_FALSE(with_edits(table, std::span(&edit, 1)));
}

TEST(IshReaders, PairedLimitsByHand) {
  const NucleusTable first = table_of({{4, 2}, {5, 2}, {6, 3}, {3, 2}});
  const NucleusTable second = table_of({{5, 2}, {5, 2}, {8, 3}, {3, 1}});
  const ReaderComparison c = compare_readers(first, second);
  ASSERT_TRUE(c.paired);
  EXPECT_EQ(c.pairs, 4U);
  EXPECT_DOUBLE_EQ(c.her2.mean, 0.75);
  const double sd = std::sqrt((0.0625 + 0.5625 + 1.5625 + 0.5625) / 3);
  EXPECT_NEAR(c.her2.limits.high, 0.75 + 1.96 * sd, 1e-12);
  EXPECT_EQ(c.her2.equal, 2U);
  EXPECT_NEAR(*c.ratio_factor, (21.0 / 8) / (18.0 / 9), 1e-12);
  EXPECT_FALSE(compare_readers(table_of({{4, 2}, {5, 2}}, false), second).paired);
  const ReaderComparison same = compare_readers(first, first);
  EXPECT_DOUBLE_EQ(*same.ratio_factor, 1);
  EXPECT_FALSE(same.ratio_differs);
}

TEST(IshScore, WithoutCep17ThereIsNoRatioButAMean) {
  const IshScore score = score_ish(table_of({{4, 0}, {5, 0}, {3, 0}}));
  EXPECT_FALSE(score.count.group);
  EXPECT_FALSE(score.groups);
  EXPECT_EQ(score.ratio.high, 0);
  EXPECT_GT(score.her2.high, 4);
  EXPECT_EQ(score.cep17.high, 0);
}

TEST(IshScore, DoubtfulSignalsWidenTheInterval) {
  NucleusTable table = table_of({{4, 2}, {3, 2}, {4, 2}, {5, 3}, {4, 2}, {3, 1}, {4, 2}, {5, 2}, {4, 2}, {3, 2}});
  const IshScore clear = score_ish(table);
  for (IshNucleus& nucleus : table.nuclei) {
    nucleus.counts[0].doubtful = 2;
  }
  const IshScore doubtful = score_ish(table);
  EXPECT_EQ(doubtful.count.sums.her2, clear.count.sums.her2);
  EXPECT_GT(doubtful.ratio.high, clear.ratio.high);
  EXPECT_EQ(doubtful.ways.size(), 2U);
  EXPECT_NEAR(doubtful.ways[1].sums.her2_mean(), clear.count.sums.her2_mean() + 2, 1e-12);
}

}  // namespace
}  // namespace her2
