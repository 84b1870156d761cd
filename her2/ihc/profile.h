// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"

namespace her2 {

// The constants of one laboratory's assay on one scanner: what is stained, how strongly, how sure. A TOML file
// (docs/profiles.md); `generic-uncalibrated` is built in. OD in mOD, shares in 1/1000.
struct Profile {
  std::string name;
  std::string sha256;                // of the file's bytes
  bool calibrated = false;           // made from this laboratory's own controls or scored regions
  std::string source;                // where its constants come from
  std::string scanner, subsampling;  // what it is for; empty: any
  double mpp = 0;                    // 0: any

  std::array<std::array<double, 3>, 2> stain_vectors{};  // haematoxylin, DAB: OD of R, G, B; any length
  bool estimate_stain = false;  // estimate the vectors where DAB is plentiful and they are well apart

  int t_mem = 0;          // contrast from which a boundary sample is stained
  int t_weak = 0;         // median contrast of the stained arc: below it faint, from it weak
  int t_moderate = 0;     // ... from it moderate
  int t_strong = 0;       // ... from it strong
  int complete_from = 0;  // completeness from which a membrane is complete, 1/1000
  int longest_gap = 0;    // ... if no gap is longer than this, 1/1000
  int stained_from = 0;   // completeness from which a cell is stained at all, 1/1000

  int least_cells = 0;    // tumour cells below which nothing is scored
  double refuse_mpp = 0;  // coarser than this: refused
  double warn_mpp = 0;    // coarser than this: a warning

  int connectivity_two = 0;    // connectivity above which membranes speak for 2+, 1/1000 (connectivity.h)
  int connectivity_three = 0;  // ... for 3+

  // Mean DAB of a nucleus from which it is positive: weak, then moderate, then strong.
  int nuclear_weak = 0, nuclear_moderate = 0, nuclear_strong = 0;

  // H-score that on-slide controls must have, 0 to 300; both -1: the profile states none.
  int control_low = -1, control_high = -1;

  // Standard deviations of what the ensemble moves.
  int sd_t_mem = 0;            // all contrast thresholds together, mOD
  int sd_contrast = 0;         // all contrasts by one factor, beyond I0 and the vectors: optics, JPEG; 1/1000
  int sd_complete = 0;         // completeness of all cells together, 1/1000 of the boundary
  int sd_white = 0;            // I0, in grey levels
  int sd_stain_degrees10 = 0;  // stain vectors, 0.1 degree
  int sd_kind = 0;             // share of cells whose kind is wrong, beyond their confidence, 1/1000
  int sd_found = 0;            // strongly stained cells found more or less often than others, 1/1000
};

// Reads a profile's TOML. `file` is for errors. Refuses unknown keys, missing constants, and constants that cannot be:
// t_mem outside the cell table's ladder, intensities out of order, shares over 1.
Result<Profile> read_profile(std::string_view toml, const std::string& file);

// A profile as read_profile reads it, with the unit of each constant; `sha256` is not written.
std::string profile_toml(const Profile& profile);

}  // namespace her2
