// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include <librsvg/rsvg.h>

#include "her2/paper/paper_page.h"
#include "her2/report/drawing_style.h"

namespace her2 {
namespace {

constexpr double kUnit = 0.62;  // points for a unit of a drawing
constexpr double kGap = 12;     // between pictures, and before their words
const PaperStyle kCaption{7.5, false, paper::kQuiet};
const PaperStyle kTitle{7.5, true, paper::kInk};

struct PngBytes {
  std::string_view bytes;
  std::size_t at = 0;
};

cairo_status_t give(void* from, unsigned char* to, unsigned int size) {
  auto& png = *static_cast<PngBytes*>(from);
  if (png.bytes.size() - png.at < size) {
    return CAIRO_STATUS_READ_ERROR;
  }
  std::memcpy(to, png.bytes.data() + png.at, size);
  png.at += size;
  return CAIRO_STATUS_SUCCESS;
}

using Drawing = std::unique_ptr<RsvgHandle, CairoEnd>;

Drawing drawing(std::string_view svg) {
  std::string whole(svg);
  if (whole.find("xmlns=") == std::string::npos) {  // not needed within HTML
    whole.insert(whole.find("<svg") + 4, " xmlns=\"http://www.w3.org/2000/svg\"");
  }
  Drawing out(rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(whole.data()), whole.size(), nullptr));
  const std::string style = drawing_style(kPaperFont);
  if (out && rsvg_handle_set_stylesheet(out.get(), reinterpret_cast<const guint8*>(style.data()), style.size(),
                                        nullptr) == FALSE) {
    out.reset();
  }
  return out;
}

}  // namespace

// The drawing at the left, its words beside it; below it where it is wide.
void PaperPage::figure(std::string_view svg, std::string_view words) {
  flush();
  const auto handle = svg.find("<svg") == std::string_view::npos ? nullptr : drawing(svg);
  RsvgRectangle box{};
  gboolean has_box = FALSE;
  if (handle) {
    rsvg_handle_get_intrinsic_dimensions(handle.get(), nullptr, nullptr, nullptr, nullptr, &has_box, &box);
  }
  if (has_box == FALSE || box.width <= 0 || box.height <= 0) {
    paragraph(words, 2, Ink::quiet);
    return;
  }
  const double wide = std::min(box.width * kUnit, sheets_.width());
  const double tall = wide * box.height / box.width;
  const bool beside = sheets_.width() - wide > 120;
  const auto caption = sheets_.text(words, kCaption, beside ? sheets_.width() - wide - kGap : sheets_.width());
  const double caption_tall = words.empty() ? 0 : Sheets::height_of(caption.get());
  const double all = beside ? std::max(tall, caption_tall) : tall + caption_tall + 3;
  sheets_.need(std::min(all + 4, sheets_.height()));
  const double top = sheets_.y();
  sheets_.begin("Figure");
  cairo_save(sheets_.cairo());
  const RsvgRectangle place{sheets_.left(), top, wide, tall};
  rsvg_handle_render_document(handle.get(), sheets_.cairo(), &place, nullptr);
  cairo_restore(sheets_.cairo());
  sheets_.end("Figure");
  double used = 0;
  sheets_.begin("Caption");
  sheets_.draw_lines(caption.get(), 0, beside ? wide + kGap : 0, beside ? top + 6 : top + tall + 3, sheets_.height(),
                     kCaption, used);
  sheets_.end("Caption");
  sheets_.advance(all);
  sheets_.skip(6);
}

// Large pictures stand alone, others side by side: two or three in a row.
void PaperPage::picture(std::string_view png, std::string_view title, std::string_view words) {
  PngBytes bytes{png};
  Tile tile;
  tile.image.reset(cairo_image_surface_create_from_png_stream(give, &bytes));
  if (cairo_surface_status(tile.image.get()) != CAIRO_STATUS_SUCCESS) {
    paragraph(title, 2, Ink::strong);
    paragraph(words, 2, Ink::quiet);
    return;
  }
  const double pixels = cairo_image_surface_get_width(tile.image.get());
  const double rows = std::max(1, cairo_image_surface_get_height(tile.image.get()));
  const std::size_t in_row = pixels < 420 ? 3 : rows > pixels / 3 ? 2 : 1;
  if (in_row != tiles_in_row_) {
    flush();
  }
  tiles_in_row_ = in_row;
  const auto n = static_cast<double>(in_row);
  const double column = (sheets_.width() - kGap * (n - 1)) / n;
  constexpr double kMostTall = 260;
  const double scale = std::min({column / pixels, kMostTall / rows, 0.75});
  tile.width = pixels * scale;
  tile.height = rows * scale;
  tile.title = title;
  tile.words = words;
  tiles_.push_back(std::move(tile));
  if (tiles_.size() == in_row) {
    flush();
  }
}

void PaperPage::flush() {
  if (tiles_.empty()) {
    return;
  }
  const std::vector<Tile> row = std::move(tiles_);
  tiles_.clear();
  const auto n = static_cast<double>(tiles_in_row_);
  const double column = (sheets_.width() - kGap * (n - 1)) / n;
  double image_tall = 0;
  double words_tall = 0;
  std::vector<std::pair<PaperText, PaperText>> texts;
  for (const Tile& tile : row) {
    texts.emplace_back(sheets_.text(tile.title, kTitle, column), sheets_.text(tile.words, kCaption, column));
    image_tall = std::max(image_tall, tile.height);
    words_tall = std::max(words_tall, Sheets::height_of(texts.back().first.get()) +
                                          (tile.words.empty() ? 0 : Sheets::height_of(texts.back().second.get())));
  }
  sheets_.need(std::min(image_tall + words_tall + 6, sheets_.height()));
  const double top = sheets_.y();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Tile& tile = row[i];
    const double x = static_cast<double>(i) * (column + kGap);
    cairo_t* const cr = sheets_.cairo();
    sheets_.begin("Figure");
    cairo_save(cr);
    cairo_translate(cr, sheets_.left() + x, top);
    cairo_scale(cr, tile.width / cairo_image_surface_get_width(tile.image.get()),
                tile.height / cairo_image_surface_get_height(tile.image.get()));
    cairo_set_source_surface(cr, tile.image.get(), 0, 0);
    cairo_paint(cr);
    cairo_restore(cr);
    sheets_.end("Figure");
    double used = 0;
    sheets_.begin("Caption");
    sheets_.draw_lines(texts[i].first.get(), 0, x, top + image_tall + 3, sheets_.height(), kTitle, used);
    sheets_.draw_lines(texts[i].second.get(), 0, x, top + image_tall + 3 + used, sheets_.height(), kCaption, used);
    sheets_.end("Caption");
  }
  sheets_.advance(image_tall + words_tall);
  sheets_.skip(10);
}

}  // namespace her2
