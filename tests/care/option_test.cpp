// SPDX-License-Identifier: Apache-2.0
// Option files: what is refused and how it is said; what the proofs see.
#include <gmock/gmock.h>

#include "her2/care/option_proof.h"
#include "tests/care/care_fixture.h"

namespace her2::test {
namespace {

using testing::HasSubstr;

std::string file_with(const std::string& option) {
  return "id = \"x\"\ntitle = \"X\"\n[sources]\nS = \"a source\"\n[[option]]\nid = \"a\"\nname = \"A\"\nkind = \"k\"\n"
         "setting = \"s\"\nfor = \"f\"\nindication = \"i\"\n" +
         option;
}

std::string refusal(const std::string& option) {
  const auto loaded = load_option_file(file_with(option), care_catalog().dictionary);
  return loaded ? "accepted" : loaded.error().text();
}

OptionFile loaded(const std::string& option) {
  auto file = load_option_file(file_with(option), care_catalog().dictionary);
  EXPECT_TRUE(file) << (file ? "" : file.error().text());
  return file ? *file : OptionFile{};
}

Verification proof(const std::string& option) {
  const OptionFile file = loaded(option);
  Verification all = verify_option_parts(file, care_catalog().dictionary);
  const Guideline tables = option_tables(file, care_catalog().dictionary);
  all.append(verify(care_catalog().dictionary, tables, tables.tables.front()));
  return all;
}

TEST(OptionFile, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("criteria = [\"hr_status == positive\"]\ncite = [\"S\"]\n"), "accepted");
  EXPECT_THAT(refusal("cite = [\"S\"]\n"), HasSubstr("option a: has no criteria"));
  EXPECT_THAT(refusal("criteria = [\"hr_status == maybe\"]\ncite = [\"S\"]\n"),
              HasSubstr("'maybe' is not a value of hr_status"));
  EXPECT_THAT(refusal("criteria = [\"hr_statu == positive\"]\ncite = [\"S\"]\n"),
              HasSubstr("did you mean 'hr_status'"));
  EXPECT_THAT(refusal("criteria = [\"grade == 3\"]\ncite = [\"T\"]\n"), HasSubstr("cites 'T'"));
  EXPECT_THAT(refusal("criteria = [\"grade == 3\"]\n"), HasSubstr("option a"));
  EXPECT_THAT(refusal("criteria = [\"grade == 3\"]\ncite = [\"S\"]\nsense = \"advice\"\n"),
              HasSubstr("sense 'advice'"));
  EXPECT_THAT(refusal("criteria = [\"grade == 3\"]\ncite = [\"S\"]\ndose = \"1\"\n"), HasSubstr("dose"));
  EXPECT_THAT(refusal("criteria = [\"ratio >= 2.0\"]\ncite = [\"S\"]\n"), HasSubstr("compares a quotient"));
  EXPECT_THAT(refusal("criteria = [7]\ncite = [\"S\"]\n"), HasSubstr("each entry of criteria"));
  EXPECT_THAT(refusal("criteria = [{ unconfirmed = true }]\ncite = [\"S\"]\n"), HasSubstr("when"));
  EXPECT_THAT(refusal("criteria = [\"grade == 3\"]\ncite = [\"S\"]\nlabels = [\"FDA\"]\n"), HasSubstr("label"));
}

TEST(OptionFile, IdsAreUniqueAndFilesAreCalledAfterThem) {
  const std::string one = file_with("criteria = [\"grade == 3\"]\ncite = [\"S\"]\n");
  const Dictionary& dictionary = care_catalog().dictionary;
  EXPECT_TRUE(load_options({{"options/x.toml", one}, {"facts.toml", "not read"}}, dictionary));
  const auto misnamed = load_options({{"options/y.toml", one}}, dictionary);
  ASSERT_FALSE(misnamed);
  EXPECT_THAT(misnamed.error().text(), HasSubstr("must be called x.toml"));
  std::string other = one;
  other.replace(other.find("id = \"x\""), 8, "id = \"z\"");
  const auto twice = load_options({{"options/x.toml", one}, {"options/z.toml", other}}, dictionary);
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().text(), HasSubstr("another file has an option 'a'"));
}

TEST(OptionProof, SeesWhatCannotBeMet) {
  EXPECT_TRUE(proof("criteria = [\"grade == 3\", \"size_mm > 20\"]\ncite = [\"S\"]\n").ok());
  EXPECT_FALSE(proof("criteria = [\"grade == 3\", \"grade == 2\"]\ncite = [\"S\"]\n").ok());
  EXPECT_FALSE(proof("criteria = [\"size_mm < 0\"]\ncite = [\"S\"]\n").ok());
}

TEST(OptionProof, SeesWhatIsAlwaysMetAndWhatIsDead) {
  EXPECT_FALSE(proof("criteria = [\"size_mm >= 0\"]\ncite = [\"S\"]\n").ok());
  EXPECT_FALSE(proof("criteria = [\"size_mm > 20\", \"size_mm > 10\"]\ncite = [\"S\"]\n").ok());
  EXPECT_FALSE(proof("criteria = [\"size_mm > 20 or size_mm > 30\"]\ncite = [\"S\"]\n").ok());
  EXPECT_FALSE(proof("criteria = [\"grade == 3\"]\ntrial_entry = [\"grade == 2\"]\ncite = [\"S\"]\n").ok());
  EXPECT_FALSE(
      proof("criteria = [\"grade == 3\"]\nnotes = [{ says = \"n\", when = \"size_mm >= 0\" }]\ncite = [\"S\"]\n").ok());
}

TEST(Groups, StandForTheirValuesInCasesAndConditions) {
  const Dictionary& dictionary = care_catalog().dictionary;
  const FactType& pt = dictionary[*dictionary.find("pt")];
  const auto t1 = parse_value(pt, "1");
  ASSERT_TRUE(t1);
  EXPECT_EQ(t1->choices, parse_value(pt, "1mi|1a|1b|1c")->choices);
  EXPECT_EQ(value_text(pt, *t1), "1");
  EXPECT_EQ(parse_value(pt, ">= 1")->choices, parse_value(pt, ">= 1mi")->choices);
  EXPECT_EQ(parse_value(pt, "> 1")->choices, parse_value(pt, ">= 2")->choices);
  EXPECT_EQ(parse_value(pt, "<= 1")->choices, parse_value(pt, "<= 1c")->choices);
  EXPECT_EQ(parse_value(pt, "1-2")->choices, parse_value(pt, "1mi-2")->choices);
  for (const auto& [group, values] : std::map<std::string, std::string>{{"pt == 1", "pt in {1mi, 1a, 1b, 1c}"},
                                                                        {"pt > 1", "pt >= 2"},
                                                                        {"pt < 1", "pt <= is"},
                                                                        {"pt in {1, 3}", "pt in {1mi,1a,1b,1c,3}"},
                                                                        {"pt != 1", "pt in {0, is, 2, 3, 4}"}}) {
    const auto a = parse_condition(group, dictionary, {}), b = parse_condition(values, dictionary, {});
    ASSERT_TRUE(a && b) << group;
    EXPECT_EQ(a->mask & ~kMissingBit, b->mask & ~kMissingBit) << group;
  }
}

}  // namespace
}  // namespace her2::test
