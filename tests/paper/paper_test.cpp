// SPDX-License-Identifier: Apache-2.0
// Reports on sheets. What poppler reads in them: tests/system/pdf_reports.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "her2/paper/paper_pdf.h"

namespace her2 {
namespace {

using testing::HasSubstr;
using testing::Not;

using Writer = std::function<void(ReportPage&)>;

// Pages of a PDF as cairo 1.16 writes it: its page objects are not compressed.
std::size_t pages(const std::string& pdf) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = pdf.find("/Type /Page", at)) != std::string::npos; at += 11) {
    count += pdf.compare(at, 12, "/Type /Pages") != 0 ? 1U : 0U;
  }
  return count;
}

std::string written(const Writer& write, const PaperOptions& options = {}) {
  const auto pdf = paper_pdf(options, write);
  EXPECT_TRUE(pdf) << pdf.error().text();
  return pdf.value_or("");
}

bool has_font() {
  const auto pdf = paper_pdf({}, [](ReportPage&) {});
  return pdf || pdf.error().reason.find("is not installed") == std::string::npos;
}

class Paper : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_font()) {
      GTEST_SKIP() << "fonts-noto-core is not installed";
    }
  }
};

TEST_F(Paper, AnEmptyReportIsOneSheet) {
  const std::string pdf = written([](ReportPage&) {});
  EXPECT_TRUE(pdf.starts_with("%PDF-1.5"));
  EXPECT_EQ(pages(pdf), 1U);
}

TEST_F(Paper, SameInputGivesSameBytesAndNoDate) {
  const Writer write = [](ReportPage& page) {
    page.banner("HER2 negative", Ink::negative, "case 1");
    page.table({"a", "b"}, {{"1", "2"}});
  };
  const std::string first = written(write);
  EXPECT_EQ(first, written(write));
  EXPECT_THAT(first, Not(HasSubstr("/CreationDate")));
  PaperOptions dated;
  dated.created = "2026-11-23T10:00:00Z";
  EXPECT_THAT(written(write, dated), HasSubstr("20261123100000"));
}

TEST_F(Paper, TenThousandRowsTakeAsManySheetsAsTheyNeed) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 10'000; ++i) {
    rows.push_back({fmt::format("cell {}", i), "2+", "0.31 OD"});
  }
  const std::string pdf = written([&](ReportPage& page) { page.table({"cell", "class", "contrast"}, rows); });
  // A row is a line of 8.5 points of Noto Sans (line height 1.362) and 4 points of white; A4 leaves 721.9 points less
  // the head of each sheet.
  const double row = 8.5 * 1.362 + 4;
  const double head = 7.5 * 1.362 + 4;
  const auto on_sheet = static_cast<std::size_t>((297 / 25.4 * 72 - 58 - 62 - head) / row);
  EXPECT_EQ(pages(pdf), (rows.size() + on_sheet - 1) / on_sheet);
}

TEST_F(Paper, WhatIsTallerThanASheetGoesOn) {
  std::string words;
  for (int i = 0; i < 4'000; ++i) {
    words += "word ";
  }
  EXPECT_GT(pages(written([&](ReportPage& page) { page.paragraph(words, 2); })), 3U);
  EXPECT_GT(pages(written([&](ReportPage& page) { page.item("1", words, 2); })), 3U);
  EXPECT_GT(pages(written([&](ReportPage& page) { page.field("label", words, 12); })), 3U);
  EXPECT_GT(pages(written([&](ReportPage& page) { page.table({"a", "b"}, {{"x", words}}); })), 3U);
  EXPECT_GE(pages(written([&](ReportPage& page) { page.banner(words, Ink::strong, words); })), 1U);
  EXPECT_GE(pages(written([&](ReportPage& page) { page.table({words, words}, {{words, words}}); })), 1U);
}

TEST_F(Paper, AnyBytesAreText) {
  std::string all;
  for (int c = 0; c < 256; ++c) {
    all += static_cast<char>(c);
  }
  for (const std::string& text :
       {all, std::string("\xE6\xB1\x89\xF0\x9F\xA7\xAC\xD7\xA9\xD9\x85"), std::string(), std::string(6'000, 'W')}) {
    PaperOptions options;
    options.title = options.running = options.subject = options.software = options.notice = options.signed_by = text;
    options.sign_off = true;
    const std::string pdf = written(
        [&](ReportPage& page) {
          page.banner(text, Ink::warning, text);
          page.heading(text, 3);
          page.divide();
          page.field(text, text, 1'000);
          page.item(text, text, 500);
          page.table({text, text}, {{text, text}, {"", ""}});
          page.figure(text, text);
          page.picture(text, text, text);
          page.paragraph(text, 1'000, Ink::quiet);
        },
        options);
    EXPECT_GE(pages(pdf), 1U);
  }
}

TEST_F(Paper, ADrawingThatIsNoneGivesItsWords) {
  for (const char* svg : {"<svg", "<svg>", "<svg viewBox=\"0 0 0 0\"></svg>", "<svg viewBox=\"0 0 9 9\"><g></svg>",
                          "<svg viewBox=\"0 0 1 1e9\"><rect width=\"1\" height=\"1\"/></svg>"}) {
    EXPECT_GE(pages(written([&](ReportPage& page) { page.figure(svg, "what it shows"); })), 1U) << svg;
  }
}

TEST_F(Paper, TheSheetsHaveTheirSize) {
  PaperOptions letter;
  letter.size = PaperSize::letter;
  EXPECT_THAT(written([](ReportPage&) {}, letter), HasSubstr("612 792"));
  EXPECT_THAT(written([](ReportPage&) {}), HasSubstr("595.275"));
}

}  // namespace
}  // namespace her2
