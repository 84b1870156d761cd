// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/hypotheses.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "her2/cell/star.h"
#include "her2/signal/raster.h"

namespace her2::signal {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int kLeastRise = 2;                         // of a basin over where it meets a higher one, fifths of a pixel
constexpr double kIn = 0.82, kOut = 1.25;             // of the ellipse: where the edge is judged
constexpr double kLeastArea = 0.20, kMostArea = 4.5;  // of the expected area
constexpr double kUnit = 1.0 / 16384;

int value_at(const Plane<std::int16_t>& plane, double x, double y) {
  const int px = std::clamp(static_cast<int>(std::floor(x + 0.5)), 0, plane.width() - 1);
  const int py = std::clamp(static_cast<int>(std::floor(y + 0.5)), 0, plane.height() - 1);
  return plane.at(px, py);
}

// Mean of what inside lies above outside, over inside.
double edge_step(const Plane<std::int16_t>& plane, const Ellipse& e) {
  const RayTable& rays = ray_table();
  double in = 0;
  double step = 0;
  for (std::size_t i = 0; i < kRays; i += 2) {
    const double dx = e.l11 * (rays.x[i] * kUnit);
    const double dy = e.l21 * (rays.x[i] * kUnit) + e.l22 * (rays.y[i] * kUnit);
    const int inner = value_at(plane, e.x + kIn * dx, e.y + kIn * dy);
    const int outer = value_at(plane, e.x + kOut * dx, e.y + kOut * dy);
    in += std::max(inner, 1);
    step += std::max(inner - outer, 0);
  }
  return step / in;
}

class Judge {
 public:
  Judge(const Plane<std::int16_t>& bright, double diameter, const NucleusSearch& search)
      : bright_(bright), search_(search), expected_(kPi / 4 * diameter * diameter) {}

  void look(const SplitTree& tree, std::vector<Hypothesis>& out) const {
    const auto& pieces = tree.pieces();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Moments& m = pieces[i].moments;
      const double relative = static_cast<double>(m.n) / expected_;
      if (relative < kLeastArea || relative > kMostArea) {
        continue;
      }
      const Ellipse e = ellipse_of(m);
      const double step = edge_step(bright_, e);
      if (step < search_.least_step) {
        continue;
      }
      const double u = 0.5 * log_of(relative) / search_.size_spread;
      const double most = std::sqrt(step) * exp_of(-0.5 * u * u) * std::sqrt(std::sqrt(relative));
      if (most < search_.least_score) {
        continue;
      }
      std::int64_t in = 0;
      const int width = bright_.width();
      tree.each_pixel(static_cast<std::int32_t>(i), [&](std::int32_t pixel) {
        const std::int32_t row = pixel / width;
        in += e.holds(pixel % width, row) ? 1 : 0;
      });
      const double iou = static_cast<double>(in) / (static_cast<double>(m.n) + e.area - static_cast<double>(in));
      const double score = (iou - search_.least_ellipse) / (1 - search_.least_ellipse) * most;
      if (score < search_.least_score) {
        continue;
      }
      Hypothesis h{score, iou, step, m.n, m.x, m.y, {}};
      h.pixels.reserve(static_cast<std::size_t>(m.n));
      tree.each_pixel(static_cast<std::int32_t>(i), [&](std::int32_t pixel) { h.pixels.push_back(pixel); });
      out.push_back(std::move(h));
    }
  }

 private:
  const Plane<std::int16_t>& bright_;
  const NucleusSearch& search_;
  double expected_;
};

// Levels from what stands out of the noise to the brightest nuclei.
std::vector<int> levels_of(const Plane<std::int16_t>& bright, int count) {
  std::vector<std::int16_t> values(bright.pixels().begin(), bright.pixels().end());
  const auto quantile = [&](std::size_t per_mille) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * per_mille / 1000);
    std::nth_element(values.begin(), at, values.end());
    return static_cast<double>(*at);
  };
  const double high = std::max(quantile(990), 8.0);
  const double low = std::max(high / 8, 4.0);
  std::vector<int> out;
  const double ratio = log_of(0.9 * high / low) / (count - 1);
  for (int i = 0; i < count; ++i) {
    const int level = static_cast<int>(std::floor(low * exp_of(ratio * i)));
    if (out.empty() || level > out.back()) {
      out.push_back(level);
    }
  }
  return out;
}

}  // namespace

Ellipse ellipse_of(const Moments& m) {
  const auto n = static_cast<double>(m.n);
  Ellipse e;
  e.x = static_cast<double>(m.x) / n;
  e.y = static_cast<double>(m.y) / n;
  constexpr double kPixel = 1.0 / 12;  // a pixel's own second moment
  const double xx = static_cast<double>(m.xx) / n - e.x * e.x + kPixel;
  const double xy = static_cast<double>(m.xy) / n - e.x * e.y;
  const double yy = static_cast<double>(m.yy) / n - e.y * e.y + kPixel;
  const double l11 = std::sqrt(xx);
  const double l21 = xy / l11;
  const double l22 = std::sqrt(std::max(yy - l21 * l21, 1e-6));
  e.l11 = 2 * l11;
  e.l21 = 2 * l21;
  e.l22 = 2 * l22;
  e.area = kPi * e.l11 * e.l22;
  const double half = (xx - yy) / 2;
  const double spread = std::sqrt(half * half + xy * xy);
  const double middle = (xx + yy) / 2;
  e.elongation = std::sqrt((middle + spread) / std::max(middle - spread, 1e-6));
  return e;
}

std::vector<Hypothesis> hypotheses_on(const Plane<std::int16_t>& bright, double diameter, const NucleusSearch& search) {
  const Judge judge(bright, diameter, search);
  std::vector<Hypothesis> out;
  Plane<std::uint16_t> depth;
  SplitTree tree;
  for (const int level : levels_of(bright, search.levels)) {
    depth_over(bright, level, depth);
    tree.build(depth, kLeastRise);
    judge.look(tree, out);
  }
  std::stable_sort(out.begin(), out.end(), [](const Hypothesis& a, const Hypothesis& b) {
    if (a.score != b.score) {
      return a.score > b.score;
    }
    return a.area != b.area ? a.area > b.area : a.y != b.y ? a.y < b.y : a.x < b.x;
  });
  return out;
}

}  // namespace her2::signal
