// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "her2/core/plane.h"
#include "her2/stain/stain_vectors.h"

// Optical density OD = -log10(I / I0), in thousandths (mOD). OD of gamma-encoded pixels is ordinal, not Beer-Lambert.
namespace her2 {

using White = std::array<int, 3>;  // I0 of R, G, B, 1 to 255: what glass gives

// OD of every grey level of every channel; a level of 0 counts as 1, brighter than white as 0.
struct OdTable {
  std::array<std::array<std::int16_t, 256>, 3> mod{};
};
OdTable od_table(const White& white);

// The stains of an image, each plane as large as it; mOD. Negative amounts of a stain are kept.
struct StainPlanes {
  Plane<std::int16_t> haematoxylin, dab;
  Plane<std::int16_t> sum;  // mean OD of R, G and B: everything that absorbs
};
void unmix(const RgbImage& rgb, const OdTable& table, const Unmixing& unmixing, StainPlanes& out);

// The same at half the resolution: means of 2 x 2 pixels, exact to 1 mOD as long as no channel adds less than -4000 or
// more than 6900 to a stain.
class HalvedUnmixing {
 public:
  HalvedUnmixing(const OdTable& table, const Unmixing& unmixing);

  // `width` values each.
  struct Rows {
    std::int16_t *haematoxylin, *dab, *sum;
  };
  // From two rows of 2 * width RGB pixels. On the way `upper` and `lower` get DAB at the full resolution, unless they
  // are nullptr (both).
  void rows(const std::uint8_t* above, const std::uint8_t* below, int width, const Rows& out, std::int16_t* upper,
            std::int16_t* lower) const;

 private:
  std::array<std::array<std::uint64_t, 256>, 3> adds_{};
};

}  // namespace her2
