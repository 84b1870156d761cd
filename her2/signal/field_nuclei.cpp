// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/field_nuclei.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "her2/cell/smooth.h"
#include "her2/cell/star.h"
#include "her2/signal/hypotheses.h"
#include "her2/signal/outline.h"
#include "her2/signal/raster.h"

namespace her2::signal {
namespace {

constexpr double kPixelsAcross = 29;  // of the expected nucleus on the reduced plane
constexpr double kSmooth = 0.035;     // of the diameter: sigma
constexpr double kOpening = 1.6;      // of the diameter: radius of the opening that is taken for background
constexpr int kCoarse = 4;            // reduction for the opening

// What is wider than a nucleus is no nucleus: the opening of the plane, at low resolution, is taken off it.
void subtract_background(Plane<std::int16_t>& plane, double diameter) {
  Plane<std::int16_t> coarse;
  Plane<std::int16_t> low;
  Plane<std::int16_t> opened;
  bin(plane, kCoarse, coarse);
  const int radius = std::max(1, static_cast<int>(std::floor(kOpening * diameter / kCoarse)));
  erode(coarse, radius, low);
  dilate(low, radius, opened);
  box_mean(opened, std::max(1, radius / 3), low);
  for (int y = 0; y < plane.height(); ++y) {
    std::int16_t* to = plane.row(y);
    const std::int16_t* from = low.row(std::min(y / kCoarse, low.height() - 1));
    for (int x = 0; x < plane.width(); ++x) {
      to[x] = static_cast<std::int16_t>(std::max(to[x] - from[std::min(x / kCoarse, low.width() - 1)], 0));
    }
  }
}

bool at_border(const Hypothesis& h, int width, int height) {
  return std::any_of(h.pixels.begin(), h.pixels.end(), [&](std::int32_t pixel) {
    const int x = pixel % width;
    const int y = pixel / width;
    return x == 0 || y == 0 || x == width - 1 || y == height - 1;
  });
}

// Takes hypotheses best first; one that is taken already in more than a tenth is left.
std::vector<const Hypothesis*> choose(const std::vector<Hypothesis>& all, double most_overlap,
                                      Plane<std::int32_t>& labels) {
  std::vector<const Hypothesis*> out;
  const auto taken = labels.pixels();
  for (const Hypothesis& h : all) {
    const auto over = std::count_if(h.pixels.begin(), h.pixels.end(),
                                    [&](std::int32_t pixel) { return taken[static_cast<std::size_t>(pixel)] != 0; });
    if (static_cast<double>(over) > most_overlap * static_cast<double>(h.pixels.size())) {
      continue;
    }
    out.push_back(&h);
    for (const std::int32_t pixel : h.pixels) {
      auto& label = taken[static_cast<std::size_t>(pixel)];
      label = label != 0 ? label : static_cast<std::int32_t>(out.size());
    }
  }
  return out;
}

// Share of a nucleus's border pixels next to another nucleus.
void measure_contact(const Plane<std::int32_t>& labels, std::vector<SeenNucleus>& nuclei) {
  std::vector<int> edge(nuclei.size());
  std::vector<int> touching(nuclei.size());
  for (int y = 1; y + 1 < labels.height(); ++y) {
    for (int x = 1; x + 1 < labels.width(); ++x) {
      const std::int32_t own = labels.at(x, y);
      if (own == 0) {
        continue;
      }
      bool rim = false;
      bool other = false;
      for (const auto& [dx, dy] : {std::array{1, 0}, std::array{-1, 0}, std::array{0, 1}, std::array{0, -1}}) {
        const std::int32_t next = labels.at(x + dx, y + dy);
        rim = rim || next != own;
        const int fx = std::clamp(x + 2 * dx, 0, labels.width() - 1);
        const int fy = std::clamp(y + 2 * dy, 0, labels.height() - 1);
        const std::int32_t far = labels.at(fx, fy);
        other = other || (next != own && next != 0) || (next != own && far != own && far != 0);
      }
      edge[static_cast<std::size_t>(own - 1)] += rim ? 1 : 0;
      touching[static_cast<std::size_t>(own - 1)] += other ? 1 : 0;
    }
  }
  for (std::size_t i = 0; i < nuclei.size(); ++i) {
    nuclei[i].contact = edge[i] > 0 ? static_cast<double>(touching[i]) / edge[i] : 0;
  }
}

// How steep the edge is: along each of 32 directions the greatest fall between neighbouring pixels from 0.6 to 1.5 of
// the ellipse, over the whole fall there.
double sharpness(const Plane<std::int16_t>& plane, const Ellipse& e, double pixel_um) {
  const RayTable& rays = ray_table();
  std::vector<double> slopes;
  constexpr double kUnit = 1.0 / 16384;
  for (std::size_t i = 0; i < kRays; i += 2) {
    const double dx = e.l11 * (rays.x[i] * kUnit);
    const double dy = e.l21 * (rays.x[i] * kUnit) + e.l22 * (rays.y[i] * kUnit);
    const double length = std::sqrt(dx * dx + dy * dy);
    if (length < 2) {
      continue;
    }
    double most = 0;
    double high = 0;
    double low = 1e9;
    double before = -1;
    for (double r = 0.6 * length; r < 1.5 * length; r += 1) {
      const auto x = static_cast<std::int32_t>(std::floor((e.x + dx * (r / length) + 0.5) * kSubpixels));
      const auto y = static_cast<std::int32_t>(std::floor((e.y + dy * (r / length) + 0.5) * kSubpixels));
      if (x < 2 * kSubpixels || y < 2 * kSubpixels || x >= (plane.width() - 2) * kSubpixels ||
          y >= (plane.height() - 2) * kSubpixels) {
        break;
      }
      const double value = sample(plane, x, y);
      most = before >= 0 ? std::max(most, before - value) : most;
      high = std::max(high, value);
      low = std::min(low, value);
      before = value;
    }
    slopes.push_back(high > low ? most / ((high - low) * pixel_um) : 0);
  }
  if (slopes.empty()) {
    return 0;
  }
  const auto quarter = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 4);
  std::nth_element(slopes.begin(), quarter, slopes.end());
  return *quarter;
}

SeenNucleus nucleus_of(const Hypothesis& h, const Plane<std::int16_t>& bright, int pitch, double pixel_um) {
  SeenNucleus out;
  const int width = bright.width();
  Moments moments;
  std::int64_t sum = 0;
  for (const std::int32_t pixel : h.pixels) {
    moments.add(pixel % width, pixel / width);
    sum += bright.pixels()[static_cast<std::size_t>(pixel)];
  }
  const Ellipse e = ellipse_of(moments);
  out.elongation = e.elongation;
  out.ellipse = h.ellipse;
  out.step = h.step;
  out.inside = static_cast<double>(sum) / static_cast<double>(h.pixels.size());
  out.contrast = out.inside * h.step;
  out.border = at_border(h, width, bright.height());
  out.sharpness = sharpness(bright, e, pixel_um * pitch);
  out.contour = outline_of(h.pixels, width, bright.height(), pitch);
  const auto place = [&](double v) { return static_cast<std::int32_t>(std::floor((v + 0.5) * pitch * kSubpixels)); };
  out.centroid = {place(e.x), place(e.y)};
  const double sub_um = pixel_um / kSubpixels;
  const auto doubled = static_cast<double>(std::abs(doubled_area(out.contour)));
  out.area_um2 = doubled / 2 * sub_um * sub_um;
  out.solidity = doubled / std::max(1.0, static_cast<double>(doubled_hull_area(out.contour)));
  return out;
}

constexpr double kStained = 0.5;  // of the paler quarter of the nuclei

// Where there is nuclear stain, nucleus or not.
void mark_stained(const Plane<std::int16_t>& bright, FieldNuclei& out) {
  out.stained.resize(bright.width(), bright.height(), 0);
  std::vector<double> inside;
  for (const SeenNucleus& nucleus : out.nuclei) {
    inside.push_back(nucleus.inside);
  }
  if (inside.empty()) {
    return;
  }
  const auto quarter = inside.begin() + static_cast<std::ptrdiff_t>(inside.size() / 4);
  std::nth_element(inside.begin(), quarter, inside.end());
  const double least = kStained * *quarter;
  const auto from = bright.pixels();
  const auto to = out.stained.pixels();
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] = static_cast<double>(from[i]) > least ? 1 : 0;
  }
}

}  // namespace

int FieldNuclei::at(double x, double y) const {
  const int px = static_cast<int>(std::floor(x / pitch));
  const int py = static_cast<int>(std::floor(y / pitch));
  return labels.inside(px, py) ? labels.at(px, py) - 1 : -1;
}

bool FieldNuclei::near_stain(double x, double y, double reach) const {
  constexpr std::array<std::array<double, 2>, 9> kAround{{{0, 0},
                                                          {1, 0},
                                                          {-1, 0},
                                                          {0, 1},
                                                          {0, -1},
                                                          {0.7071, 0.7071},
                                                          {-0.7071, 0.7071},
                                                          {0.7071, -0.7071},
                                                          {-0.7071, -0.7071}}};
  return std::any_of(kAround.begin(), kAround.end(), [&](const auto& step) {
    const int px = static_cast<int>(std::floor((x + reach * step[0]) / pitch));
    const int py = static_cast<int>(std::floor((y + reach * step[1]) / pitch));
    return stained.inside(px, py) && (labels.at(px, py) > 0 || stained.at(px, py) != 0);
  });
}

int nucleus_reduction(double pixel_um, const NucleusSearch& search) {
  return std::max(1, static_cast<int>(std::floor(search.diameter_um / pixel_um / kPixelsAcross + 0.5)));
}

FieldNuclei find_field_nuclei(const Plane<std::int16_t>& bright, double pixel_um, const NucleusSearch& search) {
  FieldNuclei out;
  out.pitch = nucleus_reduction(pixel_um, search);
  Plane<std::int16_t> reduced;
  Plane<std::int16_t> smooth;
  bin(bright, out.pitch, reduced);
  const double diameter = search.diameter_um / (pixel_um * out.pitch);
  if (search.fill_um > 0) {
    const int radius = std::max(1, static_cast<int>(std::floor(search.fill_um / (pixel_um * out.pitch) + 0.5)));
    erode(reduced, radius, smooth);
    dilate(smooth, radius, reduced);
  }
  gaussian(reduced, std::max(0.6, kSmooth * diameter), smooth);
  subtract_background(smooth, diameter);
  const std::vector<Hypothesis> all = hypotheses_on(smooth, diameter, search);
  out.labels.resize(smooth.width(), smooth.height(), 0);
  const auto chosen = choose(all, search.most_overlap, out.labels);
  std::vector<std::pair<SeenNucleus, std::int32_t>> seen;
  seen.reserve(chosen.size());
  std::vector<double> contrasts;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    seen.emplace_back(nucleus_of(*chosen[i], smooth, out.pitch, pixel_um), static_cast<std::int32_t>(i));
    contrasts.push_back(seen.back().first.contrast);
  }
  std::sort(contrasts.begin(), contrasts.end());
  out.contrast = contrasts.empty() ? 0 : contrasts[contrasts.size() * 3 / 4];
  const double least = search.least_contrast >= 0 ? search.least_contrast : -search.least_contrast * out.contrast;
  std::erase_if(seen, [&](const auto& one) { return one.first.contrast < least; });
  std::stable_sort(seen.begin(), seen.end(), [](const auto& a, const auto& b) {
    const SubPoint& p = a.first.centroid;
    const SubPoint& q = b.first.centroid;
    return p.y != q.y ? p.y < q.y : p.x < q.x;
  });
  std::vector<std::int32_t> label(chosen.size() + 1);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    label[static_cast<std::size_t>(seen[i].second) + 1] = static_cast<std::int32_t>(i) + 1;
    out.nuclei.push_back(std::move(seen[i].first));
  }
  for (std::int32_t& value : out.labels.pixels()) {
    value = label[static_cast<std::size_t>(value)];
  }
  measure_contact(out.labels, out.nuclei);
  mark_stained(smooth, out);
  return out;
}

}  // namespace her2::signal
