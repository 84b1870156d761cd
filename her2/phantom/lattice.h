// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/phantom/layout.h"

// One nest's lattice: the cells' places and what each is asked to show, and their Voronoi polygons in lattice units.
namespace her2::phantom {

// A corner of a polygon and the edge that begins at it.
struct Corner {
  double u = 0, v = 0;
  int neighbour = -1;  // index of the node on the other side of the edge; -1: none
  int before = -1;     // of the node on the other side of the edge that ends here
  int mate = -1;       // the neighbour's corner whose edge is this one seen from there; -1: the edge is free
  double length = 0;   // um
  double stained = 0;  // share of the edge
};

struct Node {
  std::int64_t i = 0, j = 0;
  std::uint64_t key = 0;
  double u = 0, v = 0;
  enum class Kind : std::uint8_t { none, cell, lumen } kind = Kind::none;
  Staining staining = Staining::unstained;
  bool complete = false;
  double target = 0, contrast_mod = 0, width_um = 0;
  double cytoplasm_mod = 0;  // DAB over the background
  bool clefts = false;
  bool border = false;  // the nest's border passes near: what lies beyond this line is cut off
  double border_u = 0, border_v = 0, border_limit = 0;  // inside: (u, v) . (border_u, border_v) <= border_limit
  std::vector<Corner> corners, whole;                   // whole: before clefts were cut off
};

// The nodes [i0, i0 + columns) x [j0, j0 + rows), row by row.
struct Lattice {
  Nest nest;
  std::int64_t i0 = 0, j0 = 0;
  int columns = 0, rows = 0;
  double unit_um = 1;  // mean length of a lattice unit
  std::vector<Node> nodes;

  [[nodiscard]] int index(std::int64_t i, std::int64_t j) const {
    const std::int64_t c = i - i0, r = j - j0;
    return c < 0 || r < 0 || c >= columns || r >= rows ? -1 : static_cast<int>(r * columns + c);
  }
};

// Whether two cells' membranes are one line.
bool shared(const PhantomSpec& spec, const Node& a, const Node& b);

// Places, kinds and wishes of the nodes within this range of lattice coordinates.
Lattice make_lattice(const PhantomSpec& spec, const Layout& layout, const Nest& nest, std::int64_t i0, std::int64_t j0,
                     int columns, int rows);

// Polygons of all nodes at least 3 from the range's edge, with their mates.
void make_polygons(const PhantomSpec& spec, Lattice& lattice);

// The shares of every edge that are stained, so that each cell comes near its wish. A cell's result depends on nodes
// at most kSettleRings + 4 away.
inline constexpr int kSettleRings = 5;
void settle(Lattice& lattice);

}  // namespace her2::phantom
