// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/ish/nucleus_table.h"
#include "her2/signal/case_levels.h"
#include "her2/signal/field_reading.h"

// The second look: with what the case shares known, each nucleus is accepted or rejected and its signals are counted.
namespace her2::signal {

struct JudgedNucleus {
  IshNucleus nucleus;  // field and area_of_tumour are the caller's to fill in
  std::vector<IshSignal> signals;
  Contour contour;
};

struct JudgedField {
  std::vector<JudgedNucleus> nuclei;  // ordered by (centroid.y, centroid.x)
  std::vector<IshSignal> stray;       // over no nucleus
  std::array<FieldChannel, kIshChannels> channels;
  std::uint16_t focus = 0, ratio_low = 0, ratio_high = 0;  // as in IshField
};

// Coordinates come out in the field's pixels.
JudgedField judge_field(const FieldReading& field, const CaseLevels& levels);

// Why a nucleus's looks alone speak against it; accepted: nothing does. Our own starting values.
NucleusVerdict look_verdict(const SeenNucleus& nucleus, const CaseLevels& levels);

}  // namespace her2::signal
