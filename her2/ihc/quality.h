// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/plane.h"
#include "her2/ihc/profile.h"
#include "her2/ihc/score.h"
#include "her2/stain/optical_density.h"

// Whether a slide is what it should be: named verdicts, each with its reason. What they rest on are sums over areas, in
// whole numbers, so that areas can be looked at in any order (docs/quality.md).
namespace her2 {

// Counts of pixels, over any areas of a slide. Each pixel is counted once when the areas' cores do not overlap.
struct QualitySums {
  std::uint64_t pixels = 0;
  std::uint64_t dark = 0;     // hardly any light: no channel above 40
  std::uint64_t tissue = 0;   // mean OD at least that of the glass limit, and not dark
  std::uint64_t clipped = 0;  // of tissue: a channel at 0 or 255
  // Of tissue with a mean OD from 100 mOD, by hue: eosin's pink (green absorbs most), DAB's brown (blue does), and
  // haematoxylin's blue (red does, or as much as green); what is near to grey is none of them.
  std::uint64_t coloured = 0, pink = 0, brown = 0, blue = 0;
  // Pixels of tissue at clear edges, and there the squared second differences of the mean OD over about 0.5 um and over
  // four times that; mOD^2. Clear: the latter is at least 60 mOD, far above noise.
  std::uint64_t edges = 0, fine = 0, coarse = 0;

  QualitySums& operator+=(const QualitySums& other);
  // Energy of edges at the small distance over that at the large: 0.25 for perfect steps; 0.03 (thick membranes) to
  // 0.15 in focus, 0.02 and 0.007 with a further blur of 0.5 and 1 um (sigma). 0 without edges.
  [[nodiscard]] double sharpness() const;
  bool operator==(const QualitySums&) const = default;
};

// Pixels around an area's core that look_at_quality() needs for sharpness.
int quality_halo(double work_mpp);

struct AreaColour {
  White white{255, 255, 255};
  int glass = 25;  // mean OD below which there is no tissue, mOD
};

// One area. `sum`: mean OD of the pixels of `rgb` (StainPlanes::sum, made with the same white). `core`: the pixels that
// are counted, within `rgb`; those nearer than quality_halo() to its edges are left out of sharpness.
QualitySums look_at_quality(const RgbImage& rgb, const Plane<std::int16_t>& sum, const Box& core, double work_mpp,
                            const AreaColour& colour);

enum class QualityLevel : std::uint8_t { ok, warning, refused };

struct QualityVerdict {
  std::string
      id;  // "stain", "light", "tissue", "tumour_cells", "focus", "clipping", "resolution", "controls", "profile"
  QualityLevel level = QualityLevel::ok;
  std::string label;   // "Focus"
  std::string reason;  // one sentence
};

// What is known of a slide when it is judged.
struct QualityFacts {
  QualitySums sums;  // over a sample of its tissue, or all of it
  double tissue_mm2 = 0;
  double mpp = 0;               // um per pixel of the finest level that was read
  bool allow_coarse = false;    // the person insists on a slide that is too coarse
  bool nuclear_marker = false;  // ER, PgR or Ki-67: what is too faint to be seen are nuclei, not membranes
  White white{255, 255, 255};
  bool white_from_glass = true;
  std::string subsampling;  // "4:2:0"
  std::uint32_t tumour_cells = 0;
  std::optional<double> control_h_score;  // of the cells of on-slide controls; nothing: none were marked
  std::uint32_t control_cells = 0;
};

// All verdicts, in a fixed order, `ok` ones too.
std::vector<QualityVerdict> judge_quality(const QualityFacts& facts, const Profile& profile);

// Only those that need no cells, so that a slide can be refused before the work is done.
std::vector<QualityVerdict> judge_before_measuring(const QualityFacts& facts, const Profile& profile);

bool is_refused(const std::vector<QualityVerdict>& verdicts);

}  // namespace her2
