// SPDX-License-Identifier: Apache-2.0
#include "her2/report/document.h"

#include <utility>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/html_page.h"
#include "her2/report/markdown.h"
#include "her2/report/text_page.h"

namespace her2 {
namespace {

using Kind = DocumentBlock::Kind;

std::string joined(const DocumentBlock::Cell& cell) { return fmt::format("{}", fmt::join(cell, " ")); }

void text_block(ReportPage& page, const DocumentBlock& block) {
  switch (block.kind) {
    case Kind::section: page.heading(block.text, block.level); return;
    case Kind::paragraph: page.paragraph(block.text, 2); return;
    case Kind::quiet: page.paragraph(block.text, 2, Ink::quiet); return;
    case Kind::warning: page.item("!", block.text, 2, Ink::warning); return;
    case Kind::list:
      for (const std::string& line : block.lines) {
        page.item("•", line, 2);
      }
      return;
    case Kind::table: {
      std::vector<std::vector<std::string>> rows;
      for (const auto& row : block.rows) {
        auto& cells = rows.emplace_back();
        for (const DocumentBlock::Cell& cell : row) {
          cells.push_back(joined(cell));
        }
      }
      page.table(block.head, rows);
      return;
    }
    case Kind::records:
      for (const auto& row : block.rows) {
        page.blank();
        page.paragraph(joined(row[0]), 2, Ink::strong);
        for (std::size_t c = 1; c < row.size(); ++c) {
          for (const std::string& line : row[c]) {
            page.field(block.head[c], line, 10);
          }
        }
      }
      return;
    case Kind::figure:
      if (page.draws()) {
        page.figure(block.svg, block.text);
      }
      return;
  }
}

std::string markdown_block(const DocumentBlock& block) {
  std::string out;
  switch (block.kind) {
    case Kind::section:
      return fmt::format("{} {}\n\n", std::string(static_cast<std::size_t>(block.level), '#'),
                         markdown_text(block.text));
    case Kind::paragraph:
    case Kind::quiet: return markdown_text(block.text) + "\n\n";
    case Kind::warning: return fmt::format("**!** {}\n\n", markdown_text(block.text));
    case Kind::figure: return {};
    case Kind::list:
      for (const std::string& line : block.lines) {
        out += fmt::format("- {}\n", markdown_text(line));
      }
      return out + "\n";
    case Kind::table:
    case Kind::records: {
      std::vector<std::string> head;
      for (const std::string& name : block.head) {
        head.push_back(markdown_text(name));
      }
      std::vector<std::vector<std::string>> rows;
      for (const auto& row : block.rows) {
        auto& cells = rows.emplace_back();
        for (const DocumentBlock::Cell& cell : row) {
          std::vector<std::string> lines;
          for (const std::string& line : cell) {
            lines.push_back(markdown_text(line));
          }
          cells.push_back(fmt::format("{}", fmt::join(lines, "<br>")));
        }
      }
      return markdown_table(head, rows) + "\n";
    }
  }
  return out;
}

std::string html_table(const DocumentBlock& block) {
  const bool records = block.kind == Kind::records;
  std::string out = fmt::format("<table class=\"cards{}\">\n<thead><tr>",
                                records ? fmt::format(" records of-{}", block.head.size()) : "");
  for (const std::string& name : block.head) {
    out += fmt::format("<th scope=\"col\">{}</th>", html_text(name));
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : block.rows) {
    out += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      std::vector<std::string> lines;
      for (const std::string& line : row[c]) {
        lines.push_back(html_text(line));
      }
      const std::string cell = fmt::format("{}", fmt::join(lines, "<br>"));
      out += c == 0 ? fmt::format("<th scope=\"row\">{}</th>", cell)
                    : fmt::format("<td data-head=\"{}\">{}</td>", html_text(block.head[c]), cell);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string html_block(const DocumentBlock& block) {
  switch (block.kind) {
    case Kind::section:
      return fmt::format("<h{0}{1}>{2}</h{0}>\n", block.level,
                         block.anchor.empty() ? "" : fmt::format(" id=\"{}\"", html_text(block.anchor)),
                         html_text(block.text));
    case Kind::paragraph: return fmt::format("<p>{}</p>\n", html_text(block.text));
    case Kind::quiet: return fmt::format("<p class=\"quiet\">{}</p>\n", html_text(block.text));
    case Kind::warning:
      return fmt::format("<ul class=\"notices\"><li><strong aria-hidden=\"true\">! </strong>{}</li></ul>\n",
                         html_text(block.text));
    case Kind::list: {
      std::string out = "<ul>\n";
      for (const std::string& line : block.lines) {
        out += fmt::format("<li>{}</li>\n", html_text(line));
      }
      return out + "</ul>\n";
    }
    case Kind::table:
    case Kind::records: return html_table(block);
    case Kind::figure:
      return fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", block.svg, html_text(block.text));
  }
  return {};
}

}  // namespace

void Document::section(int level, std::string heading, std::string anchor) {
  DocumentBlock block;
  block.kind = Kind::section;
  block.level = level;
  block.text = std::move(heading);
  block.anchor = std::move(anchor);
  blocks.push_back(std::move(block));
}

void Document::paragraph(std::string text) {
  DocumentBlock block;
  block.text = std::move(text);
  blocks.push_back(std::move(block));
}

void Document::quiet(std::string text) {
  paragraph(std::move(text));
  blocks.back().kind = Kind::quiet;
}

void Document::warning(std::string text) {
  paragraph(std::move(text));
  blocks.back().kind = Kind::warning;
}

void Document::list(std::vector<std::string> lines) {
  DocumentBlock block;
  block.kind = Kind::list;
  block.lines = std::move(lines);
  blocks.push_back(std::move(block));
}

void Document::figure(std::string svg, std::string words) {
  paragraph(std::move(words));
  blocks.back().kind = Kind::figure;
  blocks.back().svg = std::move(svg);
}

void write_document(ReportPage& page, const Document& document) {
  page.banner(document.title, Ink::strong, {});
  if (!document.subtitle.empty()) {
    page.paragraph(document.subtitle, 0, Ink::quiet);
  }
  for (const DocumentBlock& block : document.blocks) {
    text_block(page, block);
  }
}

std::string document_text(const Document& document, const TextStyle& style) {
  TextPage page(style);
  write_document(page, document);
  return page.take();
}

std::string document_markdown(const Document& document) {
  std::string out = fmt::format("# {}\n\n", markdown_text(document.title));
  if (!document.subtitle.empty()) {
    out += markdown_text(document.subtitle) + "\n\n";
  }
  for (const DocumentBlock& block : document.blocks) {
    out += markdown_block(block);
  }
  while (out.ends_with("\n\n")) {
    out.pop_back();
  }
  const std::string untranslated = untranslated_words();
  return untranslated.empty() ? out : fmt::format("{}\n{}\n", out, markdown_text(untranslated));
}

std::string document_html(const Document& document) {
  std::string body = fmt::format(
      "<a class=\"skip\" href=\"#main\">{}</a>\n<main id=\"main\" class=\"wide\">\n<section "
      "class=\"card neutral\">\n"
      "<h1>{}</h1>\n<p>{}</p>\n</section>\n",
      html_say("document.skip_to_the_content"), html_text(document.title), html_text(document.subtitle));
  bool open = false;
  for (const DocumentBlock& block : document.blocks) {
    if (block.kind == Kind::section && block.level == 2) {
      body += open ? "</section>\n<section class=\"sheet\">\n" : "<section class=\"sheet\">\n";
      open = true;
    }
    body += html_block(block);
  }
  body += open ? "</section>\n</main>\n" : "</main>\n";
  return html_page(document.title, body);
}

std::string document_sections_html(const Document& document) {
  std::string out;
  for (const DocumentBlock& block : document.blocks) {
    if (out.empty() || (block.kind == Kind::section && block.level == 2)) {
      out += out.empty() ? "<section class=\"sheet\">\n" : "</section>\n<section class=\"sheet\">\n";
    }
    out += html_block(block);
  }
  return out.empty() ? out : out + "</section>\n";
}

}  // namespace her2
