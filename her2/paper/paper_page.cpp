// SPDX-License-Identifier: Apache-2.0
#include "her2/paper/paper_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/plain_text.h"

namespace her2 {
namespace {

constexpr double kBody = 9;           // size of text, points
constexpr double kColumn = 4.6;       // a column of text on paper
constexpr double kSmallIndent = 5.5;  // a report's own left margin of two columns is none here

double indented(std::size_t columns) { return columns <= 2 ? 0 : static_cast<double>(columns - 2) * kSmallIndent; }

PaperStyle style_of(Ink ink) {
  switch (ink) {
    case Ink::strong: return {kBody, true, paper::kInk};
    case Ink::quiet: return {8, false, paper::kQuiet};
    case Ink::heading: return {11.5, true, paper::kInk};
    case Ink::warning: return {kBody, true, paper::kUnsettled};
    case Ink::positive: return {kBody, true, paper::kPositive};
    case Ink::negative: return {kBody, true, paper::kNegative};
    case Ink::normal: break;
  }
  return {kBody, false, paper::kInk};
}

struct Tint {
  PaperColour ink, ground;
};

Tint tint_of(Ink ink) {
  switch (ink) {
    case Ink::positive: return {paper::kPositive, paper::kPositiveGround};
    case Ink::negative: return {paper::kNegative, paper::kNegativeGround};
    case Ink::warning: return {paper::kUnsettled, paper::kUnsettledGround};
    default: return {paper::kNeutral, paper::kNeutralGround};
  }
}

}  // namespace

void PaperPage::blank() {
  flush();
  sheets_.skip(5);
}

void PaperPage::heading(std::string_view title, int level) {
  flush();
  const bool main = level <= 2;
  sheets_.need(main ? 62 : 46);  // a heading does not stand alone at the foot
  sheets_.skip(main ? 10 : 6);
  sheets_.bookmark(title, main ? 2 : 3);
  if (main && !sheets_.at_top()) {
    sheets_.line(0, sheets_.y(), sheets_.width(), sheets_.y(), paper::kLine);
    sheets_.skip(4);
  }
  sheets_.draw(title, {main ? 11.5 : 9.5, true, paper::kInk}, 0, sheets_.width(), main ? "H2" : "H3");
  sheets_.skip(2);
}

void PaperPage::divide() {
  flush();
  sheets_.need(110);
  sheets_.skip(16);
}

// The answer in large letters on a ground of its colour.
void PaperPage::banner(std::string_view left, Ink ink, std::string_view right) {
  flush();
  constexpr double kBar = 5, kPad = 9;
  const Tint tint = tint_of(ink);
  const PaperStyle large{first_banner_ ? 18.0 : 13.0, true, tint.ink};
  const PaperStyle small{kBody, false, paper::kInk};
  const double inside = sheets_.width() - kBar - 2 * kPad;
  const auto title = sheets_.text(left, large, inside);
  const auto more = sheets_.text(right, small, inside);
  const double title_tall = Sheets::height_of(title.get());
  const double more_tall = right.empty() ? 0 : Sheets::height_of(more.get());
  const double tall = std::min(title_tall + more_tall + 2 * kPad - 4, sheets_.height());
  sheets_.need(std::min(tall + 30, sheets_.height()));
  sheets_.bookmark(left, 1);
  const double top = sheets_.y();
  sheets_.fill(0, top, sheets_.width(), tall, tint.ground);
  sheets_.fill(0, top, kBar, tall, tint.ink);
  double used = 0;
  sheets_.begin("H1");
  sheets_.draw_lines(title.get(), 0, kBar + kPad, top + kPad - 2, tall - kPad, large, used);
  sheets_.end("H1");
  if (!right.empty()) {
    sheets_.begin("P");
    sheets_.draw_lines(more.get(), 0, kBar + kPad, top + kPad - 2 + used, tall - kPad - used, small, used);
    sheets_.end("P");
  }
  sheets_.advance(tall);
  sheets_.skip(5);
  first_banner_ = false;
}

void PaperPage::paragraph(std::string_view text, std::size_t indent, Ink ink) {
  flush();
  const double x = indented(indent);
  sheets_.draw(text, style_of(ink), x, sheets_.width() - x, "P");
  sheets_.skip(1.5);
}

void PaperPage::item(std::string_view mark, std::string_view text, std::size_t indent, Ink mark_ink, Ink text_ink) {
  flush();
  const PaperStyle style = style_of(text_ink);
  PaperStyle mark_style = style_of(mark_ink);
  mark_style.size = style.size;
  const double x = indented(indent);
  const auto sign = sheets_.text(mark, mark_style, -1);
  const double hang = std::max(11.0, Sheets::width_of(sign.get()) + 5);
  sheets_.need(style.size * (text_ink == Ink::strong ? 5 : 1.4));  // a strong item heads what follows
  double used = 0;
  sheets_.begin("L");
  sheets_.begin("LI");
  sheets_.begin("Lbl");
  sheets_.draw_lines(sign.get(), 0, x, sheets_.y(), sheets_.room(), mark_style, used);
  sheets_.end("Lbl");
  sheets_.draw(text, style, x + hang, sheets_.width() - x - hang, "LBody");
  sheets_.end("LI");
  sheets_.end("L");
  sheets_.skip(1.5);
}

void PaperPage::field(std::string_view label, std::string_view value, std::size_t label_width, Ink ink) {
  flush();
  const PaperStyle quiet{kBody, false, paper::kQuiet};
  const double column = std::min(static_cast<double>(label_width) * kColumn + 16, sheets_.width() / 2);
  const auto name = sheets_.text(label, quiet, column - 8);
  const double tall = std::min(Sheets::height_of(name.get()), sheets_.height());
  sheets_.need(tall);
  const double top = sheets_.y();
  const int page = sheets_.page();
  double used = 0;
  sheets_.begin("P");
  sheets_.draw_lines(name.get(), 0, 0, top, sheets_.room(), quiet, used);
  sheets_.end("P");
  sheets_.draw(value, style_of(ink), column, sheets_.width() - column, "P");
  if (sheets_.page() == page && sheets_.y() < top + tall) {
    sheets_.advance(top + tall - sheets_.y());
  }
  sheets_.skip(1.5);
}

void PaperPage::table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  flush();
  paper_table(sheets_, head, rows);
}

void PaperPage::sign_off(const std::string& by, const std::string& at) {
  flush();
  constexpr double kTall = 86;
  sheets_.need(kTall);
  heading(say("paper.sign_off"));
  const double column = sheets_.width() / 3;
  const double top = sheets_.y() + 26;
  const PaperStyle normal{kBody, false, paper::kInk};
  const PaperStyle quiet{7.5, false, paper::kQuiet};
  int n = 0;
  for (const auto& [label, value] : {std::pair<std::string, std::string>{say("paper.name"), by},
                                     {say("paper.date_and_time"), date_in(at)},
                                     {say("paper.signature"), ""}}) {
    const double x = column * n++;
    double used = 0;
    if (!value.empty()) {
      const auto filled = sheets_.text(value, normal, column - 14);
      const double tall = std::min(Sheets::height_of(filled.get()), 26.0);
      sheets_.begin("P");
      sheets_.draw_lines(filled.get(), 0, x, top - tall - 1, tall, normal, used);
      sheets_.end("P");
    }
    sheets_.line(x, top, x + column - 12, top, paper::kInk);
    const auto name = sheets_.text(label, quiet, column - 14);
    sheets_.begin("P");
    sheets_.draw_lines(name.get(), 0, x, top + 2, 20, quiet, used);
    sheets_.end("P");
  }
  sheets_.advance(kTall - 40);
}

void PaperPage::close() { flush(); }

}  // namespace her2
