// SPDX-License-Identifier: Apache-2.0
// toml++ 3.3 asserts, in debug builds, things about malformed text that do not hold, and takes them for granted in
// release builds. Here, in the one place that parses, such an assertion is an exception that becomes an error.
#include <stdexcept>

namespace her2::detail {
[[noreturn]] void refuse_toml();
}

#undef NDEBUG
#undef TOML_EXCEPTIONS
#define TOML_EXCEPTIONS 1
#define TOML_ASSERT(expr) (static_cast<bool>(expr) ? static_cast<void>(0) : her2::detail::refuse_toml())

#include "her2/evidence/toml_text.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "her2/evidence/text.h"

namespace her2 {

void detail::refuse_toml() { throw std::logic_error("the text breaks off or goes on in a wrong way"); }

namespace {

constexpr std::size_t kLongestText = 4U << 20;
constexpr std::size_t kLongestLine = 8192;

// Rewrites TOML in ASCII alone: characters beyond it become escapes in "double quotes" and '?' in comments. Elsewhere
// they are refused; toml++ 3.3 runs into undefined behaviour there.
class AsciiWriter {
 public:
  // Appends the next line (without its line break) to out(); returns what is wrong with it, or nullptr.
  const char* add_line(std::string_view line) {
    for (std::size_t at = 0; at < line.size();) {
      const char c = line[at];
      if (static_cast<unsigned char>(c) >= 0x80) {
        if (!in_comment_ && (quote_.empty() || quote_[0] != '"')) {
          return "not valid TOML here: letters other than ASCII must stand in \"double quotes\"";
        }
        at += add_letter(line.substr(at));
        continue;
      }
      const std::size_t step = in_comment_ ? 1 : quote_.empty() ? outside(line, at) : inside(line, at);
      out_ += line.substr(at, step);
      at += step;
    }
    in_comment_ = false;
    if (quote_.size() == 1) {  // never closed: the library says so
      quote_.clear();
    }
    return nullptr;
  }

  void end_line() { out_ += '\n'; }
  [[nodiscard]] const std::string& out() const { return out_; }

 private:
  // Bytes of the next step outside quotes; enters quotes and comments.
  std::size_t outside(std::string_view line, std::size_t at) {
    const char c = line[at];
    in_comment_ = c == '#';
    if (c != '"' && c != '\'') {
      return 1;
    }
    quote_.assign(line.substr(at).starts_with(std::string(3, c)) ? 3 : 1, c);
    return quote_.size();
  }

  // Bytes of the next step inside quotes; leaves them at their end.
  std::size_t inside(std::string_view line, std::size_t at) {
    if (line[at] == '\\' && quote_[0] == '"') {
      const bool pair = at + 1 < line.size() && static_cast<unsigned char>(line[at + 1]) < 0x80;
      return pair ? 2 : 1;
    }
    if (!line.substr(at).starts_with(quote_)) {
      return 1;
    }
    const std::size_t step = quote_.size();
    quote_.clear();
    return step;
  }

  // The well-formed character at the start of `rest`; returns its length.
  std::size_t add_letter(std::string_view rest) {
    const auto first = static_cast<unsigned char>(rest[0]);
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    std::uint32_t code = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      code = code << 6 | (static_cast<unsigned char>(rest[i]) & 0x3FU);
    }
    out_ += in_comment_ ? "?" : fmt::format("\\U{:08X}", code);
    return length;
  }

  std::string out_;
  std::string quote_;  // what closes the text that we are in; empty: outside
  bool in_comment_ = false;
};

Result<std::string> in_ascii(std::string_view text, const std::string& file) {
  if (text.size() > kLongestText) {
    return fail(fmt::format("larger than {} MiB", kLongestText >> 20), {}, file);
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  AsciiWriter writer;
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    const std::string place = fmt::format("line {}", number);
    if (line.size() > kLongestLine) {
      return fail(fmt::format("longer than {} bytes", kLongestLine), place, file);
    }
    if (find_bad_utf8(line) != std::string_view::npos) {
      return fail("not UTF-8 text", place, file);
    }
    if (const char* reason = writer.add_line(line)) {
      return fail(reason, place, file);
    }
    if (end < text.size()) {
      writer.end_line();
    }
    at = end + 1;
  }
  return writer.out();
}

}  // namespace

Result<toml::table> parse_toml(std::string_view text, const std::string& file) {
  const auto ascii = in_ascii(text, file);
  if (!ascii) {
    return tl::unexpected(ascii.error());
  }
  try {
    return toml::parse(*ascii, file);
  } catch (const toml::parse_error& problem) {
    const auto& at = problem.source().begin;
    return fail(fmt::format("not valid TOML: {}", problem.description()),
                fmt::format("line {}, column {}", at.line, at.column), file);
  } catch (const std::exception& problem) {
    return fail(fmt::format("not valid TOML: {}", problem.what()), {}, file);
  }
}

}  // namespace her2
