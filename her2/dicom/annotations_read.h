// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/core/error.h"

namespace her2 {

struct AnnotationsRead {
  std::size_t annotations = 0, groups = 0;
  std::vector<std::string> left_out;  // "group 3 (vessels): 12 ellipses", a sentence each
};

// Whether a file is a DICOM Microscopy Bulk Simple Annotations object.
bool is_annotations(const std::string& path);

// Such an object, ours or another program's, as GeoJSON that QuPath opens (docs/cell-table.md says where it may be
// used): a feature for each annotation with its group's label as class and its measurements; groups of more than 1,000
// become detections, because QuPath holds no more annotations. Points, polygons, rectangles and polylines; coordinates
// to 1/32 pixel. Ellipses are left out and named.
//
// The output appears whole or not at all. Memory: the largest group. Fails: coordinates in millimetres (3D) or of
// single frames, arrays that do not fit each other, coordinates that are no numbers. The error's place is the group.
Result<AnnotationsRead> annotations_as_geojson(const std::string& path, const std::string& geojson);

}  // namespace her2
