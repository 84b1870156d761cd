// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/report/report_page.h"
#include "her2/report/status_text.h"

namespace her2 {

// A plain document with several faces. All texts are as they come; each face escapes them itself.
struct DocumentBlock {
  enum class Kind : std::uint8_t {
    section,    // `text` is its heading, of `level` 2 or 3
    paragraph,  // `text`
    quiet,      // `text`, less prominent
    warning,    // `text`, to be seen
    list,       // `lines`
    table,      // `head`, `rows`; the first cell of a row names it
    records,    // a table whose cells are long: in a terminal each row becomes a block of lines
    figure,     // `svg`, and what it shows as `text`: only where a page draws, and in HTML
  };
  using Cell = std::vector<std::string>;  // lines

  Kind kind = Kind::paragraph;
  int level = 2;
  std::string text;
  std::string anchor;  // section: its id in a page; [a-z0-9-_]
  std::string svg;     // figure
  std::vector<std::string> lines;
  std::vector<std::string> head;
  std::vector<std::vector<Cell>> rows;
};

struct Document {
  std::string title;
  std::string subtitle;
  std::vector<DocumentBlock> blocks;

  void section(int level, std::string heading, std::string anchor = {});
  void paragraph(std::string text);
  void quiet(std::string text);
  void warning(std::string text);
  void list(std::vector<std::string> lines);
  void figure(std::string svg, std::string words);
};

void write_document(ReportPage& page, const Document& document);

std::string document_text(const Document& document, const TextStyle& style = {});
std::string document_markdown(const Document& document);
std::string document_html(const Document& document);
// Its sections alone, for a page that holds more; what stands before the first section is in one without a heading.
std::string document_sections_html(const Document& document);

}  // namespace her2
