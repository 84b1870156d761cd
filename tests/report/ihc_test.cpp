// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>

#include <nlohmann/json.hpp>

#include "her2/report/ihc_html.h"
#include "her2/report/ihc_json.h"
#include "her2/report/ihc_picture.h"
#include "her2/report/ihc_text.h"
#include "tests/report/ihc_reports.h"

namespace her2 {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TEST(IhcModel, Headlines) {
  const IhcHeadline plain = ihc_headline(test::plain_ihc());
  EXPECT_EQ(plain.score, "HER2 IHC 3+");
  EXPECT_EQ(plain.detail, "H-score 266 (261 to 270), 412,345 tumour cells");
  EXPECT_TRUE(plain.positive);
  EXPECT_EQ(ihc_headline(test::borderline_ihc()).score, "HER2 IHC 2+ (71 %) or 1+ (29 %)");
  EXPECT_EQ(ihc_headline(test::refused_ihc()).score, "No score");
  EXPECT_THAT(ihc_headline(test::refused_ihc()).detail, HasSubstr("looks like haematoxylin and eosin"));
  EXPECT_EQ(ihc_headline({}).score, "No score");
}

TEST(IhcModel, Numbers) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(1234567890), "1,234,567,890");
  EXPECT_EQ(interval_words({3.14, 3.14, 3.14}), "3.1");
  EXPECT_EQ(png_url("Man"), "data:image/png;base64,TWFu");
  EXPECT_EQ(png_url("Ma"), "data:image/png;base64,TWE=");
  EXPECT_EQ(png_url("M"), "data:image/png;base64,TQ==");
  EXPECT_EQ(png_url(""), "data:image/png;base64,");
}

TEST(IhcJson, TimingStandsApart) {
  IhcReport report = test::plain_ihc();
  const std::string first = ihc_json(report, false);
  report.timing.seconds = 3;
  EXPECT_EQ(ihc_json(report, false), first);
  EXPECT_NE(ihc_json(report), first);
  const json tree = json::parse(ihc_json(report));
  EXPECT_EQ(tree["schema"], kIhcSchema);
  EXPECT_EQ(tree["timing"]["seconds"], 3);
  EXPECT_EQ(tree["editions"][0]["ihc_score"], "3+");
  EXPECT_EQ(tree["shares"][8]["percent"]["value"], 73.1);
  EXPECT_THAT(ihc_json(report), Not(HasSubstr("base64")));
}

// Every face for people says what counts.
TEST(IhcFaces, SayTheSame) {
  for (const auto& [name, report] : test::all_ihc()) {
    const IhcHeadline head = ihc_headline(report);
    const std::string html = ihc_html(report);
    const std::string text = ihc_text(report, {.colour = false, .width = 100, .unicode = true});
    const std::string unbroken = std::regex_replace(html, std::regex("&nbsp;"), " ");
    EXPECT_THAT(unbroken, HasSubstr(head.score)) << name;
    EXPECT_THAT(text, HasSubstr(head.score)) << name;
    for (const std::string& must : {report.profile.name, report.software}) {
      EXPECT_THAT(html, HasSubstr(must)) << name;
    }
    EXPECT_THAT(text, HasSubstr(report.profile.name)) << name;
    EXPECT_THAT(html, HasSubstr("TX-0042 &lt;HER2&gt;.svs"));
    EXPECT_THAT(text, HasSubstr("TX-0042 <HER2>.svs"));
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_EQ(ihc_html(report), html);
    for (const auto& verdict : report.qc) {
      EXPECT_THAT(html, HasSubstr(verdict.reason)) << name;
    }
  }
  EXPECT_THAT(ihc_text(test::borderline_ihc()), HasSubstr("uncalibrated"));
  EXPECT_THAT(ihc_html(test::borderline_ihc()), HasSubstr("Dr A &amp; B"));
}

TEST(IhcFaces, AnEmptyReportIsStillAReport) {
  EXPECT_THAT(ihc_html({}), HasSubstr("No score"));
  EXPECT_THAT(ihc_text({}), HasSubstr("No score"));
  EXPECT_TRUE(json::parse(ihc_json({}))["refused"].get<bool>());
  EXPECT_THAT(histogram_svg(IhcReport{}, "h"), HasSubstr("</svg>"));
}

// Writes every face of every report to the folder HER2_PREVIEW, for looking at and for tests/system/ihc_report.py.
TEST(IhcPreview, WritesEveryFace) {
  const char* folder = std::getenv("HER2_PREVIEW");
  if (folder == nullptr) {
    GTEST_SKIP() << "set HER2_PREVIEW to a folder";
  }
  const auto write = [&](const std::string& name, const std::string& content) {
    std::ofstream file(std::string(folder) + "/" + name, std::ios::binary);
    file << content;
    EXPECT_TRUE(file.good()) << name;
  };
  for (const auto& [name, report] : test::all_ihc()) {
    write(name + ".txt", ihc_text(report, {.colour = true, .width = 90, .unicode = true}));
    write(name + ".html", ihc_html(report));
    write(name + ".json", ihc_json(report));
  }
}

}  // namespace
}  // namespace her2
