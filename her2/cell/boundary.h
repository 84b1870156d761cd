// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "her2/cell/nuclei.h"
#include "her2/cell/star.h"
#include "her2/core/plane.h"
#include "her2/core/polygon.h"

namespace her2 {

// Which nucleus a pixel belongs to: index + 1, 0 for none. Nuclei are given in the plane's 1/32 pixels.
void label_nuclei(std::span<const Nucleus> nuclei, Plane<std::int32_t>& labels);

// The cell's outline as a star around its nucleus: it follows the membrane where there is one, else it keeps midway to
// the next nucleus, or a few um from its own. Coordinates as the nucleus's.
struct Boundary {
  std::array<SubPoint, kRays> ring{};
  // Rays that end at glass or a lumen, one bit each.
  std::uint64_t at_glass = 0;
};

// Draws boundaries on one area. One thread at a time.
class BoundaryFinder {
 public:
  // `dab` is smoothed a little (box_mean of radius 1), `sum` is everything that absorbs; both mOD, with pixels of
  // `pitch_um`. `glass`: sum below which there is no tissue.
  BoundaryFinder(const Plane<std::int16_t>& dab, const Plane<std::int16_t>& sum, const Plane<std::int32_t>& labels,
                 double pitch_um, int glass);

  [[nodiscard]] Boundary around(const Nucleus& nucleus, std::int32_t label);
  // Farthest pixel looked at from a nucleus's centroid.
  [[nodiscard]] int reach() const;

 private:
  // Where a ray can go: radii are indices.
  struct Limits {
    int least = 0, most = 0, expected = 0;
    bool glass = false;
  };
  [[nodiscard]] Limits limits(const Nucleus& nucleus, std::int32_t label, std::size_t ray) const;
  void rate(const Limits& limits, SubPoint centre, std::size_t ray);
  [[nodiscard]] SubPoint point(SubPoint centre, std::size_t ray, int radius) const;

  const Plane<std::int16_t>&dab_, &sum_;
  const Plane<std::int32_t>& labels_;
  int step_, radii_, shoulder_, glass_;  // step_: 1/32 pixel; others in steps or mOD
  RingFinder finder_;
  std::array<std::int16_t, kRays> found_{};
  std::vector<std::int32_t> costs_;
  std::vector<int> values_;
};

}  // namespace her2
