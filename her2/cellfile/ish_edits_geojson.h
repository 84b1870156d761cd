// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/cellfile/features.h"
#include "her2/core/error.h"
#include "her2/ish/edits.h"

namespace her2 {

// What a person changed in QuPath in a field's GeoJSON (write_ish_geojson), as edits:
// - a nucleus given another class: "Counted" accepts it; "Ignore*", alone or above one of our verdicts, takes it out;
// - a nucleus that was deleted is not seen to be missing: give it "Ignore*" instead;
// - a signal deleted, given another class ("HER2: Doubtful" to "HER2"), or set anew as a point of class HER2 or CEP17
//   inside a nucleus: the nucleus is recounted. Its clear signals then count, the doubtful ones do not; a cluster that
//   was estimated there adds its estimate, as long as it stands in the file ("HER2: Cluster" points).
// QuPath records no author: `author` is theirs. Fails on a nucleus that has lost its metadata, on an unknown class of a
// nucleus, and on a file without any nucleus.
Result<std::vector<IshEdit>> read_ish_geojson_edits(const std::string& path, const std::string& author);
Result<std::vector<IshEdit>> parse_ish_geojson_edits(const ByteInput& input, const std::string& file,
                                                     const std::string& author);

}  // namespace her2
