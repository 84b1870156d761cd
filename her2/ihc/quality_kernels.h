// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The inner loops of look_at_quality(): compiled for several instruction sets, all of which give the same numbers
// (tests/ihc/quality_test.cpp).
namespace her2::kernels {

// A row of pixels: densities of R, G and B and their mean in mOD (0 to 2407), lowest and highest grey level of the
// three.
struct QualityRow {
  const std::int16_t *red, *green, *blue, *sum, *low, *high;
  std::size_t count;
};
inline constexpr std::size_t kQualityLanes = 32;  // what is read beyond `count` goes up to a multiple of so many
struct QualityLimits {
  int dark;      // grey levels: a pixel is dark when its highest is not more
  int glass;     // mOD: tissue is what is not dark and at least so dense
  int coloured;  // mOD: hues are told from tissue that is at least so dense
};
struct QualityCounts {
  std::size_t dark = 0, tissue = 0, clipped = 0, coloured = 0, pink = 0, brown = 0, blue = 0;
};
QualityCounts count_quality(const QualityRow& row, const QualityLimits& limits);

// Squares of the second differences across and down, over `step` pixels in a plane of `stride` values a row, summed.
void edge_energies(const std::int16_t* at, std::ptrdiff_t stride, int step, std::size_t count, std::uint32_t* out);

// Of the places whose coarse energy is at least `least`, and that are tissue (mean OD at least `glass`, brightest
// channel above `dark`): how many there are, and the sums of both energies.
struct EdgeRow {
  const std::uint32_t *fine, *coarse;
  const std::int16_t *sum, *high;
  std::size_t count;
};
struct EdgeLimits {
  std::uint32_t least;
  int glass, dark;
};
struct EdgeSums {
  std::uint64_t edges = 0, fine = 0, coarse = 0;
};
EdgeSums sum_edges(const EdgeRow& row, const EdgeLimits& limits);

}  // namespace her2::kernels
