// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "her2/report/words.h"

namespace her2 {

// What a piece of text is, for its colour.
enum class Ink : unsigned char { normal, strong, quiet, heading, warning, positive, negative };

Ink ink_of(Tone tone);

// What a report is written on. A report is written once (write_status, write_document, write_ihc, write_ish); the page
// makes lines of text (TextPage) or sheets of paper (paper/paper_pdf.h) of it, so that both say the same. Every text is
// handed in as it comes; the page makes it printable. Indents and label widths are in columns of text.
class ReportPage {
 public:
  ReportPage() = default;
  ReportPage(const ReportPage&) = delete;
  ReportPage& operator=(const ReportPage&) = delete;
  virtual ~ReportPage() = default;

  // Whether figures and pictures are shown; where not, their words are not printed either.
  [[nodiscard]] virtual bool draws() const { return false; }
  // The sign in front of items and "≥" may be used; else they are ASCII.
  [[nodiscard]] virtual bool unicode() const { return true; }

  // Columns of text in a line.
  [[nodiscard]] virtual std::size_t columns() const { return 80; }

  virtual void blank() = 0;
  // `level` 2: a section; 3: one within.
  virtual void heading(std::string_view title, int level = 2) = 0;
  // A line across: what follows is another specimen.
  virtual void divide() = 0;
  // `left` and, at the right margin where it fits beside it, `right`; else below.
  virtual void banner(std::string_view left, Ink ink, std::string_view right) = 0;
  virtual void paragraph(std::string_view text, std::size_t indent, Ink ink = Ink::normal) = 0;
  // `mark` at the indent, the text behind it with its further lines aligned.
  virtual void item(std::string_view mark, std::string_view text, std::size_t indent, Ink mark_ink = Ink::quiet,
                    Ink text_ink = Ink::normal) = 0;
  // Label in a column of `label_width`, the value behind it with its further lines aligned.
  virtual void field(std::string_view label, std::string_view value, std::size_t label_width,
                     Ink ink = Ink::normal) = 0;
  // Every row has as many cells as `head`.
  virtual void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) = 0;
  // A vector drawing in the classes of html_page.h, and what it shows in words.
  virtual void figure(std::string_view /*svg*/, std::string_view /*words*/) {}
  // A picture (the bytes of a PNG file) with its title and what it shows.
  virtual void picture(std::string_view /*png*/, std::string_view /*title*/, std::string_view /*words*/) {}
};

}  // namespace her2
