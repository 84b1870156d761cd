// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "her2/cell/nuclei.h"
#include "her2/core/plane.h"
#include "her2/stain/optical_density.h"

namespace her2 {

// In what nuclei are looked for.
enum class NuclearSignal : std::uint8_t {
  membrane,      // haematoxylin, less where DAB is: DAB stains membranes or cytoplasm, and nuclei are holes in it
  any,           // all that absorbs: DAB or another colour stains some of the nuclei
  haematoxylin,  // red light, which eosin hardly absorbs: H&E, haematoxylin alone
};

std::string_view name_of(NuclearSignal signal);  // "membrane", "any", "haematoxylin"

// The plane in which nuclei are dark blobs, mOD; as large as `stains`. `signal`: membrane or any.
void nuclear_signal(const StainPlanes& stains, NuclearSignal signal, Plane<std::int16_t>& out);
// A row of it from rows of the stains.
struct StainRow {
  const std::int16_t *haematoxylin, *dab, *sum;
};
void nuclear_signal(const StainRow& stains, std::size_t count, NuclearSignal signal, std::int16_t* out);
// The same for NuclearSignal::haematoxylin: OD of red light.
void red_signal(const RgbImage& rgb, const OdTable& od, Plane<std::int16_t>& out);

// Nuclei on a plane of `pitch_um`; where that is finer than nuclei need, they are looked for at half the resolution.
// Coordinates are those of the full plane. The plane's corner must lie on an even pixel of the slide's grid.
std::vector<Nucleus> nuclei_on(const Plane<std::int16_t>& signal, double pitch_um, const NucleusOptions& options);
int nuclei_on_reach(double pitch_um, const NucleusOptions& options);  // pixels of the full plane

// Mean of a plane over the pixels of a ring; 0 where it has none.
int mean_inside(const Plane<std::int16_t>& plane, std::span<const SubPoint> ring);

}  // namespace her2
