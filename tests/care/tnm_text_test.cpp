// SPDX-License-Identifier: Apache-2.0
#include "her2/care/tnm_text.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/care/fixture.h"

namespace her2 {
namespace {

using test::real_dictionary;

// "pt=1c pn=1mi m_category=0", in the order of the dictionary.
std::string read(const std::string& text, bool pathological = false) {
  const auto tnm = parse_tnm(text);
  if (!tnm) {
    return "refused: " + tnm.error().text();
  }
  std::string out;
  for (const auto& [fact, value] : tnm_facts(real_dictionary(), *tnm, pathological)) {
    const FactType& type = real_dictionary()[fact];
    out += (out.empty() ? "" : " ") + type.name + "=" + value_text(type, value);
  }
  return out;
}

TEST(TnmText, reads_what_reports_write) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"pT1c pN1mi(sn) cM0", "pt=1c pn=1mi m_category=0"},
      {"pt1c pn1mi(sn) m0", "pt=1c pn=1mi m_category=0"},
      {"PT1C, PN1MI (SN), CM0", "pt=1c pn=1mi m_category=0"},
      {"pT1cpN0M0", "pt=1c pn=0 m_category=0"},
      {"T2 N1 M0", "ct=2 cn=1 m_category=0"},
      {"T2N1M0", "ct=2 cn=1 m_category=0"},
      {"cT4d cN3c cM1", "ct=4 cn=3 m_category=1 inflammatory=yes"},
      {"cT1 cN0", "ct=1 cn=0"},
      {"ypT0/is ypN0(i+)", "ypt=0|is ypn=0"},
      {"ypTis (DCIS) ypN0 (i-)", "ypt=is ypn=0"},
      {"pTis(Paget) pN0", "pt=is pn=0"},
      {"pT1b(m) pN0(i-)(sn)", "pt=1b pn=0"},
      {"mpT1b pN0", "pt=1b pn=0"},
      {"pT2(3) pN2a (5/17) M0", "pt=2 pn=2 m_category=0 positive_nodes=5"},
      {"pT1c-2 pN1a", "pt=1c|2 pn=1"},
      {"pT1c-3 pN0-1", "pt=1c|2|3 pn=0|1mi|1"},
      {"pT1a|1c pN0", "pt=1a|1c pn=0"},
      {"pTX pNX", "pt=unknown pn=unknown"},
      {"T1mi N0(mol+) M0(i+)", "ct=1mi cn=0 m_category=0"},
      {"pT3 N1b", "pt=3 pn=1"},
      {"cT2 cN1 cM0; ypT1a ypN0", "ct=2 cn=1 ypt=1a ypn=0 m_category=0"},
      {"ycT2 ycN0", ""},
      {"  pM1  ", "m_category=1"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(read(text), expected) << text;
  }
  EXPECT_EQ(read("T2 N1 M0", true), "pt=2 pn=1 m_category=0");
}

TEST(TnmText, every_category_in_every_spelling) {
  for (const std::string prefix : {"c", "p", "yp", "C", "P", "YP", "Yp"}) {
    for (const std::string t : {"0", "is", "1mi", "1a", "1b", "1c", "2", "3", "4", "4a", "4b", "4c", "4d", "1", "X"}) {
      for (const std::string n : {"0", "1mi", "1", "1a", "1b", "1c", "2", "2a", "2b", "3", "3a", "3b", "3c", "X"}) {
        const std::string text = prefix + "T" + t + " " + prefix + "N" + n;
        const auto tnm = parse_tnm(text);
        ASSERT_TRUE(tnm) << text << ": " << tnm.error().text();
        ASSERT_EQ(tnm->categories.size(), 2U);
        const auto facts = tnm_facts(real_dictionary(), *tnm, false);
        EXPECT_GE(facts.size(), 2U) << text;
      }
    }
  }
}

TEST(TnmText, says_what_it_took_in_a_way_of_its_own) {
  EXPECT_THAT(parse_tnm("pT1c N0 pM0")->remarks,
              testing::UnorderedElementsAre("N0 without a prefix: read as pN0", "pM0: pM0 does not exist; read as M0"));
  EXPECT_THAT(parse_tnm("T1 MX")->remarks, testing::Contains(testing::HasSubstr("no MX")));
  EXPECT_TRUE(parse_tnm("pT1c pN0(sn) cM0")->remarks.empty());
}

TEST(TnmText, refuses_with_place_and_expectation) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "there is no T, N or M in it; expected such as \"pT1c pN0 M0\""},
      {"pT5", "character 1: \"pT5\" is not a T category"},
      {"pT1d pN0", "character 1: \"pT1d\" is not a T category"},
      {"pT1c pN4", "character 6: \"pN4\" is not an N category"},
      {"T2 N1x", "character 4: \"N1x\" is not an N category"},
      {"T2 M2", "character 4: \"M2\" is not a T, N or M category"},
      {"T2 G3", "character 4: \"G3\" is not a T, N or M category"},
      {"rpT2", "character 1: \"rpT2\" is not staged here: r is a recurrence"},
      {"aT2", "character 1: \"aT2\" is not staged here"},
      {"cpT2", "character 1: \"cpT2\" is not a category with a known prefix"},
      {"pT1c pT2", "\"pT1c\" and \"pT2\" contradict each other"},
      {"cM0 pM1", "\"cM0\" and \"pM1\" contradict each other"},
      {"pT1c(x)", "known behind this category"},
      {"pN1(5/3)", "known behind this category"},
      {"pN1(sn", "closed: a ')' is missing"},
      {"stage IIA", "is not a T, N or M category"},
      {std::string(600, 'T'), "longer than 512 bytes"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_THAT(read(text), testing::HasSubstr(expected)) << text;
  }
}

TEST(TnmText, joins_what_is_recorded) {
  const auto joined = [](const std::map<std::string, std::string>& recorded, const std::string& text) {
    const auto facts = with_tnm(real_dictionary(), test::facts(recorded), text);
    if (!facts) {
      return "refused: " + facts.error().text();
    }
    std::string out;
    for (const auto& [fact, value] : *facts) {
      const FactType& type = real_dictionary()[fact];
      out += (out.empty() ? "" : " ") + type.name + "=" + value_text(type, value);
    }
    return out;
  };
  EXPECT_EQ(joined({{"pt", "1"}}, "pT1c pN0"), "pt=1c pn=0");
  EXPECT_EQ(joined({{"pt", "1c"}}, "pT1"), "pt=1c");
  EXPECT_EQ(joined({{"pt", "1c"}}, "pTX"), "pt=1c");
  EXPECT_EQ(joined({{"pt", "1c"}}, ""), "pt=1c");
  EXPECT_EQ(joined({{"positive_nodes", "2"}}, "pN1a (2/15)"), "pn=1 positive_nodes=2");
  EXPECT_EQ(joined({{"pt", "2"}}, "pT1c"), "refused: TNM: \"pT1c\" says pathological T 1c, but 2 is recorded");
  EXPECT_THAT(joined({{"positive_nodes", "3"}}, "pN1a (2/15)"), testing::HasSubstr("but 3 is recorded"));
  EXPECT_THAT(joined({}, "pT5"), testing::HasSubstr("TNM: character 1"));
}

}  // namespace
}  // namespace her2
