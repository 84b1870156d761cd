// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/artefacts.h"

#include <algorithm>
#include <cmath>

#include "her2/phantom/noise.h"

namespace her2::phantom {

Artefacts::Artefacts(const PhantomSpec& spec) : seed_(mix(spec.seed ^ 0x41525445U)) {
  const double width = static_cast<double>(spec.width) * spec.mpp, height = static_cast<double>(spec.height) * spec.mpp;
  const double side = std::min(width, height);
  Dice dice(seed_);
  const auto line = [&](double longest, double half_width, double edge) {
    Mark out;
    out.x0 = dice.between(0.1, 0.9) * width;
    out.y0 = dice.between(0.1, 0.9) * height;
    out.x1 = out.x0 + longest * dice.hill();
    out.y1 = out.y0 + longest * dice.hill();
    out.half_width = half_width;
    out.edge = edge;
    return out;
  };
  for (int i = 0; i < spec.pen_marks; ++i) {
    pens_.push_back(line(side, std::min(250.0, 0.05 * side), 6));
  }
  for (int i = 0; i < spec.folds; ++i) {
    folds_.push_back(line(0.6 * side, std::min(dice.between(12, 30), 0.05 * side), 4));
  }
  for (int i = 0; i < spec.blurs; ++i) {
    blurs_.push_back(line(0.1 * side, std::min(dice.between(150, 600), 0.15 * side), 40));
  }
  constexpr std::array<std::array<double, 3>, 3> kInks{{{1.1, 0.75, 0.2}, {1.0, 0.3, 0.8}, {1.0, 1.0, 0.95}}};
  ink_colour_ = kInks[dice.next() % kInks.size()];
}

double Artefacts::distance(const Mark& mark, double x, double y) {
  const double ex = mark.x1 - mark.x0, ey = mark.y1 - mark.y0, size2 = ex * ex + ey * ey;
  const double along = size2 > 0 ? std::clamp(((x - mark.x0) * ex + (y - mark.y0) * ey) / size2, 0.0, 1.0) : 0;
  const double dx = x - mark.x0 - along * ex, dy = y - mark.y0 - along * ey;
  return std::sqrt(dx * dx + dy * dy);
}

double Artefacts::among(const std::vector<Mark>& marks, double x, double y) const {
  double out = 0;
  for (const Mark& mark : marks) {
    const double far = distance(mark, x, y);
    if (far < 1.6 * mark.half_width) {
      const double uneven =
          0.35 * mark.half_width * smooth_noise(seed_, x / (3 * mark.half_width), y / (3 * mark.half_width));
      out = std::max(out, std::clamp((mark.half_width + uneven - far) / mark.edge, 0.0, 1.0));
    }
  }
  return out;
}

bool Artefacts::blurred(double x0, double y0, double x1, double y1) const {
  const double x = (x0 + x1) / 2, y = (y0 + y1) / 2;
  const double half = std::sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)) / 2;
  return std::any_of(blurs_.begin(), blurs_.end(),
                     [&](const Mark& mark) { return distance(mark, x, y) < 1.6 * mark.half_width + half; });
}

}  // namespace her2::phantom
