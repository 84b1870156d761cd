// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "her2/assay/measure_slide.h"
#include "her2/core/error.h"
#include "her2/guideline/catalog.h"
#include "her2/report/ihc_model.h"

namespace her2 {

struct IhcRun {
  std::string slide;        // path; or, with from_table, the path of a cells.h5ad
  bool from_table = false;  // score again without pixels
  std::string out;          // folder, made when absent
  std::string edits;        // path; empty: none
  std::string edition;      // empty: all
  std::optional<double> mpp;
  MeasureOptions measure;  // profile, regions, threads, progress
  bool geojson = true;     // write cells.geojson.gz
};

// One slide from pixels to report: measures, scores, decides, and writes result.json, report.html, cells.h5ad,
// cells.geojson.gz and pictures into the folder; each file appears whole or not at all, result.json last.
Result<IhcReport> run_ihc(const IhcRun& run, const Catalog& catalog);

// A profile by name of those built in, or by path of a TOML file.
Result<Profile> find_profile(const std::string& name_or_path);

}  // namespace her2
