// SPDX-License-Identifier: Apache-2.0
#include "her2/language/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/core/embedded.h"

namespace her2 {
namespace {

using testing::HasSubstr;

Result<Messages> english_of(std::string_view text) { return Messages::read({{"en.toml", text}}, nullptr); }

constexpr std::string_view kEnglish = R"(
language = "en"
open = ["value"]
[locale.plural]
one = "i = 1 and v = 0"
[a]
cells = { by = "cells", one = "{cells} cell", other = "{cells} cells" }
in_area = "{cells} in {area}"
plain = "words"
)";

// A catalogue of a user against kEnglish; the error's text, or "" where it was read.
std::string fault(std::string_view text) {
  const auto english = english_of(kEnglish);
  EXPECT_TRUE(english) << english.error().text();
  const auto read = Messages::read({{"xx.toml", text}}, &*english);
  return read ? std::string() : read.error().text();
}

TEST(MessagesTest, BuiltInEnglishIsReadWithoutFault) {
  std::vector<std::pair<std::string, std::string_view>> files;
  for (const auto name : embedded_names("messages/en")) {
    files.emplace_back(name, *embedded_file(name));
  }
  const auto read = Messages::read(files, nullptr);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_GT(read->all().size(), 300U);
  EXPECT_EQ(read->all().size(), english_messages().all().size());
  EXPECT_EQ(read->locale().language, "en");
  EXPECT_EQ(languages_built_in(), std::vector<std::string>{"en"});
}

TEST(MessagesTest, ACatalogueMayLackKeysAndNameValuesOfTheData) {
  EXPECT_EQ(fault("language = \"de\"\n[a]\nplain = \"Wörter\"\n[value.her2_status]\npositive = \"positiv\"\n"), "");
}

TEST(MessagesTest, FaultsNameFileLineKeyAndWhatWasExpected) {
  EXPECT_EQ(fault("language = \"de\"\n[a]\nin_area = \"{cells} auf {aera}\"\n"),
            "xx.toml: line 3, a.in_area: has {aera}, {cells} where {area}, {cells} was expected");
  EXPECT_THAT(fault("language = \"de\"\n[a]\nplian = \"x\"\n"),
              HasSubstr("xx.toml: line 3, a.plian: is no key of the English catalogue"));
  EXPECT_THAT(fault("[a]\nplain = \"x\"\n"), HasSubstr("has no language"));
  EXPECT_THAT(fault("language = \"deutsch!\"\n"), HasSubstr("line 1, language: is not a language's code"));
  EXPECT_THAT(fault("language = \"de\"\n[a]\nplain = 3\n"), HasSubstr("line 3, a.plain: is no text"));
  EXPECT_THAT(fault("language = \"de\"\n[a]\nplain = \"100 {\"\n"), HasSubstr("a placeholder is a name in braces"));
  EXPECT_THAT(fault("language = \"de\"\n[locale]\ndate = \"{d}.{m}.\"\n"), HasSubstr("line 3, locale.date: needs"));
  EXPECT_THAT(fault("language = \"de\"\n[locale]\npercent = \"%\"\n"), HasSubstr("locale.percent: needs {n}"));
  EXPECT_THAT(fault("language = \"de\"\n[locale]\ndecimal = \"\"\n"), HasSubstr("locale.decimal"));
  EXPECT_THAT(fault("language = \"de\"\n[locale]\ndezimal = \",\"\n"), HasSubstr("locale.dezimal: is none of"));
  EXPECT_THAT(fault("language = \"de\"\n[locale.plural]\none = \"i is 1\"\n"), HasSubstr("locale.plural.one"));
  EXPECT_THAT(fault("language = \"de\"\n[locale.plural]\nsome = \"i = 1\"\n"), HasSubstr("locale.plural.some"));
  EXPECT_THAT(fault("language = \"de\"\nopen = [\"a\"]\n"), HasSubstr("belongs to the built-in catalogue"));
  EXPECT_THAT(fault("language = \"de\n"), HasSubstr("xx.toml"));
}

TEST(MessagesTest, PluralFormsAreThoseOfTheLanguage) {
  constexpr std::string_view kRule =
      "language = \"pl\"\n[locale.plural]\none = \"i = 1 and v = 0\"\n"
      "few = \"v = 0 and i % 10 = 2..4 and i % 100 != 12..14\"\n";
  EXPECT_EQ(fault(std::string(kRule) + "[a]\ncells = { by = \"cells\", one = \"{cells} k\", few = \"{cells} ki\", "
                                       "other = \"{cells} ek\" }\n"),
            "");
  EXPECT_THAT(
      fault(std::string(kRule) + "[a]\ncells = { by = \"cells\", one = \"{cells} k\", other = \"{cells} ek\" }\n"),
      HasSubstr("xx.toml: a.cells: has no form \"few\""));
  EXPECT_THAT(fault(std::string(kRule) + "[a]\ncells = { by = \"cells\", one = \"{cells} k\" }\n"),
              HasSubstr("needs by = \"...\", the placeholder whose number decides, and the form \"other\""));
  EXPECT_THAT(fault("language = \"de\"\n[a]\ncells = { by = \"zellen\", other = \"{cells}\" }\n"),
              HasSubstr("by = \"zellen\" names no placeholder"));
  // "no cell" needs no number; without plural forms one sentence serves.
  EXPECT_EQ(fault("language = \"de\"\n[locale.plural]\none = \"i = 1 and v = 0\"\n"
                  "[a]\ncells = { by = \"cells\", one = \"eine Zelle\", other = \"{cells} Zellen\" }\n"),
            "");
  EXPECT_EQ(fault("language = \"ja\"\n[a]\ncells = \"{cells}\"\n"), "");
}

}  // namespace
}  // namespace her2
