// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "her2/paper/paper_page.h"

namespace her2 {
namespace {

constexpr double kGap = 10;           // between columns
constexpr double kPad = 2;            // above and below a row
constexpr double kLeast = 28;         // of a column
constexpr std::size_t kLooked = 200;  // rows that the widths are taken from, besides the longest

const PaperStyle kHeadStyle{7.5, true, paper::kQuiet};
const PaperStyle kCell{8.5, false, paper::kInk};
const PaperStyle kFirst{8.5, true, paper::kInk};

using Cells = std::vector<std::string>;

const PaperStyle& style_at(std::size_t column) { return column == 0 ? kFirst : kCell; }

// Width of the longest word, of which a part may be broken off where it is very long.
double longest_word(Sheets& sheets, const std::string& text, const PaperStyle& style) {
  double longest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) {
      longest = std::max(longest, Sheets::width_of(sheets.text(text.substr(at, end - at), style, -1).get()));
    }
    at = end + 1;
  }
  return longest;
}

// As wide as their content; where that is too much the widest give way, down to their longest word, then all alike.
std::vector<double> widths(Sheets& sheets, const Cells& head, const std::vector<Cells>& rows) {
  const std::size_t columns = head.size();
  std::vector<double> wanted(columns, kLeast);
  std::vector<double> least(columns, kLeast);
  const double room = sheets.width() - kGap * static_cast<double>(columns - 1);
  const auto look = [&](const Cells& row, bool is_head) {
    for (std::size_t c = 0; c < columns; ++c) {
      const PaperStyle& style = is_head ? kHeadStyle : style_at(c);
      wanted[c] = std::max(wanted[c], Sheets::width_of(sheets.text(row[c], style, -1).get()) + 1);
      least[c] = std::max(least[c], std::min(longest_word(sheets, row[c], style) + 1, room / 2));
    }
  };
  look(head, true);
  for (std::size_t r = 0; r < std::min(rows.size(), kLooked); ++r) {
    look(rows[r], false);
  }
  for (std::size_t c = 0; c < columns && rows.size() > kLooked; ++c) {  // of the rest, the longest
    look(*std::max_element(rows.begin(), rows.end(),
                           [c](const Cells& a, const Cells& b) { return a[c].size() < b[c].size(); }),
         false);
  }
  double total = 0;
  for (const double w : wanted) {
    total += w;
  }
  while (total > room + 0.01) {
    std::size_t widest = columns;
    for (std::size_t c = 0; c < columns; ++c) {
      if (wanted[c] > least[c] && (widest == columns || wanted[c] > wanted[widest])) {
        widest = c;
      }
    }
    if (widest == columns) {
      for (double& w : wanted) {
        w *= room / total;
      }
      return wanted;
    }
    const double cut = std::min({wanted[widest] - least[widest], total - room, 4.0});
    wanted[widest] -= cut;
    total -= cut;
  }
  return wanted;
}

class TableOnPaper {
 public:
  TableOnPaper(Sheets& sheets, const Cells& head, const std::vector<Cells>& rows)
      : sheets_(sheets), head_(head), rows_(rows), widths_(widths(sheets, head, rows)) {}

  void draw() {
    sheets_.begin("Table");
    const double first = rows_.empty() ? 0 : height(texts(rows_.front(), false));
    sheets_.need(std::min(height(texts(head_, true)) + first + 4 * kPad, sheets_.height()));
    row(head_, true);
    for (const Cells& cells : rows_) {
      row(cells, false);
    }
    sheets_.end("Table");
    sheets_.skip(4);
  }

 private:
  std::vector<PaperText> texts(const Cells& cells, bool is_head) {
    std::vector<PaperText> out;
    for (std::size_t c = 0; c < widths_.size(); ++c) {
      out.push_back(sheets_.text(cells[c], is_head ? kHeadStyle : style_at(c), widths_[c]));
    }
    return out;
  }

  static double height(const std::vector<PaperText>& texts) {
    double tall = 0;
    for (const PaperText& text : texts) {
      tall = std::max(tall, Sheets::height_of(text.get()));
    }
    return tall;
  }

  // Whole on a sheet where it fits on one; a taller row goes on over the sheets, cell by cell.
  void row(const Cells& cells, bool is_head) {
    const auto all = texts(cells, is_head);
    const double tall = height(all) + 2 * kPad;
    if (!is_head && sheets_.room() < tall && (tall < sheets_.height() / 2 || sheets_.room() < 40)) {
      again();
    }
    std::vector<int> next(all.size(), 0);
    bool open = true;
    while (open) {
      open = false;
      double used = 0;
      bool moved = false;
      sheets_.begin("TR");
      double x = 0;
      for (std::size_t c = 0; c < all.size(); ++c) {
        const char* tag = is_head || c == 0 ? "TH" : "TD";
        const int count = pango_layout_get_line_count(all[c].get());
        if (next[c] < count) {
          double down = 0;
          sheets_.begin(tag);
          const int to = sheets_.draw_lines(all[c].get(), next[c], x, sheets_.y() + kPad, sheets_.room() - 2 * kPad,
                                            is_head ? kHeadStyle : style_at(c), down);
          sheets_.end(tag);
          moved = moved || to > next[c];
          next[c] = to;
          open = open || to < count;
          used = std::max(used, down);
        }
        x += widths_[c] + kGap;
      }
      sheets_.end("TR");
      sheets_.advance(used + 2 * kPad);
      if (used > 0) {
        sheets_.line(0, sheets_.y(), sheets_.width(), sheets_.y(), paper::kLine, is_head ? 0.8 : 0.3);
      }
      if (open && (!moved || is_head)) {
        return;  // a head taller than a sheet: what does not fit is not worth a loop
      }
      if (open) {
        again();
      }
    }
  }

  void again() {
    sheets_.new_sheet();
    row(head_, true);
  }

  Sheets& sheets_;
  const Cells& head_;
  const std::vector<Cells>& rows_;
  std::vector<double> widths_;
};

}  // namespace

void paper_table(Sheets& sheets, const std::vector<std::string>& head,
                 const std::vector<std::vector<std::string>>& rows) {
  if (!head.empty()) {
    TableOnPaper(sheets, head, rows).draw();
  }
}

}  // namespace her2
