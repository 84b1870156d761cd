// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// The inner loops of this room, in integers: compiled for several instruction sets, of which the best that the
// processor has is taken when the program runs. All give the same bytes (tests/cell/targets_test.cpp).
namespace her2::kernels {

inline constexpr int kLanes = 8;  // rows of costs and of polar maps are multiples of so many values

// One way around of RingFinder: costs[ray * stride + r]. Costs so far are times 8, with the last move in the lower
// bits: 0 for none, 2 s - 1 for s radii inwards, 2 s for s outwards.
struct RingTask {
  const std::int32_t* costs;
  int rays, stride, step, bend;  // stride: a multiple of kLanes; step: 1 to 3
};
inline constexpr std::int32_t kNever = 1 << 29;
inline constexpr std::int32_t kNeverCost = kNever / 16;
// From ray `first` on over `count` rays. `best`: stride + 2 * kLanes values, in its middle the costs at the first ray
// on entry and at the last on return, kNever beside it. ways[k * stride + r] for k in [1, count).
void ring_sweep(const RingTask& task, int first, int count, std::int32_t* best, std::int32_t* ways);

// Values between pixels: out[i] = (a . top[i] + b . below[i] + 512) >> 10, where a and b are the two pixels from
// plane + offset[i] on and those one row (`row` pixels) further down; two weights in each, the first in the lower half.
// `count`: a multiple of kLanes.
void read_between(const std::int16_t* plane, std::ptrdiff_t row, const std::int32_t* offset, const std::int32_t* top,
                  const std::int32_t* below, std::size_t count, std::int16_t* out);

// The same along lines: out[i] is what lies `step` pixels from (x[i], y[i]) along the normal (nx[i], ny[i]) (1/1024;
// all else in 1/32 pixel, as sample() has it). `width` of the plane; `count`: a multiple of kLanes.
struct Lines {
  const std::int32_t *x, *y, *nx, *ny;
};
void read_along(const std::int16_t* plane, int width, const Lines& lines, int step, std::size_t count,
                std::int16_t* out);

inline constexpr std::size_t kAllRays = 64;

// Where the rays of a cell's boundary end (boundary.cpp). `labels` points to the pixel in the middle; places[r * 64 +
// ray]: where the others lie from there.
struct RayTask {
  const std::int32_t* labels;
  const std::int32_t* places;
  std::int32_t label;
  int radii, beyond, glass,
      pale;  // beyond: radii after the last own one that are looked at; glass, pale: radii in a row
};
struct RayEnds {
  std::array<std::int32_t, kAllRays> own{}, end{}, glass{};  // last radius of the nucleus; where it ends, or -1
  std::array<std::int32_t, kAllRays> pale{};                 // where what is pale or glass begins, or -1
};
void ray_ends(const RayTask& task, RayEnds& out);

// Costs of a cell's boundary. values[(r + 2 * shoulder) * 64 + ray] at radius r.
struct BoundaryTask {
  const std::int16_t* values;
  int from, radii, shoulder, stride;
};
struct RayWindows {
  std::array<std::int32_t, kAllRays> least{}, most{}, expected{};
};
inline constexpr int kForbidden = 1 << 16;  // the cost beyond a ray's window
inline constexpr int kMostRidge = 400;      // mOD; a stronger ridge pulls no more
inline constexpr int kCrossed = 60;         // mOD; a ridge above it is one that should not be crossed
inline constexpr int kWaiting = 10;         // radii after which a ridge counts as crossed
inline constexpr int kPull = 4;             // mOD per radius away from the expected place
// costs[ray * stride + r - from].
void boundary_costs(const BoundaryTask& task, const RayWindows& windows, std::int32_t* costs);

// Box means of values from 0 to 2047 (smooth_kernels_hwy.cpp). Radii 1 to 15.
inline constexpr int kMostBoxRadius = 15;
using BoxRadii = std::array<int, 3>;
// Three along a row, one after the other, of values taken as 0 to 2047; the first and last are repeated beyond the
// ends. `work`: blur_work(count) values.
constexpr std::size_t blur_work(std::size_t count) { return 3 * (count + 128); }
void blur_row(const std::int16_t* in, std::size_t count, const BoxRadii& radii, std::int16_t* out, std::uint16_t* work);
// The same down columns, row by row: sums += enters - leaves; out: the mean of a box of 2 * radius + 1 values of which
// `sums` is the sum.
void roll_rows(const std::int16_t* enters, const std::int16_t* leaves, std::size_t count, int radius,
               std::uint16_t* sums, std::int16_t* out);

// The costs of a nucleus's outline (outline.cpp).
inline constexpr int kEdgeWeight = 6;       // of an edge against one radial step of signal above the middle
inline constexpr int kMostEdge = 250;       // mOD; a stronger edge counts no more
inline constexpr int kLeft = 200;           // mOD summed below the middle: the nucleus has been left
inline constexpr int kLeastOutside = -100;  // mOD, of the signal outside of an edge
// values[i * 32 + ray] for i < radii + 2 * edge.
struct OutlineTask {
  const std::int16_t* values;
  int radii, edge, middle, stride;
};
// costs[ray * stride + r]; sums[r * 32 + ray]: of the values from `edge` to edge + r.
void outline_costs(const OutlineTask& task, std::int32_t* costs, std::int32_t* sums);
// Least value of each ray from `edge` on that is more than `taken`.
void outline_lowest(const OutlineTask& task, int taken, std::int32_t* lowest);
// marks[r]: the rays whose edge at radius r is at least `contrast` (to 32767), one bit each.
void outline_edges(const OutlineTask& task, int contrast, std::uint32_t* marks);

// Bit x % 32 of marks[x / 32] for x < count: whether row[x] is at least `least` (to 32767), greater than its upper and
// left and not less than its lower and right neighbour in a plane of `stride` values a row.
void mark_peaks(const std::int16_t* row, std::ptrdiff_t stride, std::size_t count, int least, std::uint32_t* marks);

// Rows of planes (signal_kernels_hwy.cpp).
// What nuclear_signal() (nuclear_signal.h) makes of haematoxylin and DAB where DAB is on membranes.
inline constexpr int kSignalLift = 200;  // mOD, keeps the signal of stained cells above zero
inline constexpr int kDenseDab = 600;    // mOD
void membrane_signal(const std::int16_t* haematoxylin, const std::int16_t* dab, std::size_t count, std::int16_t* out);
// label_glass() (boundary.h) for a row.
void glass_row(const std::int16_t* sum, std::size_t count, int glass, std::int32_t* labels);
// Means of three, rounded: of neighbours in a row, whose ends are repeated; of three rows.
void mean_across(const std::int16_t* in, std::size_t count, std::int16_t* out);
void mean_down(const std::int16_t* a, const std::int16_t* b, const std::int16_t* c, std::size_t count,
               std::int16_t* out);

}  // namespace her2::kernels
