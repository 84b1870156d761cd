// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/assay/measure_slide.h"
#include "her2/assay/slide_score.h"
#include "her2/core/error.h"
#include "her2/report/ihc_model.h"
#include "her2/slide/slide.h"

namespace her2 {

// The slide small, its heat map, and for each class of cells a field where it is best seen, plain and with outlines.
Result<void> add_pictures(const Slide& slide, const SlideMeasurement& measured, const SlideScore& score, int threads,
                          IhcReport& report);

}  // namespace her2
