// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/assay/ish_fields.h"
#include "her2/core/error.h"
#include "her2/report/ish_model.h"
#include "her2/run/ish_run.h"

namespace her2 {

struct IshImages {
  std::vector<std::string> inputs;  // fields, or one slide
  IshFieldsOptions options;
};

// Measures the images and puts what was found into `run` as its first reader, with the measurement's warnings. Orders
// `inputs` by file name first, numbers in it by their size, so that the order in which they were given changes nothing.
Result<void> read_images(IshImages& images, IshRun& run);

// Contact sheets of the nuclei counted (at most kMostSheets, evenly taken when there are more nuclei).
inline constexpr std::size_t kMostSheets = 4;
Result<void> add_contact_sheets(const IshImages& images, IshReport& report);

// FIELD.geojson.gz for each field into the folder, which is made when absent; their names go into report.files.
Result<void> write_fields_geojson(IshReport& report, const std::string& folder);

}  // namespace her2
