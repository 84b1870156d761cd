// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/toml_text.h"

#include <fmt/format.h>

#include "her2/evidence/text.h"

namespace her2 {
namespace {

constexpr std::size_t kLongestText = 4U << 20;
constexpr std::size_t kLongestLine = 8192;

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '"' || c == '\'';
}

// Whether the line begins with '[' but then has nothing that a table's name, or a value in a list, could begin with.
bool is_header_without_name(std::string_view line) {
  const auto skip_blanks = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_blanks();
  if (!line.starts_with('[')) {
    return false;
  }
  line.remove_prefix(1);
  skip_blanks();
  if (line.starts_with('[')) {
    line.remove_prefix(1);
    skip_blanks();
  }
  return line.empty() || (line[0] != ']' && !begins_name(line[0]));
}

}  // namespace

Result<toml::table> parse_toml(std::string_view text, const std::string& file) {
  if (text.size() > kLongestText) {
    return fail(fmt::format("larger than {} MiB", kLongestText >> 20), {}, file);
  }
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    const auto place = [&] { return fmt::format("line {}", number); };
    if (line.size() > kLongestLine) {
      return fail(fmt::format("longer than {} bytes", kLongestLine), place(), file);
    }
    if (find_bad_utf8(line) != std::string_view::npos) {
      return fail("not UTF-8 text", place(), file);
    }
    if (is_header_without_name(line)) {
      return fail("not valid TOML: behind '[' at the start of a line a name, a number or a text must follow", place(), file);
    }
    at = end + 1;
  }
  auto parsed = toml::parse(text, file);
  if (!parsed) {
    const auto& at = parsed.error().source().begin;
    return fail(fmt::format("not valid TOML: {}", parsed.error().description()),
                fmt::format("line {}, column {}", at.line, at.column), file);
  }
  return std::move(parsed).table();
}

}  // namespace her2
