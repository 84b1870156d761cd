// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/array.h"

#include <cmath>

#include "her2/phantom/noise.h"

namespace her2::phantom {
namespace {

constexpr double kOffGrid = 0.04;  // of the distance: how far a core can lie from its place, each way

}  // namespace

CorePlace core_at(const PhantomSpec& spec, double x, double y) {
  const PhantomArray& array = spec.array;
  const double norm = std::sqrt(1 + array.slope * array.slope);
  const double dx = x - static_cast<double>(spec.width) * spec.mpp / 2;
  const double dy = y - static_cast<double>(spec.height) * spec.mpp / 2;
  // Along the rows and down the columns, 0 at the first core.
  const double u = (dx + dy * array.slope) / norm + (array.columns - 1) * array.pitch_um / 2;
  const double v = (dy - dx * array.slope) / norm + (array.rows - 1) * array.pitch_um / 2;
  CorePlace out;
  out.column = static_cast<int>(std::floor(u / array.pitch_um + 0.5));
  out.row = static_cast<int>(std::floor(v / array.pitch_um + 0.5));
  if (out.column < 0 || out.row < 0 || out.column >= array.columns || out.row >= array.rows) {
    return {};
  }
  Dice dice(key(spec.seed ^ 0x434F5245U, out.row, out.column));
  if (dice.unit() < array.missing) {
    return {};
  }
  const double off = kOffGrid * array.pitch_um;
  const double du = u - out.column * array.pitch_um - dice.between(-off, off);
  const double dv = v - out.row * array.pitch_um - dice.between(-off, off);
  out.depth = array.core_um / 2 - std::sqrt(du * du + dv * dv) + 10 * smooth_noise(spec.seed ^ 51U, x / 60, y / 60);
  return out;
}

const PhantomMix& mix_at(const PhantomSpec& spec, double x, double y) {
  if (spec.array.rows == 0 || spec.array.mixes.empty()) {
    return spec.mix;
  }
  const CorePlace place = core_at(spec, x, y);
  if (place.row < 0) {
    return spec.mix;
  }
  return spec.array.mixes.at(static_cast<std::size_t>(place.row * spec.array.columns + place.column) %
                             spec.array.mixes.size());
}

}  // namespace her2::phantom
