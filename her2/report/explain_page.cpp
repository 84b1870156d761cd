// SPDX-License-Identifier: Apache-2.0
#include "her2/report/explain_page.h"

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/html_page.h"

namespace her2 {
namespace {

constexpr const char* kStyle = R"css(
body.explain, main.explain { font-size:1.12rem; line-height:1.6; }
main.explain { max-width:44rem; }
main.explain section.sheet { padding:1.1rem 1.4rem; }
main.explain h1 { font-size:clamp(1.6rem,1.2rem + 2vw,2.2rem); margin:1.2rem 0 .4rem; }
main.explain h2 { font-size:1.28rem; }
main.explain p { margin:.5rem 0; max-width:38em; }
main.explain li { margin:.5rem 0; max-width:38em; }
main.explain .sources { font-size:.85rem; }
.ask li { list-style:none; position:relative; padding-left:.4rem; }
.ask li::before { content:"☐"; position:absolute; left:-1.2rem; }
@media print { main.explain { max-width:none; font-size:12pt; } main.explain section.sheet { border:0; padding:0;
  margin:.6rem 0; break-inside:avoid-page; } main.explain h2 { break-after:avoid; border-bottom:1px solid var(--line); }
  @page { margin:18mm 20mm; } }
)css";

}  // namespace

std::string explain_html(const PatientPage& page) {
  std::string body = fmt::format("<a class=\"skip\" href=\"#main\">{}</a>\n<main id=\"main\" class=\"explain\">\n",
                                 html_say("explain.skip_to_the_text"));
  body += fmt::format("<h1>{}</h1>\n<p class=\"quiet\">{}</p>\n", html_text(page.title),
                      html_say("explain.case_head", {{"case_id", html_text(page.case_id)}}));
  for (std::size_t i = 0; i < page.sections.size(); ++i) {
    const PatientSection& section = page.sections[i];
    const bool last = i + 1 == page.sections.size();
    body += fmt::format("<section class=\"sheet\">\n<h2>{}</h2>\n", html_text(section.heading));
    for (const auto& text : section.paragraphs) {
      body += fmt::format("<p>{}</p>\n", html_text(text));
    }
    if (!section.items.empty()) {
      const bool questions = section.items.front().ends_with('?');
      body += questions ? "<ul class=\"ask\">\n" : "<ul>\n";
      for (const auto& text : section.items) {
        body += fmt::format("<li>{}</li>\n", html_text(text));
      }
      body += "</ul>\n";
    }
    if (last && !page.sources.empty()) {
      body += "<ul class=\"sources\">\n";
      for (const auto& [key, citation] : page.sources) {
        body += fmt::format("<li>{}</li>\n", html_text(citation));
      }
      body += "</ul>\n";
    }
    body += "</section>\n";
  }
  body += "</main>\n";
  return html_page(say("explain.page_title", {{"title", page.title}, {"case_id", page.case_id}}), body, kStyle);
}

Document explain_document(const PatientPage& page) {
  Document out;
  out.title = page.title;
  out.subtitle = say("explain.case", {{"case", page.case_id}});
  for (const auto& section : page.sections) {
    out.section(2, section.heading);
    for (const auto& text : section.paragraphs) {
      out.paragraph(text);
    }
    if (!section.items.empty()) {
      out.list(section.items);
    }
  }
  std::vector<std::string> sources;
  for (const auto& [key, citation] : page.sources) {
    sources.push_back(citation);
  }
  out.list(std::move(sources));
  return out;
}

}  // namespace her2
