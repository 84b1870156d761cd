// SPDX-License-Identifier: Apache-2.0
#include "her2/stain/estimate.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <fmt/format.h>

namespace her2 {
namespace {

using Vector = std::array<double, 3>;

constexpr int kLeastOd = 50;     // mOD in every channel: paler pixels have no colour to speak of
constexpr int kLeastMean = 100;  // mOD, mean of the channels
constexpr int kMostOd = 1300;    // mOD: darker ones are clipped, folded, or dirt
constexpr std::size_t kLeastPixels = 2000;
constexpr int kClear = 150;                      // mOD of a stain where it dominates clearly
constexpr std::size_t kPlentiful = 20;           // ... which it does in at least one pixel in so many
constexpr std::size_t kEnd = 100;                // the ends of the angles are those of the outer hundredth
constexpr double kCosine30 = 0.866025403784439;  // apart at least
constexpr double kCosine20 = 0.939692620785908;  // from the profile at most

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Vector unit(const Vector& v) {
  const double length = std::sqrt(dot(v, v));
  return {v[0] / length, v[1] / length, v[2] / length};
}

// The eigenvector of the largest eigenvalue of a symmetric matrix with positive entries, by squaring it.
Vector first_axis(std::array<Vector, 3> m) {
  for (int step = 0; step < 24; ++step) {
    std::array<Vector, 3> square{};
    double most = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        square[i][j] = m[i][0] * m[0][j] + m[i][1] * m[1][j] + m[i][2] * m[2][j];
        most = std::max(most, std::abs(square[i][j]));
      }
    }
    for (Vector& row : square) {
      for (double& value : row) {
        value /= most;
      }
    }
    m = square;
  }
  const auto longest =
      std::max_element(m.begin(), m.end(), [](const Vector& a, const Vector& b) { return dot(a, a) < dot(b, b); });
  return unit(*longest);
}

struct Plane2 {
  Vector along{}, across{};  // of all colours; orthogonal
};

Plane2 plane_of(const OdSample& sample) {
  // Second moments about the origin, exact: the plane of two stains goes through it.
  std::array<std::array<std::int64_t, 3>, 3> sums{};
  for (const auto& od : sample) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        sums[i][j] += std::int64_t{od[i]} * od[j];
      }
    }
  }
  std::array<Vector, 3> m{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      m[i][j] = static_cast<double>(sums[i][j]) / static_cast<double>(sums[0][0] + sums[1][1] + sums[2][2]);
    }
  }
  Plane2 out;
  out.along = first_axis(m);
  const auto transformed = [&](const Vector& v) { return Vector{dot(m[0], v), dot(m[1], v), dot(m[2], v)}; };
  const double first = dot(out.along, transformed(out.along));
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      m[i][j] -= first * out.along[i] * out.along[j];
    }
  }
  out.across = first_axis(m);
  return out;
}

double cosine_of(const Vector& a, const Vector& b) { return dot(a, b) / std::sqrt(dot(a, a) * dot(b, b)); }

StainEstimate not_taken(std::string why) { return {std::nullopt, "of the profile: " + std::move(why)}; }

}  // namespace

double degrees_between(const Vector& a, const Vector& b) {
  return std::acos(std::clamp(cosine_of(a, b), -1.0, 1.0)) * 180 / std::numbers::pi;
}

void add_to_sample(const RgbImage& rgb, const OdTable& table, OdSample& out) {
  for (int y = 1; y + 1 < rgb.height(); y += 2) {
    for (int x = 1; x + 1 < rgb.width(); x += 2) {
      std::array<unsigned, 3> sum{};
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          for (std::size_t c = 0; c < 3; ++c) {
            sum[c] += unsigned{rgb.at(x + dx, y + dy)[c]};
          }
        }
      }
      std::array<std::int16_t, 3> od{};
      for (std::size_t c = 0; c < 3; ++c) {
        od[c] = table.mod[c][(sum[c] + 4U) / 9U];
      }
      const auto [low, high] = std::minmax_element(od.begin(), od.end());
      if (*low >= kLeastOd && *high <= kMostOd && od[0] + od[1] + od[2] >= 3 * kLeastMean) {
        out.push_back(od);
      }
    }
  }
}

StainEstimate estimate_stains(const OdSample& sample, const StainVectors& prior) {
  if (sample.size() < kLeastPixels) {
    return not_taken("too little of the slide is stained to estimate them");
  }
  std::size_t brown = 0;
  std::size_t blue = 0;
  const Unmixing stains = unmixing(prior);
  for (const auto& od : sample) {
    const auto amount = [&](std::size_t s) {
      return stains.weight[s][0] * od[0] + stains.weight[s][1] * od[1] + stains.weight[s][2] * od[2];
    };
    const int h = amount(0) >> 12;
    const int d = amount(1) >> 12;
    brown += d > h && d >= kClear ? 1U : 0U;
    blue += h > d && h >= kClear ? 1U : 0U;
  }
  const double share = 100 * static_cast<double>(brown) / static_cast<double>(sample.size());
  if (brown * kPlentiful < sample.size()) {
    return not_taken(
        fmt::format("only {:.1f} % of what is stained is clearly brown, too little DAB to estimate them", share));
  }
  if (blue * kPlentiful < sample.size()) {
    return not_taken(
        fmt::format("only {:.1f} % of what is stained is clearly blue, too little haematoxylin to estimate them",
                    100 * static_cast<double>(blue) / static_cast<double>(sample.size())));
  }
  const Plane2 plane = plane_of(sample);
  std::vector<double> slopes;
  slopes.reserve(sample.size());
  for (const auto& od : sample) {
    const Vector v{double{1} * od[0], double{1} * od[1], double{1} * od[2]};
    slopes.push_back(dot(v, plane.across) / dot(v, plane.along));
  }
  const auto end = [&](std::size_t rank) {
    const auto at = slopes.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(slopes.begin(), at, slopes.end());
    Vector out{};
    for (std::size_t c = 0; c < 3; ++c) {
      out[c] = std::max(0.0, plane.along[c] + *at * plane.across[c]);
    }
    return unit(out);
  };
  const Vector one = end(slopes.size() / kEnd);
  const Vector other = end(slopes.size() - 1 - slopes.size() / kEnd);
  const bool first_is_dab = cosine_of(one, prior.dab) > cosine_of(other, prior.dab);
  const StainVectors found{first_is_dab ? other : one, first_is_dab ? one : other};
  const double apart = degrees_between(found.haematoxylin, found.dab);
  if (cosine_of(found.haematoxylin, found.dab) > kCosine30) {
    return not_taken(fmt::format("those of the slide are only {:.0f} degrees apart, less than 30", apart));
  }
  for (const auto& [name, mine, theirs] :
       {std::tuple{"haematoxylin", found.haematoxylin, prior.haematoxylin}, std::tuple{"DAB", found.dab, prior.dab}}) {
    if (cosine_of(mine, theirs) < kCosine20) {
      return not_taken(fmt::format("what the slide gives for {} is {:.0f} degrees from the profile's, more than 20",
                                   name, degrees_between(mine, theirs)));
    }
  }
  return {found,
          fmt::format("estimated from this slide: {:.0f} % of what is stained is clearly brown, the vectors are {:.0f} "
                      "degrees apart, haematoxylin {:.0f} and DAB {:.0f} degrees from the profile's",
                      share, apart, degrees_between(found.haematoxylin, prior.haematoxylin),
                      degrees_between(found.dab, prior.dab))};
}

}  // namespace her2
