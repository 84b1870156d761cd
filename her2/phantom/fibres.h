// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "her2/phantom/noise.h"

// The direction of the stroma's fibres: a smooth mixture of four.
namespace her2::phantom {

inline constexpr double kFibreGrainUm = 75;
inline constexpr double kDiagonal = 0.70710678118654752;
inline constexpr std::array<std::array<double, 2>, 4> kFibreDirections{
    {{1, 0}, {kDiagonal, kDiagonal}, {0, 1}, {-kDiagonal, kDiagonal}}};

// How much of each direction there is at a place (um); sums to 1.
inline std::array<double, 4> fibre_shares(std::uint64_t seed, double x, double y) {
  // A smooth vector (p, q) of the doubled angle: what is close to a direction's doubled angle is that direction's.
  const double p = smooth_noise(seed ^ 0x46494231U, x / kFibreGrainUm, y / kFibreGrainUm);
  const double q = smooth_noise(seed ^ 0x46494232U, x / kFibreGrainUm, y / kFibreGrainUm);
  std::array<double, 4> out{p > 0 ? p * p : 0, q > 0 ? q * q : 0, p < 0 ? p * p : 0, q < 0 ? q * q : 0};
  const double sum = out[0] + out[1] + out[2] + out[3] + 1e-6;
  for (double& share : out) {
    share = (share + 0.25e-6) / sum;
  }
  return out;
}

inline std::array<double, 2> fibre_direction(std::uint64_t seed, double x, double y) {
  const auto shares = fibre_shares(seed, x, y);
  // Neighbouring directions mix to what lies between them; (1, 0) and (-d, d) do so as (-1, 0) and (-d, d).
  double dx = 0, dy = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const double sign = k == 0 && shares[3] > shares[1] ? -1 : 1;
    dx += sign * shares[k] * kFibreDirections[k][0];
    dy += sign * shares[k] * kFibreDirections[k][1];
  }
  const double size = std::sqrt(dx * dx + dy * dy);
  return size > 1e-3 ? std::array{dx / size, dy / size} : std::array{1.0, 0.0};
}

}  // namespace her2::phantom
