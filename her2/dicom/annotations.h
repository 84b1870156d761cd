// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/cellfile/cell_stream.h"
#include "her2/core/error.h"
#include "her2/dicom/slide_context.h"

namespace her2 {

enum class AnnotationShape : std::uint8_t { cells, nuclei, points };  // outlines of either, or nuclear centroids

struct AnnotationsOptions {
  AnnotationShape shape = AnnotationShape::cells;
  std::string instance_uid, series_uid;
  std::string date, time;  // "20261123", "100000"; UTC
  std::string title;       // of the series
};

struct AnnotationsWritten {
  std::size_t annotations = 0, groups = 0;
};

// All counted cells as DICOM Microscopy Bulk Simple Annotations (Supplement 222): a group for each class of tumour
// cells and for each other kind, in 2D coordinates of the total pixel matrix, where (0, 0) is the top left corner of
// the top left pixel (so are ours), with all measurements of each cell and its row in the cell table. Coordinates are
// exact. Outlines that cross themselves become their convex hulls, to a hundredth of a pixel. Removed cells and those
// of controls are left out. Codes are our own (99HER2; docs/dicom.md lists them), units UCUM.
//
// Values go through a scratch file beside `path`: memory does not grow with the cells. The file appears whole or not at
// all; same input, same bytes. Fails: no cells, more than 4 GB in one group's outlines, no room on the disk.
Result<AnnotationsWritten> write_annotations(const CellStream& cells, const SlideContext& context,
                                             const AnnotationsOptions& options, const std::string& path);

// The codes of what write_annotations writes, for docs and tests: value, meaning.
struct AnnotationCode {
  std::string value, meaning, unit;
};
std::vector<AnnotationCode> annotation_measurements();
AnnotationCode annotation_class(CellKind kind, const std::string& name_of_class);

}  // namespace her2
