// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "her2/core/plane.h"

// Randomness as a function of place. Only integers and IEEE + - * / sqrt floor: the same everywhere.
namespace her2::phantom {

// SplitMix64's finaliser (Steele, Lea, Flood 2014).
inline std::uint64_t mix(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

inline std::uint64_t key(std::uint64_t seed, std::int64_t a, std::int64_t b = 0) {
  return mix(mix(seed ^ static_cast<std::uint64_t>(a)) + static_cast<std::uint64_t>(b));
}

// A sequence that begins at a key.
class Dice {
 public:
  explicit Dice(std::uint64_t start) : state_(start) {}
  std::uint64_t next() { return mix(state_++); }
  // [0, 1)
  double unit() { return static_cast<double>(next() >> 11U) * (1.0 / 9007199254740992.0); }
  // [-1, 1), denser in the middle (a triangle)
  double hill() { return unit() - unit(); }
  double between(double low, double high) { return low + (high - low) * unit(); }

 private:
  std::uint64_t state_;
};

// Value noise in (-1, 1) that is smooth over a distance of 1.
inline double smooth_noise(std::uint64_t seed, double x, double y) {
  const double fx = std::floor(x), fy = std::floor(y);
  const auto ix = static_cast<std::int64_t>(fx), iy = static_cast<std::int64_t>(fy);
  const double tx = x - fx, ty = y - fy;
  const double sx = tx * tx * (3 - 2 * tx), sy = ty * ty * (3 - 2 * ty);
  const auto at = [&](std::int64_t dx, std::int64_t dy) {
    return static_cast<double>(key(seed, ix + dx, iy + dy) >> 11U) * (2.0 / 9007199254740992.0) - 1;
  };
  const double top = at(0, 0) * (1 - sx) + at(1, 0) * sx, low = at(0, 1) * (1 - sx) + at(1, 1) * sx;
  return top * (1 - sy) + low * sy;
}

// The same for every pixel of a box, as integers in [-256, 256], smooth over `grain` pixels (at least 1).
void noise_plane(std::uint64_t seed, const Box& box, int grain, Plane<std::int16_t>& out);

// Stretched noise: its grid's coordinates are (ux x + uy y, vx x + vy y) / 65536 of pixel (x, y).
struct Streaks {
  std::int64_t ux = 0, uy = 0, vx = 0, vy = 0;
};
// `waves` (noise of the same box) bends the streaks.
void streak_plane(std::uint64_t seed, const Box& box, const Streaks& streaks, const Plane<std::int16_t>& waves,
                  Plane<std::int16_t>& out);

}  // namespace her2::phantom
