// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/classify.h"

#include <algorithm>
#include <cmath>

namespace her2 {
namespace {

// Borders between kinds: our own starting values (docs/cells.md), to be replaced by a classifier that has learned.
constexpr int kSmallArea = 4000;  // 0.01 um2: a lymphocyte's nucleus is about 7 um across
constexpr int kDebrisArea = 1400;
constexpr int kLong = 180;     // 1/100: a spindle, or half of one
constexpr int kAngular = 840;  // 1/1000: its ends are pointed
constexpr int kDense = 11;     // tenths of the slide's median haematoxylin: fibroblasts' nuclei are dense, while what
                               // membranes press into such shapes is no darker than others
constexpr int kRound = 850;  // 1/1000: of a lymphocyte; small dark nuclei of tumour cells that stand alone are angular
constexpr int kOval = 160;   // 1/100: no lymphocyte is longer
constexpr int kDark = 17;    // tenths of the slide's median haematoxylin

double clamped(double v, double low, double high) { return std::min(high, std::max(low, v)); }

std::uint16_t to_u16(double v) { return static_cast<std::uint16_t>(clamped(v + 0.5, 0, 65535)); }

// 50 at the border, 99 when `far` beyond it.
std::uint8_t sureness(double beyond, double far) {
  return static_cast<std::uint8_t>(50 + 49 * clamped(beyond / far, 0, 1));
}

}  // namespace

NucleusShape shape_of(const Nucleus& nucleus, double pitch_um) {
  // Second moments of the polygon about its centroid (Green's theorem), in squared 1/32 pixels.
  double xx = 0;
  double yy = 0;
  double xy = 0;
  double twice = 0;
  double perimeter = 0;
  for (std::size_t i = 0; i < kNucleusPoints; ++i) {
    const SubPoint a = nucleus.ring[i];
    const SubPoint b = nucleus.ring[(i + 1) % kNucleusPoints];
    const double ax = a.x - nucleus.centroid.x;
    const double ay = a.y - nucleus.centroid.y;
    const double bx = b.x - nucleus.centroid.x;
    const double by = b.y - nucleus.centroid.y;
    const double wedge = ax * by - bx * ay;
    twice += wedge;
    xx += wedge * (ax * ax + ax * bx + bx * bx);
    yy += wedge * (ay * ay + ay * by + by * by);
    xy += wedge * (ax * by + 2 * ax * ay + 2 * bx * by + bx * ay);
    perimeter += std::sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
  }
  NucleusShape out;
  out.inside = nucleus.inside;
  if (!(twice > 0)) {
    return out;
  }
  const double sub = pitch_um / kSubpixels;  // um
  const double area = twice / 2;
  xx /= 12 * area;
  yy /= 12 * area;
  xy /= 24 * area;
  const double middle = (xx + yy) / 2;
  const double half = std::sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
  const double small = std::max(1.0, middle - half);
  out.area = static_cast<std::uint32_t>(std::floor(area * sub * sub * 100 + 0.5));
  out.roundness = to_u16(std::min(1000.0, 4 * 3.141592653589793 * area / (perimeter * perimeter) * 1000));
  out.elongation = to_u16(std::min(1000.0, std::sqrt((middle + half) / small) * 100));
  return out;
}

CellKindCall classify(const NucleusShape& shape, int usual_inside) {
  const auto area = static_cast<double>(shape.area);
  if (area < kDebrisArea) {
    return {CellKind::other, sureness(kDebrisArea - area, 500)};
  }
  const bool dense = shape.inside * 10 > usual_inside * kDense;
  if (shape.elongation > kLong && shape.roundness < kAngular && dense) {
    return {CellKind::stromal, sureness(std::min(shape.elongation - kLong, kAngular - shape.roundness), 60)};
  }
  const bool dark = shape.inside * 10 > usual_inside * kDark;
  if (area < kSmallArea && shape.roundness > kRound && shape.elongation < kOval && dark) {
    return {CellKind::lymphocyte, sureness(kSmallArea - area, 1500)};
  }
  const double size = std::abs(area - kSmallArea) / 2000;
  const double form = (kLong - static_cast<double>(shape.elongation)) / 60;
  return {CellKind::tumour, sureness(std::max(size, form), 1)};
}

}  // namespace her2
