// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/ihc/edits.h"
#include "her2/ihc/noise_floor.h"
#include "her2/ihc/profile.h"
#include "her2/ihc/score.h"
#include "her2/stats/quantile.h"

// How sure a slide's class counts are: the slide is scored many times, each time with other cells sampled and with
// thresholds, stain and cell kinds a little off, all together (docs/uncertainty.md).
namespace her2 {

inline constexpr int kReplicates = 400;

struct IhcReplicates {
  std::vector<ClassCounts> rows;   // whole cells; kinds are not replicated (0). Rows without tumour cells can occur
  std::vector<NoiseFloor> floors;  // of the same replicates
  std::string conditional_on;      // what is moved and what is held fixed, in words
};

// In each replicate
//   - squares of 250 um are drawn with replacement (single cells when there are fewer than 8 squares),
//   - all contrast thresholds move by one normal deviate x sd_t_mem,
//   - all contrasts have one gain: the error of I0 and of the stain vectors (gain_sd()),
//   - the border between tumour cells and others moves for all cells together, so that a cell changes sides with the
//     probability 1 - confidence; and a share of other cells, normal with sd_kind, is in the denominator or missing,
//   - there are more or fewer strongly stained cells than were found, by a share that is normal with sd_found: dense
//     membranes hide nuclei.
// Cells whose kind a person has set never change sides; a class that a person has set never changes.
// Deterministic: integers and basic arithmetic only. Thresholds and gain are evaluated on a grid of 13 x 7 (every half
// and every whole standard deviation up to 3) and counts interpolated linearly between; the border likewise at 0, 0.5,
// 1, 1.5, 2 and 3. Cost: 91 classings a cell and about 150 additions a square and replicate; 1e6 cells, 400 replicates:
// about a second. Fails as score_cells() does, and when the table states no um per pixel.
Result<IhcReplicates> replicate(const CellTable& table, const std::vector<Edit>& edits, const Profile& profile,
                                int replicates = kReplicates, std::uint64_t seed = 1);

// Standard deviation of the relative error of contrasts that errors of I0 and of the stain vectors make, 1e-6.
//   I0: an error of e grey levels in all of I0, shoulder and peak (glare, black level) changes a faint contrast by e /
//   S of itself, S being the level at the shoulder, for which 0.7 I0 is taken. (An error of I0 alone cancels.) Stain: a
//   DAB vector that is off by t radians towards haematoxylin gives sin(phi + t) / sin(phi), about 1 + t cot(phi), of
//   the amount, phi being the angle between both vectors; other directions only to second order.
std::int64_t gain_sd(const CellTable& table, const Profile& profile);

// Central 95 % intervals over the rows that have tumour cells.
Interval percent_interval(const IhcReplicates& replicates, MembraneClass c);
Interval h_score_interval(const IhcReplicates& replicates);

}  // namespace her2
