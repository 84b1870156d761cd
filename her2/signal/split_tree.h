// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "her2/core/plane.h"

// All ways to cut the blobs of a mask at their necks: a flood from the middles of the blobs outwards parts them into
// basins, and where basins meet they join, the widest necks first. Every basin and every join is one piece that may be
// a nucleus, with its moments, found in one pass for all depths of cutting.
namespace her2::signal {

struct Moments {
  std::int64_t n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;  // pixels: count and sums
  void add(std::int64_t px, std::int64_t py) {
    ++n;
    x += px;
    y += py;
    xx += px * px;
    xy += px * py;
    yy += py * py;
  }
  void add(const Moments& other) {
    n += other.n;
    x += other.x;
    y += other.y;
    xx += other.xx;
    xy += other.xy;
    yy += other.yy;
  }
};

class SplitTree {
 public:
  struct Piece {
    Moments moments;
    std::int32_t left = -1, right = -1;  // pieces it is joined of; -1: a basin
    std::int32_t first = 0, end = 0;     // of a basin: its pixels in pixels()
  };

  // Pixels with `height` over 0 are the mask; the flood begins at the greatest heights (at most kMostHeight). Basins
  // that rise less than `least_rise` over where they meet a higher one belong to it.
  void build(const Plane<std::uint16_t>& height, int least_rise);

  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  // Calls visit(pixel index) for every pixel of a piece, in a fixed order.
  template <class Visit>
  void each_pixel(std::int32_t piece, const Visit& visit) const {
    const Piece& p = pieces_[static_cast<std::size_t>(piece)];
    if (p.left >= 0) {
      each_pixel(p.left, visit);
      each_pixel(p.right, visit);
      return;
    }
    for (std::int32_t i = p.first; i < p.end; ++i) {
      visit(pixels_[static_cast<std::size_t>(i)]);
    }
  }

  static constexpr int kMostHeight = 4095;

 private:
  struct Meeting {
    std::int32_t a, b;
  };
  void sort_pixels(const Plane<std::uint16_t>& height);
  void flood(int least_rise);
  void meet(std::int32_t a, std::int32_t b, int height, int least_rise);
  void collect(int width, int height);
  void join();
  std::int32_t root(std::vector<std::int32_t>& parents, std::int32_t i) const;

  std::vector<std::int32_t> order_, start_;
  std::ptrdiff_t stride_ = 0;
  std::vector<std::uint16_t> padded_;  // heights with an empty pixel around them
  std::vector<std::int32_t> basin_;    // + 1; 0: none
  std::vector<std::int32_t> parent_;   // of basins that were absorbed
  std::vector<std::int32_t> peak_;     // height
  std::vector<Meeting> meetings_;      // highest first
  std::vector<std::int32_t> pixels_, cursor_, top_;
  std::vector<Piece> pieces_;
};

// Distance to the nearest pixel that is not over `level`, in fifths of a pixel (chamfer 5-7, at most
// SplitTree::kMostHeight); 0 outside. Beyond the plane's edge everything counts as inside.
void depth_over(const Plane<std::int16_t>& plane, int level, Plane<std::uint16_t>& out);

}  // namespace her2::signal
