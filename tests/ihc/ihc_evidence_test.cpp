// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/ihc_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/core/embedded.h"
#include "made_cells.h"

namespace her2 {
namespace {

using test::made_profile;
using testing::HasSubstr;

Dictionary dictionary() {
  return *Dictionary::parse(embedded_file("guidelines/facts.toml").value_or(""), "facts.toml");
}

ClassCounts counts(std::array<std::uint32_t, kMembraneClasses> cells) {
  ClassCounts out;
  out.cells = cells;
  for (const std::uint32_t n : cells) {
    out.tumour += n;
  }
  return out;
}

TEST(IhcSpecimen, SharesAreExactAndNameTheirSource) {
  const Dictionary d = dictionary();
  IhcEvidence evidence;
  evidence.slide_name = "a.svs";
  evidence.software = "her2 0.1.0";
  evidence.counts = counts({4, 1, 0, 0, 0, 0, 0, 0, 2});
  const auto specimen = ihc_specimen(evidence, made_profile(), d);
  ASSERT_TRUE(specimen);
  const Fact& strong = specimen->facts.at(*d.find("strong_complete"));
  EXPECT_EQ(strong.value.exact_number(), Rational(200, 7));
  EXPECT_EQ(strong.source.place, "2 of 7 tumour cells");
  EXPECT_EQ(strong.source.profile, "made (SHA-256 ab12)");
  EXPECT_EQ(specimen->facts.size(), 9U);
  EXPECT_FALSE(specimen->facts.contains(*d.find("ihc_percent")));
  const Fact& staining = specimen->facts.at(*d.find("membrane_staining"));
  EXPECT_FALSE(staining.value.is_exact());  // no floor
  EXPECT_EQ(staining.derived_from.size(), 8U);
  EXPECT_TRUE(specimen->ensembles.empty());
}

TEST(IhcSpecimen, RowsNeverSumAbove100NorCrossTen) {
  const Dictionary d = dictionary();
  IhcEvidence evidence;
  evidence.slide_name = "a.svs";
  evidence.counts = counts({0, 1, 1, 1, 1, 1, 1, 1, 0});
  evidence.replicates.rows = {counts({0, 1, 1, 1, 1, 1, 1, 1, 0}), counts({900000, 0, 0, 0, 0, 0, 0, 0, 100000}),
                              counts({899999, 0, 0, 0, 0, 0, 0, 0, 100001}), counts({})};
  evidence.replicates.floors = {{5, 1000}, {5, 1000}, {5, 1000}, {5, 1000}};
  evidence.replicates.conditional_on = "what was found";
  const auto specimen = ihc_specimen(evidence, made_profile(), d);
  ASSERT_TRUE(specimen);
  ASSERT_EQ(specimen->ensembles.size(), 1U);
  const Ensemble& ensemble = specimen->ensembles[0];
  EXPECT_EQ(ensemble.conditional_on, "what was found");
  ASSERT_EQ(ensemble.ids.size(), 9U);
  ASSERT_EQ(ensemble.rows.size(), 3U);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    sum += ensemble.rows[0][i].mantissa;
  }
  EXPECT_LE(sum, 100'000'000);
  EXPECT_GT(sum, 99'999'990);
  EXPECT_EQ(ensemble.rows[1][7].text(), "10.000000");
  EXPECT_GT(ensemble.rows[2][7].mantissa, 10'000'000);
  EXPECT_EQ(ensemble.rows[2][8].text(), "1");
}

TEST(IhcSpecimen, StainingIsLeftOutOfTheEnsembleWhereItCannotBeTold) {
  const Dictionary d = dictionary();
  IhcEvidence evidence;
  evidence.slide_name = "a.svs";
  evidence.counts = counts({97, 3, 0, 0, 0, 0, 0, 0, 0});
  evidence.replicates.rows = {evidence.counts, counts({100, 0, 0, 0, 0, 0, 0, 0, 0}),
                              counts({50, 50, 0, 0, 0, 0, 0, 0, 0})};
  evidence.replicates.floors = {{1, 20}, {1, 20}, {1, 20}};
  const auto specimen = ihc_specimen(evidence, made_profile(), d);
  EXPECT_EQ(specimen->ensembles[0].ids.size(), 8U);
  const StainingShares shares = staining_shares(evidence.replicates);
  EXPECT_DOUBLE_EQ(shares.present, 1.0 / 3);
  EXPECT_DOUBLE_EQ(shares.absent, 1.0 / 3);
  EXPECT_DOUBLE_EQ(shares.unknown, 1.0 / 3);
}

TEST(IhcSpecimen, RefusesNoTumourCells) {
  IhcEvidence evidence;
  evidence.slide_name = "a.svs";
  const auto none = ihc_specimen(evidence, made_profile(), dictionary());
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().text(), HasSubstr("a.svs: no tumour cells were counted"));
}

}  // namespace
}  // namespace her2
