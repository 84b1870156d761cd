// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/tnm_spelling.h"

#include "her2/exchange/case_json.h"
#include "tests/exchange/fixture.h"

namespace her2 {
namespace {

using test::dictionary;

TEST(TnmSpelling, CategoriesAsReportsWriteThem) {
  EXPECT_EQ(tnm_value("pt", "pT1c"), "1c");
  EXPECT_EQ(tnm_value("pt", "T1c"), "1c");
  EXPECT_EQ(tnm_value("pt", "pT2 (m)"), "2");
  EXPECT_EQ(tnm_value("ct", "cT4d"), "4");
  EXPECT_EQ(tnm_value("pn", "pN1mi(sn)"), "1mi");
  EXPECT_EQ(tnm_value("pn", "N0 (i+)"), "0");
  EXPECT_EQ(tnm_value("pn", "pN2a"), "2");
  EXPECT_EQ(tnm_value("ypn", "ypN0(i+)(sn)"), "0");
  EXPECT_EQ(tnm_value("ypt", "ypTis"), "is");
  EXPECT_EQ(tnm_value("m_category", "cM0"), "0");
  EXPECT_EQ(tnm_value("m_category", "pM1"), "1");
  EXPECT_EQ(tnm_value("ct", "cTX"), "unknown");
}

TEST(TnmSpelling, NothingElse) {
  for (const auto& [name, text] : {std::pair{"pt", "cT1c"},
                                   {"ct", "pT1c"},
                                   {"pt", "pN1"},
                                   {"pn", "N1 (big)"},
                                   {"pt", "1c"},
                                   {"pt", ""},
                                   {"pt", "T"},
                                   {"pt", ")"},
                                   {"pt", "T1)"},
                                   {"ihc_score", "T1"}}) {
    EXPECT_EQ(tnm_value(name, text), std::nullopt) << name << " " << text;
  }
}

TEST(TnmSpelling, ACaseFileTakesThem) {
  const auto read = parse_case(
      R"({"schema": "her2-case/1", "id": "c", "facts": {"pt": "pT1c", "pn": ["N0", "pN1mi"], "m_category": "MX"}})",
      dictionary(), "c.json");
  ASSERT_TRUE(read) << read.error().text();
  const auto value = [&](const char* name) {
    const auto id = *dictionary().find(name);
    return value_text(dictionary()[id], read->specimens.at(0).value(id));
  };
  EXPECT_EQ(value("pt"), "1c");
  EXPECT_EQ(value("pn"), "0|1mi");
  EXPECT_EQ(value("m_category"), "unknown");
  const auto wrong =
      parse_case(R"({"schema": "her2-case/1", "id": "c", "facts": {"pt": "cT1c"}})", dictionary(), "c.json");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text().find("\"cT1c\" is not a value of pathological T"), std::string::npos);
}

}  // namespace
}  // namespace her2
