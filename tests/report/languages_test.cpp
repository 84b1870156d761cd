// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "her2/language/say.h"
#include "her2/report/html_page.h"
#include "her2/report/status_model.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

TEST(LanguagesTest, HtmlEscapesTheSentenceAndTakesValuesAsMarkup) {
  auto read = Messages::read({{"xx.toml", "language = \"xx\"\n[list]\nand = \"<b>{list}</b> & {last}\"\n"}},
                             &english_messages());
  ASSERT_TRUE(read);
  const Speaking speaking(*read);
  EXPECT_EQ(html_say("list.and", {{"list", "<em>a</em>"}, {"last", "b"}}), "&lt;b&gt;<em>a</em>&lt;/b&gt; &amp; b");
  EXPECT_NE(html_page("t", "").find("<html lang=\"xx\">"), std::string::npos);
}

TEST(LanguagesTest, TheResearchLineIsOne) { EXPECT_EQ(research_use(), kResearchUse); }

}  // namespace
}  // namespace her2
