// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/phantom/layout.h"
#include "her2/phantom/mesh.h"
#include "her2/phantom/phantom.h"

namespace her2::phantom {

// How a nucleus looks; OD in mOD of haematoxylin, lengths in sub-pixels.
struct Nucleus {
  std::uint64_t key = 0;
  PhantomKind kind = PhantomKind::tumour;
  Contour contour;
  SubPoint centroid;
  int tone = 0, rim = 0, rim_width = 0, texture = 0;  // texture: 1/256 of the tone
  struct Spot {
    SubPoint at;
    int radius = 0, tone = 0;
  };
  std::vector<Spot> nucleoli;
};

Nucleus nucleus_of(const PhantomSpec& spec, const EpithelialCell& cell);

// Nuclei of the stroma (lymphocytes, fibroblasts) whose middle lies in the rectangle (um), in a fixed order.
std::vector<Nucleus> stromal_nuclei(const PhantomSpec& spec, const Layout& layout, double x0, double y0, double x1,
                                    double y1);
// No stromal nucleus reaches farther from its middle, um.
inline constexpr double kStromalReachUm = 14;

// Of the area that a ring encloses.
SubPoint centroid_of(const Contour& ring);

}  // namespace her2::phantom
