// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/nucleus.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "her2/phantom/fibres.h"
#include "her2/phantom/noise.h"

namespace her2::phantom {
namespace {

constexpr int kPoints = 32;
constexpr double kStromalGridUm = 9.5;

// Unit vectors around the circle, by halving angles.
const std::array<std::array<double, 2>, kPoints>& circle() {
  static const auto kTable = [] {
    std::array<std::array<double, 2>, kPoints> out{};
    double c = -1;  // cosine of half a turn, halved down to a step
    for (int parts = 2; parts < kPoints; parts *= 2) {
      c = std::sqrt((1 + c) / 2);
    }
    const double s = std::sqrt(1 - c * c);
    out[0] = {1, 0};
    for (std::size_t k = 1; k < kPoints; ++k) {
      out[k] = {out[k - 1][0] * c - out[k - 1][1] * s, out[k - 1][0] * s + out[k - 1][1] * c};
    }
    return out;
  }();
  return kTable;
}

struct Shape {
  double x = 0, y = 0;           // middle, um
  double along = 4, across = 4;  // half axes, um
  double dx = 1, dy = 0;         // direction of the long axis
  double wobble = 0.10;          // irregularity of the outline
};

std::int32_t to_sub(double um, double mpp) {
  return static_cast<std::int32_t>(std::floor(um * kSubpixels / mpp + 0.5));
}

// Distance from (x, y) to the ring in direction (dx, dy), all in sub-pixels.
double ray(const Contour& ring, double x, double y, double dx, double dy) {
  double best = 1e12;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const SubPoint &p = ring[i], &q = ring[(i + 1) % ring.size()];
    const double px = p.x - x, py = p.y - y, qx = q.x - x, qy = q.y - y;
    const double a = dx * py - dy * px, b = dx * qy - dy * qx;
    if ((a < 0) == (b < 0)) {
      continue;
    }
    const double t = a / (a - b);
    const double reach = (px + t * (qx - px)) * dx + (py + t * (qy - py)) * dy;
    if (reach > 0) {
      best = std::min(best, reach);
    }
  }
  return best;
}

// `within`: stay this far (um) inside of this ring; may be null.
Contour outline(const PhantomSpec& spec, const Shape& shape, std::uint64_t key, const Contour* within, double margin) {
  Contour out;
  for (const auto& [c, s] : circle()) {
    double x = c * shape.along, y = s * shape.across;
    const double grow = 1 + shape.wobble * smooth_noise(key, 2 + 1.5 * c, 2 + 1.5 * s) +
                        0.3 * shape.wobble * smooth_noise(key ^ 1U, 9 + 4 * c, 9 + 4 * s);
    const double rx = (x * shape.dx - y * shape.dy) * grow, ry = (x * shape.dy + y * shape.dx) * grow;
    double size = std::sqrt(rx * rx + ry * ry);
    const double ux = rx / size, uy = ry / size;
    if (within != nullptr) {
      const double scale = kSubpixels / spec.mpp;
      const double room = ray(*within, shape.x * scale, shape.y * scale, ux, uy) / scale - margin;
      size = std::max(std::min(size, room), 1.0);
    }
    out.push_back({to_sub(shape.x + ux * size, spec.mpp), to_sub(shape.y + uy * size, spec.mpp)});
  }
  return out;
}

}  // namespace

SubPoint centroid_of(const Contour& ring) {
  const std::int64_t x0 = ring.front().x, y0 = ring.front().y;
  std::int64_t twice = 0, sx = 0, sy = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const std::int64_t px = ring[i].x - x0, py = ring[i].y - y0;
    const std::int64_t qx = ring[(i + 1) % ring.size()].x - x0, qy = ring[(i + 1) % ring.size()].y - y0;
    const std::int64_t cross = px * qy - qx * py;
    twice += cross;
    sx += (px + qx) * cross;
    sy += (py + qy) * cross;
  }
  const auto middle = [&](std::int64_t sum, std::int64_t from) {
    return static_cast<std::int32_t>(from + static_cast<std::int64_t>(std::floor(
                                                static_cast<double>(sum) / (3.0 * static_cast<double>(twice)) + 0.5)));
  };
  return twice == 0 ? ring.front() : SubPoint{middle(sx, x0), middle(sy, y0)};
}

Nucleus nucleus_of(const PhantomSpec& spec, const EpithelialCell& cell) {
  Nucleus out;
  out.key = mix(cell.key ^ 0x4E55434CU);
  Dice dice(out.key);
  const SubPoint middle = centroid_of(cell.contour);
  Shape shape;
  const double radius = 4.5 * (1 + 0.2 * dice.hill());
  const double longer = std::sqrt(1 + 0.75 * (cell.stretch - 1)) * (1 + 0.22 * dice.unit());
  shape.along = radius * longer;
  shape.across = radius / longer;
  shape.dx = cell.along_x;
  shape.dy = cell.along_y;
  shape.x = middle.x * spec.mpp / kSubpixels + 0.9 * dice.hill();
  shape.y = middle.y * spec.mpp / kSubpixels + 0.9 * dice.hill();
  double membrane = 0.9;
  if (cell.staining != Staining::unstained) {
    membrane = std::max(membrane, 0.62 * cell.width_um + 0.5);
  }
  out.contour = outline(spec, shape, out.key, &cell.contour, membrane);
  out.centroid = centroid_of(out.contour);
  const double gain = spec.stain.haematoxylin_gain;
  const double pale = dice.unit();
  out.tone = static_cast<int>((92 + 115 * pale * pale + 22 * dice.hill()) * gain);
  out.rim = static_cast<int>(out.tone * 1.32);
  out.rim_width = to_sub(0.55, spec.mpp);
  out.texture = 95;
  const int spots = dice.unit() < 0.55 ? 1 : (dice.unit() < 0.4 ? 2 : 0);
  for (int k = 0; k < spots; ++k) {
    Nucleus::Spot spot;
    const double reach = 0.45 * shape.across;
    spot.at = {out.centroid.x + to_sub(reach * dice.hill(), spec.mpp),
               out.centroid.y + to_sub(reach * dice.hill(), spec.mpp)};
    spot.radius = to_sub(dice.between(0.6, 1.1), spec.mpp);
    spot.tone = static_cast<int>(out.tone * dice.between(1.5, 2.1));
    out.nucleoli.push_back(spot);
  }
  return out;
}

std::vector<Nucleus> stromal_nuclei(const PhantomSpec& spec, const Layout& layout, double x0, double y0, double x1,
                                    double y1) {
  std::vector<Nucleus> out;
  const std::uint64_t seed = mix(spec.seed ^ 0x5354524FU);
  const auto index = [](double v) { return static_cast<std::int64_t>(std::floor(v / kStromalGridUm)); };
  for (std::int64_t j = index(y0) - 1; j <= index(y1) + 1; ++j) {
    for (std::int64_t i = index(x0) - 1; i <= index(x1) + 1; ++i) {
      Dice dice(key(seed, i, j));
      Shape shape;
      shape.x = (static_cast<double>(i) + dice.between(0.15, 0.85)) * kStromalGridUm;
      shape.y = (static_cast<double>(j) + dice.between(0.15, 0.85)) * kStromalGridUm;
      if (shape.x < x0 || shape.y < y0 || shape.x >= x1 || shape.y >= y1) {
        continue;
      }
      const double crowded = layout.infiltration(shape.x, shape.y);
      const bool lymphocyte = dice.unit() < 0.85 * crowded;
      if (!lymphocyte && dice.unit() > 0.16) {
        continue;
      }
      const Place place = layout.at(shape.x, shape.y);
      if (place.depth > (lymphocyte ? -11 : -13) || place.tissue < 8) {
        continue;
      }
      Nucleus nucleus;
      nucleus.key = key(seed ^ 1U, i, j);
      const double gain = spec.stain.haematoxylin_gain;
      if (lymphocyte) {
        nucleus.kind = PhantomKind::lymphocyte;
        shape.along = dice.between(3.0, 3.6);
        shape.across = shape.along * dice.between(0.86, 1);
        nucleus.tone = static_cast<int>(dice.between(260, 380) * gain);
        nucleus.rim = static_cast<int>(nucleus.tone * 1.1);
        nucleus.texture = 90;
      } else {
        nucleus.kind = PhantomKind::stromal;
        shape.along = dice.between(5.5, 8.5);
        shape.across = dice.between(1.2, 2.1);
        nucleus.tone = static_cast<int>(dice.between(150, 290) * gain);
        nucleus.rim = static_cast<int>(nucleus.tone * 1.15);
        nucleus.texture = 70;
        shape.wobble = 0.12;
      }
      const auto direction = fibre_direction(spec.seed, shape.x, shape.y);
      shape.dx = direction[0];
      shape.dy = direction[1];
      nucleus.rim_width = to_sub(0.5, spec.mpp);
      nucleus.contour = outline(spec, shape, nucleus.key, nullptr, 0);
      nucleus.centroid = centroid_of(nucleus.contour);
      out.push_back(std::move(nucleus));
    }
  }
  return out;
}

}  // namespace her2::phantom
