// SPDX-License-Identifier: Apache-2.0
#include "her2/mllp/framer.h"

#include <algorithm>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr char kStart = '\x0B';
constexpr char kEnd = '\x1C';
constexpr char kReturn = '\r';

}  // namespace

std::string mllp_frame(std::string_view message) {
  std::string out;
  out.reserve(message.size() + 3);
  out += kStart;
  out += message;
  out += kEnd;
  out += kReturn;
  return out;
}

Result<void> MllpFramer::lose(std::string reason) {
  state_ = State::lost;
  held_ -= message_.size();
  message_ = {};
  return fail(std::move(reason));
}

Result<void> MllpFramer::feed(std::string_view bytes) {
  if (state_ == State::lost) {
    return fail("the stream has lost its place; connect again");
  }
  while (!bytes.empty()) {
    const char c = bytes.front();
    if (state_ == State::outside) {
      bytes.remove_prefix(1);
      if (c == kStart) {
        state_ = State::message;
      } else if (c != kReturn && c != '\n' && c != ' ') {
        return lose(fmt::format("byte {:02X} stands outside of a frame; a message begins with 0B",
                                static_cast<unsigned char>(c)));
      }
    } else if (state_ == State::end) {
      bytes.remove_prefix(1);
      if (c != kReturn) {
        return lose("1C stands within a message; a frame ends with 1C 0D");
      }
      ready_.push_back(std::move(message_));
      message_ = {};
      state_ = State::outside;
    } else {
      const std::size_t count = std::min(bytes.find(kEnd), bytes.size());
      if (message_.size() + count > most_) {
        return lose(fmt::format("a message has more than {} bytes", most_));
      }
      message_ += bytes.substr(0, count);
      held_ += count;
      bytes.remove_prefix(count);
      if (!bytes.empty()) {
        bytes.remove_prefix(1);
        state_ = State::end;
      }
    }
  }
  return {};
}

std::optional<std::string> MllpFramer::next() {
  if (ready_.empty()) {
    return std::nullopt;
  }
  std::string out = std::move(ready_.front());
  ready_.pop_front();
  held_ -= out.size();
  return out;
}

}  // namespace her2
