// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/phantom/phantom.h"

// Where the cores of a phantom microarray lie (PhantomSpec::array). Positions in um from the slide's top left corner.
namespace her2::phantom {

struct CorePlace {
  int row = -1, column = -1;  // -1: no core is near
  double depth = -1e9;        // um inside the core's edge; negative: outside
};
CorePlace core_at(const PhantomSpec& spec, double x, double y);

// The mix of the core that a place belongs to; the slide's own without an array.
const PhantomMix& mix_at(const PhantomSpec& spec, double x, double y);

}  // namespace her2::phantom
