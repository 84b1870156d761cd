// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "her2/core/error.h"

namespace her2 {

// A message as MLLP sends it: 0x0B, the message, 0x1C 0x0D.
std::string mllp_frame(std::string_view message);

// Messages out of a stream of bytes that arrive in any pieces. Between frames only blanks and line ends may stand.
class MllpFramer {
 public:
  // `most`: bytes that a message may have.
  explicit MllpFramer(std::size_t most) : most_(most) {}

  // Takes the next bytes. Fails: bytes outside of a frame, 0x1C within a message, a message over `most`. After a
  // failure the stream has lost its place: nothing more is taken. Messages that were complete before can still be had.
  Result<void> feed(std::string_view bytes);
  // The next complete message, in order.
  std::optional<std::string> next();

  [[nodiscard]] bool within() const { return state_ == State::message || state_ == State::end; }  // a message has begun
  [[nodiscard]] std::size_t held() const { return held_; }                                        // bytes kept

 private:
  enum class State : std::uint8_t { outside, message, end, lost };
  Result<void> lose(std::string reason);

  std::size_t most_, held_ = 0;
  State state_ = State::outside;
  std::string message_;
  std::deque<std::string> ready_;
};

}  // namespace her2
