// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "her2/core/plane.h"
#include "her2/core/polygon.h"

namespace her2 {

inline constexpr int kNucleusPoints = 32;  // of a nucleus's contour: every second ray of star.h

// How nuclei are looked for. Lengths in um; contrast in mOD of the signal plane.
struct NucleusOptions {
  double seed_sigma_um = 1.3;    // blobs of this size and of 1.6 times it give seeds
  int seed_contrast = 10;        // of a seed over its surroundings
  double least_radius_um = 1.0;  // of the contour, from the seed
  double most_radius_um = 9.0;
  int least_contrast = 30;    // of the contour, see Nucleus::contrast
  int least_weakest = -1000;  // see Nucleus::weakest; no limit
  double least_area_um2 = 12;
  double most_area_um2 = 260;
  bool look_again = true;  // around seeds that lost and lie in no nucleus, with the nuclei found before taken out
};

// A nucleus on the plane it was found on. Coordinates in 1/32 pixel of that plane, (0, 0) its top left corner.
struct Nucleus {
  SubPoint seed;
  SubPoint centroid;
  std::array<SubPoint, kNucleusPoints> ring{};
  std::int64_t area = 0;   // of the ring, in squared 1/32 pixel
  int contrast = 0;        // just inside the contour minus outside, mOD: lower quartile of the rays
  int weakest = -250;      // the same at an eighth of the rays: a stretch of the contour without an edge
  int inside = 0;          // mean of the signal inside, mOD
  std::int64_t score = 0;  // of two that overlap the one with more stays
};

// Dark blobs of `signal` (haematoxylin for a membrane marker, all stains for a nuclear one; mOD) with their contours,
// in order of (centroid.y, centroid.x). `pitch_um` is the plane's pixel. What is nearer to the edge than
// nucleus_reach() may be cut or missing; everything further in does not depend on where the plane's edges lie.
std::vector<Nucleus> find_nuclei(const Plane<std::int16_t>& signal, double pitch_um, const NucleusOptions& options);

// The same for one plane after another, with memory that is kept. One thread at a time.
class NucleusFinder {
 public:
  NucleusFinder(double pitch_um, const NucleusOptions& options);
  ~NucleusFinder();
  NucleusFinder(NucleusFinder&&) noexcept;
  // Nuclei that cover a pixel of `wanted` or have their centroid there are all found and right; others may be missing.
  std::vector<Nucleus> find(const Plane<std::int16_t>& signal, const Box& wanted);

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};
int nucleus_reach(double pitch_um, const NucleusOptions& options);  // pixels
// How far the contours around a seed and around its nearest rivals see: with so much around a plane's middle, hardly
// any nucleus there is missed. Pixels, several times less than nucleus_reach().
int nucleus_view(double pitch_um, const NucleusOptions& options);

}  // namespace her2
