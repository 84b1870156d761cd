// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "her2/guideline/catalog.h"
#include "her2/report/guideline_document.h"
#include "her2/report/status_html.h"
#include "her2/report/status_json.h"
#include "her2/report/status_markdown.h"
#include "her2/report/status_text.h"
#include "tests/places.h"
#include "tests/report/cases.h"

namespace her2 {
namespace {

// Writes every face of every case to the folder HER2_PREVIEW, for looking at.
TEST(Preview, WritesEveryFace) {
  const char* folder = std::getenv("HER2_PREVIEW");
  if (folder == nullptr) {
    GTEST_SKIP() << "set HER2_PREVIEW to a folder";
  }
  const auto write = [&](const std::string& name, const std::string& content) {
    std::ofstream file(std::string(folder) + "/" + name, std::ios::binary);
    file << content;
    EXPECT_TRUE(file.good()) << name;
  };
  for (const auto& [name, status] : test::all_cases()) {
    write(name + ".txt", status_text(status, {.colour = true, .width = 90, .unicode = true}));
    write(name + ".html", status_html(status));
    write(name + ".md", status_markdown(status));
    write(name + ".json", status_json(status));
  }
  auto files = read_guideline_folder(test::source_folder() + "/guidelines");
  const auto catalog = files.and_then([](const GuidelineFiles& f) { return Catalog::load(f); });
  ASSERT_TRUE(catalog) << catalog.error().text();
  const TextStyle style{.colour = false, .width = 90, .unicode = true};
  write("list.txt", catalog_text(*catalog, style));
  for (const Guideline& guideline : catalog->guidelines) {
    write(guideline.id + ".md", guideline_markdown(guideline, catalog->dictionary));
    write(guideline.id + ".html", guideline_html(guideline, catalog->dictionary));
    write(guideline.id + ".txt", guideline_text(guideline, catalog->dictionary, style));
    const Table& table = guideline.tables.back();
    write(guideline.id + ".row.txt", explain_row(guideline, table, table.rows.front(), catalog->dictionary, style));
  }
}

}  // namespace
}  // namespace her2
