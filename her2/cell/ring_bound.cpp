// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/ring_bound.h"

#include <array>
#include <bit>

namespace her2 {
namespace {

constexpr unsigned kRays = 32;
constexpr int kMost = 15;

// Bit i of in[k] becomes bit k of in[i].
void transpose(std::array<std::uint32_t, 32>& in) {
  std::uint32_t mask = 0x0000FFFF;
  for (unsigned by = 16; by != 0; by >>= 1U, mask ^= mask << by) {
    for (unsigned k = 0; k < 32; k = (k + by + 1) & ~by) {
      const std::uint32_t swapped = ((in[k] >> by) ^ in[k + by]) & mask;
      in[k] ^= swapped << by;
      in[k + by] ^= swapped;
    }
  }
}

std::array<std::uint32_t, 32> by_ray(std::span<const std::uint32_t> marks) {
  std::array<std::uint32_t, 32> out{};
  for (std::size_t r = 0; r < marks.size(); ++r) {
    out[r] = marks[r];
  }
  transpose(out);
  return out;
}

// Radii at most three away.
std::uint64_t near(std::uint64_t radii) {
  const std::uint64_t one = radii | radii << 1U | radii >> 1U;
  const std::uint64_t two = one | one << 1U | one >> 1U;
  return two | two << 1U | two >> 1U;
}

}  // namespace

bool ring_can_pass(std::span<const std::uint32_t> marks, int most) {
  std::uint32_t any = 0;
  for (const std::uint32_t mark : marks) {
    any |= mark;
  }
  if (static_cast<int>(kRays) - std::popcount(any) > most) {
    return false;
  }
  const std::size_t lower = marks.size() < 32 ? marks.size() : 32;
  const auto inner = by_ray(marks.first(lower));
  const auto outer = by_ray(marks.subspan(lower));
  // ways[k]: the radii that a way so far can be at with at most k rays missed. Radii beyond the last are harmless: they
  // have no marks.
  std::array<std::uint64_t, kMost + 1> ways;
  ways.fill(~std::uint64_t{0});
  const auto last = static_cast<std::size_t>(most);
  for (std::size_t ray = 0; ray < kRays; ++ray) {
    const std::uint64_t marked = std::uint64_t{outer[ray]} << 32U | inner[ray];
    std::uint64_t fewer = 0;
    for (std::size_t k = 0; k <= last; ++k) {
      const std::uint64_t reached = near(ways[k]);
      ways[k] = (reached & marked) | fewer;
      fewer = reached;
    }
    if (ways[last] == 0) {
      return false;
    }
  }
  return true;
}

}  // namespace her2
