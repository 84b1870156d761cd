// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "her2/core/error.h"
#include "her2/ish/nucleus_table.h"

namespace her2 {

// The nuclei and signals of one field as detections that QuPath opens on that picture; packed when the name ends in
// ".gz". Counted nuclei have the class "Counted", others "Ignore*" with their verdict below it; signals are points of
// class HER2 or CEP17, with Doubtful, Cluster, Cytoplasmic or Unassigned below where they are. A person's changes are
// read back by ish_edits_geojson.h. The file appears whole or not at all.
Result<void> write_ish_geojson(const NucleusTable& table, std::uint32_t field, const std::string& path);

}  // namespace her2
