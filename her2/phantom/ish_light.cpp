// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "her2/phantom/ish_scene.h"
#include "her2/phantom/noise.h"

namespace her2::phantom {
namespace {

constexpr double kHill = 2.449489742783178;
constexpr double kDefocus = 0.08;   // growth of sigma per um out of focus, um: as after focusing through
constexpr double kTextureUm = 0.9;  // grain of chromatin
constexpr double kHazeUm = 18;

using Light = Plane<float>;

// Depth of a nucleus in the section at a place, as share of the section; 0 outside. `soft`: pixels of the rim.
struct Depth {
  const SceneNucleus& n;
  double section_um;
  [[nodiscard]] double at(double x, double y) const {
    const double dx = x - n.truth.x;
    const double dy = y - n.truth.y;
    // The outline is bent a little, as nuclei are.
    const double u = (dx * n.truth.cos + dy * n.truth.sin) / n.truth.semi_x;
    const double v = (-dx * n.truth.sin + dy * n.truth.cos) / n.truth.semi_y;
    const double bend = 1 + 0.10 * smooth_noise(n.key, 1.3 * u + 9, 1.3 * v + 9) +
                        0.04 * smooth_noise(n.key ^ 7U, 4 * u + 31, 4 * v + 31);
    const double r2 = (u * u + v * v) * bend;
    return r2 >= 1 ? 0 : 1 - r2;
  }
};

// From the rim inwards: soft over about 0.3 um, then slowly more, as a section's thickness does.
double soft(double depth) {
  const double t = std::min(1.0, depth / 0.16);
  return t * t * (3 - 2 * t) * (0.75 + 0.25 * std::min(1.0, 2 * depth));
}

// Calls paint(x, y, depth) for the pixels of a nucleus.
template <class Paint>
void each_pixel(const IshPhantomSpec& spec, const SceneNucleus& n, const Paint& paint) {
  const double reach = std::max(n.truth.semi_x, n.truth.semi_y) * 1.1;
  const int x0 = std::max(0, static_cast<int>(std::floor(n.truth.x - reach)));
  const int y0 = std::max(0, static_cast<int>(std::floor(n.truth.y - reach)));
  const int x1 = std::min(spec.width - 1, static_cast<int>(std::floor(n.truth.x + reach)) + 1);
  const int y1 = std::min(spec.height - 1, static_cast<int>(std::floor(n.truth.y + reach)) + 1);
  const Depth depth{n, spec.section_um};
  for (int y = y0; y <= y1; ++y) {
    for (int x = x0; x <= x1; ++x) {
      const double d = depth.at(x + 0.5, y + 0.5);
      if (d > 0) {
        paint(x, y, d);
      }
    }
  }
}

void stamp(Light& light, double x, double y, double sigma_px, double peak) {
  const int reach = static_cast<int>(std::floor(4 * sigma_px)) + 1;
  const int cx = static_cast<int>(std::floor(x));
  const int cy = static_cast<int>(std::floor(y));
  for (int py = std::max(0, cy - reach); py <= std::min(light.height() - 1, cy + reach); ++py) {
    for (int px = std::max(0, cx - reach); px <= std::min(light.width() - 1, cx + reach); ++px) {
      const double dx = px + 0.5 - x;
      const double dy = py + 0.5 - y;
      light.at(px, py) += static_cast<float>(peak * bell((dx * dx + dy * dy) / (2 * sigma_px * sigma_px)));
    }
  }
}

double noise_of(std::uint64_t key_of_pixel) {
  Dice dice(key_of_pixel);
  return kHill * (dice.hill() + dice.hill()) * 0.70710678118654752;
}

void chromatin(const IshPhantomSpec& spec, const Scene& scene, Light& out) {
  for (const SceneNucleus& n : scene.nuclei) {
    const double grain = kTextureUm / spec.mpp;
    each_pixel(spec, n, [&](int x, int y, double depth) {
      const double fine = smooth_noise(n.key ^ 0x11, x / grain, y / grain);
      const double coarse = smooth_noise(n.key ^ 0x12, x / (3.5 * grain), y / (3.5 * grain));
      const double grains = std::max(0.0, smooth_noise(n.key ^ 0x13, x / (0.55 * grain), y / (0.55 * grain)) - 0.25);
      const double rim = depth < 0.3 ? 0.12 : 0.0;
      out.at(x, y) +=
          static_cast<float>(n.brightness * soft(depth) * (0.85 + rim + 0.14 * fine + 0.16 * coarse + 0.5 * grains));
    });
  }
}

void signals(const IshPhantomSpec& spec, const Scene& scene, std::array<Light, 2>& out) {
  for (const SceneNucleus& n : scene.nuclei) {
    for (const SceneSignal& s : n.signals) {
      const double own = s.truth.channel == 0 ? spec.her2_sigma_um : spec.cep17_sigma_um;
      const double off = kDefocus * (s.z_um - scene.focus_um(spec, s.truth.x));
      const double sigma2 = own * own + off * off;
      const double peak = s.truth.amplitude * own * own / sigma2;
      stamp(out[static_cast<std::size_t>(s.truth.channel)], s.truth.x, s.truth.y, std::sqrt(sigma2) / spec.mpp, peak);
    }
  }
}

}  // namespace

// Grey levels; the noise follows from the asked ratio.
void render_fish(const IshPhantomSpec& spec, const Scene& scene, int field, RgbImage& rgb) {
  const double signal = spec.signal_grey;
  const double leak = signal / 120;  // of DAPI: a shorter exposure takes it down too
  constexpr double kDapi = 125;
  constexpr double kDark = 24;
  const std::uint64_t seed = key(mix(spec.seed), field, 0x464953);
  Light dapi(spec.width, spec.height, 0.0F);
  chromatin(spec, scene, dapi);
  std::array<Light, 2> light{Light(spec.width, spec.height, 0.0F), Light(spec.width, spec.height, 0.0F)};
  signals(spec, scene, light);
  Dice dice(seed);
  for (int i = 0; i < spec.debris; ++i) {  // fragments of DNA, and specks that shine in both channels
    const double x = dice.between(0, spec.width);
    const double y = dice.between(0, spec.height);
    if (i % 3 == 0) {
      stamp(light[0], x, y, dice.between(0.3, 0.6) / spec.mpp, 0.3);
      stamp(light[1], x, y, 0.4 / spec.mpp, 0.25);
    } else {
      stamp(dapi, x, y, dice.between(0.4, 1.1) / spec.mpp, dice.between(0.2, 0.7));
    }
  }
  const double noise = signal / spec.signal_noise;
  rgb.resize(spec.width, spec.height);
  for (int y = 0; y < spec.height; ++y) {
    for (int x = 0; x < spec.width; ++x) {
      const auto d = static_cast<double>(dapi.at(x, y));
      const double haze = spec.autofluorescence * signal *
                          (0.6 + 0.4 * smooth_noise(seed ^ 5U, x * spec.mpp / kHazeUm, y * spec.mpp / kHazeUm)) *
                          (0.35 + 0.65 * std::min(d, 1.5));
      const double her2 = signal * static_cast<double>(light[0].at(x, y)) + haze;
      const double cep17 = signal * static_cast<double>(light[1].at(x, y)) + 0.6 * haze;
      const std::array<double, 3> level{kDark + her2 + spec.cep17_in_her2 * cep17 + 0.36 * leak * kDapi * d,
                                        kDark * 0.9 + cep17 + spec.her2_in_cep17 * her2 + 0.30 * leak * kDapi * d,
                                        kDark * 0.9 + kDapi * d + 0.1 * cep17 + 0.1 * haze};
      for (std::size_t c = 0; c < 3; ++c) {
        // Half of the variance beside a signal is read noise, the rest grows with light.
        const double sigma = noise * std::sqrt(0.5 + 0.5 * level[c] / (0.4 * signal + 10));
        const double v = level[c] + sigma * noise_of(key(seed ^ c, x, y));
        rgb.at(x, y)[c] = static_cast<std::uint8_t>(std::clamp(std::floor(v + 0.5), 0.0, 255.0));
      }
    }
  }
}

// Optical densities added, then light. Silver is neutral, fast red takes green and some blue, haematoxylin red and
// green.
void render_dual_ish(const IshPhantomSpec& spec, const Scene& scene, int field, RgbImage& rgb) {
  constexpr std::array<double, 3> kSilver{0.80, 0.80, 0.66};
  constexpr std::array<double, 3> kRed{0.06, 0.95, 0.32};
  constexpr std::array<double, 3> kBlue{0.30, 0.17, 0.035};
  constexpr std::array<double, 3> kWhite{232, 230, 216};
  constexpr int kShift = 2;  // pixels that green lies right of red, and blue of green
  const std::uint64_t seed = key(mix(spec.seed), field, 0x445348);
  Light blue(spec.width, spec.height, 0.0F);
  chromatin(spec, scene, blue);
  std::array<Light, 2> dots{Light(spec.width, spec.height, 0.0F), Light(spec.width, spec.height, 0.0F)};
  signals(spec, scene, dots);
  Dice dice(seed);
  for (int i = 0; i < spec.debris; ++i) {
    stamp(blue, dice.between(0, spec.width), dice.between(0, spec.height), dice.between(0.3, 1.2) / spec.mpp,
          dice.between(0.2, 0.8));
  }
  const double noise = 130 / spec.signal_noise;
  rgb.resize(spec.width, spec.height);
  for (int y = 0; y < spec.height; ++y) {
    for (int x = 0; x < spec.width; ++x) {
      const double u = 2.0 * x / spec.width - 1;
      const double v = 2.0 * y / spec.height - 1;
      const double lamp = 1 - 0.05 * (u * u + v * v);
      const double tissue = 0.02 * (1 + smooth_noise(seed ^ 3U, x * spec.mpp / 6, y * spec.mpp / 6));
      for (std::size_t c = 0; c < 3; ++c) {
        const int from = std::clamp(x - kShift * static_cast<int>(c), 0, spec.width - 1);
        const double od = kSilver[c] * static_cast<double>(dots[0].at(from, y)) +
                          kRed[c] * static_cast<double>(dots[1].at(from, y)) +
                          kBlue[c] * static_cast<double>(blue.at(from, y)) + tissue;
        const double level = kWhite[c] * lamp * bell(od * 2.302585092994046) +
                             noise * (0.6 * noise_of(key(seed ^ 7U, x, y)) +
                                      0.8 * noise_of(key(seed ^ (c + 8), x / 2, y / 2)));  // grain, in colour
        rgb.at(x, y)[c] = static_cast<std::uint8_t>(std::clamp(std::floor(level + 0.5), 0.0, 255.0));
      }
    }
  }
}

}  // namespace her2::phantom
