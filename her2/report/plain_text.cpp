// SPDX-License-Identifier: Apache-2.0
#include "her2/report/plain_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool in_any(char32_t c, const auto& ranges) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const auto& range) { return c >= range.first && c <= range.second; });
}

using Range = std::pair<char32_t, char32_t>;

// Marks without a width, and signs that take two columns (the blocks that occur in names; not all of Unicode).
constexpr std::array<Range, 5> kNoWidth{
    {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};
constexpr std::array<Range, 8> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0x1F300, 0x1FAFF}}};
// Control characters and what changes the direction of text.
constexpr std::array<Range, 6> kControl{
    {{0x00, 0x1F}, {0x7F, 0x9F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}}};

std::size_t width_of(char32_t c) {
  if (c < 0x300) {
    return 1;
  }
  if (in_any(c, kNoWidth)) {
    return 0;
  }
  return in_any(c, kWide) ? 2 : 1;
}

// Number of bytes that follow a lead byte, or -1.
int followers(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) {
    return 1;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return 2;
  }
  return lead >= 0xF0 && lead <= 0xF4 ? 3 : -1;
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  ++at;
  if (lead < 0x80) {
    return lead;
  }
  const int more = followers(lead);
  if (more < 0 || at + static_cast<std::size_t>(more) > text.size()) {
    return kReplacement;
  }
  auto code = static_cast<char32_t>(lead & (0x3F >> more));
  for (int i = 0; i < more; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
    if ((byte & 0xC0) != 0x80) {
      return kReplacement;
    }
    code = (code << 6) | (byte & 0x3FU);
  }
  const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    return kReplacement;
  }
  at += static_cast<std::size_t>(more);
  return code;
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == '\n' || c == '\r' || c == '\t') {
      if (!out.ends_with(' ')) {
        out.push_back(' ');
      }
    } else {
      append_utf8(out, in_any(c, kControl) ? kReplacement : c);
    }
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    width += width_of(next_code_point(text, at));
  }
  return width;
}

std::string plain_signs(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kSigns{{{"≥", ">="},
                                                                                         {"≤", "<="},
                                                                                         {"≠", "!="},
                                                                                         {"×", "x"},
                                                                                         {"→", "->"},
                                                                                         {"·", "|"},
                                                                                         {"•", "-"},
                                                                                         {"“", "\""},
                                                                                         {"”", "\""},
                                                                                         {"─", "-"}}};
  std::string out;
  while (!text.empty()) {
    const auto* sign =
        std::find_if(kSigns.begin(), kSigns.end(), [&](const auto& s) { return text.starts_with(s.first); });
    if (sign == kSigns.end()) {
      out.push_back(text.front());
      text.remove_prefix(1);
    } else {
      out += sign->second;
      text.remove_prefix(sign->first.size());
    }
  }
  return out;
}

std::string ascii_only(std::string_view text) {
  // Latin-1 Supplement from U+00C0 and Latin Extended-A, a letter without its marks each; "?": see below.
  static constexpr std::string_view kLatin1 = "AAAAAA?CEEEEIIIIDNOOOOOxOUUUUY??aaaaaa?ceeeeiiiidnooooo/ouuuuy?y";
  static constexpr std::string_view kExtended =
      "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi??JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo??"
      "RrRrRrSsSsSsSsTtTtTtUuUuUuUuUu"
      "UuWwYyYZzZzZzs";
  static constexpr std::array<std::pair<char32_t, std::string_view>, 22> kMore{
      {{0xA0, " "},   {0xB5, "u"},     {0xB1, "+/-"}, {0xB0, " deg"}, {0xB2, "2"},   {0xB3, "3"},
       {0xC6, "AE"},  {0xDE, "Th"},    {0xDF, "ss"},  {0xE6, "ae"},   {0xFE, "th"},  {0x132, "IJ"},
       {0x133, "ij"}, {0x152, "OE"},   {0x153, "oe"}, {0x2013, "-"},  {0x2014, "-"}, {0x2018, "'"},
       {0x2019, "'"}, {0x2026, "..."}, {0x3BC, "u"},  {0x2588, "#"}}};
  std::string out;
  const std::string plain = plain_signs(text);
  for (std::size_t at = 0; at < plain.size();) {
    const char32_t c = next_code_point(plain, at);
    const auto* const more = std::find_if(kMore.begin(), kMore.end(), [&](const auto& m) { return m.first == c; });
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (more != kMore.end()) {
      out += more->second;
    } else if (c >= 0xC0 && c < 0x100) {
      out += kLatin1[c - 0xC0];
    } else if (c >= 0x100 && c < 0x100 + kExtended.size()) {
      out += kExtended[c - 0x100];
    } else {
      out += fmt::format("<U+{:04X}>", static_cast<std::uint32_t>(c));
    }
  }
  return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  width = std::max<std::size_t>(width, 1);
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  const auto end_line = [&] {
    lines.push_back(std::exchange(line, {}));
    used = 0;
  };
  const auto add_word = [&](std::string_view word) {
    const std::size_t wide = display_width(word);
    if (used > 0 && used + 1 + wide <= width) {
      line.push_back(' ');
      line += word;
      used += 1 + wide;
      return;
    }
    if (used > 0) {
      end_line();
    }
    for (std::size_t at = 0; at < word.size();) {
      const char32_t c = next_code_point(word, at);
      if (used > 0 && used + width_of(c) > width) {
        end_line();
      }
      append_utf8(line, c);
      used += width_of(c);
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) {
      add_word(text.substr(at, end - at));
    }
    at = end + 1;
  }
  if (!line.empty() || lines.empty()) {
    lines.push_back(line);
  }
  return lines;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t wide = display_width(text);
  return std::string(text) + std::string(wide < width ? width - wide : 0, ' ');
}

}  // namespace her2
