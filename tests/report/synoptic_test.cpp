// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include <nlohmann/json.hpp>

#include "her2/report/drawing_style.h"
#include "her2/report/plain_text.h"
#include "her2/report/synoptic.h"
#include "her2/report/text_page.h"
#include "tests/report/cases.h"

namespace her2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

UsedFact fact(const char* name, const char* value, const char* unit = "") {
  UsedFact out;
  out.name = out.label = name;
  out.value = value;
  out.unit = unit;
  return out;
}

Answer decided(const char* name, const char* value) {
  Answer out;
  out.fact = out.label = name;
  out.state = AnswerState::decided;
  out.values = {{value, "", "", {}}};
  return out;
}

CaseStatus breast_case() {
  CaseStatus status;
  status.case_id = "P-07";
  status.tumour = "breast";
  status.edition = "2023";
  SpecimenStatus s;
  s.id = "S1";
  s.facts = {fact("ihc_score", "2+"), fact("cells", "20", "cells"), fact("her2_total", "96", "signals"),
             fact("cep17_total", "60", "signals")};
  s.answers = {decided("her2_status", "negative"), decided("ish_group", "4"), decided("er_status", "low-positive")};
  status.specimens = {s};
  return status;
}

const SynopticElement* element(const SynopticReport& report, std::string_view id) {
  for (const SynopticGroup& group : report.groups) {
    for (const SynopticElement& e : group.elements) {
      if (e.id == id) {
        return &e;
      }
    }
  }
  return nullptr;
}

std::string value(const SynopticReport& report, std::string_view id) {
  const SynopticElement* e = element(report, id);
  return e == nullptr ? "(no element)" : e->value;
}

TEST(Synoptic, SaysWhatTheTemplateAsksFor) {
  const auto reports = synoptic_reports(breast_case());
  ASSERT_TRUE(reports);
  ASSERT_EQ(reports->size(), 1U);
  const SynopticReport& r = reports->front();
  EXPECT_EQ(value(r, "specimen"), "S1");
  EXPECT_EQ(value(r, "tests"), "ER, HER2 IHC, HER2 ISH");
  EXPECT_EQ(value(r, "her2_ihc"), "2+ (equivocal)");
  EXPECT_EQ(value(r, "her2_ish"), "negative by IHC and ISH together, group 4");
  EXPECT_EQ(value(r, "her2_copies"), "4.80 (of 96 signals in 20 cells)");  // 96 / 20
  EXPECT_EQ(value(r, "cep17_copies"), "3.00 (of 60 signals in 20 cells)");
  EXPECT_EQ(value(r, "her2_ratio"), "1.60");  // 96 / 60
  EXPECT_EQ(value(r, "handling"), "cannot be determined");
  EXPECT_EQ(value(r, "ki67_percent"), "(no element)");  // not tested, so not asked for
}

TEST(Synoptic, NamesWhatIsRequiredAndNotStated) {
  const SynopticReport r = synoptic_reports(breast_case())->front();
  EXPECT_THAT(r.missing, ElementsAre("ER, cells stained", "ER, average intensity", "ER, internal control",
                                     "Pattern of the 2+ staining"));
  TextPage page({});
  write_synoptic(page, {r});
  EXPECT_THAT(page.take(), HasSubstr("Required and not stated: ER, cells stained"));
}

TEST(Synoptic, IshOfEachGroup) {
  for (const auto& [group, status, words] :
       std::vector<std::array<const char*, 3>>{{"1", "positive", "positive, group 1"},
                                               {"5", "negative", "negative, group 5"},
                                               {"2", "negative", "negative by IHC and ISH together, group 2"},
                                               {"3", "positive", "positive by IHC and ISH together, group 3"},
                                               {"4", "recount", "pending, group 4: blinded recount due"}}) {
    CaseStatus made = breast_case();
    made.specimens[0].answers = {decided("her2_status", status), decided("ish_group", group)};
    EXPECT_EQ(value(synoptic_reports(made)->front(), "her2_ish"), words);
  }
  CaseStatus none = breast_case();
  none.specimens[0].answers.clear();
  EXPECT_EQ(value(synoptic_reports(none)->front(), "her2_ish"), "not performed");
}

TEST(Synoptic, GastricSaysThatItsElementsAreRemembered) {
  CaseStatus made = breast_case();
  made.tumour = "gastric";
  made.specimens[0].answers = {decided("her2_status", "positive"), decided("ish_result", "positive")};
  const SynopticReport r = synoptic_reports(made)->front();
  EXPECT_EQ(value(r, "her2_ish"), "positive");
  EXPECT_THAT(r.note, HasSubstr("remembered"));
  EXPECT_EQ(element(r, "er_result"), nullptr);
  made.tumour = "colorectal";
  EXPECT_FALSE(synoptic_reports(made));
  EXPECT_FALSE(synoptic_reports(test::empty_case()));
}

TEST(Synoptic, KeysComeFromTheUsersFileOnly) {
  const auto keys = parse_synoptic_keys("[keys]\nher2_ish = \"K1\"\n\"her2_ish.group-4\" = \"K1.4\"\n", "keys.toml");
  ASSERT_TRUE(keys) << keys.error().text();
  const SynopticReport with_keys = synoptic_reports(breast_case(), *keys)->front();
  const SynopticElement* e = element(with_keys, "her2_ish");
  ASSERT_NE(e, nullptr);
  EXPECT_EQ(e->key, "K1");
  EXPECT_EQ(e->value_key, "K1.4");
  const auto json = nlohmann::json::parse(synoptic_json({with_keys}));
  EXPECT_EQ(json[0]["case"], "P-07");
  EXPECT_EQ(json[0]["elements"][0]["key"], nullptr);
}

TEST(Synoptic, AWrongKeyFileIsOneSentence) {
  for (const char* text : {"", "[keys", "keys = 1", "[keys]\nno_such = \"x\"", "[keys]\ner_result = 3",
                           "[keys]\ner_result = \"\"", "[keys]\n[more]\n"}) {
    const auto keys = parse_synoptic_keys(text, "keys.toml");
    ASSERT_FALSE(keys) << text;
    EXPECT_THAT(keys.error().text(), HasSubstr("keys.toml"));
  }
  EXPECT_THAT(parse_synoptic_keys("[keys]\n\nno_such = \"x\"", "k").error().text(), HasSubstr("line 3, no_such"));
}

TEST(Synoptic, HostileTextsStayInTheirPlace) {
  for (const auto& named : test::all_cases()) {
    CaseStatus status = named.status;
    status.tumour = "breast";
    if (const auto reports = synoptic_reports(status)) {
      TextPage page({});
      write_synoptic(page, *reports);
      EXPECT_EQ(page.take().find('\x1b'), std::string::npos) << named.name;
      EXPECT_TRUE(nlohmann::json::accept(synoptic_json(*reports))) << named.name;
    }
  }
}

TEST(AsciiOnly, LettersLoseTheirMarksAndOthersBecomeNumbers) {
  EXPECT_EQ(ascii_only("Ångström, Łódź, Straße, Çelik, œuvre"), "Angstrom, Lodz, Strasse, Celik, oeuvre");
  EXPECT_EQ(ascii_only("≥ 10 % → 2 µm²"), ">= 10 % -> 2 um2");
  EXPECT_EQ(ascii_only("汉"), "<U+6C49>");
  for (char32_t c = 0xA0; c < 0x3000; ++c) {
    std::string text;
    append_utf8(text, c);
    for (const char byte : ascii_only(text)) {
      ASSERT_LT(static_cast<unsigned char>(byte), 0x80U) << static_cast<std::uint32_t>(c);
    }
  }
}

TEST(DrawingStyle, NamesNoColourThatPaperHasNot) {
  const std::string css = drawing_style("Noto Sans");
  EXPECT_THAT(css, Not(HasSubstr("var(")));
  EXPECT_THAT(css, HasSubstr("svg .g1 { fill:#f3d3e7; }"));
  EXPECT_THAT(css, HasSubstr("font-family:'Noto Sans'"));
}

}  // namespace
}  // namespace her2
