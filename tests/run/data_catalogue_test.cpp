// SPDX-License-Identifier: Apache-2.0
#include "her2/run/data_catalogue.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "fixture.h"
#include "her2/core/embedded.h"
#include "her2/language/say.h"
#include "her2/report/guideline_words.h"

namespace her2 {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

Texts bundled() {
  static const Texts kTexts = texts_of_data(test::real_catalog(), {});
  return kTexts;
}

Messages read_back(const std::string& toml) {
  auto read = Messages::read({{"xx.toml", "language = \"xx\"\n" + toml}}, &english_messages());
  EXPECT_TRUE(read) << read.error().text();
  return read.value_or(Messages());
}

TEST(DataCatalogueTest, IsReadBackWhole) {
  const Messages back = read_back(data_catalogue(bundled()));
  EXPECT_EQ(back.all().size(), bundled().size());
  const DataTranslation all = translated_data(back, bundled());
  EXPECT_EQ(all.said, bundled().size());
  EXPECT_THAT(all.outdated, testing::IsEmpty());
}

TEST(DataCatalogueTest, TextsTakenOverStandOnceAndAreSaidWhereverTheyAreUsed) {
  std::vector<std::string> keys;
  for (const auto& [key, text] : bundled()) {
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
  // Every text of every guideline is found again: nothing is counted as missing.
  const Messages back = read_back(data_catalogue(bundled()));
  const Speaking speaking(back);
  for (const Guideline& guideline : test::real_catalog().guidelines) {
    guideline_title(guideline);
    guideline_summary(guideline);
    guideline_unconfirmed(guideline);
    for (const Table& table : guideline.tables) {
      table_title(guideline, table);
      for (const Row& row : table.rows) {
        row_action(guideline, table, row);
        row_comment(guideline, table, row);
      }
    }
  }
  EXPECT_THAT(speaking.missing(), testing::IsEmpty());
}

TEST(DataCatalogueTest, AnOlderTextIsNamed) {
  const Texts texts{{"rule.a.title", "New"}, {"rule.b.title", "B"}, {"rule.c.title", "C"}};
  const Messages some =
      read_back("rule.a.title = { of = \"Old\", say = \"Alt\" }\nrule.b.title = { of = \"B\", say = \"Be\" }\n");
  const DataTranslation found = translated_data(some, texts);
  EXPECT_EQ(found.said, 1U);
  EXPECT_THAT(found.outdated, testing::ElementsAre("rule.a.title"));
}

TEST(DataCatalogueTest, QuotesWhatTomlWouldRead) {
  const Texts texts{
      {"fact.a.label", "say \"x\" \\ y\n  z"}, {"value.a.1.5", "one.five"}, {"guideline.g.t/r.action", "Do."}};
  const Messages back = read_back(data_catalogue(texts));
  EXPECT_EQ(back.all().size(), texts.size());
  EXPECT_EQ(translated_data(back, texts).said, texts.size());
}

}  // namespace
}  // namespace her2
