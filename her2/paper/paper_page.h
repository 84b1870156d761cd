// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "her2/paper/sheets.h"
#include "her2/report/report_page.h"

namespace her2 {

// A report on sheets of paper. After the last call, close() ends what is open.
class PaperPage final : public ReportPage {
 public:
  explicit PaperPage(Sheets& sheets) : sheets_(sheets) {}

  [[nodiscard]] bool draws() const override { return true; }

  void blank() override;
  void heading(std::string_view title, int level = 2) override;
  void divide() override;
  void banner(std::string_view left, Ink ink, std::string_view right) override;
  void paragraph(std::string_view text, std::size_t indent, Ink ink = Ink::normal) override;
  void item(std::string_view mark, std::string_view text, std::size_t indent, Ink mark_ink = Ink::quiet,
            Ink text_ink = Ink::normal) override;
  void field(std::string_view label, std::string_view value, std::size_t label_width, Ink ink = Ink::normal) override;
  void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) override;
  void figure(std::string_view svg, std::string_view words) override;
  void picture(std::string_view png, std::string_view title, std::string_view words) override;

  // Lines to sign on; `by` and `at` stand there already when they are known.
  void sign_off(const std::string& by, const std::string& at);
  void close();

 private:
  struct Tile {
    std::unique_ptr<cairo_surface_t, CairoEnd> image;
    std::string title, words;
    double width = 0, height = 0;  // points
  };

  void flush();  // the pictures that wait for a full row
  [[nodiscard]] static double tall_of(const Tile& tile, double words);

  Sheets& sheets_;
  bool first_banner_ = true;
  std::vector<Tile> tiles_;
  std::size_t tiles_in_row_ = 0;
};

// A table over as many sheets as it takes, its head on each.
void paper_table(Sheets& sheets, const std::vector<std::string>& head,
                 const std::vector<std::vector<std::string>>& rows);

}  // namespace her2
