// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <pango/pangocairo.h>

#include "her2/paper/paper_pdf.h"

namespace her2 {

// 0xRRGGBB.
using PaperColour = std::uint32_t;

// Colours of print, as html_page.h has them.
namespace paper {
inline constexpr PaperColour kInk = 0x000000, kQuiet = 0x3d454d, kLine = 0xb5bcc4, kSoft = 0xf0f2f4, kPaper = 0xffffff;
inline constexpr PaperColour kPositive = 0x8a1561, kNegative = 0x0a5566, kUnsettled = 0x704600, kNeutral = 0x37424d;
inline constexpr PaperColour kPositiveGround = 0xfbeaf4, kNegativeGround = 0xe5f3f5, kUnsettledGround = 0xfff3d9,
                             kNeutralGround = 0xeef1f4;
}  // namespace paper

struct PaperStyle {
  double size = 9;  // points
  bool bold = false;
  PaperColour colour = paper::kInk;
};

struct CairoEnd {
  void operator()(cairo_t* it) const { cairo_destroy(it); }
  void operator()(cairo_surface_t* it) const { cairo_surface_destroy(it); }
  void operator()(void* it) const { g_object_unref(it); }
};
using PaperText = std::unique_ptr<PangoLayout, CairoEnd>;

// The sheets of a PDF file, filled from top to bottom. Lengths are points (1/72 inch). x counts from the left margin.
class Sheets {
 public:
  // `pages`: how many there will be, for "page 2 of 5".
  Sheets(const PaperOptions& options, int pages);

  // The font that text is really set in: kPaperFont where it is installed.
  [[nodiscard]] std::string font() const;

  [[nodiscard]] double width() const { return width_; }       // between the margins
  [[nodiscard]] double room() const { return bottom_ - y_; }  // down to the foot
  [[nodiscard]] double height() const { return bottom_ - top_; }
  [[nodiscard]] double y() const { return y_; }
  [[nodiscard]] bool at_top() const { return y_ <= top_; }
  [[nodiscard]] int page() const { return page_; }
  [[nodiscard]] int unknown_characters() const { return unknown_; }
  [[nodiscard]] cairo_t* cairo() { return cr_.get(); }
  [[nodiscard]] double left() const { return left_; }

  void skip(double points);     // white, but not at the top of a sheet
  void advance(double points);  // past what was drawn
  void need(double points);     // a new sheet unless there is that much room, or this one is empty
  void new_sheet();

  // Text made printable and broken to `width`; < 0: one line.
  PaperText text(std::string_view words, const PaperStyle& style, double width);
  static double width_of(PangoLayout* text);
  static double height_of(PangoLayout* text);

  // From line `first` on as many lines as fit below y into `room`; the number of the first that did not. `used` grows
  // by their height.
  int draw_lines(PangoLayout* text, int first, double x, double y, double room, const PaperStyle& style, double& used);
  // A whole text from y() down, over as many sheets as it takes, as an element `tag` of the structure ("P", "H2").
  void draw(std::string_view words, const PaperStyle& style, double x, double width, const char* tag);

  void fill(double x, double y, double width, double height, PaperColour colour);
  void line(double x0, double y0, double x1, double y1, PaperColour colour, double thick = 0.5);

  void begin(const char* tag);
  void end(const char* tag);
  // A bookmark to the place y(), below the last one of a smaller level (1, 2, 3).
  void bookmark(std::string_view words, int level);

  Result<std::string> finish();

 private:
  void head_and_foot();
  void properties();

  const PaperOptions& options_;
  int pages_;
  std::string bytes_;
  std::unique_ptr<cairo_surface_t, CairoEnd> surface_;
  std::unique_ptr<cairo_t, CairoEnd> cr_;
  std::unique_ptr<PangoFontMap, CairoEnd> fonts_;
  std::unique_ptr<PangoContext, CairoEnd> context_;
  double page_width_ = 0, page_height_ = 0, left_ = 0, width_ = 0, top_ = 0, bottom_ = 0, y_ = 0;
  int page_ = 1;
  int unknown_ = 0;
  std::vector<int> parents_;  // bookmarks that are open, by level
};

}  // namespace her2
