// SPDX-License-Identifier: Apache-2.0
// What is wrong in a guideline file is said in one sentence with its place.
#include "her2/guideline/load.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/guideline/fixture.h"

namespace her2 {
namespace {

using test::guideline_text;
using test::row;
using testing::HasSubstr;

const std::string kInputs = "inputs = { a = \"%\" }\ngives = [\"result\"]\n";
const std::string kRows = row("low", "a < 2") + row("high", "a >= 2", "y");

TEST(Load, ReadsAWholeFile) {
  const std::string text = R"(
id = "g"
title = "A guideline"
body = "b"
edition = "1"
tumour = "t"
unconfirmed = ["one point"]
[sources]
S = "a source"
[parameters.cut]
value = "1.5"
unit = "%"
meaning = "where"
cite = ["S"]
[[table]]
name = "t"
title = "t"
inputs = { a = "%", b = "%", colour = "red | green | blue" }
missing_ok = ["colour"]
enter = "not colour == blue"
space = ["both <= 4"]
sums = { both = "a + b", more = "2 * both" }
gives = ["result", "verdict"]
[[table.row]]
id = "low"
when = "more < cut"
then = { result = "x", verdict = "good" }
action = "do this"
comment = "say that"
cite = ["S"]
unconfirmed = true
[[table.row]]
id = "high"
when = "more >= cut"
then = { result = "none" }
cite = ["S"]
[[flag]]
id = "odd"
when = "ratio >= 2.0 and colour == red"
says = "odd"
cite = ["S"]
)";
  const auto loaded = load_guideline(text, test::small_dictionary(), {});
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->title, "A guideline");
  EXPECT_EQ(loaded->parameters.front().value, Rational(3, 2));
  const Table* table = loaded->table("t");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(loaded->table("u"), nullptr);
  EXPECT_EQ(table->inputs.size(), 3U);
  EXPECT_TRUE(table->is_required(test::fact("a")));
  EXPECT_FALSE(table->is_required(test::fact("colour")));
  EXPECT_EQ(table->sums.front().first, "both") << "as they stand in the file";
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_TRUE(table->rows.front().unconfirmed);
  EXPECT_EQ(table->rows.front().then.size(), 2U);
  EXPECT_EQ(table->rows.front().when, test::condition("2 * a + 2 * b < 1.5"));
  EXPECT_EQ(loaded->flags.front().id, "odd");
}

TEST(Load, AParameterMayBeChanged) {
  const std::string text = guideline_text(kInputs + row("low", "a < cut") + row("high", "a >= cut")) +
                           "[parameters.cut]\nvalue = \"2\"\nmeaning = \"m\"\n";
  const auto loaded = load_guideline(text, test::small_dictionary(), {{"cut", Rational(3)}});
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_TRUE(loaded->parameters.front().changed);
  EXPECT_EQ(loaded->tables.front().rows.front().when, test::condition("a < 3"));
}

struct Wrong {
  const char* name;
  std::string text;
  const char* place;  // part of it
  const char* says;
};

std::vector<Wrong> wrong_files() {
  const auto table = [](const std::string& lines) { return guideline_text(lines); };
  return {
      {"not_toml", "id = ", "line 1", ""},
      {"no_id", "title = \"x\"", "", "'id' is missing"},
      {"unknown_key", table(kInputs + kRows) + "[extra]\n", "", "unknown key 'extra'; the keys here are id, title"},
      {"id_is_a_number", "id = 3\n", "line 1", "'id' must be a text in quotes"},
      {"no_rows", table(kInputs), "table t", "has no rows"},
      {"no_title", "id=\"g\"\ntitle=\"g\"\nbody=\"b\"\nedition=\"1\"\ntumour=\"t\"\n[[table]]\nname=\"t\"\n", "table",
       "'title' is missing"},
      {"input_unknown", table("inputs = { aa = \"%\" }\ngives = [\"result\"]\n" + kRows), "table t",
       "there is no fact 'aa' in facts.toml"},
      {"input_unit_differs", table("inputs = { a = \"mm\" }\ngives = [\"result\"]\n" + kRows), "table t",
       "input a is \"mm\" here but \"%\" in facts.toml"},
      {"input_values_differ",
       table("inputs = { colour = \"red | green\" }\ngives = [\"result\"]\n" + row("r", "colour == red")), "table t",
       "\"red | green | blue\" in facts.toml"},
      {"input_is_a_quotient", table("inputs = { ratio = \"\" }\ngives = [\"result\"]\n" + kRows), "table t",
       "'ratio' is a quotient: name its parts"},
      {"missing_ok_not_an_input", table(kInputs + "missing_ok = [\"b\"]\n" + kRows), "table t",
       "which is not an input"},
      {"gives_a_number", table("inputs = { a = \"%\" }\ngives = [\"b\"]\n" + kRows), "table t", "'b' must be a choice"},
      {"gives_nothing", table("inputs = { a = \"%\" }\ngives = []\n" + kRows), "table t", "'gives' must be a list"},
      {"when_wrong", table(kInputs + row("low", "a << 2")), "row low", "when, column 4"},
      {"when_reads_no_input", table(kInputs + row("low", "b < 2")), "row low",
       "reads 'b', which is not among the table's inputs"},
      {"when_reads_parts_of_a_quotient", table(kInputs + row("low", "a < 2 and ratio >= 2")), "row low",
       "is not among"},
      {"enter_wrong", table(kInputs + "enter = \"a\"\n" + kRows), "table t", "enter, column 2"},
      {"space_wrong", table(kInputs + "space = [\"a <\"]\n" + kRows), "table t", "space, column 4"},
      {"sum_wrong", table(kInputs + "sums = { s = \"a + colour\" }\n" + kRows), "table t", "'colour' is a choice"},
      {"sum_named_as_a_fact", table(kInputs + "sums = { b = \"a + a\" }\n" + kRows), "table t",
       "has the name of a fact"},
      {"row_twice", table(kInputs + row("low", "a < 2") + row("low", "a >= 2")), "row low", "the same id"},
      {"row_without_when", table(kInputs + "[[table.row]]\nid = \"r\"\nthen = { result = \"x\" }\ncite = [\"S\"]\n"),
       "row r", "'when' is missing"},
      {"row_without_then", table(kInputs + "[[table.row]]\nid = \"r\"\nwhen = \"a < 2\"\ncite = [\"S\"]\n"), "row r",
       "must give at least one fact"},
      {"row_without_cite", table(kInputs + "[[table.row]]\nid = \"r\"\nwhen = \"a < 2\"\nthen = { result = \"x\" }\n"),
       "row r", "'cite' is missing"},
      {"row_cites_nothing",
       table(kInputs + "[[table.row]]\nid = \"r\"\nwhen = \"a < 2\"\nthen = { result = \"x\" }\ncite = []\n"), "row r",
       "'cite' must be a list"},
      {"row_cites_unexplained",
       table(kInputs + "[[table.row]]\nid = \"r\"\nwhen = \"a < 2\"\nthen = { result = \"x\" }\ncite = [\"T\"]\n"),
       "row r", "cites 'T', which [sources] does not explain"},
      {"then_unknown_value", table(kInputs + row("low", "a < 2", "w")), "row low",
       "'w' is not a value of result (x | y | z | none)"},
      {"then_not_given",
       table(kInputs + "[[table.row]]\nid = \"r\"\nwhen = \"a < 2\"\nthen = { verdict = \"good\" }\ncite = [\"S\"]\n"),
       "row r", "which the table's 'gives' does not list"},
      {"then_a_number",
       table(kInputs + "[[table.row]]\nid = \"r\"\nwhen = \"a < 2\"\nthen = { result = 3 }\ncite = [\"S\"]\n"), "row r",
       "must be a text in quotes"},
      {"two_tables_of_one_name", table(kInputs + kRows + "[[table]]\nname = \"t\"\ntitle = \"t\"\n" + kInputs + kRows),
       "", "two tables are called 't'"},
      {"parameter_without_value", table(kInputs + kRows) + "[parameters.cut]\nmeaning = \"m\"\n", "parameter cut",
       "'value' is missing"},
      {"parameter_not_a_number", table(kInputs + kRows) + "[parameters.cut]\nvalue = \"x\"\nmeaning = \"m\"\n",
       "parameter cut", "must be a whole number or a decimal"},
      {"parameter_is_a_float", table(kInputs + kRows) + "[parameters.cut]\nvalue = 2.5\nmeaning = \"m\"\n",
       "parameter cut", "a decimal in quotes"},
      {"parameter_named_as_a_fact", table(kInputs + kRows) + "[parameters.b]\nvalue = \"1\"\nmeaning = \"m\"\n", "",
       "has the name of a fact"},
      {"flag_wrong", table(kInputs + kRows) + "[[flag]]\nid = \"f\"\nwhen = \"a <\"\nsays = \"s\"\ncite = [\"S\"]\n",
       "flag f", "column 4"},
      {"flag_without_cite", table(kInputs + kRows) + "[[flag]]\nid = \"f\"\nwhen = \"a < 1\"\nsays = \"s\"\n", "flag f",
       "'cite' is missing"},
      {"table_is_not_a_list", "id=\"g\"\ntitle=\"g\"\nbody=\"b\"\nedition=\"1\"\ntumour=\"t\"\ntable = 3\n", "",
       "must be a list of tables"},
  };
}

TEST(LoadErrors, NamePlaceAndReason) {
  for (const Wrong& wrong : wrong_files()) {
    SCOPED_TRACE(wrong.name);
    const auto loaded = load_guideline(wrong.text, test::small_dictionary(), {});
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().place, HasSubstr("line "));
    EXPECT_THAT(loaded.error().place, HasSubstr(wrong.place));
    EXPECT_THAT(loaded.error().reason, HasSubstr(wrong.says));
    EXPECT_EQ(loaded.error().reason.find('\n'), std::string::npos) << "one sentence";
  }
}

// ---- The catalog

GuidelineFiles files_of(const std::string& table = kInputs + kRows) {
  return {{"facts.toml", test::kSmallFacts}, {"g.toml", guideline_text(table)}};
}

std::string based(const std::string& on, const std::string& rest = "") {
  return "id = \"h\"\ntitle = \"h\"\nbody = \"b\"\nedition = \"2\"\ntumour = \"t\"\nbased_on = \"" + on +
         "\"\naffirms = [\"U\"]\n[sources]\nU = \"the update\"\n" + rest;
}

TEST(CatalogLoad, TakesOverWhatAGuidelineIsBasedOn) {
  GuidelineFiles files =
      files_of(kInputs + kRows + "[[table]]\nname = \"u\"\ntitle = \"u\"\n" + kInputs + row("all", "a >= 0"));
  files["h.toml"] =
      based("g", "[[table]]\nname = \"u\"\ntitle = \"new\"\n" + kInputs +
                     "[[table.row]]\nid = \"other\"\nwhen = \"a >= 0\"\nthen = { result = \"z\" }\ncite = [\"U\"]\n");
  const auto catalog = Catalog::load(files);
  ASSERT_TRUE(catalog) << catalog.error().text();
  const Guideline* update = catalog->guideline("h");
  ASSERT_NE(update, nullptr);
  ASSERT_EQ(update->tables.size(), 2U);
  EXPECT_EQ(update->table("t")->rows.front().cite, (std::vector<std::string>{"S", "U"}));
  EXPECT_EQ(update->table("u")->title, "new");
  EXPECT_EQ(update->sources.size(), 2U);
  EXPECT_NE(update->hash, catalog->guideline("g")->hash);
  EXPECT_EQ(update->hash.size(), 64U);
  files["g.toml"] += "# a remark\n";
  EXPECT_NE(Catalog::load(files)->guideline("h")->hash, update->hash) << "the hash covers what it is based on";
}

TEST(CatalogLoad, SaysWhichFileIsWrong) {
  const auto error_of = [](const GuidelineFiles& files, const ParameterChanges& changes = {}) {
    const auto catalog = Catalog::load(files, changes);
    return catalog ? "" : catalog.error().text();
  };
  GuidelineFiles files = files_of();
  EXPECT_EQ(error_of(files), "");
  EXPECT_THAT(error_of({{"g.toml", guideline_text(kInputs + kRows)}}), HasSubstr("no facts.toml"));
  EXPECT_THAT(error_of(files, {{"cut", Rational(1)}}), HasSubstr("no guideline has a parameter 'cut'"));
  files["wrong.toml"] = guideline_text(kInputs + kRows);
  EXPECT_EQ(error_of(files), "wrong.toml: the file must be called g.toml, after its id");
  files = files_of();
  files["h.toml"] = based("nothing");
  EXPECT_THAT(error_of(files), HasSubstr("h.toml: based_on names 'nothing', which is not another guideline"));
  files["h.toml"] = based("h");
  EXPECT_THAT(error_of(files), HasSubstr("not another guideline"));
  files["h.toml"] = based("i");
  files["i.toml"] = based("h");
  files["i.toml"].replace(files["i.toml"].find("\"h\""), 3, "\"i\"");
  EXPECT_THAT(error_of(files), HasSubstr("leads back to this guideline"));
  files["h.toml"] = based("g");
  EXPECT_EQ(error_of(files), "");
  EXPECT_NE(Catalog::load(files)->guideline("i")->table("t"), nullptr) << "by way of h";
}

TEST(CatalogLoad, SchemesNameGuidelinesAndAnswers) {
  const auto scheme = [](const std::string& lines) {
    GuidelineFiles files = files_of();
    files["schemes.toml"] = "[[scheme]]\nid = \"s\"\nedition = \"1\"\ntumour = \"t\"\ntitle = \"s\"\n" + lines;
    return Catalog::load(files);
  };
  const auto good = scheme("guidelines = [\"g\"]\nanswers = [\"result\"]\ndefault = true\n");
  ASSERT_TRUE(good) << good.error().text();
  EXPECT_EQ(good->scheme("1", "t"), good->scheme("s", ""));
  EXPECT_EQ(good->scheme("1", "u"), nullptr);
  EXPECT_EQ(good->default_scheme("t"), good->scheme("s", "t"));
  EXPECT_EQ(good->default_scheme("u"), nullptr);
  for (const auto& [lines, says] :
       {std::pair{"guidelines = [\"x\"]\nanswers = [\"result\"]\n", "there is no guideline 'x'"},
        {"guidelines = [\"g\"]\nanswers = [\"a\"]\n", "the answer 'a' is not a choice"},
        {"guidelines = [\"g\"]\n", "'answers' is missing"},
        {"guidelines = [\"g\"]\nanswers = [\"result\"]\nother = 1\n", "unknown key 'other'"},
        {"guidelines = [\"g\"]\nanswers = [\"result\"]\ndefault = 1\n", "must be true or false"}}) {
    const auto wrong = scheme(lines);
    ASSERT_FALSE(wrong) << lines;
    EXPECT_EQ(wrong.error().file, "schemes.toml");
    EXPECT_THAT(wrong.error().reason, HasSubstr(says));
  }
}

TEST(CatalogLoad, AFolderMustHoldGuidelines) {
  EXPECT_TRUE(read_guideline_folder(HER2_SOURCE "/guidelines"));
  EXPECT_FALSE(read_guideline_folder(HER2_SOURCE "/no-such-folder"));
  EXPECT_FALSE(read_guideline_folder(HER2_SOURCE "/her2"));
}

}  // namespace
}  // namespace her2
