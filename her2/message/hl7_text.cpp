// SPDX-License-Identifier: Apache-2.0
#include "her2/message/hl7_text.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "her2/evidence/text.h"

namespace her2 {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr std::size_t kMostSegments = 100'000;
constexpr char kFrameStart = '\x0B', kFrameEnd = '\x1C';

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<unsigned>(c - '0');
  }
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? std::optional(static_cast<unsigned>(small - 'a') + 10) : std::nullopt;
}

// What stands between two escape signs, undone.
std::string unescaped_code(std::string_view code, const Hl7Delimiters& d) {
  if (code == "F" || code == "S" || code == "R" || code == "E" || code == "T") {
    const char sign = code == "F"   ? d.field
                      : code == "S" ? d.component
                      : code == "R" ? d.repetition
                      : code == "E" ? d.escape
                                    : d.subcomponent;
    return std::string(1, sign);
  }
  if (code.starts_with('X') && code.size() % 2 == 1) {
    std::string bytes;
    for (std::size_t i = 1; i < code.size(); i += 2) {
      const auto high = hex_digit(code[i]);
      const auto low = hex_digit(code[i + 1]);
      if (!high || !low) {
        return " ";
      }
      bytes += static_cast<char>(*high * 16 + *low);
    }
    return bytes;
  }
  return code == ".br" || code == ".sp" ? "\n" : code == "H" || code == "N" ? "" : " ";
}

std::string from_latin_1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | byte >> 6U);
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return out;
}

Result<Hl7Delimiters> delimiters_of(std::string_view msh, const std::string& file) {
  if (!msh.starts_with("MSH") || msh.size() < 8) {
    return fail("is no HL7 v2 message: it does not begin with MSH and its delimiters", "segment 1", file);
  }
  const Hl7Delimiters out{msh[3], msh[4], msh[5], msh[6], msh[7]};
  const std::set<char> distinct{msh[3], msh[4], msh[5], msh[6], msh[7]};
  if (distinct.size() != 5 || std::any_of(distinct.begin(), distinct.end(), [](char c) {
        return c <= ' ' || c > '~' || (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
      })) {
    return fail("the five delimiters behind MSH must be five different signs, such as |^~\\&", "segment 1, MSH", file);
  }
  return out;
}

}  // namespace

Hl7Segment::Hl7Segment(std::string_view line, const Hl7Delimiters& delimiters, std::size_t number)
    : name_(line.substr(0, 3)), line_(line), delimiters_(delimiters), number_(number) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    if (at == line.size() || line[at] == delimiters.field) {
      fields_.emplace_back(begin, at - begin);
      begin = at + 1;
    }
  }
  if (name_ == "MSH") {  // MSH-1 is the delimiter
    fields_.insert(fields_.begin() + 1, {3, 1});
  }
}

std::string Hl7Segment::place() const { return fmt::format("segment {}, {}", number_, name_); }

std::string_view Hl7Segment::raw(std::size_t field) const {
  return field < fields_.size() ? std::string_view(line_).substr(fields_[field].first, fields_[field].second)
                                : std::string_view{};
}

std::string Hl7Segment::text(std::size_t field, std::size_t component) const {
  std::string_view rest = raw(field);
  if (name_ != "MSH" || field > 2) {
    rest = rest.substr(0, rest.find(delimiters_.repetition));
    for (std::size_t c = 1; c < component; ++c) {
      const auto end = rest.find(delimiters_.component);
      if (end == std::string_view::npos) {
        return {};
      }
      rest.remove_prefix(end + 1);
    }
    rest = rest.substr(0, rest.find(delimiters_.component));
  }
  return hl7_unescaped(rest, delimiters_);
}

std::size_t Hl7Segment::repetitions(std::size_t field) const {
  const auto all = raw(field);
  return all.empty() ? 0 : 1 + static_cast<std::size_t>(std::count(all.begin(), all.end(), delimiters_.repetition));
}

Result<Hl7Message> parse_hl7_text(std::string_view text, const std::string& file) {
  if (text.size() > kMostBytes) {
    return fail("is larger than the 64 MiB that a message may have", {}, file);
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of("\r\n", at), text.size());
    auto line = text.substr(at, end - at);
    while (!line.empty() && (line.front() == kFrameStart || line.front() == kFrameEnd)) {
      line.remove_prefix(1);
    }
    if (line.ends_with(kFrameEnd)) {
      line.remove_suffix(1);
    }
    if (!line.empty()) {
      lines.push_back(line);
    }
    at = end + 1;
  }
  if (lines.size() > kMostSegments) {
    return fail(fmt::format("has {} segments; a message may have 100,000", lines.size()), {}, file);
  }
  const auto delimiters = delimiters_of(lines.empty() ? std::string_view{} : lines.front(), file);
  if (!delimiters) {
    return tl::unexpected(delimiters.error());
  }
  const std::string set = Hl7Segment(lines.front(), *delimiters, 1).text(18);
  const bool latin = set == "8859/1";
  if (!latin && !set.empty() && set != "ASCII" && set != "UNICODE UTF-8" && set != "UTF-8") {
    return fail(
        fmt::format("the character set {} is not read here; send UNICODE UTF-8, ASCII or 8859/1", in_quotes(set)),
        "segment 1, MSH-18", file);
  }
  Hl7Message out{*delimiters, {}};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0 && lines[i].starts_with("MSH")) {
      return fail("a second message begins here; give one message at a time", fmt::format("segment {}", i + 1), file);
    }
    const std::string line = latin ? from_latin_1(lines[i]) : std::string(lines[i]);
    if (find_bad_utf8(line) != std::string_view::npos) {
      return fail("is not UTF-8; name the character set in MSH-18 (8859/1 is read)", fmt::format("segment {}", i + 1),
                  file);
    }
    out.segments.emplace_back(line, *delimiters, i + 1);
  }
  return out;
}

std::string hl7_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '|': out += "\\F\\"; break;
      case '^': out += "\\S\\"; break;
      case '~': out += "\\R\\"; break;
      case '\\': out += "\\E\\"; break;
      case '&': out += "\\T\\"; break;
      case '\n': out += "\\.br\\"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\X{:02X}\\", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string hl7_unescaped(std::string_view text, const Hl7Delimiters& delimiters) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != delimiters.escape) {
      out += text[at];
      continue;
    }
    const auto end = text.find(delimiters.escape, at + 1);
    if (end == std::string_view::npos) {
      out += text[at];  // an escape sign without its fellow stands for itself
      continue;
    }
    out += unescaped_code(text.substr(at + 1, end - at - 1), delimiters);
    at = end;
  }
  return out;
}

}  // namespace her2
