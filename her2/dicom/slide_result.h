// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"

namespace her2 {

// A number with the interval that result.json gives for it.
struct ResultNumber {
  double value = 0, low = 0, high = 0;
};

struct ResultShare {
  std::string fact, label;  // "strong_complete", "strong, complete"
  std::int64_t cells = 0;
  ResultNumber percent;  // of the tumour cells
};

struct ResultVerdict {
  std::string id, severity, label, reason;  // "focus", "warning", "Focus", one sentence
};

// What a structured report says of a slide, as `result.json` of `her2 ihc` has it (schema her2-ihc/1).
struct SlideResult {
  std::string marker;               // "HER2", "ER" ...
  std::string headline;             // "HER2 IHC 2+"
  std::string answer_fact, answer;  // "ihc_score", "2+"; empty: none
  std::string scheme, edition;      // of the answer
  bool refused = false, microarray = false;
  std::string slide_name, slide_sha256, profile, software;
  std::int64_t width = 0, height = 0;  // level 0 pixels
  double mpp = 0;                      // um per level 0 pixel
  std::int64_t tumour_cells = 0;
  std::vector<ResultShare> shares;
  ResultNumber h_score;
  std::optional<ResultNumber> nuclear_percent;  // positive tumour nuclei, of ER, PgR, Ki-67
  int coverage_percent = 0;                     // of the intervals; 0: there are none
  std::vector<ResultVerdict> quality;
  std::string content_sha256;  // of the whole result but its timing
};

// Fails: no JSON, another schema, a member that is missing or of another type (the place names it).
Result<SlideResult> parse_slide_result(std::string_view json, const std::string& file);

}  // namespace her2
