// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "her2/core/plane.h"

// Smoothing in integers: the same on every processor. Beyond the edge the nearest pixel is repeated.
namespace her2 {

// Mean of the (2 radius + 1)^2 square around each pixel, rounded. `radius` 0 to 127.
void box_mean(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out);

// Near to a Gaussian: three box means, whose radii are chosen to give sigma (pixels; 0.6 to 60). Looks gaussian_reach()
// pixels far.
void gaussian(const Plane<std::int16_t>& in, double sigma, Plane<std::int16_t>& out);
int gaussian_reach(double sigma);

// gaussian() of a signal plane, several times faster: values are taken as 0 to kMostSignal, and rows are smoothed
// before columns, so that single values may differ by 1. Keeps its memory between calls; one thread at a time.
inline constexpr std::int16_t kMostSignal = 2047;
class SignalBlur {
 public:
  void blur(const Plane<std::int16_t>& in, double sigma, Plane<std::int16_t>& out);

 private:
  struct Stage {
    void begin(int with, std::size_t columns, int height);
    [[nodiscard]] std::int16_t* row(int y);  // of its input, where it is kept
    void mean(int y, std::int16_t* out);     // asked for in order
    int radius = 0, last = 0, ready = 0;     // ready: rows of the input that there were
    std::size_t width = 0;
    std::vector<std::int16_t> kept;
    std::vector<std::uint16_t> sums;
  };
  void give(const Plane<std::int16_t>& in, const std::array<int, 3>& radii, std::size_t stage, int y,
            std::int16_t* out);
  std::array<Stage, 3> stages_;
  std::vector<std::uint16_t> work_;
};

// Mean of 2 x 2 pixels; an odd last row or column is left out.
void halve(const Plane<std::int16_t>& in, Plane<std::int16_t>& out);

// Twice as many pixels in each direction, between them linear; out(2x, 2y) lies a quarter pixel up and left of in(x,
// y).
void double_size(const RgbImage& in, RgbImage& out);

}  // namespace her2
