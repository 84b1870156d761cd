// SPDX-License-Identifier: Apache-2.0
#include "standard_input.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "her2/message/hl7_read.h"

namespace her2::app {
namespace {

Result<std::size_t> read_some(char* out, std::size_t room) {
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, out, room);
    if (count >= 0) {
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR) {
      return fail(fmt::format("cannot be read: {}", std::strerror(errno)), {}, "standard input");
    }
  }
}

}  // namespace

bool StandardInput::looks_like_case() {
  constexpr std::size_t kMostBlanks = std::size_t{1} << 16;
  constexpr std::string_view kNothing = " \t\r\n\x0B\xEF\xBB\xBF";
  std::array<char, 4096> chunk{};
  while (seen_.size() < kMostBlanks) {
    const auto first = seen_.find_first_not_of(kNothing);
    if (first != std::string::npos && (seen_[first] != 'M' || seen_.size() - first > 8)) {
      return seen_[first] == '{' || seen_[first] == '<' || looks_like_hl7(seen_);
    }
    const auto count = read_some(chunk.data(), chunk.size());
    if (!count || *count == 0) {
      return false;
    }
    seen_.append(chunk.data(), *count);
  }
  return false;
}

Result<std::size_t> StandardInput::read(char* out, std::size_t room) {
  if (used_ == seen_.size()) {
    return read_some(out, room);
  }
  const std::size_t count = std::min(room, seen_.size() - used_);
  std::copy_n(seen_.data() + used_, count, out);
  used_ += count;
  return count;
}

Result<std::string> StandardInput::text(std::size_t most) {
  std::string out;
  std::string chunk(std::size_t{1} << 16, '\0');
  while (out.size() <= most) {
    const auto count = read(chunk.data(), chunk.size());
    if (!count) {
      return tl::unexpected(count.error());
    }
    if (*count == 0) {
      return out;
    }
    out.append(chunk.data(), *count);
  }
  return fail(fmt::format("is larger than {} MB", most >> 20U), {}, "standard input");
}

}  // namespace her2::app
