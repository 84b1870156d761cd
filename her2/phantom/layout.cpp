// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/layout.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "her2/phantom/array.h"
#include "her2/phantom/noise.h"

namespace her2::phantom {
namespace {

constexpr double kWarpUm = 26, kWarpGrain = 85;  // the nests' borders are bent by so much, over such distances
constexpr double kFar = 1e9;
constexpr double kBarren = 0.04;  // share of nests' places without a nest

}  // namespace

Layout::Layout(const PhantomSpec& spec)
    : spec_(spec),
      seed_(mix(spec.seed)),
      nest_um_(spec.nest_um),
      septum_um_(spec.nest_um * (1 - std::sqrt(1 - spec.stroma))),
      cell_um_(spec.cell_um),
      lymphocytes_(spec.lymphocytes),
      width_um_(static_cast<double>(spec.width) * spec.mpp),
      height_um_(static_cast<double>(spec.height) * spec.mpp),
      tissue_share_(spec.tissue_share) {}

std::uint64_t Layout::nest_key(std::int64_t column, std::int64_t row) const {
  return key(seed_ ^ 0x4E455354ULL, column, row);
}

std::pair<double, double> Layout::nest_site(std::int64_t column, std::int64_t row, Dice& dice) const {
  const double dx = 0.46 * (2 * dice.unit() - 1), dy = 0.46 * (2 * dice.unit() - 1);
  return {(static_cast<double>(column) + 0.5 + dx) * nest_um_, (static_cast<double>(row) + 0.5 + dy) * nest_um_};
}

Nest Layout::nest(std::int64_t column, std::int64_t row) const {
  Nest out;
  out.column = column;
  out.row = row;
  out.key = nest_key(column, row);
  Dice dice(out.key);
  std::tie(out.x, out.y) = nest_site(column, row, dice);
  double p = 0, q = 0, size = 0;
  do {
    p = 2 * dice.unit() - 1;
    q = 2 * dice.unit() - 1;
    size = p * p + q * q;
  } while (size > 1 || size < 0.01);
  const double norm = std::sqrt(size);
  p /= norm;
  q /= norm;
  const double stretch = std::sqrt(1 + 0.8 * dice.unit() * dice.unit());
  const double grow = cell_um_ * dice.between(0.92, 1.10);
  out.a = p * grow * stretch;
  out.c = q * grow * stretch;
  out.b = -q * grow / stretch;
  out.d = p * grow / stretch;
  return out;
}

double Layout::tissue(double x, double y) const {
  if (spec_.array.rows > 0) {
    return core_at(spec_, x, y).depth;
  }
  if (tissue_share_ >= 1) {
    return kFar;
  }
  const double a = width_um_ / 2 * tissue_share_, b = height_um_ / 2 * tissue_share_;
  const double dx = (x - width_um_ / 2) / a, dy = (y - height_um_ / 2) / b;
  const double least = std::min(a, b), wave = std::max(0.12 * least, 40.0);
  return (0.92 - std::sqrt(dx * dx + dy * dy)) * least +
         0.5 * wave * smooth_noise(seed_ ^ 11U, x / wave / 2, y / wave / 2) +
         8 * smooth_noise(seed_ ^ 12U, x / 30, y / 30);
}

Place Layout::at(double x, double y) const {
  Place out;
  out.tissue = tissue(x, y);
  const double wx = x + kWarpUm * smooth_noise(seed_ ^ 21U, x / kWarpGrain, y / kWarpGrain);
  const double wy = y + kWarpUm * smooth_noise(seed_ ^ 22U, x / kWarpGrain, y / kWarpGrain);
  const auto column = static_cast<std::int64_t>(std::floor(wx / nest_um_));
  const auto row = static_cast<std::int64_t>(std::floor(wy / nest_um_));
  double first = kFar * kFar, second = first, fx = 0, fy = 0, sx = 0, sy = 0;
  for (std::int64_t r = row - 2; r <= row + 2; ++r) {
    for (std::int64_t c = column - 2; c <= column + 2; ++c) {
      Dice dice(nest_key(c, r));
      const auto [nx, ny] = nest_site(c, r, dice);
      const double d = (nx - wx) * (nx - wx) + (ny - wy) * (ny - wy);
      if (d < first) {
        second = first;
        sx = fx;
        sy = fy;
        first = d;
        fx = nx;
        fy = ny;
        out.column = c;
        out.row = r;
      } else if (d < second) {
        second = d;
        sx = nx;
        sy = ny;
      }
    }
  }
  const bool barren = Dice(nest_key(out.column, out.row) ^ 1U).unit() < kBarren;
  const double apart = std::sqrt((fx - sx) * (fx - sx) + (fy - sy) * (fy - sy));
  const double inside = (second - first) / (2 * apart) - septum_um_ / 2;
  out.depth = std::min(barren ? std::min(inside, 0.0) - 30 : inside, out.tissue - 15);
  return out;
}

Layout::Range Layout::nests_near(double x0, double y0, double x1, double y1) const {
  const double reach = 1.2 * nest_um_;
  const auto index = [&](double v) { return static_cast<std::int64_t>(std::floor(v / nest_um_)); };
  return {index(x0 - reach), index(x1 + reach), index(y0 - reach), index(y1 + reach)};
}

double Layout::infiltration(double x, double y) const {
  const double wave = 0.5 + 0.6 * smooth_noise(seed_ ^ 31U, x / 70, y / 70);
  return std::clamp((wave - (1 - lymphocytes_)) / 0.15, 0.0, 1.0);
}

}  // namespace her2::phantom
