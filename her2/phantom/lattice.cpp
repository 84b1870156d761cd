// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/lattice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "her2/phantom/array.h"
#include "her2/phantom/noise.h"
#include "her2/phantom/optics.h"

namespace her2::phantom {
namespace {

constexpr double kJitter = 0.31;    // of a lattice unit, either way
constexpr double kRowStep = 0.866;  // rows of a hexagonal lattice
constexpr double kEnds = 0.10;      // the ends of stained stretches add about so much of what is unstained
constexpr int kPatch = 3;           // nodes a side of a patch of cells that stain alike
constexpr double kMostUnits = 1.1;  // no cell reaches farther from its node
constexpr double kHalf = 0.70710678118654752;
constexpr std::array<std::array<double, 2>, 8> kOctagon{
    {{1, 0}, {kHalf, kHalf}, {0, 1}, {-kHalf, kHalf}, {-1, 0}, {-kHalf, -kHalf}, {0, -1}, {kHalf, -kHalf}}};
constexpr double kLeastDepth = 0.3;  // of a cell's size: a cell's node is at least so far inside its nest's border
constexpr int kReach = 3;            // nodes that can bound a polygon are at most so far

struct Wish {
  Staining staining = Staining::unstained;
  bool complete = false;
};

Wish draw(const PhantomMix& mix, Dice& dice) {
  const double sum = std::accumulate(mix.incomplete.begin(), mix.incomplete.end(), 0.0) +
                     std::accumulate(mix.complete.begin(), mix.complete.end(), 0.0) + mix.unstained;
  double at = dice.unit() * sum - mix.unstained;
  if (at < 0) {
    return {};
  }
  for (const bool complete : {false, true}) {
    const auto& shares = complete ? mix.complete : mix.incomplete;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      if (at < shares[k]) {
        return {static_cast<Staining>(k + 1), complete};
      }
      at -= shares[k];
    }
  }
  return {};
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

void wish(const PhantomSpec& spec, const Nest& nest, Node& node) {
  Dice dice(node.key ^ 0x57495348U);
  const bool alike = dice.unit() < spec.clustering;
  Dice patch(key(nest.key ^ 0x50415443U, floor_div(node.i, kPatch), floor_div(node.j, kPatch)));
  const PhantomMix& mix = mix_at(spec, nest.to_x(node.u, node.v), nest.to_y(node.u, node.v));
  const Wish drawn = draw(mix, alike ? patch : dice);
  node.staining = drawn.staining;
  node.complete = drawn.complete;
  if (drawn.staining == Staining::unstained) {
    node.cytoplasm_mod = 0.7 * spec.look[0].cytoplasm_mod * dice.unit() * dice.unit();
    return;
  }
  if (spec.completeness == CompletenessLaw::uniform) {
    node.target = dice.unit();
  } else if (drawn.complete) {
    node.target = dice.unit() < 0.6 ? 1 : dice.between(0.955, 1);
  } else {
    node.target = dice.between(0.22, 0.78);
  }
  if (node.target < 0.95) {
    node.target = std::max(0.0, node.target - kEnds * (1 - node.target));
  }
  const MembraneLook& look = spec.look[static_cast<std::size_t>(drawn.staining) - 1];
  node.contrast_mod = look.contrast_mod + look.contrast_spread_mod * dice.hill();
  node.cytoplasm_mod = look.cytoplasm_mod * (1 + 0.5 * dice.hill());
  node.width_um = look.width_um + look.width_spread_um * dice.hill();
}

// Half of the cleft's width between two cells that do not share a membrane, um: the stain of one must not be seen on
// the other's line.
double half_cleft(const Node& a, const Node& b) {
  const auto reach = [](const Node& n) {
    return n.staining == Staining::unstained ? 0.9 : membrane_reach() * n.width_um;
  };
  return (reach(a) + reach(b) + 0.5) / 2;
}

bool before(const Node& a, const Node& b) { return a.j != b.j ? a.j < b.j : a.i < b.i; }

// The point as far from all three nodes, the same for any order of them.
bool meeting_point(const Node& a, const Node& b, const Node& c, Corner& out) {
  const Node* n[3] = {&a, &b, &c};
  std::sort(n, n + 3, [](const Node* x, const Node* y) { return before(*x, *y); });
  const double bu = n[1]->u - n[0]->u, bv = n[1]->v - n[0]->v, cu = n[2]->u - n[0]->u, cv = n[2]->v - n[0]->v;
  const double twice = 2 * (bu * cv - bv * cu);
  if (std::abs(twice) < 1e-9) {
    return false;
  }
  const double bb = bu * bu + bv * bv, cc = cu * cu + cv * cv;
  out.u = n[0]->u + (cv * bb - bv * cc) / twice;
  out.v = n[0]->v + (bu * cc - cu * bb) / twice;
  return true;
}

// Keeps what has (u, v) . (nu, nv) <= limit.
void clip(double nu, double nv, double limit, int other_index, std::vector<Corner>& polygon) {
  const auto beyond = [&](const Corner& c) { return c.u * nu + c.v * nv - limit; };
  std::vector<Corner> out;
  for (std::size_t k = 0; k < polygon.size(); ++k) {
    const Corner &from = polygon[k], &to = polygon[(k + 1) % polygon.size()];
    const double df = beyond(from), dt = beyond(to);
    if (df <= 0) {
      out.push_back(from);
    }
    if ((df <= 0) != (dt <= 0)) {
      const double t = df / (df - dt);
      Corner cut;
      cut.u = from.u + t * (to.u - from.u);
      cut.v = from.v + t * (to.v - from.v);
      cut.before = df <= 0 ? from.neighbour : other_index;
      cut.neighbour = df <= 0 ? other_index : from.neighbour;
      out.push_back(cut);
    }
  }
  polygon = std::move(out);
}

std::vector<Corner> polygon_of(const PhantomSpec& spec, const Lattice& lattice, const Node& node, bool with_clefts) {
  std::vector<Corner> out;
  for (const auto& [c, s] : kOctagon) {
    Corner corner;
    corner.u = node.u + kMostUnits * c;
    corner.v = node.v + kMostUnits * s;
    out.push_back(corner);
  }
  if (node.border) {
    clip(node.border_u, node.border_v, node.border_limit, -1, out);
  }
  for (int dj = -2; dj <= 2; ++dj) {
    for (int di = -kReach; di <= kReach; ++di) {
      const int at = lattice.index(node.i + di, node.j + dj);
      const Node& other = lattice.nodes[static_cast<std::size_t>(at)];
      if (&other == &node) {
        continue;
      }
      double far = 0;
      for (const Corner& c : out) {
        far = std::max(far, (c.u - node.u) * (c.u - node.u) + (c.v - node.v) * (c.v - node.v));
      }
      const double apart = (other.u - node.u) * (other.u - node.u) + (other.v - node.v) * (other.v - node.v);
      const bool cleft = with_clefts && other.kind == Node::Kind::cell && !shared(spec, node, other);
      if (other.kind != Node::Kind::none && apart < 4 * far + 4) {
        const double nu = other.u - node.u, nv = other.v - node.v, size = std::sqrt(nu * nu + nv * nv);
        const double inset = cleft ? half_cleft(node, other) / lattice.unit_um : 0;
        clip(nu, nv, node.u * nu + node.v * nv + size * (size / 2 - inset), at, out);
      }
    }
  }
  // Corners between uncut edges are computed alike from every side.
  const auto cut = [&](int k) {
    const Node& other = lattice.nodes[static_cast<std::size_t>(k)];
    return with_clefts && other.kind == Node::Kind::cell && !shared(spec, node, other);
  };
  for (Corner& c : out) {
    if (c.neighbour >= 0 && c.before >= 0 && c.neighbour != c.before && !cut(c.neighbour) && !cut(c.before)) {
      meeting_point(node, lattice.nodes[static_cast<std::size_t>(c.neighbour)],
                    lattice.nodes[static_cast<std::size_t>(c.before)], c);
    }
  }
  return out;
}

// The border near the node as a straight line, from the depth around it.
void find_border(const Layout& layout, const Nest& nest, double depth, double unit_um, Node& node) {
  if (depth > 2.2 * unit_um) {
    return;
  }
  constexpr double kStep = 2;  // um
  const double x = nest.to_x(node.u, node.v), y = nest.to_y(node.u, node.v);
  const double gx = (layout.at(x + kStep, y).depth - layout.at(x - kStep, y).depth) / (2 * kStep);
  const double gy = (layout.at(x, y + kStep).depth - layout.at(x, y - kStep).depth) / (2 * kStep);
  // Depth falls by 1 um a um towards the border, so the gradient's length corrects what the warp stretches.
  node.border_u = -(gx * nest.a + gy * nest.c);
  node.border_v = -(gx * nest.b + gy * nest.d);
  node.border_limit = node.border_u * node.u + node.border_v * node.v + depth;
  node.border = true;
}

bool well_inside(const Lattice& lattice, const Node& node, int by) {
  return node.i - lattice.i0 >= by && node.j - lattice.j0 >= by && node.i - lattice.i0 < lattice.columns - by &&
         node.j - lattice.j0 < lattice.rows - by;
}

}  // namespace

bool shared(const PhantomSpec& spec, const Node& a, const Node& b) {
  if (a.kind != Node::Kind::cell || b.kind != Node::Kind::cell) {
    return false;
  }
  if (!spec.clefts) {
    return true;
  }
  return a.staining == b.staining &&
         (spec.completeness == CompletenessLaw::by_class || std::abs(a.target - b.target) < 0.6);
}

Lattice make_lattice(const PhantomSpec& spec, const Layout& layout, const Nest& nest, std::int64_t i0, std::int64_t j0,
                     int columns, int rows) {
  Lattice out{nest, i0, j0, columns, rows, std::sqrt(nest.a * nest.d - nest.b * nest.c), {}};
  out.nodes.resize(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  std::size_t at = 0;
  for (std::int64_t j = j0; j < j0 + rows; ++j) {
    for (std::int64_t i = i0; i < i0 + columns; ++i) {
      Node& node = out.nodes[at++];
      node.i = i;
      node.j = j;
      node.key = key(nest.key, i, j);
      Dice dice(node.key);
      node.u = static_cast<double>(i) + ((j & 1) != 0 ? 0.5 : 0.0) + kJitter * (2 * dice.unit() - 1);
      node.v = (static_cast<double>(j) + kJitter * (2 * dice.unit() - 1)) * kRowStep;
      const Place place = layout.at(nest.to_x(node.u, node.v), nest.to_y(node.u, node.v));
      if (place.column != nest.column || place.row != nest.row || place.depth <= kLeastDepth * out.unit_um) {
        continue;
      }
      find_border(layout, nest, place.depth, out.unit_um, node);
      node.kind = dice.unit() < spec.lumen ? Node::Kind::lumen : Node::Kind::cell;
      if (node.kind == Node::Kind::cell) {
        wish(spec, nest, node);
      }
    }
  }
  return out;
}

void make_polygons(const PhantomSpec& spec, Lattice& lattice) {
  for (Node& node : lattice.nodes) {
    if (node.kind == Node::Kind::none || !well_inside(lattice, node, kReach)) {
      continue;
    }
    node.corners = polygon_of(spec, lattice, node, node.kind == Node::Kind::cell);
    for (const Corner& c : node.corners) {
      if (c.neighbour < 0) {
        continue;
      }
      const Node& other = lattice.nodes[static_cast<std::size_t>(c.neighbour)];
      node.clefts = node.clefts || (other.kind == Node::Kind::cell && !shared(spec, node, other));
    }
    if (node.kind == Node::Kind::cell && node.clefts) {
      node.whole = polygon_of(spec, lattice, node, false);
    }
  }
  for (Node& node : lattice.nodes) {
    const int self = lattice.index(node.i, node.j);
    for (std::size_t k = 0; k < node.corners.size(); ++k) {
      Corner& c = node.corners[k];
      const Corner& next = node.corners[(k + 1) % node.corners.size()];
      const double du = next.u - c.u, dv = next.v - c.v;
      const double dx = lattice.nest.a * du + lattice.nest.b * dv, dy = lattice.nest.c * du + lattice.nest.d * dv;
      c.length = std::sqrt(dx * dx + dy * dy);
      if (c.neighbour < 0) {
        continue;
      }
      const Node& other = lattice.nodes[static_cast<std::size_t>(c.neighbour)];
      if (!shared(spec, node, other)) {
        continue;
      }
      for (std::size_t m = 0; m < other.corners.size(); ++m) {
        if (other.corners[m].neighbour == self) {
          c.mate = static_cast<int>(m);
        }
      }
    }
  }
}

namespace {

// The same from both sides of an edge.
std::uint64_t edge_key(const Node& node, const std::vector<Node>& nodes, const Corner& c) {
  const std::uint64_t other = c.neighbour < 0 ? 0 : nodes[static_cast<std::size_t>(c.neighbour)].key;
  return mix(node.key ^ other);
}

}  // namespace

void settle(Lattice& lattice) {
  auto& nodes = lattice.nodes;
  const auto wanted = [&](const Node& node, const Corner& c) {
    return c.mate < 0 ? node.target : (node.target + nodes[static_cast<std::size_t>(c.neighbour)].target) / 2;
  };
  for (Node& node : nodes) {
    for (Corner& c : node.corners) {
      c.stained = wanted(node, c);
      // Staining keeps to whole edges where it can: half of the edges begin as stained or not.
      if (const std::uint64_t edge = edge_key(node, nodes, c); edge % 8 < 5) {
        c.stained = static_cast<double>((edge >> 8U) % 1024) < c.stained * 1024 ? 1 : 0;
      }
    }
  }
  std::vector<double> lacking(nodes.size());
  const auto measure = [&] {
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      double sum = 0, length = 0;
      for (const Corner& c : nodes[n].corners) {
        sum += c.stained * c.length;
        length += c.length;
      }
      lacking[n] = length > 0 ? nodes[n].target - sum / length : 0;
    }
  };
  for (int round = 0; round < kSettleRings; ++round) {
    measure();
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      for (Corner& c : nodes[n].corners) {
        const double other = c.mate < 0 ? lacking[n] : lacking[static_cast<std::size_t>(c.neighbour)];
        const double pace = edge_key(nodes[n], nodes, c) % 8 < 5 ? 0.12 : 1.3;
        c.stained = std::clamp(c.stained + pace * (lacking[n] + other), 0.0, 1.0);
      }
    }
  }
  for (Node& node : nodes) {
    double stained = 0, length = 0, free = 0;
    for (Corner& c : node.corners) {
      length += c.length;
      if (c.mate < 0) {
        free += c.length;
        continue;
      }
      c.stained = c.stained < 0.15 ? 0 : (c.stained > 0.85 ? 1 : c.stained);
      stained += c.stained * c.length;
    }
    for (Corner& c : node.corners) {
      if (c.mate < 0) {
        c.stained = std::clamp((node.target * length - stained) / free, 0.0, 1.0);
      }
    }
  }
}

}  // namespace her2::phantom
