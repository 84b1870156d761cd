// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/ihc/cell_table.h"
#include "her2/ihc/profile.h"

// A laboratory's own thresholds, from fields whose score is known. Pure; no pixels, no guideline (docs/profiles.md).
namespace her2 {

// A region or a control core with the score that a person or the maker of the control gives it.
struct ScoredField {
  std::string name;
  int score = 0;         // 0 to 3
  bool control = false;  // an on-slide control: the profile's limits for controls come from these
  std::vector<MeasuredCell> cells;
};

// "0", "1+", "2+", "3+" as a word of a name ("core 4: 2+"); nothing when there is none, or several that differ.
std::optional<int> score_in_name(std::string_view name);

// A cut between the cells of fields of lower and of higher score.
struct FittedCut {
  std::string key;                    // as in a profile: "stained_from_od"
  bool fitted = false;                // else carried over from the base profile in proportion
  int value = 0;                      // mOD
  int sd = 0;                         // mOD: of blocks drawn with replacement; 0 when not fitted
  int wrong_low = 0, wrong_high = 0;  // cells on the wrong side, 1/1000 of those of lower, of higher score
};

struct Calibration {
  Profile profile;
  std::vector<FittedCut> cuts;  // t_mem, t_weak, t_moderate, t_strong
};

// Each cut lies where it parts the tumour cells of two scores best: the fewest wrong shares of both, in the middle of
// where that holds. t_mem parts 0 from all others by the contrast that a cell reaches on stained_share of its boundary,
// but at most 5 % of the cells of fields scored 0 are stained;
// t_weak parts 1+ from 2+, and t_strong 2+ from 3+, by the median contrast of what is stained. No score parts weak from
// moderate: t_moderate keeps its place between both, as in the base profile; so does t_mem, in proportion to t_weak,
// when no field is scored 0. Uncertainty: squares of 250 um of every field drawn with replacement (single cells when a
// field has fewer than 8), 200 times; the profile's threshold_od is the largest standard deviation of the cuts, but at
// least 0.005. Limits of controls: lowest and highest H-score of the controls, 15 beyond. Fails when 1+, 2+ or 3+ is
// missing, or has fewer than 50 tumour cells, and when the cuts come out of order.
Result<Calibration> calibrate(const std::vector<ScoredField>& fields, const Profile& base, double mpp);

}  // namespace her2
