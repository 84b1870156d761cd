// SPDX-License-Identifier: Apache-2.0
#include "her2/report/guideline_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "her2/report/html_page.h"
#include "her2/report/markdown.h"
#include "her2/report/plain_text.h"
#include "tests/places.h"

namespace her2 {
namespace {

using testing::HasSubstr;

const Catalog& catalog() {
  static const Catalog loaded = [] {
    auto files = read_guideline_folder(test::source_folder() + "/guidelines");
    auto result = files.and_then([](const GuidelineFiles& f) { return Catalog::load(f); });
    if (!result) {
      ADD_FAILURE() << result.error().text();
      std::abort();
    }
    return std::move(*result);
  }();
  return loaded;
}

void expect_narrow(const std::string& text, std::size_t width) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    ASSERT_LE(display_width(line), width) << line;
  }
}

TEST(GuidelineDocument, HoldsEveryRowFlagSourceAndDoubt) {
  for (const Guideline& g : catalog().guidelines) {
    SCOPED_TRACE(g.id);
    const std::string html = guideline_html(g, catalog().dictionary);
    const std::string markdown = guideline_markdown(g, catalog().dictionary);
    const auto both = [&](const std::string& text) {
      EXPECT_THAT(html, HasSubstr(html_text(text)));
      EXPECT_THAT(markdown, HasSubstr(markdown_text(text)));
    };
    both(g.title);
    both(g.hash);
    for (const std::string& point : g.unconfirmed) {
      both(point);
    }
    for (const auto& [key, text] : g.sources) {
      both(key);
      both(text);
    }
    for (const Parameter& p : g.parameters) {
      both(p.name);
    }
    for (const Table& table : g.tables) {
      both(table.title);
      for (const Row& row : table.rows) {
        both(row.id);
        for (const auto& [fact, value] : row.then) {
          both(catalog().dictionary[fact].label + ": " + catalog().dictionary[fact].values[value]);
        }
      }
    }
    for (const Flag& flag : g.flags) {
      both(flag.id);
    }
  }
}

TEST(GuidelineDocument, ExplainsARow) {
  const Guideline& g = *catalog().guideline("breast-her2-2018");
  const Table& table = *g.table("dual_probe");
  const std::string text = explain_row(g, table, table.rows[3], catalog().dictionary);
  EXPECT_THAT(text, HasSubstr("breast-her2-2018 dual_probe/group-4"));
  EXPECT_THAT(text, HasSubstr("4.0 ≤ "));
  EXPECT_THAT(text, HasSubstr("ratio < 2.0 and 4.0 <= copies and copies < 6.0"));
  EXPECT_THAT(text, HasSubstr("pocket card"));
  const Table& ihc = *g.table("ihc");
  EXPECT_THAT(explain_row(g, ihc, ihc.rows[2], catalog().dictionary), HasSubstr("“at least weak complete” is"));
}

TEST(GuidelineDocument, TextKeepsToTheWidth) {
  for (const int width : {60, 80, 100}) {
    const TextStyle style{.colour = false, .width = width, .unicode = true};
    expect_narrow(catalog_text(catalog(), style), static_cast<std::size_t>(width));
    for (const Guideline& g : catalog().guidelines) {
      expect_narrow(guideline_text(g, catalog().dictionary, style), static_cast<std::size_t>(width));
      for (const Table& table : g.tables) {
        expect_narrow(explain_table(g, table, catalog().dictionary, style), static_cast<std::size_t>(width));
        for (const Row& row : table.rows) {
          expect_narrow(explain_row(g, table, row, catalog().dictionary, style), static_cast<std::size_t>(width));
        }
      }
      for (const Flag& flag : g.flags) {
        expect_narrow(explain_flag(g, flag, catalog().dictionary, style), static_cast<std::size_t>(width));
      }
    }
  }
}

TEST(GuidelineDocument, ListNamesEverything) {
  const std::string text = catalog_text(catalog());
  for (const Guideline& g : catalog().guidelines) {
    EXPECT_THAT(text, HasSubstr(g.id));
  }
  for (const Scheme& s : catalog().schemes) {
    EXPECT_THAT(text, HasSubstr(s.id));
  }
}

}  // namespace
}  // namespace her2
