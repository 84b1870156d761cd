// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "her2/phantom/mesh.h"

namespace her2::phantom {

// Where stained stretches of membrane end: their round ends reach half a width into what is unstained.
class Ends {
 public:
  Ends(const PhantomSpec& spec, const std::vector<EpithelialCell>& cells);

  struct End {
    SubPoint at;
    double width_um = 0;  // FWHM: it reaches half of that
    double shown_um = 0;  // how far it reaches at the contrast that is shown
  };
  // All ends that reach any point of the segment.
  void near(SubPoint from, SubPoint to, std::vector<End>& out) const;

 private:
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<End>> bins_;
};

// Fills in what is true of the cell's membrane. A place of the line is stained where the DAB of the membrane (its own,
// a neighbour's, or the round end of either) is at least half its peak.
void measure(const PhantomSpec& spec, const EpithelialCell& cell, const Ends& ends, const OpticsTable& optics,
             PhantomCell& out);

}  // namespace her2::phantom
