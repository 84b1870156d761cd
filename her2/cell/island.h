// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/cell/classify.h"
#include "her2/cell/nuclei.h"
#include "her2/core/plane.h"

namespace her2 {

// Whether what was found beside membranes is rather an island of stroma between white slits than a nucleus: small
// (below 35 um2), angular (4 pi area / perimeter^2 below 0.89), no darker than the slide's clearer nuclei (`clear_h`,
// mOD) by a tenth, and with nothing brown around it (mean DAB a third of its radius beyond its edge below 150 mOD).
// Membranes press nuclei of stained cells into small angular shapes; what presses this one does not stain. Our own
// limits, from phantoms (docs/cells.md). `shape` is the nucleus's, with its mean haematoxylin as `inside`; what lies
// beyond the plane's edge counts as the edge's pixel.
bool is_stroma_island(const Nucleus& nucleus, const NucleusShape& shape, int clear_h, const Plane<std::int16_t>& dab);

}  // namespace her2
