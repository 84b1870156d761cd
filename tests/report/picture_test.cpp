// SPDX-License-Identifier: Apache-2.0
#include "her2/report/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "her2/evidence/dictionary.h"

namespace her2 {
namespace {

using testing::HasSubstr;

const Dictionary& dictionary() {
  static const Dictionary parsed = [] {
    std::string toml;
    for (const char* name : {"cells", "her2_total", "cep17_total"}) {
      toml += std::string("[facts.") + name + "]\nunit = \"n\"\nmin = 0\ninteger = true\nlabel = \"" + name + "\"\n";
    }
    toml += "[facts.ratio]\nquotient = [\"her2_total\", \"cep17_total\"]\nlabel = \"ratio\"\n";
    toml += "[facts.copies]\nquotient = [\"her2_total\", \"cells\"]\nlabel = \"copies\"\n";
    for (const char* intensity : {"faint", "weak", "moderate", "strong"}) {
      for (const char* extent : {"incomplete", "complete"}) {
        toml += std::string("[facts.") + intensity + "_" + extent + "]\nunit = \"%\"\nmin = 0\nmax = 100\nlabel = \"" +
                intensity + ", " + extent + "\"\n";
      }
    }
    auto result = Dictionary::parse(toml, "test.toml");
    if (!result) {
      ADD_FAILURE() << result.error().text();
      std::abort();
    }
    return std::move(*result);
  }();
  return parsed;
}

FactValues facts(const std::vector<std::pair<const char*, const char*>>& written) {
  FactValues values;
  for (const auto& [name, text] : written) {
    const FactId id = *dictionary().find(name);
    values[id] = *parse_value(dictionary()[id], text);
  }
  return values;
}

TEST(Picture, PointFromCounts) {
  const auto point = ish_point(dictionary(), facts({{"cells", "20"}, {"her2_total", "96"}, {"cep17_total", "60"}}));
  ASSERT_TRUE(point);
  EXPECT_DOUBLE_EQ(point->ratio_low, 1.6);
  EXPECT_DOUBLE_EQ(point->ratio_high, 1.6);
  EXPECT_DOUBLE_EQ(point->copies_low, 4.8);
  EXPECT_EQ(ish_words(*point), "HER2/CEP17 ratio 1.60, 4.80 HER2 copies per cell.");
}

TEST(Picture, BoundsStayBounds) {
  const auto point = ish_point(dictionary(), facts({{"ratio", ">= 2.0"}, {"copies", "4-6"}}));
  ASSERT_TRUE(point);
  EXPECT_DOUBLE_EQ(point->ratio_low, 2);
  EXPECT_TRUE(std::isinf(point->ratio_high));
  EXPECT_EQ(ish_words(*point), "HER2/CEP17 ratio 2.00 or more, 4.00 to 6.00 HER2 copies per cell.");
  EXPECT_THAT(ish_svg(*point, true, "a"), HasSubstr("class=\"range\""));
}

TEST(Picture, NothingToDraw) {
  EXPECT_FALSE(ish_point(dictionary(), {}));
  EXPECT_FALSE(ish_point(dictionary(), facts({{"ratio", "2.1"}})));
  EXPECT_FALSE(ish_point(dictionary(), facts({{"cells", "20"}, {"her2_total", "96"}, {"cep17_total", "0"}})));
  EXPECT_TRUE(cell_shares(dictionary(), facts({{"strong_complete", "20"}})).empty());
}

TEST(Picture, NumbersOfAnySizeStayInTheFrame) {
  for (const double far : {0.0, 0.3, 5.0, 60.0, 1e6, 1e300}) {
    const std::string svg = ish_svg(IshPoint{far, far, far, far, {}}, true, "a");
    EXPECT_LT(svg.size(), 20000U) << far;
    EXPECT_EQ(svg.find("nan"), std::string::npos) << far;
    EXPECT_EQ(svg.find("inf"), std::string::npos) << far;
  }
}

TEST(Picture, BarAddsUp) {
  const auto shares = cell_shares(dictionary(), facts({{"faint_incomplete", "18"},
                                                       {"faint_complete", "0"},
                                                       {"weak_incomplete", "7.5"},
                                                       {"weak_complete", "0"},
                                                       {"moderate_incomplete", "0"},
                                                       {"moderate_complete", "0"},
                                                       {"strong_incomplete", "0"},
                                                       {"strong_complete", "4"}}));
  ASSERT_EQ(shares.size(), 4U);
  EXPECT_EQ(shares[0].label, "unstained");
  EXPECT_DOUBLE_EQ(shares[0].percent, 70.5);
  EXPECT_THAT(ihc_words(shares), HasSubstr("weak, incomplete 7.5 %"));
  EXPECT_THAT(ihc_svg(shares, "b"), HasSubstr("class=\"part s4\""));
}

TEST(Picture, CloudIsThinnedEvenly) {
  Ensemble ensemble;
  ensemble.ids = {*dictionary().find("cells"), *dictionary().find("her2_total"), *dictionary().find("cep17_total")};
  for (int i = 0; i < 10000; ++i) {
    ensemble.rows.push_back({Decimal{20, 0}, Decimal{80 + i % 5, 0}, Decimal{i % 7 == 0 ? 0 : 50, 0}});
  }
  IshPoint point;
  add_cloud(point, dictionary(), ensemble);
  EXPECT_LE(point.cloud.size(), 300U);
  EXPECT_GE(point.cloud.size(), 200U);
}

}  // namespace
}  // namespace her2
