// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/optics.h"

#include <algorithm>
#include <cmath>

#include "her2/phantom/noise.h"

namespace her2::phantom {
namespace {

constexpr int kMostMod = 6000;

// e^x for x <= 0, by its series on x / 2^k, squared k times.
double exponential(double x) {
  int halvings = 0;
  while (x < -0.25) {
    x /= 2;
    ++halvings;
  }
  double sum = 1, term = 1;
  for (int n = 1; n < 16; ++n) {
    term = term * x / n;
    sum += term;
  }
  for (; halvings > 0; --halvings) {
    sum *= sum;
  }
  return sum;
}

int rounded(double v) { return static_cast<int>(std::floor(v + 0.5)); }

// log10 of a number in (0, 1], found by halving on 10^(-od).
double density_of(double share) {
  double low = 0, high = 6;
  for (int i = 0; i < 48; ++i) {
    const double mid = (low + high) / 2;
    (transmitted(mid) > share ? low : high) = mid;
  }
  return (low + high) / 2;
}

// Solves [h d]^T x = od in the least-squares sense for x's DAB part.
double dab_of(const std::array<std::array<double, 3>, 2>& v, const std::array<double, 3>& od) {
  double hh = 0, hd = 0, dd = 0, ho = 0, dod = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    hh += v[0][c] * v[0][c];
    hd += v[0][c] * v[1][c];
    dd += v[1][c] * v[1][c];
    ho += v[0][c] * od[c];
    dod += v[1][c] * od[c];
  }
  return (hh * dod - hd * ho) / (hh * dd - hd * hd);
}

}  // namespace

double transmitted(double od) { return exponential(-2.302585092994045684 * od); }

double membrane_profile(double u) {
  const double v = u < 1 ? 1 - u : 0;
  return v * v * v * v;
}

double membrane_reach() { return 0.5 / std::sqrt(1 - std::sqrt(std::sqrt(0.5))); }

std::array<std::array<double, 3>, 2> unit_vectors(const std::array<double, 3>& haematoxylin,
                                                  const std::array<double, 3>& dab) {
  std::array<std::array<double, 3>, 2> out{haematoxylin, dab};
  for (auto& v : out) {
    const double size = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    for (double& c : v) {
      c /= size;
    }
  }
  return out;
}

Optics::Optics(const PhantomSpec& spec, const std::array<double, 3>& ink, double psf_um)
    : noise_(rounded(spec.noise * 256)), seed_(mix(spec.seed ^ 0x4E4F495345ULL)) {
  const PhantomStain& stain = spec.stain;
  const double psf_px = psf_um / spec.mpp;
  const auto vectors = unit_vectors(stain.haematoxylin, stain.dab);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t s = 0; s < 2; ++s) {
      colour_[s][c] = rounded(vectors[s][c] * 4096);
    }
    ink_[c] = rounded(ink[c] * 1000);
    white_[c] = rounded(stain.white[c] * 256);
  }
  for (int mod = 0; mod <= kMostMod; ++mod) {
    transmitted_.push_back(static_cast<std::uint16_t>(rounded(transmitted(mod / 1000.0) * 65535)));
  }
  radius_ = std::max(1, static_cast<int>(std::ceil(3 * psf_px)));
  std::vector<double> weights;
  double sum = 0;
  for (int k = 0; k <= radius_; ++k) {
    weights.push_back(psf_px > 0 ? exponential(-0.5 * k * k / (psf_px * psf_px)) : (k == 0 ? 1.0 : 0.0));
    sum += (k == 0 ? 1 : 2) * weights.back();
  }
  int left = 4096;
  kernel_.assign(weights.size(), 0);
  for (std::size_t k = 1; k < weights.size(); ++k) {
    kernel_[k] = rounded(weights[k] / sum * 4096);
    left -= 2 * kernel_[k];
  }
  kernel_[0] = left;
}

void Optics::shine(const Planes& planes, int offset, std::size_t channel, Plane<std::uint16_t>& light) const {
  for (int y = 0; y < light.height(); ++y) {
    const std::uint16_t* hp = planes.haematoxylin.row(y + offset) + offset;
    const std::uint16_t* dp = planes.dab.row(y + offset) + offset;
    const std::uint16_t* gp = planes.grey.row(y + offset) + offset;
    const std::uint16_t* ip = planes.ink.empty() ? nullptr : planes.ink.row(y + offset) + offset;
    std::uint16_t* lp = light.row(y);
    for (int x = 0; x < light.width(); ++x) {
      int od = (hp[x] * colour_[0][channel] + dp[x] * colour_[1][channel] + 2048) / 4096 + gp[x];
      if (ip != nullptr) {
        od += ip[x] * ink_[channel] / 1024;
      }
      lp[x] = transmitted_[static_cast<std::size_t>(std::min(od, kMostMod))];
    }
  }
}

void Optics::expose(const Planes& planes, int margin, const Box& box, RgbImage& out) const {
  const int width = static_cast<int>(box.width), height = static_cast<int>(box.height);
  const int w = width + 2 * radius_;
  out.resize(width, height);
  Plane<std::uint16_t> light(w, height + 2 * radius_);
  std::vector<std::uint32_t> blurred(static_cast<std::size_t>(w)), twice(static_cast<std::size_t>(width));
  const auto weight = [&](int k) { return static_cast<std::uint32_t>(kernel_[static_cast<std::size_t>(k)]); };
  for (std::size_t c = 0; c < 3; ++c) {
    shine(planes, margin - radius_, c, light);
    for (int y = 0; y < height; ++y) {
      const std::uint16_t* middle = light.row(y + radius_);
      for (int x = 0; x < w; ++x) {
        blurred[static_cast<std::size_t>(x)] = weight(0) * middle[x] + 2048;
      }
      for (int k = 1; k <= radius_; ++k) {
        const std::uint16_t *above = light.row(y + radius_ - k), *below = light.row(y + radius_ + k);
        const std::uint32_t share = weight(k);
        for (int x = 0; x < w; ++x) {
          blurred[static_cast<std::size_t>(x)] += share * (static_cast<std::uint32_t>(above[x]) + below[x]);
        }
      }
      for (std::uint32_t& value : blurred) {
        value /= 4096;
      }
      const std::uint32_t* at = blurred.data() + radius_;
      for (int x = 0; x < width; ++x) {
        twice[static_cast<std::size_t>(x)] = weight(0) * at[x] + 2048;
      }
      for (int k = 1; k <= radius_; ++k) {
        const std::uint32_t share = weight(k);
        for (int x = 0; x < width; ++x) {
          twice[static_cast<std::size_t>(x)] += share * (at[x - k] + at[x + k]);
        }
      }
      std::uint8_t* row = out.row(y) + c;
      for (int x = 0; x < width; ++x) {
        row[static_cast<std::ptrdiff_t>(x) * 3] =
            grey_level(twice[static_cast<std::size_t>(x)] / 4096, c, box.x + x, box.y + y);
      }
    }
  }
}

std::uint8_t Optics::grey_level(std::uint32_t share, std::size_t channel, std::int64_t x, std::int64_t y) const {
  int level = static_cast<int>(std::int64_t{share} * white_[channel] / 65535);  // 1/256 grey level
  const std::uint64_t r = key(seed_ + channel, x, y);
  // The sum of 8 bytes is nearly normal: mean 1020, standard deviation 209. The bytes are added in pairs.
  const std::uint64_t pairs = (r & 0x00FF00FF00FF00FFULL) + ((r >> 8U) & 0x00FF00FF00FF00FFULL);
  const int bytes = static_cast<int>((pairs * 0x0001000100010001ULL) >> 48U);
  level += (bytes - 1020) * noise_ / 209;
  return static_cast<std::uint8_t>(std::clamp((level + 128) / 256, 0, 255));
}

Seen seen_through(const PhantomSpec& spec, double contrast_mod, double width_um, double beside_mod) {
  constexpr int kSteps = 240;
  const double psf_um = spec.psf_um;
  const auto vectors = unit_vectors(spec.stain.haematoxylin, spec.stain.dab);
  const auto reader = unit_vectors(spec.reader_haematoxylin, spec.reader_dab);
  const double beside_seen = dab_of(reader, vectors[1]) * beside_mod;
  const double reach = membrane_reach() * width_um;
  const double span = reach + 4 * psf_um, step = span / kSteps;
  // The line across the membrane, one half and as much again for the blur to look at.
  std::vector<std::array<double, 3>> light(2 * kSteps + 1);
  for (std::size_t i = 0; i < light.size(); ++i) {
    const double x = static_cast<double>(i) * step / reach;
    const double od = (beside_mod + contrast_mod * membrane_profile(x * x)) / 1000;
    for (std::size_t c = 0; c < 3; ++c) {
      light[i][c] = transmitted(od * vectors[1][c]);
    }
  }
  const auto seen_at = [&](int i) {
    std::array<double, 3> sum{};
    double weights = 0;
    const int far = static_cast<int>(std::ceil(4 * psf_um / step));
    for (int k = -far; k <= far; ++k) {
      const double weight = psf_um > 0 ? exponential(-0.5 * (k * step) * (k * step) / (psf_um * psf_um)) : (k == 0);
      const auto at = static_cast<std::size_t>(std::min(std::abs(i + k), 2 * kSteps));
      for (std::size_t c = 0; c < 3; ++c) {
        sum[c] += weight * light[at][c];
      }
      weights += weight;
    }
    std::array<double, 3> od{};
    for (std::size_t c = 0; c < 3; ++c) {
      od[c] = density_of(std::min(1.0, sum[c] / weights));
    }
    return dab_of(reader, od) * 1000 - beside_seen;
  };
  Seen out;
  out.contrast_mod = seen_at(0);
  int low = 0, high = kSteps;
  while (high - low > 1) {
    const int mid = (low + high) / 2;
    (seen_at(mid) > out.contrast_mod / 2 ? low : high) = mid;
  }
  const double above = seen_at(low), below = seen_at(high);
  out.width_um = 2 * step * (low + (above - out.contrast_mod / 2) / (above - below));
  return out;
}

}  // namespace her2::phantom
