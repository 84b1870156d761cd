// SPDX-License-Identifier: Apache-2.0
// All faces say the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "her2/report/html_page.h"
#include "her2/report/markdown.h"
#include "her2/report/plain_text.h"
#include "her2/report/status_html.h"
#include "her2/report/status_json.h"
#include "her2/report/status_markdown.h"
#include "her2/report/status_text.h"
#include "her2/report/words.h"
#include "tests/report/cases.h"

namespace her2 {
namespace {

using testing::HasSubstr;

// Without blanks, so that wrapping and alignment do not matter.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n') {
      out += c;
    }
  }
  return out;
}

std::string without_tags(std::string_view html) {
  std::string out;
  bool tag = false;
  for (const char c : html) {
    tag = c == '<' || (tag && c != '>');
    if (!tag && c != '>') {
      out += c;
    }
  }
  return out;
}

// What a reader must find in every face for people.
std::vector<std::string> must_say(const CaseStatus& status) {
  std::vector<std::string> all{status.case_id, headline(status).status, headline(status).detail, status.software,
                               kResearchUse};
  all.insert(all.end(), status.unconfirmed.begin(), status.unconfirmed.end());
  all.insert(all.end(), status.changed_parameters.begin(), status.changed_parameters.end());
  for (const auto& [id, hash] : status.guidelines) {
    all.push_back(id);
    all.push_back(hash);
  }
  for (const auto& [key, text] : all_citations(status)) {
    all.push_back(key);
    all.push_back(text);
  }
  for (const SpecimenStatus& s : status.specimens) {
    all.insert(all.end(), {s.id, s.kind, s.site, s.date, s.refusal, s.conditional_on});
    all.insert(all.end(), s.notes.begin(), s.notes.end());
    for (const Answer& a : s.answers) {
      if (a.state != AnswerState::none && (&a != s.answers.data() || a.recorded)) {
        all.push_back(answer_words(a));
      }
      all.push_back(settled_words(a));
      if (&a == s.answers.data()) {
        for (const PossibleValue& v : a.values) {
          all.insert(all.end(), v.assumes.begin(), v.assumes.end());
          all.push_back(value_words(a.fact, v.value));
        }
      }
      for (const MetRow& r : a.rows) {
        all.insert(all.end(), {r.id(), conclusion_words(r), condition_words(r), citation_keys(r.citations)});
      }
    }
    for (const auto* pairs : {&s.actions, &s.comments}) {
      for (const auto& [text, row] : *pairs) {
        all.push_back(text);
        all.push_back(row);
      }
    }
    for (const Notice& n : s.notices) {
      all.push_back(n.says);
    }
    for (const WhatIf& w : s.changes) {
      all.insert(all.end(), {w.label, w.from, w.to, value_words(s.answers[0].fact, w.gives), w.row});
    }
    const Origins from = origins(s);
    all.push_back(from.shared);
    for (std::size_t i = 0; i < s.facts.size(); ++i) {
      all.insert(all.end(), {s.facts[i].label, with_unit(s.facts[i].value, s.facts[i].unit), from.each[i]});
    }
  }
  return all;
}

// Markdown's escapes and the fences of code spans, and the same signs of the text itself.
std::string without_escapes(std::string_view text) {
  std::string out = printable(text);
  std::erase_if(out, [](char c) { return c == '\\' || c == '`'; });
  return out;
}

void expect_says(const std::string& face, const std::string& content, const std::vector<std::string>& parts,
                 const std::function<std::string(std::string_view)>& shown) {
  const std::string haystack = squeezed(content);
  for (const std::string& part : parts) {
    const std::string needle = squeezed(shown(part));
    if (haystack.find(needle) == std::string::npos) {
      ADD_FAILURE() << face << " does not say: " << part.substr(0, 200);
    }
  }
}

TEST(Faces, EveryFaceSaysEverything) {
  for (const auto& [name, status] : test::all_cases()) {
    SCOPED_TRACE(name);
    const auto parts = must_say(status);
    expect_says("Markdown", without_escapes(status_markdown(status)), parts, without_escapes);
    const std::string html = status_html(status);
    expect_says("HTML", without_tags(html.substr(html.find("<body>"))), parts, html_text);
  }
}

TEST(Faces, MarkdownCodeSpansSayIdsAsTheyAre) {
  EXPECT_EQ(markdown_code("a_b"), "`a_b`");
  EXPECT_EQ(markdown_code("a`b"), "`` a`b ``");
  EXPECT_EQ(markdown_text("1. *x* | <b>"), "1\\. \\*x\\* \\| \\<b\\>");
  EXPECT_EQ(markdown_text("- x"), "\\- x");
}

// Cells of a text table are wrapped side by side, so the text face is asked for what stands outside tables.
TEST(Faces, TextSaysEverythingOutsideTables) {
  for (const auto& [name, status] : test::all_cases()) {
    if (name == "hostile") {
      continue;
    }
    SCOPED_TRACE(name);
    const std::string text = squeezed(status_text(status, {.colour = false, .width = 100, .unicode = true}));
    for (const SpecimenStatus& s : status.specimens) {
      for (const auto* pairs : {&s.actions, &s.comments}) {
        for (const auto& item : *pairs) {
          EXPECT_THAT(text, HasSubstr(squeezed(item.first)));
        }
      }
      for (const Notice& n : s.notices) {
        EXPECT_THAT(text, HasSubstr(squeezed(n.says)));
      }
      for (const Answer& a : s.answers) {
        EXPECT_THAT(text, HasSubstr(squeezed(settled_words(a))));
        for (const MetRow& r : a.rows) {
          EXPECT_THAT(text, HasSubstr(squeezed(r.id())));
          EXPECT_THAT(text, HasSubstr(squeezed(condition_words(r))));
        }
      }
      for (const UsedFact& f : s.facts) {
        EXPECT_THAT(text, HasSubstr(squeezed(f.label)));
      }
    }
    for (const auto& [key, cited] : all_citations(status)) {
      EXPECT_THAT(text, HasSubstr(squeezed(cited)));
    }
    EXPECT_THAT(text, HasSubstr(squeezed(kResearchUse)));
  }
}

TEST(Faces, SameStatusSameBytes) {
  EXPECT_EQ(status_html(test::several_case()), status_html(test::several_case()));
  EXPECT_EQ(status_json(test::several_case()), status_json(test::several_case()));
}

TEST(StatusHtml, TextOfTheCaseIsNeverMarkup) {
  const std::string html = status_html(test::hostile_case());
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<svg onload"), std::string::npos);
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_EQ(html.find('\x1b'), std::string::npos);
}

TEST(StatusHtml, FetchesNothing) {
  for (const auto& [name, status] : test::all_cases()) {
    const std::string html = status_html(status);
    for (const char* way : {"src=", "<link", "@import", "http://", "https://", "<script", "<iframe"}) {
      if (name != "hostile" || std::string(way) != "src=") {
        EXPECT_EQ(html.find(way), std::string::npos) << name << ' ' << way;
      }
    }
  }
}

TEST(StatusJson, ReadsBackTheSame) {
  for (const auto& [name, status] : test::all_cases()) {
    const auto tree = nlohmann::ordered_json::parse(status_json(status));
    EXPECT_EQ(tree.dump(2), status_json(status)) << name;
    EXPECT_EQ(nlohmann::ordered_json::parse(status_json(status, -1)), tree) << name;
    EXPECT_EQ(status_json(status, -1).find('\n'), std::string::npos) << name;
    EXPECT_EQ(tree["schema"], "her2-status/1");
    EXPECT_EQ(tree["specimens"].size(), status.specimens.size());
  }
}

TEST(StatusJson, KeepsExactNumbersAndDictionaryValues) {
  const auto tree = status_tree(test::ensemble_case());
  const auto& answer = tree["specimens"][0]["answers"][0];
  EXPECT_EQ(answer["values"][0]["probability"], "0.9375");
  EXPECT_EQ(answer["state"], "open");
  EXPECT_EQ(tree["specimens"][0]["ensemble"]["replicates"], 2000);
  EXPECT_TRUE(status_tree(test::refused_case())["specimens"][0]["refusal"].is_string());
}

TEST(Words, SharedOriginIsSaidOnce) {
  const Origins from = origins(test::decided_case().specimens[0]);
  EXPECT_EQ(from.shared, "demo-07.json");
  EXPECT_EQ(from.each.front(), "");
  EXPECT_EQ(from.each.back(), "from HER2 signals, all cells and CEP17 signals, all cells");
  SpecimenStatus mixed = test::decided_case().specimens[0];
  mixed.facts[1].source = "cohort.tsv, row 7, column cells";
  EXPECT_EQ(origins(mixed).shared, "");
  EXPECT_EQ(origins(mixed).each[1], "cohort.tsv, row 7, column cells");
}

TEST(Words, UnconfirmedPointsStandUnderTheirGuideline) {
  CaseStatus status = test::decided_case();
  status.unconfirmed = {"breast-her2-2018: one.", "breast-her2-2018: two.", "other: three."};
  const auto groups = unconfirmed_by_guideline(status);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].first, "breast-her2-2018");
  EXPECT_EQ(groups[0].second, (std::vector<std::string>{"one.", "two."}));
  EXPECT_EQ(groups[1].second, (std::vector<std::string>{"other: three."}));
}

TEST(Words, PercentagesAreExactWhereShort) {
  EXPECT_EQ(percent_words("0.7125"), "71.25 %");
  EXPECT_EQ(percent_words("5/7"), "71.4 %");
  EXPECT_EQ(percent_words("1"), "100 %");
  EXPECT_EQ(percent_words("?"), "?");
}

}  // namespace
}  // namespace her2
