// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The inner loops of MembraneMeter, for many places of a boundary side by side: compiled for several instruction sets,
// as those of cell/kernels.h are. All give the same bytes (tests/ihc/profile_kernels_test.cpp).
namespace her2::kernels {

inline constexpr std::size_t kPlaces = 16;  // counts of places are multiples of so many

// The directions across a path of points (x, y) (1/32 pixel, neighbours at most 33 apart in each), in 1/1024: from the
// difference (dx, dy) of the points three further on and three before, with its length rounded down (at least 1),
// nx = dy * 1024 / length and ny = -dx * 1024 / length, rounded towards zero. x and y can be read from 3 before their
// begin to `count` + 3.
void path_normals(const std::int32_t* x, const std::int32_t* y, std::size_t count, std::int32_t* nx, std::int32_t* ny);

// [1 4 6 4 1] / 16, rounded: out[i] from in[i] to in[i + 4].
void smooth_along(const std::int16_t* in, std::size_t count, std::int16_t* out);

// Profiles side by side: values[k * stride + place], k from 0 (inside) to 2 * half (outside), in mOD; the boundary is
// at `half`, and a peak counts within `around` (less than half) of it.
struct ProfileTask {
  const std::int16_t* values;
  std::size_t stride, count;  // count: a multiple of kPlaces
  int half, around;
  int certain;  // a profile without a peak that rises by so much from what is inside has one at half + around
  int fixed;    // over the lower shoulder: the level of `fixed_left` and `fixed_right`
};
// Of each place; `count` values each. Distances in 1/32 sample.
struct ProfileShapes {
  std::int16_t* peak;           // the highest local maximum (of equal ones the nearest, then the inner one), or -1
  std::int16_t* top;            // the value there
  std::int16_t *inner, *outer;  // the least value up to 2 * around on either side of it, the peak with it
  // From the peak to where the profile falls to a level, between samples by a straight line; -1 when it does not. Half:
  // midway between the peak and that side's least value. What a place without a peak has here is not said.
  std::int16_t *fixed_left, *fixed_right, *half_left, *half_right;
};
void profile_shapes(const ProfileTask& task, const ProfileShapes& out);

}  // namespace her2::kernels
