// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/core/plane.h"
#include "her2/core/polygon.h"
#include "her2/signal/split_tree.h"

// Nuclei of a field: many hypotheses, then a choice. Every blob over each of some levels of brightness, and every way
// to cut it at its necks, is a candidate; those that look most like a nucleus (an ellipse of the right size with an
// edge) are taken, best first, as long as they do not overlap.
namespace her2::signal {

struct NucleusSearch {
  double diameter_um = 8.5;     // expected; rather too small than too large
  double least_ellipse = 0.70;  // IoU with the ellipse of the same moments
  double size_spread = 0.35;    // of ln(diameter)
  int levels = 16;              // of brightness, evenly spaced in its logarithm
  double most_overlap = 0.10;   // of a candidate's pixels that are taken already
  double least_step = 0.08;     // edge: (inside - outside) / inside
  double least_score = 0.02;
  // Brightness that the inside of a nucleus has over the outside; below 0: this share of the upper quartile of the
  // plane's own nuclei, so that the texture of empty places makes none.
  double least_contrast = -0.2;
  double fill_um = 0;  // dots brighter than the nucleus of up to this radius are taken out first; 0: none
};

struct SeenNucleus {
  Contour contour;    // 1/32 of the plane's pixels
  SubPoint centroid;  // the same
  double area_um2 = 0;
  double ellipse = 0;     // IoU with the ellipse of its moments, 0 to 1
  double step = 0;        // relative step of brightness across its edge, 0 to 1
  double contact = 0;     // share of its edge that touches another nucleus
  double elongation = 1;  // long over short axis of its second moments
  double solidity = 1;    // area over area of the convex hull of its contour
  double sharpness = 0;   // steepest slope across its edge over the step, per um: lower quartile of 32 directions
  double inside = 0;      // mean brightness
  double contrast = 0;    // of it, over what is outside its edge
  bool border = false;    // touches the field's edge
};

struct FieldNuclei {
  std::vector<SeenNucleus> nuclei;  // ordered by (centroid.y, centroid.x)
  Plane<std::int32_t> labels;       // index + 1 of pixels `pitch` times as large as the plane's
  int pitch = 1;
  double contrast = 0;  // upper quartile of the nuclei's
  // 1 where the nuclear stain is brighter than half the paler quarter of the nuclei (lower quartile of `inside`),
  // whether a nucleus was told apart there or not; as large as `labels`. Our own cut.
  Plane<std::uint8_t> stained;
  // Which nucleus holds a place (the plane's pixels); -1: none.
  [[nodiscard]] int at(double x, double y) const;
  // Whether a nucleus or nuclear stain lies at a place or within `reach` of it (the plane's pixels).
  [[nodiscard]] bool near_stain(double x, double y, double reach) const;
};

// `bright`: nuclei bright on dark, `pixel_um` a pixel. The plane is reduced to about 29 pixels a nucleus first.
FieldNuclei find_field_nuclei(const Plane<std::int16_t>& bright, double pixel_um, const NucleusSearch& search);
// How many pixels are made one.
int nucleus_reduction(double pixel_um, const NucleusSearch& search);

}  // namespace her2::signal
