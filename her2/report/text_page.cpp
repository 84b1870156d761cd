// SPDX-License-Identifier: Apache-2.0
#include "her2/report/text_page.h"

#include <algorithm>

#include "her2/language/say.h"
#include "her2/report/plain_text.h"

namespace her2 {
namespace {

constexpr std::size_t kMargin = 2;  // before tables and fields
constexpr std::size_t kGap = 3;     // between columns

const char* ansi(Ink ink) {
  switch (ink) {
    case Ink::strong: return "\x1b[1m";
    case Ink::quiet: return "\x1b[2m";
    case Ink::heading: return "\x1b[1;4m";
    case Ink::warning: return "\x1b[1;33m";
    case Ink::positive: return "\x1b[1;35m";
    case Ink::negative: return "\x1b[1;36m";
    case Ink::normal: break;
  }
  return "";
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    longest = std::max(longest, display_width(text.substr(at, end - at)));
    at = end + 1;
  }
  return longest;
}

// Widths of the columns side by side, or empty when they do not fit. The widest columns give way first, none below its
// longest word.
std::vector<std::size_t> fit(std::vector<std::size_t> wanted, const std::vector<std::size_t>& least, std::size_t room) {
  std::size_t total = kGap * (wanted.size() - 1);
  for (const std::size_t w : wanted) {
    total += w;
  }
  while (total > room) {
    std::size_t widest = wanted.size();
    for (std::size_t c = 0; c < wanted.size(); ++c) {
      if (wanted[c] > least[c] && (widest == wanted.size() || wanted[c] > wanted[widest])) {
        widest = c;
      }
    }
    if (widest == wanted.size()) {
      return {};
    }
    --wanted[widest];
    --total;
  }
  return wanted;
}

}  // namespace

Ink ink_of(Tone tone) {
  switch (tone) {
    case Tone::positive: return Ink::positive;
    case Tone::negative: return Ink::negative;
    case Tone::unsettled: return Ink::warning;
    case Tone::neutral: break;
  }
  return Ink::strong;
}

TextPage::TextPage(const TextStyle& style)
    : colour_(style.colour),
      unicode_(style.unicode && !style.ascii),
      ascii_(style.ascii),
      width_(static_cast<std::size_t>(std::clamp(style.width, 40, 100))) {}

std::string TextPage::clean(std::string_view text) const {
  std::string line = printable(text);
  return ascii_ ? ascii_only(line) : unicode_ ? line : plain_signs(line);
}

std::string TextPage::inked(std::string_view text, Ink ink) const {
  if (!colour_ || ink == Ink::normal || text.empty()) {
    return std::string(text);
  }
  return std::string(ansi(ink)).append(text).append("\x1b[0m");
}

void TextPage::line(std::string_view text) {
  out_ += text;
  while (out_.ends_with(' ')) {
    out_.pop_back();
  }
  out_ += '\n';
}

std::string TextPage::take() {
  if (const std::string untranslated = untranslated_words(); !untranslated.empty()) {
    paragraph(untranslated, 0, Ink::quiet);
  }
  return std::move(out_);
}

void TextPage::blank() {
  if (!out_.empty() && !out_.ends_with("\n\n")) {
    out_ += '\n';
  }
}

void TextPage::divide() {
  std::string rule;
  for (std::size_t i = 0; i < width_; ++i) {
    rule += "─";
  }
  blank();
  paragraph(rule, 0, Ink::quiet);
}

void TextPage::heading(std::string_view title, int /*level*/) {
  blank();
  paragraph(title, 0, Ink::heading);
}

void TextPage::banner(std::string_view left, Ink ink, std::string_view right) {
  const std::string head = clean(left);
  const std::string tail = clean(right);
  const std::size_t used = display_width(head) + display_width(tail);
  if (!tail.empty() && used + kGap <= width_) {
    line(inked(head, ink) + std::string(width_ - used, ' ') + inked(tail, Ink::quiet));
    return;
  }
  paragraph(left, 0, ink);
  if (!tail.empty()) {
    paragraph(right, 0, Ink::quiet);
  }
}

void TextPage::paragraph(std::string_view text, std::size_t indent, Ink ink) {
  for (const std::string& part : wrap(clean(text), width_ - indent)) {
    line(std::string(indent, ' ') + inked(part, ink));
  }
}

void TextPage::hanging(std::string_view first, std::size_t indent, std::string_view text, Ink mark_ink, Ink ink) {
  bool at_first = true;
  for (const std::string& part : wrap(text, width_ - indent)) {
    if (at_first) {
      const std::string mark(first.substr(0, first.find_last_not_of(' ') + 1));
      line(inked(mark, mark_ink) + std::string(first.size() - mark.size(), ' ') + inked(part, ink));
    } else {
      line(std::string(indent, ' ') + inked(part, ink));
    }
    at_first = false;
  }
}

void TextPage::item(std::string_view mark, std::string_view text, std::size_t indent, Ink mark_ink, Ink text_ink) {
  const std::string sign = std::string(indent, ' ') + clean(mark) + ' ';
  hanging(sign, display_width(sign), clean(text), mark_ink, text_ink);
}

void TextPage::field(std::string_view label, std::string_view value, std::size_t label_width, Ink ink) {
  const std::string name = clean(label);
  const std::size_t indent = kMargin + label_width + kGap;
  if (display_width(name) <= label_width && indent + 20 <= width_) {
    hanging(std::string(kMargin, ' ') + padded(name, label_width + kGap), indent, clean(value), Ink::quiet, ink);
    return;
  }
  paragraph(label, kMargin, Ink::quiet);
  paragraph(value, kMargin + 2, ink);
}

void TextPage::table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> cells{head};
  cells.insert(cells.end(), rows.begin(), rows.end());
  std::vector<std::size_t> wanted(head.size(), 1);
  std::vector<std::size_t> least(head.size(), 12);
  for (auto& row : cells) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      row[c] = clean(row[c]);
      wanted[c] = std::max(wanted[c], display_width(row[c]));
      least[c] = std::max(least[c], longest_word(row[c]));
    }
  }
  const auto widths = fit(wanted, least, width_ - kMargin);
  if (widths.empty()) {
    for (std::size_t r = 1; r < cells.size(); ++r) {
      for (std::size_t c = 0; c < head.size(); ++c) {
        if (!cells[r][c].empty()) {
          const std::string text = c == 0 ? cells[r][c] : cells[0][c] + ": " + cells[r][c];
          paragraph(text, c == 0 ? kMargin : kMargin + 2);
        }
      }
    }
    return;
  }
  for (std::size_t r = 0; r < cells.size(); ++r) {
    std::vector<std::vector<std::string>> parts;
    std::size_t height = 0;
    for (std::size_t c = 0; c < head.size(); ++c) {
      parts.push_back(wrap(cells[r][c], widths[c]));
      height = std::max(height, parts.back().size());
    }
    for (std::size_t l = 0; l < height; ++l) {
      std::string text(kMargin, ' ');
      for (std::size_t c = 0; c < head.size(); ++c) {
        const std::string cell = l < parts[c].size() ? parts[c][l] : std::string();
        const bool last = c + 1 == head.size();
        text += inked(cell, r == 0 ? Ink::quiet : Ink::normal);
        text += std::string(last ? 0 : widths[c] - display_width(cell) + kGap, ' ');
      }
      line(text);
    }
  }
}

}  // namespace her2
