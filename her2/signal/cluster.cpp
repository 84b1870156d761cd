// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/cluster.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "her2/signal/raster.h"

namespace her2::signal {
namespace {

constexpr double kHalf = 0.5108256238;  // ln(1 / 0.6): area of a single signal over 0.6 of its peak
constexpr double kMostSingle = 2.5;     // areas of a single signal; a doublet has about two
constexpr double kPi = 3.14159265358979323846;
constexpr double kLeastAtom = 0.45;  // of a single signal's peak: what is left over is no signal
constexpr int kMostAtoms = 200;
constexpr double kNear = 1.8, kFar = 3.5;  // sigmas around a cluster: its own light, and its ground
constexpr double kLeastCount = 4;          // fewer are better counted by their peaks
constexpr double kMostArea = 8;            // times the least area of a cluster: wider is uneven stain
constexpr double kTall = 2;                // times the least height: so high, a small place is a cluster too
constexpr double kVaries = 2;              // times the variation of singles that light may exceed peaks by
constexpr double kWidest = 6;              // sigmas of a single signal: half the width of the widest cluster

// The box around a nucleus and what its pixels show over its ground.
struct Patch {
  int x0 = 0, y0 = 0;
  Plane<float> smooth, raw;
  Plane<std::uint8_t> own;   // 1: the nucleus
  Plane<std::int32_t> part;  // connected bright places, from 1
};

Patch patch_of(const ClusterSearch& search, const FieldNuclei& nuclei, std::int32_t index, float ground) {
  const SeenNucleus& nucleus = nuclei.nuclei[static_cast<std::size_t>(index)];
  const int margin = static_cast<int>(std::floor(3 * search.filter_px)) + nuclei.pitch;
  int low_x = search.smooth->width();
  int low_y = search.smooth->height();
  int high_x = 0;
  int high_y = 0;
  for (const SubPoint p : nucleus.contour) {
    low_x = std::min(low_x, (p.x >> 5) - margin);
    low_y = std::min(low_y, (p.y >> 5) - margin);
    high_x = std::max(high_x, (p.x >> 5) + margin);
    high_y = std::max(high_y, (p.y >> 5) + margin);
  }
  Patch out;
  out.x0 = std::max(low_x, 0);
  out.y0 = std::max(low_y, 0);
  const int width = std::min(high_x + 1, search.smooth->width()) - out.x0;
  const int height = std::min(high_y + 1, search.smooth->height()) - out.y0;
  out.smooth.resize(std::max(width, 0), std::max(height, 0));
  out.raw.resize(out.smooth.width(), out.smooth.height());
  out.own.resize(out.smooth.width(), out.smooth.height());
  out.part.resize(out.smooth.width(), out.smooth.height());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      out.smooth.at(x, y) = search.smooth->at(out.x0 + x, out.y0 + y) - ground;
      out.raw.at(x, y) = search.plane->at(out.x0 + x, out.y0 + y) - ground;
      out.own.at(x, y) = nuclei.at(out.x0 + x + 0.5, out.y0 + y + 0.5) == index ? 1 : 0;
    }
  }
  return out;
}

struct Pixel {
  int x, y;
};

// Pixels over `level` that hang together with (x, y), marked with `mark`.
std::vector<Pixel> grow(Patch& patch, int x, int y, float level, std::int32_t mark) {
  std::vector<Pixel> out{{x, y}};
  patch.part.at(x, y) = mark;
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto& [dx, dy] : {std::array{1, 0}, std::array{-1, 0}, std::array{0, 1}, std::array{0, -1}}) {
      const int px = out[i].x + dx;
      const int py = out[i].y + dy;
      if (patch.own.inside(px, py) && patch.own.at(px, py) != 0 && patch.part.at(px, py) == 0 &&
          patch.smooth.at(px, py) > level) {
        patch.part.at(px, py) = mark;
        out.push_back({px, py});
      }
    }
  }
  return out;
}

// Takes off what is wider than any cluster: uneven stain or light of the nucleus.
void flatten(Patch& patch, int radius) {
  constexpr float kUnit = 8;
  Plane<std::int16_t> level(patch.smooth.width(), patch.smooth.height());
  for (std::size_t i = 0; i < level.pixels().size(); ++i) {
    const float v = patch.own.pixels()[i] != 0 ? patch.smooth.pixels()[i] : 0.0F;
    level.pixels()[i] = static_cast<std::int16_t>(std::clamp(v * kUnit, -32000.0F, 32000.0F));
  }
  Plane<std::int16_t> low;
  erode(level, radius, low);
  dilate(low, radius, level);
  for (std::size_t i = 0; i < level.pixels().size(); ++i) {
    const float ground = static_cast<float>(level.pixels()[i]) / kUnit;
    patch.smooth.pixels()[i] -= ground;
    patch.raw.pixels()[i] -= ground;
  }
  patch.part.resize(patch.part.width(), patch.part.height());
}

// What lies within `reach` of any of the pixels, and beyond it within `far`.
struct Surroundings {
  std::vector<Pixel> near;
  float ground = 0;  // of what lies further out: its median
};

Surroundings around(const Patch& patch, const std::vector<Pixel>& pixels, int reach, int far) {
  Plane<std::uint8_t> seen(patch.raw.width(), patch.raw.height());
  Surroundings out;
  std::vector<float> ring;
  for (const int limit : {reach, far}) {
    for (const Pixel& p : pixels) {
      for (int dy = -limit; dy <= limit; ++dy) {
        for (int dx = -limit; dx <= limit; ++dx) {
          const int x = p.x + dx;
          const int y = p.y + dy;
          if (dx * dx + dy * dy > limit * limit || !seen.inside(x, y) || seen.at(x, y) != 0) {
            continue;
          }
          seen.at(x, y) = 1;
          if (limit == reach) {
            out.near.push_back({x, y});
          } else if (patch.own.at(x, y) != 0) {
            ring.push_back(patch.raw.at(x, y));
          }
        }
      }
    }
  }
  if (!ring.empty()) {
    const auto at = ring.begin() + static_cast<std::ptrdiff_t>(ring.size() / 2);
    std::nth_element(ring.begin(), at, ring.end());
    out.ground = *at;
  }
  return out;
}

float highest(const Patch& patch, const std::vector<Pixel>& pixels) {
  float out = 0;
  for (const Pixel& p : pixels) {
    out = std::max(out, patch.smooth.at(p.x, p.y));
  }
  return out;
}

// Takes signals of at most a single one's peak off the smoothed light, the brightest place first.
double fit(const Patch& patch, const std::vector<Pixel>& pixels, float ground, double peak, double sigma) {
  Plane<float> left = patch.smooth;
  for (float& v : left.pixels()) {
    v -= ground;
  }
  const int reach = static_cast<int>(std::floor(3 * sigma)) + 1;
  std::vector<float> profile;
  for (int i = 0; i <= reach; ++i) {
    profile.push_back(static_cast<float>(exp_of(-0.5 * i * i / (sigma * sigma))));
  }
  double sum = 0;
  for (int atom = 0; atom < kMostAtoms; ++atom) {
    const Pixel* best = &pixels.front();
    for (const Pixel& p : pixels) {
      best = left.at(p.x, p.y) > left.at(best->x, best->y) ? &p : best;
    }
    const double height = std::min(static_cast<double>(left.at(best->x, best->y)), peak);
    if (height < kLeastAtom * peak) {
      break;
    }
    sum += height / peak;
    for (int dy = -reach; dy <= reach; ++dy) {
      for (int dx = -reach; dx <= reach; ++dx) {
        if (left.inside(best->x + dx, best->y + dy)) {
          left.at(best->x + dx, best->y + dy) -= static_cast<float>(height) *
                                                 profile[static_cast<std::size_t>(std::abs(dx))] *
                                                 profile[static_cast<std::size_t>(std::abs(dy))];
        }
      }
    }
  }
  return sum;
}

// A bright place as large as several signals, and the clear spots in it.
struct Part {
  std::vector<Pixel> pixels;
  std::vector<std::size_t> peaks;
};

std::vector<Part> bright_parts(Patch& patch, float level, float tall, double least_area, const std::vector<Spot>& spots,
                               const std::vector<std::size_t>& own) {
  std::vector<Part> out;
  std::int32_t mark = 0;
  const auto part_at = [&](std::size_t i) {
    const int x = static_cast<int>(spots[i].x) - patch.x0;
    const int y = static_cast<int>(spots[i].y) - patch.y0;
    return patch.part.inside(x, y) ? std::array{x, y} : std::array{-1, -1};
  };
  for (const std::size_t i : own) {
    const auto [x, y] = part_at(i);
    if (x < 0 || patch.part.at(x, y) != 0 || !(patch.smooth.at(x, y) > level) || patch.own.at(x, y) == 0) {
      continue;
    }
    Part part{grow(patch, x, y, level, ++mark), {}};
    const auto pixels = static_cast<double>(part.pixels.size());
    const bool high = highest(patch, part.pixels) > tall;
    if ((pixels < least_area && !high) || pixels > kMostArea * least_area) {
      continue;
    }
    for (const std::size_t k : own) {
      const auto [px, py] = part_at(k);
      if (px >= 0 && patch.part.at(px, py) == mark) {
        part.peaks.push_back(k);
      }
    }
    out.push_back(std::move(part));
  }
  return out;
}

}  // namespace

std::vector<Cluster> find_clusters(const ClusterSearch& search, const FieldNuclei& nuclei, std::int32_t index,
                                   float ground, const std::vector<Spot>& spots, const std::vector<std::size_t>& own) {
  std::vector<Cluster> out;
  const SingleSignal& single = search.single;
  if (single.count == 0 || !(single.peak > 0) || !(single.integrated > 0) || own.empty()) {
    return out;
  }
  const double sigma = std::sqrt(single.sigma_px * single.sigma_px + search.filter_px * search.filter_px);
  const double area = kMostSingle * 2 * kPi * sigma * sigma * kHalf;
  const auto level = static_cast<float>(search.level * single.peak);
  const auto tall = static_cast<float>(kTall * search.least_height * single.peak);
  Patch patch = patch_of(search, nuclei, index, ground);
  if (bright_parts(patch, level, tall, area, spots, own).empty()) {
    return out;
  }
  flatten(patch, static_cast<int>(std::floor(kWidest * single.sigma_px + 0.5)));
  for (const Part& part : bright_parts(patch, level, tall, area, spots, own)) {
    const Surroundings beside = around(patch, part.pixels, static_cast<int>(std::floor(kNear * sigma + 0.5)),
                                       static_cast<int>(std::floor(kFar * sigma + 0.5)));
    Cluster cluster;
    double light = 0;
    for (const Pixel& p : beside.near) {
      light += static_cast<double>(patch.raw.at(p.x, p.y) - beside.ground);
    }
    cluster.integrated = light / single.integrated;
    cluster.greedy = fit(patch, part.pixels, beside.ground, single.peak, sigma);
    for (const Pixel& p : part.pixels) {
      const std::uint8_t ends = search.clipped->at(patch.x0 + p.x, patch.y0 + p.y);
      cluster.clipped = cluster.clipped || (ends & search.bit) != 0;
    }
    cluster.peaks = part.peaks;
    const double least = std::min(cluster.integrated, cluster.greedy);
    // Where single signals vary much, bright ones next to each other are no cluster yet.
    const double by_peaks = (1 + kVaries * single.variation) * static_cast<double>(part.peaks.size());
    if (highest(patch, part.pixels) - beside.ground < static_cast<float>(search.least_height * single.peak)) {
      continue;  // uneven stain, not signals on top of each other
    }
    if (least > by_peaks + 0.5 && least >= kLeastCount) {
      out.push_back(std::move(cluster));
    }
  }
  return out;
}

double cluster_spread(double count, double variation) {
  return std::sqrt(std::max(count, 1.0) * (variation * variation + 0.1));
}

}  // namespace her2::signal
