// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/dictionary.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "her2/evidence/case.h"
#include "tests/evidence/fixture.h"
#include "tests/places.h"

namespace her2 {
namespace {

TEST(Dictionary, reads_types) {
  const auto& dictionary = test::small_dictionary();
  EXPECT_EQ(dictionary.size(), 9U);
  EXPECT_EQ(dictionary.find("score"), FactId{0});  // in the file's order
  EXPECT_EQ(dictionary.find("percent"), FactId{8});
  EXPECT_EQ(dictionary.find("nothing"), std::nullopt);
  const auto& score = test::type_of("score");
  EXPECT_EQ(score.kind, FactKind::choice);
  EXPECT_TRUE(score.ordered);
  EXPECT_EQ(score.computed_only, 32U);
  EXPECT_EQ(score.all_values(), 63U);
  EXPECT_EQ(score.signature(), "0 | 0+ | 1+ | 2+ | 3+ | undefined");
  const auto& ratio = test::type_of("ratio");
  EXPECT_EQ(ratio.kind, FactKind::quotient);
  EXPECT_EQ(dictionary[ratio.numerator].name, "total");
  EXPECT_EQ(dictionary[ratio.denominator].name, "other_total");
  EXPECT_EQ(ratio.min, Rational(0));
  EXPECT_EQ(ratio.signature(), "");
  const auto& cells = test::type_of("cells");
  EXPECT_TRUE(cells.integer && cells.min_open);
  EXPECT_EQ(cells.signature(), "cells");
  EXPECT_EQ(dictionary.similar("rato"), std::vector<std::string>{"ratio"});
  EXPECT_TRUE(dictionary.similar("zzzzzz").empty());
}

struct Bad {
  const char* toml;
  const char* place;
  const char* reason;
};

TEST(Dictionary, refuses_with_fact_and_reason) {
  const std::vector<Bad> cases = {
      {"", "", "no facts"},
      {"[facts]", "", "no facts"},
      {"facts = 1", "", "no facts"},
      {"x = 1", "line 1", "unknown key"},
      {"[facts.a", "line 1", "not valid TOML"},
      {"[facts.a]\n[facts.a]", "line 2", "not valid TOML"},
      {"[#", "", "not valid TOML"},
      {"\n [ [[a]]]", "", "not valid TOML"},
      {"[\n", "", "not valid TOML"},
      {"[ \r\n", "", "not valid TOML"},
      {"[facts.a]\nlabel\xC9\x8B=\"a\"", "line 2", "must stand in"},
      {"[|able]", "", "not valid TOML"},
      {"a = \"\xFF\"", "line 1", "not UTF-8"},
      {"[facts.A]\nunit=\"\"\nlabel=\"a\"", "line 1", "not a fact name"},
      {"[facts]\na = 1", "fact a", "must be a table"},
      {"[facts.a]\nunit=\"\"", "line 1, fact a", "no label"},
      {"[facts.a]\nlabel=\"a\"", "fact a", "needs values"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\nunits=\"\"", "line 4, fact a", "did you mean unit?"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\nvalues=[\"x\"]", "fact a", "has both unit and values"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\nordered=true", "fact a", "has both"},
      {"[facts.a]\nlabel=\"a\"\nvalues=[]", "fact a", "list of 1 to 60"},
      {"[facts.a]\nlabel=\"a\"\nvalues=[1]", "fact a", "text in quotes"},
      {"[facts.a]\nlabel=\"a\"\nvalues=[\"a|b\"]", "fact a", "text in quotes"},
      {"[facts.a]\nlabel=\"a\"\nvalues=[\"x\",\"X\"]", "fact a", "stands twice"},
      {"[facts.a]\nlabel=\"a\"\nvalues=[\"x\"]\ncomputed_only=[\"y\"]", "fact a", "not in values"},
      {"[facts.a]\nlabel=\"a\"\nvalues=[\"x\"]\ncomputed_only=[\"x\"]", "fact a", "no value"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\nmin=\"x\"", "fact a", "decimal number"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\nmin=1e30", "fact a", "decimal number"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\nmin=nan", "fact a", "decimal number"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\nmin=1\nabove=0", "fact a", "both min and above"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\nmin=1\nmax=0.5", "fact a", "max is below"},
      {"[facts.a]\nlabel=\"a\"\nunit=\"\"\ninteger=1", "fact a", "true or false"},
      {"[facts.a]\nlabel=\"a\"\nquotient=[\"b\"]", "fact a", "two fact names"},
      {"[facts.a]\nlabel=\"a\"\nquotient=[\"b\",\"c\"]", "fact a", "unknown fact"},
      {"[facts.a]\nlabel=\"a\"\nquotient=[\"a\",\"a\"]", "fact a", "not a number"},
      {"[facts.b]\nlabel=\"b\"\nunit=\"\"\n[facts.a]\nlabel=\"a\"\nquotient=[\"b\",\"b\"]", "fact a", "with itself"},
  };
  for (const auto& entry : cases) {
    const auto parsed = Dictionary::parse(entry.toml, "f.toml");
    ASSERT_FALSE(parsed) << entry.toml;
    EXPECT_EQ(parsed.error().file, "f.toml") << entry.toml;
    EXPECT_NE(parsed.error().place.find(entry.place), std::string::npos) << entry.toml << "\n" << parsed.error().text();
    EXPECT_NE(parsed.error().reason.find(entry.reason), std::string::npos) << entry.toml << "\n"
                                                                           << parsed.error().text();
  }
}

TEST(Dictionary, quotes_and_comments_may_hold_anything) {
  const auto parsed = Dictionary::parse(
      "\xEF\xBB\xBF# \xC3\xA9 \"\n[facts.a]\nlabel = \"\xC3\xA9\\\\\xF0\x9F\x94\xAC\" # '\xC3\xA9\nunit = ''\n"
      "meaning = \"\"\"\n[\xC3\xA9 \\\"\"\" \xE2\x82\xAC\n[\"\"\"\n",
      "f");
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ((*parsed)[0].label, "\xC3\xA9\\\xF0\x9F\x94\xAC");
  EXPECT_EQ((*parsed)[0].meaning, "[\xC3\xA9 \"\"\" \xE2\x82\xAC\n[");
  EXPECT_FALSE(Dictionary::parse("[facts.a]\nlabel = '\xC3\xA9'\nunit = ''", "f"));
}

TEST(Dictionary, hostile_nesting_is_refused) {
  std::string deep = "a";
  for (int i = 0; i < 100000; ++i) {
    deep += ".a";
  }
  EXPECT_NE(Dictionary::parse("[" + deep + "]", "f").error().reason.find("longer than 8192 bytes"), std::string::npos);
  EXPECT_FALSE(Dictionary::parse("[" + deep.substr(0, 8001) + "]\n" + deep.substr(0, 8001) + " = 1", "f"));
  EXPECT_FALSE(Dictionary::parse("a = " + std::string(8000, '['), "f"));
}

TEST(Dictionary, reads_decimals_exactly) {
  const auto parsed = Dictionary::parse("[facts.a]\nlabel=\"a\"\nunit=\"\"\nmin=0.1\nmax=\"0.3\"", "f.toml");
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ((*parsed)[0].min, Rational(1, 10));
  EXPECT_EQ((*parsed)[0].max, Rational(3, 10));
}

TEST(Dictionary, reads_the_project_s_facts) {
  std::ifstream in(test::source_folder() + "/guidelines/facts.toml");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto parsed = Dictionary::parse(text, "guidelines/facts.toml");
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_TRUE(parsed->find("ihc_score"));
  EXPECT_EQ((*parsed)[*parsed->find("ratio")].kind, FactKind::quotient);
}

TEST(Case, absent_fact_is_missing) {
  Specimen specimen;
  specimen.facts[3] = Fact{3, Value::unknown(), {}, {}};
  EXPECT_TRUE(specimen.value(2).is_missing());
  EXPECT_EQ(specimen.value(3), Value::unknown());
}

}  // namespace
}  // namespace her2
