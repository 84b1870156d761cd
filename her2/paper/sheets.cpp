// SPDX-License-Identifier: Apache-2.0
#include "her2/paper/sheets.h"

#include <algorithm>

#include <cairo-pdf.h>
#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/plain_text.h"

namespace her2 {
namespace {

constexpr double kSide = 50;  // margins, points
constexpr double kHead = 58;  // where the text begins
constexpr double kFoot = 62;  // room below the text
// The font and, for arrows and signs that it lacks, others of the same Debian package.
constexpr const char* kFamilies = "Noto Sans,Noto Sans Math,Noto Sans Symbols,Noto Sans Symbols2";
constexpr double kSmall = 7.5;  // size of head and foot
// Pango's time grows with the square of a word's length, so longer words are broken by blanks. A text that is longer
// than any report's is cut, and says so. Bytes.
constexpr std::size_t kLongestWord = 1'000;
constexpr std::size_t kMost = 200'000;

cairo_status_t take(void* bytes, const unsigned char* data, unsigned int size) {
  for (unsigned int i = 0; i < size; ++i) {
    static_cast<std::string*>(bytes)->push_back(static_cast<char>(data[i]));
  }
  return CAIRO_STATUS_SUCCESS;
}

void colour(cairo_t* cr, PaperColour c) {
  cairo_set_source_rgb(cr, (c >> 16U & 255U) / 255.0, (c >> 8U & 255U) / 255.0, (c & 255U) / 255.0);
}

// The end of the last whole UTF-8 character within `bytes` of a printable text.
std::size_t whole_letters(std::string_view text, std::size_t bytes) {
  std::size_t at = std::min(bytes, text.size());
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
    --at;
  }
  return at;
}

// Printable, a number and its % on one line, no word over kLongestWord, at most kMost bytes.
std::string for_paper(std::string_view words) {
  std::string line = printable(words);
  for (std::size_t at = 0; (at = line.find(" %", at)) != std::string::npos;) {
    line.replace(at, 1, "\u00a0");
  }
  if (line.size() > kMost) {
    const std::size_t at = whole_letters(line, kMost);
    line = line.substr(0, at) + fmt::format(" [{} bytes more]", line.size() - at);
  }
  std::string out;
  std::string_view rest = line;
  while (rest.size() > kLongestWord) {
    const std::size_t blank = rest.substr(0, kLongestWord).rfind(' ');
    const bool broken = blank == std::string_view::npos;
    const std::size_t end = broken ? whole_letters(rest, kLongestWord) : blank + 1;
    out.append(rest.substr(0, end)).append(broken ? " " : "");
    rest.remove_prefix(end);
  }
  return out.append(rest);
}

}  // namespace

Sheets::Sheets(const PaperOptions& options, int pages) : options_(options), pages_(pages) {
  const bool a4 = options.size == PaperSize::a4;
  page_width_ = a4 ? 210 / 25.4 * 72 : 612;
  page_height_ = a4 ? 297 / 25.4 * 72 : 792;
  left_ = kSide;
  width_ = page_width_ - 2 * kSide;
  top_ = kHead;
  bottom_ = page_height_ - kFoot;
  y_ = top_;
  surface_.reset(cairo_pdf_surface_create_for_stream(take, &bytes_, page_width_, page_height_));
  cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
  properties();
  cr_.reset(cairo_create(surface_.get()));
  // Pango's fonts of this thread, loaded once; the context is our own.
  context_.reset(pango_font_map_create_context(pango_cairo_font_map_get_default()));
  pango_cairo_context_set_resolution(context_.get(), 72);
  // Shapes as designed, wherever they stand: the same layout on every machine.
  cairo_font_options_t* plain = cairo_font_options_create();
  cairo_font_options_set_hint_style(plain, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(plain, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(plain, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context_.get(), plain);
  cairo_font_options_destroy(plain);
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
  pango_context_set_language(context_.get(), pango_language_from_string("en"));
  parents_.assign(4, CAIRO_PDF_OUTLINE_ROOT);
  begin("Document");
  head_and_foot();
}

void Sheets::properties() {
  const auto set = [&](cairo_pdf_metadata_t what, const std::string& value) {
    if (!value.empty()) {
      cairo_pdf_surface_set_metadata(surface_.get(), what, printable(value).c_str());
    }
  };
  set(CAIRO_PDF_METADATA_TITLE, options_.title);
  set(CAIRO_PDF_METADATA_SUBJECT, options_.subject);
  set(CAIRO_PDF_METADATA_AUTHOR, options_.signed_by);
  set(CAIRO_PDF_METADATA_CREATOR, options_.software);
  // An empty date keeps cairo from putting in that of the machine.
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, options_.created.c_str());
}

std::string Sheets::font() const {
  const std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)> wanted(
      pango_font_description_from_string(kPaperFont), pango_font_description_free);
  const std::unique_ptr<PangoFont, CairoEnd> font(pango_context_load_font(context_.get(), wanted.get()));
  if (!font) {
    return {};
  }
  const std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)> found(
      pango_font_describe(font.get()), pango_font_description_free);
  const char* family = pango_font_description_get_family(found.get());
  return family == nullptr ? std::string() : std::string(family);
}

void Sheets::head_and_foot() {
  const PaperStyle small{kSmall, false, paper::kQuiet};
  double unused = 0;
  const auto right = text(options_.title, small, width_ / 2);
  const double taken = width_of(right.get());
  draw_lines(right.get(), 0, width_ - taken, 34, 12, small, unused);
  const auto left = text(options_.running, {kSmall, true, paper::kQuiet}, width_ - taken - 20);
  pango_layout_set_height(left.get(), -1);  // one line; the rest is cut with "..."
  pango_layout_set_ellipsize(left.get(), PANGO_ELLIPSIZE_END);
  draw_lines(left.get(), 0, 0, 34, 12, small, unused);
  line(0, 48, width_, 48, paper::kLine);
  const auto number = text(say("paper.page", {{"page", page_}, {"pages", std::max(pages_, page_)}}), small, -1);
  const double wide = width_of(number.get());
  const double at = page_height_ - kFoot + 18;
  line(0, at - 5, width_, at - 5, paper::kLine);
  draw_lines(number.get(), 0, width_ - wide, at, 12, small, unused);
  const auto notice = text(options_.notice, small, width_ - wide - 24);
  draw_lines(notice.get(), 0, 0, at, 24, small, unused);
}

void Sheets::skip(double points) {
  if (!at_top()) {
    y_ = std::min(y_ + points, bottom_);
  }
}

void Sheets::advance(double points) { y_ = std::min(y_ + points, bottom_); }

void Sheets::need(double points) {
  if (room() < points && !at_top()) {
    new_sheet();
  }
}

void Sheets::new_sheet() {
  cairo_show_page(cr_.get());
  ++page_;
  y_ = top_;
  head_and_foot();
}

PaperText Sheets::text(std::string_view words, const PaperStyle& style, double width) {
  PaperText out(pango_layout_new(context_.get()));
  const std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)> font(pango_font_description_new(),
                                                                                           pango_font_description_free);
  pango_font_description_set_family_static(font.get(), kFamilies);
  pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
  pango_layout_set_font_description(out.get(), font.get());
  pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width(out.get(), width < 0 ? -1 : static_cast<int>(std::max(width, 1.0) * PANGO_SCALE));
  const std::string line = for_paper(words);
  pango_layout_set_text(out.get(), line.data(), static_cast<int>(line.size()));
  unknown_ += pango_layout_get_unknown_glyphs_count(out.get());
  return out;
}

double Sheets::width_of(PangoLayout* text) {
  PangoRectangle box{};
  pango_layout_get_extents(text, nullptr, &box);
  return static_cast<double>(box.width) / PANGO_SCALE;
}

double Sheets::height_of(PangoLayout* text) {
  PangoRectangle box{};
  pango_layout_get_extents(text, nullptr, &box);
  return static_cast<double>(box.height) / PANGO_SCALE;
}

int Sheets::draw_lines(PangoLayout* text, int first, double x, double y, double room, const PaperStyle& style,
                       double& used) {
  const double wide = static_cast<double>(pango_layout_get_width(text)) / PANGO_SCALE;
  double down = 0;
  int at = first;
  for (; at < pango_layout_get_line_count(text); ++at) {
    PangoLayoutLine* const line = pango_layout_get_line_readonly(text, at);
    PangoRectangle box{};
    pango_layout_line_get_extents(line, nullptr, &box);
    const double tall = static_cast<double>(box.height) / PANGO_SCALE;
    if (down + tall > room + 0.01) {
      break;
    }
    const bool from_right = line->resolved_dir == PANGO_DIRECTION_RTL && wide > 0;
    colour(cr_.get(), style.colour);
    cairo_move_to(cr_.get(),
                  left_ + x + (from_right ? std::max(0.0, wide - static_cast<double>(box.width) / PANGO_SCALE) : 0),
                  y + down - static_cast<double>(box.y) / PANGO_SCALE);
    pango_cairo_show_layout_line(cr_.get(), line);
    down += tall;
  }
  used += down;
  return at;
}

void Sheets::draw(std::string_view words, const PaperStyle& style, double x, double width, const char* tag) {
  const auto lines = text(words, style, width);
  const int count = pango_layout_get_line_count(lines.get());
  int at = 0;
  while (at < count) {
    begin(tag);
    double used = 0;
    const int next = draw_lines(lines.get(), at, x, y_, room(), style, used);
    end(tag);
    y_ += used;
    if (next < count) {
      if (next == at && at_top()) {
        return;  // no line of this size fits on a sheet
      }
      new_sheet();
    }
    at = next;
  }
}

void Sheets::fill(double x, double y, double width, double height, PaperColour c) {
  colour(cr_.get(), c);
  cairo_rectangle(cr_.get(), left_ + x, y, width, height);
  cairo_fill(cr_.get());
}

void Sheets::line(double x0, double y0, double x1, double y1, PaperColour c, double thick) {
  colour(cr_.get(), c);
  cairo_set_line_width(cr_.get(), thick);
  cairo_move_to(cr_.get(), left_ + x0, y0);
  cairo_line_to(cr_.get(), left_ + x1, y1);
  cairo_stroke(cr_.get());
}

void Sheets::begin(const char* tag) { cairo_tag_begin(cr_.get(), tag, nullptr); }

void Sheets::end(const char* tag) { cairo_tag_end(cr_.get(), tag); }

void Sheets::bookmark(std::string_view words, int level) {
  const auto at = static_cast<std::size_t>(std::clamp(level, 1, 3));
  const std::string place = fmt::format("page={} pos=[{:.1f} {:.1f}]", page_, left_, std::max(y_ - 6, 0.0));
  const int made =
      cairo_pdf_surface_add_outline(surface_.get(), parents_[at - 1], printable(words).c_str(), place.c_str(),
                                    at == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : static_cast<cairo_pdf_outline_flags_t>(0));
  std::fill(parents_.begin() + static_cast<std::ptrdiff_t>(at), parents_.end(), made);
}

Result<std::string> Sheets::finish() {
  end("Document");
  cairo_show_page(cr_.get());
  const cairo_status_t drawn = cairo_status(cr_.get());
  cr_.reset();
  cairo_surface_finish(surface_.get());
  const cairo_status_t written = cairo_surface_status(surface_.get());
  for (const cairo_status_t status : {drawn, written}) {
    if (status != CAIRO_STATUS_SUCCESS) {
      return fail(fmt::format("the PDF could not be drawn: {}", cairo_status_to_string(status)));
    }
  }
  return std::move(bytes_);
}

}  // namespace her2
