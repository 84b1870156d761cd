// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "her2/cell/kernels.h"
#include "her2/cell/nuclei.h"
#include "her2/cell/star.h"

namespace her2 {

// Marks pixels that belong to a nucleus found before.
inline constexpr std::int16_t kTaken = -1000;

// Draws a nucleus's contour around a seed on a smoothed signal plane. Seeds lie in the middle of pixels. One thread at
// a time.
class Outline {
 public:
  Outline(const Plane<std::int16_t>& signal, double pitch_um, const NucleusOptions& options);

  // The contour that best parts inside from outside, if its contrast and area are those of a nucleus; `score` is the
  // lower quartile of its edge's contrast times its area up to 30 um2, so that a contour with a gap in its edge loses
  // to one without.
  [[nodiscard]] std::optional<Nucleus> around(SubPoint seed);
  // Farthest pixel looked at from a seed.
  [[nodiscard]] int reach() const;

 private:
  [[nodiscard]] int across() const { return radii_ + 2 * edge_; }
  [[nodiscard]] int value(int radius, std::size_t point) const {
    return values_[static_cast<std::size_t>(radius) * kNucleusPoints + point];
  }
  [[nodiscard]] bool fits(const Nucleus& nucleus) const;
  [[nodiscard]] bool can_fit(const kernels::OutlineTask& task);
  [[nodiscard]] int middle(const kernels::OutlineTask& task);
  void close(Nucleus& out);

  const Plane<std::int16_t>& signal_;
  const NucleusOptions& options_;
  double pixel_um2_;
  int step_ = 0, radii_ = 0, first_ = 0;  // radii: first_ + i * step_, in 1/32 pixel
  int edge_ = 0;                          // radii from an edge to where it is judged
  RingFinder finder_;
  std::array<std::int16_t, kNucleusPoints> ring_{};
  std::array<int, kNucleusPoints> lowest_{};
  StarTable table_;
  std::vector<std::int16_t> values_;  // the polar map: [radius][ray], with the reach of an edge more on both ends
  std::vector<std::int32_t> costs_, sums_;
  std::vector<std::uint32_t> marks_;
};

}  // namespace her2
