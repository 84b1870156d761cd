// SPDX-License-Identifier: Apache-2.0
#include "her2/tissue/tissue.h"

#include <algorithm>
#include <span>
#include <vector>

namespace her2 {
namespace {

constexpr std::array<std::string_view, kGrounds> kNames{"glass", "tissue", "pen", "dark", "small"};
constexpr int kLeastOd = 18, kMostOd = 90;  // mOD: the threshold is looked for between these
constexpr int kChroma = 12;                 // grey levels between channels, relative to white: coloured, however pale
constexpr int kGlassRange = 14;             // grey levels below the brightest
constexpr std::size_t kRun = 64;            // pixels of a row that are looked at together, about 16 um
constexpr std::size_t kMean = 8;            // ... in means of so many, which have little noise
constexpr int kEven = 4;                    // grey levels by which these means differ on glass, at most
constexpr std::size_t kLeastGlass = 100;    // one run in so many is glass
constexpr int kDark = 45;                   // all channels below: no tissue is so dark over 8 um
constexpr int kPenChroma = 70;              // grey levels
constexpr double kLeastPieceUm2 = 10000;    // as QuPath's simple detection has it
constexpr double kLargestHoleUm2 = 20000;   // smaller holes in tissue belong to it

std::uint8_t code(Ground ground) { return static_cast<std::uint8_t>(ground); }

int peak_of(const std::array<std::uint32_t, 256>& histogram) {
  // Smoothed by three, so that a lone level does not win.
  int best = 254;
  std::uint64_t most = 0;
  for (int v = 254; v >= 1; --v) {
    const auto i = static_cast<std::size_t>(v);
    const std::uint64_t here = std::uint64_t{histogram[i - 1]} + 2 * std::uint64_t{histogram[i]} + histogram[i + 1];
    if (here > most) {
      most = here;
      best = v;
    }
  }
  return histogram[255] > most / 2 ? 255 : best;
}

int brightest(const std::array<std::uint32_t, 256>& histogram, std::uint64_t pixels) {
  std::uint64_t above = 0;
  for (int v = 255; v > 1; --v) {
    above += histogram[static_cast<std::size_t>(v)];
    if (above * 200 >= pixels) {  // median of the brightest 1 %
      return v;
    }
  }
  return 255;
}

// Whether a stretch of a row is bright and shows nothing.
bool is_even(std::span<const std::uint8_t> run, const White& white) {
  for (std::size_t c = 0; c < 3; ++c) {
    int low = 255 * static_cast<int>(kMean);
    int high = 0;
    for (std::size_t part = 0; part < kRun / kMean; ++part) {
      int sum = 0;
      for (std::size_t k = 0; k < kMean; ++k) {
        sum += run[3 * (part * kMean + k) + c];
      }
      low = std::min(low, sum);
      high = std::max(high, sum);
    }
    const int bright = (white[c] - kGlassRange) * static_cast<int>(kMean);
    if (low < bright || high - low > kEven * static_cast<int>(kMean)) {
      return false;
    }
  }
  return true;
}

struct Colour {
  int od = 0;      // mean, mOD
  int chroma = 0;  // spread of the channels, relative to white
};

Colour colour_of(const std::uint8_t* p, const OdTable& od, const White& white) {
  const int r = p[0] * 255 / white[0];
  const int g = p[1] * 255 / white[1];
  const int b = p[2] * 255 / white[2];
  return {(od.mod[0][p[0]] + od.mod[1][p[1]] + od.mod[2][p[2]]) / 3, std::max({r, g, b}) - std::min({r, g, b})};
}

// Haematoxylin is blue with some red absorbed, DAB brown (blue absorbed most), eosin pink: none of them absorbs green
// least. Pens do: green, cyan, or pure red and blue of a saturation that stains do not reach.
bool pen_colour(const std::uint8_t* p) {
  const int r = p[0];
  const int g = p[1];
  const int b = p[2];
  const bool green = g > r + 15 && g > b + 5;
  const bool cyan = g > r + kPenChroma && b > r + kPenChroma;
  const bool blue = b > r + kPenChroma && b > g + kPenChroma;
  const bool red = r > g + 120 && r > b + 110;
  return green || cyan || blue || red;
}

// Otsu's threshold on the OD histogram of pixels between the limits.
int otsu(const std::vector<std::uint32_t>& histogram) {
  double total = 0;
  double sum = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    total += histogram[i];
    sum += static_cast<double>(i) * histogram[i];
  }
  double below = 0;
  double below_sum = 0;
  double best = -1;
  int at = kLeastOd;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    below += histogram[i];
    below_sum += static_cast<double>(i) * histogram[i];
    if (below == 0 || below == total) {
      continue;
    }
    const double gap = below_sum / below - (sum - below_sum) / (total - below);
    const double between = below * (total - below) * gap * gap;
    if (between > best) {
      best = between;
      at = static_cast<int>(i);
    }
  }
  return std::clamp(at, kLeastOd, kMostOd);
}

// Most of the 3 x 3 neighbours are `ground`.
void majority(Plane<std::uint8_t>& plane, Ground ground, Ground other) {
  const Plane<std::uint8_t> before = plane;
  for (int y = 1; y + 1 < plane.height(); ++y) {
    for (int x = 1; x + 1 < plane.width(); ++x) {
      if (before.at(x, y) != code(ground) && before.at(x, y) != code(other)) {
        continue;
      }
      int votes = 0;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          votes += before.at(x + dx, y + dy) == code(ground) ? 1 : 0;
        }
      }
      plane.at(x, y) = code(votes >= 5 ? ground : other);
    }
  }
}

// Gives connected pieces (4 neighbours) of `from` that are smaller than `least` pixels to `to`. Pieces at the picture's
// edge count as they are.
void replace_small(Plane<std::uint8_t>& plane, Ground from, Ground to, std::size_t least) {
  Plane<std::uint8_t> seen(plane.width(), plane.height());
  std::vector<std::pair<int, int>> piece;
  for (int y = 0; y < plane.height(); ++y) {
    for (int x = 0; x < plane.width(); ++x) {
      if (seen.at(x, y) != 0 || plane.at(x, y) != code(from)) {
        continue;
      }
      piece.assign(1, {x, y});
      seen.at(x, y) = 1;
      for (std::size_t i = 0; i < piece.size(); ++i) {
        const auto [px, py] = piece[i];
        for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
          const int nx = px + dx;
          const int ny = py + dy;
          if (plane.inside(nx, ny) && seen.at(nx, ny) == 0 && plane.at(nx, ny) == code(from)) {
            seen.at(nx, ny) = 1;
            piece.emplace_back(nx, ny);
          }
        }
      }
      if (piece.size() < least) {
        for (const auto& [px, py] : piece) {
          plane.at(px, py) = code(to);
        }
      }
    }
  }
}

}  // namespace

std::string_view name_of(Ground ground) { return kNames.at(static_cast<std::size_t>(ground)); }

WhitePoint find_white(const RgbImage& pixels) {
  std::array<std::array<std::uint32_t, 256>, 3> all{};
  const auto bytes = pixels.bytes();
  const std::uint64_t count = bytes.size() / 3;
  for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
    for (std::size_t c = 0; c < 3; ++c) {
      ++all[c][bytes[i + c]];
    }
  }
  WhitePoint out;
  for (std::size_t c = 0; c < 3; ++c) {
    out.white[c] = brightest(all[c], count);
  }
  std::array<std::array<std::uint32_t, 256>, 3> glass{};
  std::uint64_t runs = 0;
  std::uint64_t clear = 0;
  for (std::size_t i = 0; i + 3 * kRun <= bytes.size(); i += 3 * kRun, ++runs) {
    const auto run = bytes.subspan(i, 3 * kRun);
    if (is_even(run, out.white)) {
      ++clear;
      for (std::size_t k = 0; k < run.size(); ++k) {
        ++glass[k % 3][run[k]];
      }
    }
  }
  out.from_glass = clear > 0 && clear * kLeastGlass >= runs;
  for (std::size_t c = 0; out.from_glass && c < 3; ++c) {
    out.white[c] = peak_of(glass[c]);
  }
  return out;
}

Ground TissueMap::at(std::int64_t x, std::int64_t y) const {
  if (x < 0 || y < 0 || x >= ground.width() || y >= ground.height()) {
    return Ground::glass;
  }
  return static_cast<Ground>(ground.at(static_cast<int>(x), static_cast<int>(y)));
}

TissueMap find_tissue(const RgbImage& overview, double mpp, const White& white, bool glass) {
  TissueMap out;
  out.mpp = mpp;
  out.ground.resize(overview.width(), overview.height());
  const OdTable od = od_table(white);
  std::vector<std::uint32_t> histogram(kMostOd * 2);
  for (int y = 0; y < overview.height(); ++y) {
    for (int x = 0; x < overview.width(); ++x) {
      const int d = colour_of(overview.at(x, y), od, white).od;
      ++histogram[static_cast<std::size_t>(std::min(d, kMostOd * 2 - 1))];
    }
  }
  out.threshold = glass ? otsu(histogram) : kLeastOd;
  for (int y = 0; y < overview.height(); ++y) {
    for (int x = 0; x < overview.width(); ++x) {
      const std::uint8_t* p = overview.at(x, y);
      const Colour colour = colour_of(p, od, white);
      Ground ground = Ground::glass;
      if (std::max({p[0], p[1], p[2]}) < kDark) {
        ground = Ground::dark;
      } else if (colour.od >= kLeastOd && pen_colour(p)) {
        ground = Ground::pen;
      } else if (colour.od >= out.threshold || (colour.od >= kLeastOd && colour.chroma >= kChroma)) {
        ground = Ground::tissue;
      }
      out.ground.at(x, y) = code(ground);
    }
  }
  const double pixel = mpp * mpp;
  majority(out.ground, Ground::tissue, Ground::glass);
  replace_small(out.ground, Ground::pen, Ground::tissue, 20);  // a few odd pixels are no pen
  replace_small(out.ground, Ground::glass, Ground::tissue, static_cast<std::size_t>(kLargestHoleUm2 / pixel));
  // A picture smaller than the least piece is taken whole.
  const double whole = pixel * overview.width() * overview.height();
  replace_small(out.ground, Ground::tissue, Ground::small,
                static_cast<std::size_t>(std::min(kLeastPieceUm2, whole / 10) / pixel));
  for (const std::uint8_t ground : out.ground.pixels()) {
    out.area_mm2[ground] += pixel / 1e6;
  }
  return out;
}

}  // namespace her2
