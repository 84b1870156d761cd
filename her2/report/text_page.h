// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "her2/report/report_page.h"
#include "her2/report/status_text.h"

namespace her2 {

// Builds wrapped and aligned text. Every text handed in is made printable; no line is wider than the style's width.
class TextPage final : public ReportPage {
 public:
  explicit TextPage(const TextStyle& style);

  [[nodiscard]] std::size_t columns() const override { return width_; }

  [[nodiscard]] bool unicode() const override { return unicode_; }

  void blank() override;
  void heading(std::string_view title, int level = 2) override;
  void divide() override;
  void banner(std::string_view left, Ink ink, std::string_view right) override;
  void paragraph(std::string_view text, std::size_t indent, Ink ink = Ink::normal) override;
  void item(std::string_view mark, std::string_view text, std::size_t indent, Ink mark_ink = Ink::quiet,
            Ink text_ink = Ink::normal) override;
  void field(std::string_view label, std::string_view value, std::size_t label_width, Ink ink = Ink::normal) override;
  // Columns as wide as their content, the last ones wrapped to what is left; where they do not fit side by side each
  // row becomes a block of lines.
  void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) override;

  // The page as made; behind it, how many texts have no translation, where there are any.
  [[nodiscard]] std::string take();

 private:
  [[nodiscard]] std::string clean(std::string_view text) const;
  [[nodiscard]] std::string inked(std::string_view text, Ink ink) const;
  void line(std::string_view text);
  void hanging(std::string_view first, std::size_t indent, std::string_view text, Ink mark_ink, Ink ink);

  bool colour_;
  bool unicode_;
  bool ascii_;
  std::size_t width_;
  std::string out_;
};

}  // namespace her2
