// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace her2 {

// A sequence of random numbers that is a function of (seed, stream) alone: the same on every processor, and streams can
// be drawn in any order. SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). Integers only.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : state_(mixed(mixed(seed) + stream)) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return mixed(state_);
  }

  // 0 to n - 1, for n from 1 to 2^32; uneven by less than n / 2^32.
  std::uint64_t below(std::uint64_t n) { return ((next() >> 32U) * n) >> 32U; }

  // A standard normal deviate in 1/65536: the sum of twelve uniform ones. Mean 0, variance 1, never beyond 6.
  std::int32_t normal() {
    constexpr std::int32_t kMean = 12 * 65535 / 2;
    std::int32_t sum = 0;
    for (int i = 0; i < 3; ++i) {
      std::uint64_t bits = next();
      for (int k = 0; k < 4; ++k, bits >>= 16U) {
        sum += static_cast<std::int32_t>(bits & 0xFFFFU);
      }
    }
    return sum - kMean;
  }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }

  std::uint64_t state_;
};

}  // namespace her2
