// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "her2/cell/kernels.h"
#include "her2/cell/nuclei.h"
#include "her2/cell/star.h"
#include "her2/core/plane.h"
#include "her2/core/polygon.h"

namespace her2 {

// Which nucleus a pixel belongs to: index + 1; 0 or less for none (what is there, stays). Nuclei are given in the
// plane's 1/32 pixels.
void label_nuclei(std::span<const Nucleus> nuclei, Plane<std::int32_t>& labels);
inline constexpr std::int32_t kGlassLabel = -1;  // no nucleus and no tissue
inline constexpr std::int32_t kPaleLabel = -2;   // no nucleus, and hardly any tissue
// Labels as large as `sum` (everything that absorbs, mOD): kGlassLabel where it is less than `glass`, kPaleLabel where
// it is less than twice that, else 0.
void label_glass(const Plane<std::int16_t>& sum, int glass, Plane<std::int32_t>& labels);

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
  // `dab` is smoothed a little, mOD, with pixels of `pitch_um`; `labels` has nuclei and glass.
  BoundaryFinder(const Plane<std::int16_t>& dab, const Plane<std::int32_t>& labels, double pitch_um);

  [[nodiscard]] Boundary around(const Nucleus& nucleus, std::int32_t label);
  // Farthest pixel looked at from a nucleus's centroid, and farthest label.
  [[nodiscard]] int reach() const;
  [[nodiscard]] int label_reach() const { return radii_ * step_ / kSubpixels + 2; }

 private:
  // Where a ray can go: radii are indices.
  struct Limits {
    int least = 0, most = 0, expected = 0;
    bool glass = false;
  };
  [[nodiscard]] Limits limits(std::size_t ray) const;
  void rate(int x, int y, int from, int to);

  const Plane<std::int16_t>& dab_;
  const Plane<std::int32_t>& labels_;
  int step_, radii_, shoulder_;  // step_: 1/32 pixel; others in steps
  RingFinder finder_;
  StarTable table_, places_;
  kernels::RayEnds ends_;
  kernels::RayWindows windows_;
  std::array<std::int16_t, kRays> found_{};
  std::vector<std::int16_t> values_;
  std::vector<std::int32_t> costs_;
};

}  // namespace her2
