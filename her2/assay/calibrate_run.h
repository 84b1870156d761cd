// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "her2/assay/slide_walk.h"
#include "her2/core/error.h"
#include "her2/guideline/catalog.h"
#include "her2/ihc/calibrate.h"

namespace her2 {

struct CalibrationRun {
  std::vector<std::string> slides;
  std::vector<std::string> regions;  // GeoJSON, one a slide, or one for all; none: `scores` says it
  std::vector<std::string> scores;   // of whole slides: "1+", one a slide
  Profile base;                      // what is not calibrated is taken from it
  std::string name;                  // of the new profile
  std::optional<double> mpp;
  bool allow_coarse = false;
  int threads = 1;
  ProgressCall progress;
};

// A field with what it was given and what the new profile makes of it, under the edition of 2018.
struct CalibratedField {
  std::string name, given, got;
  std::size_t tumour_cells = 0;
};

struct CalibrationReport {
  Calibration calibration;  // its profile is keyed to the slides' scanner, um per pixel and subsampling
  std::vector<CalibratedField> fields;
};

// Measures the scored regions of the slides and fits the thresholds. Regions have the score as a word of their name or
// class ("2+"); others are left out. Fails when slides differ in scanner, subsampling or, by more than 5 %, in um per
// pixel.
Result<CalibrationReport> run_calibration(const CalibrationRun& run, const Catalog& catalog);

}  // namespace her2
