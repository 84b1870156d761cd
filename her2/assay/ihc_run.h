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
  std::optional<std::string> marker;  // with from_table: empty HER2, else "er" ...; nothing: as the table says
  std::optional<double> mpp;
  MeasureOptions measure;  // profile, regions, threads, progress
  bool geojson = true;     // write cells.geojson.gz
};

// What can be known to fail before anything is measured: an edition that scores nothing here, no such file of edits, a
// folder that cannot be made.
Result<void> check_run(const IhcRun& run, const Catalog& catalog);

// One slide from pixels to report: measures, scores, decides, and writes result.json, report.html, cells.h5ad,
// cells.geojson.gz, case.json (evidence for `her2 status`; of a microarray cores.csv) and pictures into the folder: all
// of them or, when something fails, none.
Result<IhcReport> run_ihc(const IhcRun& run, const Catalog& catalog);

// A profile by name of those built in, or by path of a TOML file.
Result<Profile> find_profile(const std::string& name_or_path);

}  // namespace her2
