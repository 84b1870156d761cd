// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "her2/phantom/noise.h"
#include "her2/phantom/phantom.h"

// Where there is what: glass, stroma, nests of tumour cells. Positions in um from the slide's top left corner.
namespace her2::phantom {

// One nest: a lattice of tumour cells with a direction and a stretch of its own.
struct Nest {
  std::int64_t column = 0, row = 0;  // of the nests' grid
  std::uint64_t key = 0;
  double x = 0, y = 0;                // centre, um
  double a = 0, b = 0, c = 0, d = 0;  // um = centre + (a u + b v, c u + d v) of lattice point (u, v)

  [[nodiscard]] double to_x(double u, double v) const { return x + a * u + b * v; }
  [[nodiscard]] double to_y(double u, double v) const { return y + c * u + d * v; }
  [[nodiscard]] double to_u(double px, double py) const { return (d * (px - x) - b * (py - y)) / (a * d - b * c); }
  [[nodiscard]] double to_v(double px, double py) const { return (a * (py - y) - c * (px - x)) / (a * d - b * c); }
};

struct Place {
  std::int64_t column = 0, row = 0;  // the nearest nest
  double depth = 0;                  // um inside the nest's border; negative: in the stroma
  double tissue = 0;                 // um inside the tissue's border; negative: glass
};

class Layout {
 public:
  explicit Layout(const PhantomSpec& spec);  // must outlive it

  [[nodiscard]] Place at(double x, double y) const;
  [[nodiscard]] double tissue(double x, double y) const;
  [[nodiscard]] Nest nest(std::int64_t column, std::int64_t row) const;
  // The nests of which something may lie in this rectangle: [first, last] of columns and rows.
  struct Range {
    std::int64_t first_column, last_column, first_row, last_row;
  };
  [[nodiscard]] Range nests_near(double x0, double y0, double x1, double y1) const;
  // 0 to 1: how crowded with lymphocytes.
  [[nodiscard]] double infiltration(double x, double y) const;

 private:
  [[nodiscard]] std::uint64_t nest_key(std::int64_t column, std::int64_t row) const;
  [[nodiscard]] std::pair<double, double> nest_site(std::int64_t column, std::int64_t row, Dice& dice) const;

  const PhantomSpec& spec_;
  std::uint64_t seed_;
  double nest_um_, septum_um_, cell_um_, lymphocytes_;
  double width_um_, height_um_, tissue_share_;
};

}  // namespace her2::phantom
