// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "her2/phantom/phantom.h"

namespace her2::phantom {

// What goes wrong on a slide: pen marks, folds, pieces out of focus. Positions in um; each is 0 outside, 1 well inside.
class Artefacts {
 public:
  explicit Artefacts(const PhantomSpec& spec);

  [[nodiscard]] double ink(double x, double y) const { return among(pens_, x, y); }
  [[nodiscard]] double fold(double x, double y) const { return among(folds_, x, y); }
  [[nodiscard]] double blur(double x, double y) const { return among(blurs_, x, y); }
  [[nodiscard]] bool inked() const { return !pens_.empty(); }
  [[nodiscard]] bool folded() const { return !folds_.empty(); }
  [[nodiscard]] bool blurred() const { return !blurs_.empty(); }
  // Whether any pixel of this rectangle is out of focus.
  [[nodiscard]] bool blurred(double x0, double y0, double x1, double y1) const;
  // OD of R, G, B of the pen.
  [[nodiscard]] const std::array<double, 3>& ink_colour() const { return ink_colour_; }
  [[nodiscard]] bool obscured(double x, double y) const { return ink(x, y) > 0 || fold(x, y) > 0 || blur(x, y) > 0; }

 private:
  // A line with a width, or a disc: both ends the same.
  struct Mark {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0, half_width = 0, edge = 1;
  };
  [[nodiscard]] static double distance(const Mark& mark, double x, double y);
  [[nodiscard]] double among(const std::vector<Mark>& marks, double x, double y) const;

  std::uint64_t seed_;
  std::vector<Mark> pens_, folds_, blurs_;
  std::array<double, 3> ink_colour_{};
};

// Sigma of what is out of focus, um.
inline constexpr double kBlurUm = 1.6;

}  // namespace her2::phantom
