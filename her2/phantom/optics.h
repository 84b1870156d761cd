// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "her2/phantom/phantom.h"

// From optical density to grey levels: stain colours, light, the scanner's point spread and its noise. The planes are
// integers and so is every operation on them.
namespace her2::phantom {

struct Planes {
  Plane<std::uint16_t> haematoxylin, dab;  // mOD
  Plane<std::uint16_t> membrane;           // mOD: the part of dab that is membrane, without its texture
  Plane<std::uint16_t> grey;               // mOD in all three channels: dirt
  Plane<std::uint16_t> ink;                // 1/1024 of the pen's colour; may be empty
};

class Optics {
 public:
  Optics(const PhantomSpec& spec, const std::array<double, 3>& ink, double psf_um);

  // How many pixels beyond the wanted ones the planes must reach.
  [[nodiscard]] int halo() const { return radius_; }
  // `planes` cover box.grown(margin), margin >= halo().
  void expose(const Planes& planes, int margin, const Box& box, RgbImage& out) const;

 private:
  void shine(const Planes& planes, int offset, std::size_t channel, Plane<std::uint16_t>& light) const;
  [[nodiscard]] std::uint8_t grey_level(std::uint32_t share, std::size_t channel, std::int64_t x, std::int64_t y) const;

  std::array<int, 3> ink_{};                    // OD of the pen, mOD
  std::array<std::array<int, 3>, 2> colour_{};  // OD of a channel per OD of haematoxylin, DAB; 1/4096
  std::vector<std::uint16_t> transmitted_;      // of 65535, by OD in mOD
  std::array<int, 3> white_{};                  // I0, 1/256 grey level
  std::vector<int> kernel_;                     // one half and the middle; sums to 4096
  int radius_ = 0;
  int noise_ = 0;  // standard deviation, 1/256 grey level
  std::uint64_t seed_ = 0;
};

// 10^(-od), by basic operations only.
double transmitted(double od);

// What the point spread and the reader's vectors make of a single straight membrane of this contrast (mOD) and width
// (FWHM, um) with this much DAB on both sides of it (mOD): the DAB contrast (mOD) and FWHM (um) seen in the image.
struct Seen {
  double contrast_mod = 0, width_um = 0;
};
Seen seen_through(const PhantomSpec& spec, double contrast_mod, double width_um, double beside_mod);

// OD across a membrane: 1 in the middle, 0 from `reach` half widths on; at distance^2 = u * reach^2. (1 - u)^4.
double membrane_profile(double u);
// Reach of the profile in full widths at half maximum.
double membrane_reach();

// Both vectors made of length 1: OD of R, G, B.
std::array<std::array<double, 3>, 2> unit_vectors(const std::array<double, 3>& haematoxylin,
                                                  const std::array<double, 3>& dab);

}  // namespace her2::phantom
