// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/mesh.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "her2/phantom/lattice.h"
#include "her2/phantom/noise.h"
#include "her2/phantom/optics.h"

namespace her2::phantom {
namespace {

constexpr double kStepUm = 0.7;                  // between the points of a contour, at most
constexpr double kBendUm = 1.2, kBendGrain = 7;  // membranes are bent by so much, over such distances
constexpr double kReachUnits = 1.7;              // no part of a polygon is farther from its node

// What an edge shows, seen from both sides: positions along the line midway between the two nodes.
struct EdgeLine {
  double mu = 0, mv = 0, du = 0, dv = 0;  // middle and direction, lattice units
  double low = 0, high = 0;               // where the edge begins and ends for either cell
  double from = 0, to = 0;                // the stained part
  Stretch state;

  [[nodiscard]] double at(double u, double v) const { return (u - mu) * du + (v - mv) * dv; }
};

class Builder {
 public:
  Builder(const PhantomSpec& spec, const OpticsTable& optics, const Lattice& lattice)
      : spec_(spec), optics_(optics), lattice_(lattice), bend_seed_(mix(spec.seed ^ 0x42454E44U)) {}

  [[nodiscard]] EpithelialCell build(const Node& node) const {
    EpithelialCell out;
    out.key = node.key;
    out.x = lattice_.nest.to_x(node.u, node.v);
    out.y = lattice_.nest.to_y(node.u, node.v);
    out.staining = node.staining;
    out.complete = node.complete;
    out.target = node.target;
    out.contrast_mod = node.contrast_mod;
    out.width_um = node.width_um;
    out.cytoplasm_mod = node.cytoplasm_mod;
    out.lumen = node.kind == Node::Kind::lumen;
    const double longer = std::sqrt(lattice_.nest.a * lattice_.nest.a + lattice_.nest.c * lattice_.nest.c);
    out.stretch = longer * longer / (lattice_.unit_um * lattice_.unit_um);
    out.along_x = lattice_.nest.a / longer;
    out.along_y = lattice_.nest.c / longer;
    for (std::size_t k = 0; k < node.corners.size(); ++k) {
      add_edge(node, k, out);
    }
    close(out);
    if (!node.whole.empty()) {
      for (std::size_t k = 0; k < node.whole.size(); ++k) {
        const Corner &c = node.whole[k], &next = node.whole[(k + 1) % node.whole.size()];
        for (int step = 0; step < 8; ++step) {
          const double t = step / 8.0;
          out.whole.push_back(bent(c.u + t * (next.u - c.u), c.v + t * (next.v - c.v)));
        }
      }
    }
    return out;
  }

 private:
  [[nodiscard]] SubPoint bent(double u, double v) const {
    const double x = lattice_.nest.to_x(u, v), y = lattice_.nest.to_y(u, v);
    const double bx = x + kBendUm * smooth_noise(bend_seed_, x / kBendGrain, y / kBendGrain);
    const double by = y + kBendUm * smooth_noise(bend_seed_ + 1, x / kBendGrain, y / kBendGrain);
    const double scale = kSubpixels / spec_.mpp;
    return {static_cast<std::int32_t>(std::floor(bx * scale + 0.5)),
            static_cast<std::int32_t>(std::floor(by * scale + 0.5))};
  }

  [[nodiscard]] EdgeLine line_of(const Node& node, std::size_t k) const {
    const Corner& c = node.corners[k];
    const Corner& next = node.corners[(k + 1) % node.corners.size()];
    EdgeLine out;
    out.state.free = c.mate < 0;
    if (c.mate < 0) {
      const double size = std::sqrt((next.u - c.u) * (next.u - c.u) + (next.v - c.v) * (next.v - c.v));
      out.mu = c.u;
      out.mv = c.v;
      out.du = size > 0 ? (next.u - c.u) / size : 1;
      out.dv = size > 0 ? (next.v - c.v) / size : 0;
      out.high = size;
      stain(c.stained, key(node.key, static_cast<std::int64_t>(k)), node.contrast_mod, node.width_um,
            node.cytoplasm_mod / 2, out);
      return out;
    }
    const Node& other = lattice_.nodes[static_cast<std::size_t>(c.neighbour)];
    const bool first = node.j != other.j ? node.j < other.j : node.i < other.i;
    const Node &p = first ? node : other, &q = first ? other : node;
    out.mu = (p.u + q.u) / 2;
    out.mv = (p.v + q.v) / 2;
    const double nu = q.u - p.u, nv = q.v - p.v, size = std::sqrt(nu * nu + nv * nv);
    out.du = -nv / size;
    out.dv = nu / size;
    const auto take = [&](const Node& of, std::size_t corner) {
      const Corner &a = of.corners[corner], &b = of.corners[(corner + 1) % of.corners.size()];
      const double s = out.at(a.u, a.v), t = out.at(b.u, b.v);
      return std::pair{std::min(s, t), std::max(s, t)};
    };
    std::tie(out.low, out.high) = take(node, k);
    const auto [low, high] = take(other, static_cast<std::size_t>(c.mate));
    out.low = std::min(out.low, low);
    out.high = std::max(out.high, high);
    // Where the two stain differently the stronger one's membrane is what is seen.
    const Node &a = node.staining >= other.staining ? node : other, &b = other.staining >= node.staining ? other : node;
    const double contrast = (a.contrast_mod + b.contrast_mod) / 2, width = (a.width_um + b.width_um) / 2;
    stain(c.stained, mix(p.key ^ mix(q.key)), contrast, width, std::abs(a.cytoplasm_mod - b.cytoplasm_mod) / 2, out);
    return out;
  }

  // Contrast is over the paler side; `step` is by how much the line's ground is above that.
  void stain(double share, std::uint64_t edge, double contrast, double width, double step, EdgeLine& out) const {
    const double length = (out.high - out.low) * share;
    const auto place = edge % 3;
    out.from = place == 0 ? out.low : (place == 1 ? out.high - length : (out.low + out.high - length) / 2);
    out.to = out.from + length;
    Dice dice(edge ^ 0x45444745U);  // no two stretches are alike
    contrast *= 1 + 0.12 * dice.hill();
    width *= 1 + 0.15 * dice.hill();
    // The round end of a stretch reaches on by half a width.
    const double end = width / 2 / lattice_.unit_um;
    if (share >= 0.999) {
      out.from = out.low - 1;
      out.to = out.high + 1;
    } else if (length > 2 * end) {
      out.from += place == 0 ? 0 : end;
      out.to -= place == 1 ? 0 : end;
    }
    if (share <= 0 || contrast <= 0) {
      out.from = out.to = out.high + 2;
      return;
    }
    const auto whole = [](double v) { return static_cast<std::uint16_t>(std::floor(v + 0.5)); };
    out.state.amplitude_mod = whole(optics_.amplitude(std::max(contrast - step, contrast / 2), width));
    out.state.seen_mod = whole(contrast);
    out.state.width_nm = whole(width * 1000);
  }

  void add_edge(const Node& node, std::size_t k, EpithelialCell& out) const {
    const Corner &c = node.corners[k], &next = node.corners[(k + 1) % node.corners.size()];
    const EdgeLine line = line_of(node, k);
    const double start = line.at(c.u, c.v), end = line.at(next.u, next.v);
    const double low = std::min(start, end), high = std::max(start, end), step = kStepUm / lattice_.unit_um;
    std::vector<double> stops;
    for (double n = std::floor(low / step) + 1; n * step < high; n += 1) {
      stops.push_back(n * step);
    }
    for (const double stop : {line.from, line.to}) {
      if (stop > low && stop < high) {
        stops.push_back(stop);
      }
    }
    std::sort(stops.begin(), stops.end());
    if (start > end) {
      std::reverse(stops.begin(), stops.end());
    }
    const auto state_between = [&](double s, double t) {
      const double middle = (s + t) / 2;
      Stretch state;
      state.free = line.state.free;
      return middle > line.from && middle < line.to ? line.state : state;
    };
    const auto point = [&](double s) { return bent(line.mu + s * line.du, line.mv + s * line.dv); };
    double last = start;
    out.contour.push_back(bent(c.u, c.v));
    for (const double stop : stops) {
      out.stretches.push_back(state_between(last, stop));
      out.contour.push_back(point(stop));
      last = stop;
    }
    out.stretches.push_back(state_between(last, end));
  }

  // Drops points that fall on the one before.
  static void close(EpithelialCell& out) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < out.contour.size(); ++i) {
      const SubPoint next = out.contour[(i + 1) % out.contour.size()];
      if (out.contour[i] == next) {
        continue;
      }
      out.contour[kept] = out.contour[i];
      out.stretches[kept++] = out.stretches[i];
    }
    out.contour.resize(kept);
    out.stretches.resize(kept);
  }

  const PhantomSpec& spec_;
  const OpticsTable& optics_;
  const Lattice& lattice_;
  std::uint64_t bend_seed_;
};

void add_nest(const PhantomSpec& spec, const Layout& layout, const OpticsTable& optics, const Nest& nest,
              const std::array<double, 4>& box, std::vector<EpithelialCell>& out) {
  double u0 = 1e300, u1 = -1e300, v0 = 1e300, v1 = -1e300;
  for (const double x : {box[0], box[2]}) {
    for (const double y : {box[1], box[3]}) {
      u0 = std::min(u0, nest.to_u(x, y));
      u1 = std::max(u1, nest.to_u(x, y));
      v0 = std::min(v0, nest.to_v(x, y));
      v1 = std::max(v1, nest.to_v(x, y));
    }
  }
  // Nothing of a nest is farther from its centre than this.
  const double most =
      1.6 * spec.nest_um /
      std::min(std::sqrt(nest.a * nest.a + nest.c * nest.c), std::sqrt(nest.b * nest.b + nest.d * nest.d));
  u0 = std::max(u0 - kReachUnits, -most);
  u1 = std::min(u1 + kReachUnits, most);
  v0 = std::max(v0 - kReachUnits, -most);
  v1 = std::min(v1 + kReachUnits, most);
  if (u0 > u1 || v0 > v1) {
    return;
  }
  constexpr int kRim = kSettleRings + 4;
  const auto i0 = static_cast<std::int64_t>(std::floor(u0)) - 1, i1 = static_cast<std::int64_t>(std::ceil(u1)) + 1;
  const auto j0 = static_cast<std::int64_t>(std::floor(v0 / 0.866)) - 1;
  const auto j1 = static_cast<std::int64_t>(std::ceil(v1 / 0.866)) + 1;
  Lattice lattice = make_lattice(spec, layout, nest, i0 - kRim, j0 - kRim, static_cast<int>(i1 - i0) + 1 + 2 * kRim,
                                 static_cast<int>(j1 - j0) + 1 + 2 * kRim);
  make_polygons(spec, lattice);
  settle(lattice);
  const Builder builder(spec, optics, lattice);
  for (std::int64_t j = j0; j <= j1; ++j) {
    for (std::int64_t i = i0; i <= i1; ++i) {
      const Node& node = lattice.nodes[static_cast<std::size_t>(lattice.index(i, j))];
      const double reach = kReachUnits * 1.35 * lattice.unit_um;
      const double x = nest.to_x(node.u, node.v), y = nest.to_y(node.u, node.v);
      if (node.kind != Node::Kind::none && x >= box[0] - reach && x <= box[2] + reach && y >= box[1] - reach &&
          y <= box[3] + reach) {
        out.push_back(builder.build(node));
      }
    }
  }
}

}  // namespace

std::vector<EpithelialCell> epithelium(const PhantomSpec& spec, const Layout& layout, const OpticsTable& optics,
                                       double x0, double y0, double x1, double y1) {
  std::vector<EpithelialCell> out;
  const Layout::Range range = layout.nests_near(x0, y0, x1, y1);
  for (std::int64_t row = range.first_row; row <= range.last_row; ++row) {
    for (std::int64_t column = range.first_column; column <= range.last_column; ++column) {
      add_nest(spec, layout, optics, layout.nest(column, row), {x0, y0, x1, y1}, out);
    }
  }
  return out;
}

OpticsTable::OpticsTable(const PhantomSpec& spec) {
  for (int w = 0; w < kWidths; ++w) {
    for (int c = 0; c < kContrasts; ++c) {
      const Seen seen = seen_through(spec, 30 + 150.0 * c, 0.3 + 0.15 * w, 30);
      contrast_.push_back(seen.contrast_mod);
      width_.push_back(seen.width_um);
    }
  }
}

double OpticsTable::at(const std::vector<double>& table, double amplitude_mod, double width_um) const {
  const double c = std::clamp((amplitude_mod - 30) / 150, 0.0, kContrasts - 1.001);
  const double w = std::clamp((width_um - 0.3) / 0.15, 0.0, kWidths - 1.001);
  const auto ci = static_cast<std::size_t>(c), wi = static_cast<std::size_t>(w);
  const double fc = c - static_cast<double>(ci), fw = w - static_cast<double>(wi);
  const double* p = table.data() + wi * kContrasts + ci;
  return (p[0] * (1 - fc) + p[1] * fc) * (1 - fw) + (p[kContrasts] * (1 - fc) + p[kContrasts + 1] * fc) * fw;
}

double OpticsTable::seen_contrast(double amplitude_mod, double width_um) const {
  return at(contrast_, amplitude_mod, width_um);
}
double OpticsTable::seen_width(double amplitude_mod, double width_um) const {
  return at(width_, amplitude_mod, width_um);
}
double OpticsTable::amplitude(double contrast_mod, double width_um) const {
  double low = 0, high = 2400;
  for (int i = 0; i < 20; ++i) {
    const double mid = (low + high) / 2;
    (seen_contrast(mid, width_um) < contrast_mod ? low : high) = mid;
  }
  return (low + high) / 2;
}

}  // namespace her2::phantom
