// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/drawing.h"

#include <algorithm>
#include <cmath>

namespace her2 {
namespace {

constexpr std::array<int, kMembraneClasses> kIntensity{0, 1, 1, 1, 1, 2, 2, 3, 3};
constexpr std::array<Rgb, 4> kColours{{{90, 90, 180}, {255, 215, 0}, {225, 150, 50}, {200, 50, 50}}};

int intensity_of(MembraneClass membrane) { return kIntensity.at(static_cast<std::size_t>(membrane)); }

bool is_complete(MembraneClass membrane) {
  return membrane != MembraneClass::unstained && static_cast<int>(membrane) % 2 == 0;
}

bool is_tumour(const ScoredCells& scored, std::size_t i) {
  return !scored.removed[i] && scored.kind[i] == CellKind::tumour;
}

std::uint8_t mixed(int under, int over, int alpha) {  // alpha of 255
  return static_cast<std::uint8_t>((under * (255 - alpha) + over * alpha + 127) / 255);
}

void blend(std::uint8_t* pixel, Rgb colour, int alpha) {
  for (std::size_t c = 0; c < 3; ++c) {
    pixel[c] = mixed(pixel[c], colour.at(c), alpha);
  }
}

struct Spot {
  double x = 0, y = 0;
};

// One outline in picture pixels: how much of each pixel its line covers, in its bounding box.
class Stroke {
 public:
  Stroke(const RgbImage& picture, const std::vector<Spot>& ring, double reach) {
    Spot low = ring[0];
    Spot high = ring[0];
    for (const Spot p : ring) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    x0_ = static_cast<int>(std::clamp(std::floor(low.x - reach), 0.0, double{1} * picture.width()));
    y0_ = static_cast<int>(std::clamp(std::floor(low.y - reach), 0.0, double{1} * picture.height()));
    x1_ = static_cast<int>(std::clamp(std::floor(high.x + reach) + 1, 0.0, double{1} * picture.width()));
    y1_ = static_cast<int>(std::clamp(std::floor(high.y + reach) + 1, 0.0, double{1} * picture.height()));
    if (x1_ > x0_ && y1_ > y0_) {
      near_.assign(static_cast<std::size_t>(x1_ - x0_) * static_cast<std::size_t>(y1_ - y0_), kFar);
    }
  }

  [[nodiscard]] bool empty() const { return near_.empty(); }

  // Notes each pixel centre's distance from the segment where it is less than `reach`.
  void segment(Spot a, Spot b, double reach) {
    const int left = std::max(x0_, static_cast<int>(std::max(std::floor(std::min(a.x, b.x) - reach), 0.0)));
    const int top = std::max(y0_, static_cast<int>(std::max(std::floor(std::min(a.y, b.y) - reach), 0.0)));
    const int right =
        static_cast<int>(std::min(double{1} * x1_, std::max(std::floor(std::max(a.x, b.x) + reach) + 1, 0.0)));
    const int bottom =
        static_cast<int>(std::min(double{1} * y1_, std::max(std::floor(std::max(a.y, b.y) + reach) + 1, 0.0)));
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double length2 = dx * dx + dy * dy;
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        const double px = x + 0.5 - a.x;
        const double py = y + 0.5 - a.y;
        const double t = length2 > 0 ? std::clamp((px * dx + py * dy) / length2, 0.0, 1.0) : 0;
        const double ex = px - t * dx;
        const double ey = py - t * dy;
        double& best = near_[index(x, y)];
        best = std::min(best, ex * ex + ey * ey);
      }
    }
  }

  // Paints a line of this half width; `strength` of 255 where it covers a pixel wholly.
  void paint(RgbImage& picture, Rgb colour, double half, int strength) const {
    for (int y = y0_; y < y1_; ++y) {
      for (int x = x0_; x < x1_; ++x) {
        const double near = near_[index(x, y)];
        if (near < kFar) {
          const double cover = std::clamp(half + 0.5 - std::sqrt(near), 0.0, 1.0);
          blend(picture.at(x, y), colour, static_cast<int>(std::floor(cover * strength + 0.5)));
        }
      }
    }
  }

 private:
  static constexpr double kFar = 1e9;
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y - y0_) * static_cast<std::size_t>(x1_ - x0_) + static_cast<std::size_t>(x - x0_);
  }
  int x0_ = 0, y0_ = 0, x1_ = 0, y1_ = 0;
  std::vector<double> near_;  // squared distance
};

// Adds the ring's segments, or only the dashes of a dashed line.
void add_segments(Stroke& stroke, const std::vector<Spot>& ring, double reach, double dash) {
  double walked = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Spot a = ring[i];
    const Spot b = ring[i + 1 < ring.size() ? i + 1 : 0];
    if (dash <= 0) {
      stroke.segment(a, b, reach);
      continue;
    }
    const double length = std::sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
    for (double from = 0; from < length;) {
      const double phase = walked + from - 2 * dash * std::floor((walked + from) / (2 * dash));
      const double to = std::min(length, from + std::max((phase < dash ? dash : 2 * dash) - phase, 0.01));
      if (phase < dash) {
        const auto at = [&](double d) { return Spot{a.x + (b.x - a.x) * d / length, a.y + (b.y - a.y) * d / length}; };
        stroke.segment(at(from), at(to), reach);
      }
      from = to;
    }
    walked += length;
  }
}

void draw_ring(RgbImage& picture, const Box& shown, std::span<const SubPoint> outline, Rgb colour, double width,
               bool dashed) {
  if (outline.empty()) {
    return;
  }
  const double sx = double{1} * picture.width() / (double{1} * static_cast<double>(shown.width) * kSubpixels);
  const double sy = double{1} * picture.height() / (double{1} * static_cast<double>(shown.height) * kSubpixels);
  std::vector<Spot> ring;
  for (const SubPoint p : outline) {
    ring.push_back({(p.x - static_cast<double>(shown.x * kSubpixels)) * sx,
                    (p.y - static_cast<double>(shown.y * kSubpixels)) * sy});
  }
  const double half = width / 2;
  const double edge = half + 1;
  Stroke stroke(picture, ring, edge + 1);
  if (!stroke.empty()) {
    add_segments(stroke, ring, edge + 1, dashed ? 3 * width : 0);
    stroke.paint(picture, {255, 255, 255}, edge, 160);
    stroke.paint(picture, colour, half, 255);
  }
}

}  // namespace

Rgb colour_of(MembraneClass membrane) { return kColours.at(static_cast<std::size_t>(intensity_of(membrane))); }

void draw_outlines(RgbImage& picture, const Box& shown, const CellTable& table, const ScoredCells& scored,
                   const OutlineStyle& style) {
  if (picture.empty() || shown.empty()) {
    return;
  }
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const bool tumour = is_tumour(scored, i);
    const SubPoint at = table.cells[i].centroid;
    constexpr std::int64_t kMargin = 256;  // level 0 pixels: no cell reaches farther
    const Box near = shown.grown(kMargin);
    if (scored.removed[i] || (style.only_tumour && !tumour) || !near.contains(at.x / kSubpixels, at.y / kSubpixels)) {
      continue;
    }
    const Rgb colour = tumour ? colour_of(scored.membrane[i]) : kOtherCellColour;
    const CellOutline outline = table.outlines.read(i);
    if (style.nuclei) {
      draw_ring(picture, shown, outline.nucleus(), colour, style.width / 2, false);
    }
    if (style.boundaries) {
      draw_ring(picture, shown, outline.boundary(), colour, style.width, tumour && !is_complete(scored.membrane[i]));
    }
  }
}

Rgb heat_colour(int mean_mille) {
  const int at = std::clamp(mean_mille, 0, 3000);
  const auto step = static_cast<std::size_t>(std::min(at / 1000, 2));
  const int part = at - static_cast<int>(step) * 1000;
  Rgb out{};
  for (std::size_t c = 0; c < 3; ++c) {
    const int low = kColours.at(step).at(c);
    const int high = kColours.at(step + 1).at(c);
    out.at(c) = static_cast<std::uint8_t>((low * (1000 - part) + high * part + 500) / 1000);
  }
  return out;
}

RgbImage heat_map(const RgbImage& thumbnail, std::int64_t width, std::int64_t height, const CellTable& table,
                  const ScoredCells& scored, int bin) {
  RgbImage out = thumbnail;
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      std::uint8_t* p = out.at(x, y);
      const int grey = (299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000;
      const auto pale = static_cast<std::uint8_t>(255 - (255 - grey) / 2);
      p[0] = p[1] = p[2] = pale;
    }
  }
  if (out.empty() || width <= 0 || height <= 0 || bin <= 0) {
    return out;
  }
  struct Bin {
    std::uint32_t cells = 0, sum = 0;
  };
  Plane<Bin> bins((out.width() + bin - 1) / bin, (out.height() + bin - 1) / bin);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    if (is_tumour(scored, i)) {
      const SubPoint at = table.cells[i].centroid;
      const std::int64_t x = std::int64_t{at.x} * out.width() / (width * kSubpixels) / bin;
      const std::int64_t y = std::int64_t{at.y} * out.height() / (height * kSubpixels) / bin;
      if (x >= 0 && y >= 0 && x < bins.width() && y < bins.height()) {
        Bin& found = bins.at(static_cast<int>(x), static_cast<int>(y));
        ++found.cells;
        found.sum += static_cast<std::uint32_t>(intensity_of(scored.membrane[i]));
      }
    }
  }
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      const Bin& found = bins.at(x / bin, y / bin);
      if (found.cells > 0) {
        blend(out.at(x, y), heat_colour(static_cast<int>(std::uint64_t{found.sum} * 1000 / found.cells)), 205);
      }
    }
  }
  return out;
}

std::vector<ExampleField> example_fields(const CellTable& table, const ScoredCells& scored, std::int64_t side,
                                         std::int64_t width, std::int64_t height) {
  // Squares begin at every half side: each is four quarters.
  const std::int64_t half = std::max<std::int64_t>(side / 2, 1);
  const auto across = static_cast<int>(std::max<std::int64_t>(width / half + 1, 1));
  const auto down = static_cast<int>(std::max<std::int64_t>(height / half + 1, 1));
  using Counts = std::array<std::uint32_t, kMembraneClasses>;
  Plane<Counts> quarters(across, down);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const SubPoint at = table.cells[i].centroid;
    if (is_tumour(scored, i) && at.x >= 0 && at.y >= 0) {
      const std::int64_t x = std::min<std::int64_t>(at.x / kSubpixels / half, across - 1);
      const std::int64_t y = std::min<std::int64_t>(at.y / kSubpixels / half, down - 1);
      ++quarters.at(static_cast<int>(x), static_cast<int>(y)).at(static_cast<std::size_t>(scored.membrane[i]));
    }
  }
  std::array<ExampleField, kMembraneClasses> best;
  for (int y = 0; y < down; ++y) {
    for (int x = 0; x < across; ++x) {
      Counts sum{};
      std::uint32_t all = 0;
      for (const auto& [dx, dy] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
        for (std::size_t c = 0; c < kMembraneClasses && quarters.inside(x + dx, y + dy); ++c) {
          sum.at(c) += quarters.at(x + dx, y + dy).at(c);
          all += quarters.at(x + dx, y + dy).at(c);
        }
      }
      for (std::size_t c = 0; c < kMembraneClasses; ++c) {
        if (sum.at(c) > best.at(c).cells) {
          const std::int64_t left = std::max<std::int64_t>(std::min(x * half, width - side), 0);
          const std::int64_t top = std::max<std::int64_t>(std::min(y * half, height - side), 0);
          best.at(c) = {static_cast<MembraneClass>(c), {left, top, side, side}, sum.at(c), all};
        }
      }
    }
  }
  std::vector<ExampleField> out;
  std::copy_if(best.begin(), best.end(), std::back_inserter(out), [](const ExampleField& f) { return f.cells > 0; });
  return out;
}

}  // namespace her2
