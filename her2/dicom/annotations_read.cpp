// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/annotations_read.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "her2/cellfile/geojson_text.h"
#include "her2/cellfile/gzip.h"
#include "her2/core/object_id.h"
#include "her2/dicom/dataset.h"

namespace her2 {
namespace {

using dicom::number_of;
using dicom::text_of;
using geojson::add;
using geojson::Buffer;

constexpr std::size_t kMostAsAnnotations = 1000;

struct GroupValues {
  std::string label, graphic, uid;
  std::vector<double> values;         // x, y, x, y ...
  std::vector<std::uint32_t> begins;  // of each annotation, in values
  std::vector<std::pair<std::string, std::vector<float>>> measured;
  std::size_t count = 0;

  [[nodiscard]] std::span<const double> of(std::size_t i) const {
    const std::size_t end = i + 1 < count ? begins[i + 1] : values.size();
    return std::span(values).subspan(begins[i], end - begins[i]);
  }
};

DcmItem* child(DcmItem& item, const DcmTagKey& tag, long index = 0) {
  DcmItem* found = nullptr;
  return item.findAndGetSequenceItem(tag, found, index).good() ? found : nullptr;
}

Result<std::vector<double>> coordinates(DcmItem& item) {
  const Float32* narrow = nullptr;
  const Float64* wide = nullptr;
  unsigned long count = 0;
  std::vector<double> out;
  if (item.findAndGetFloat32Array(DCM_PointCoordinatesData, narrow, &count).good() && narrow != nullptr) {
    out.assign(narrow, narrow + count);
  } else if (item.findAndGetFloat64Array(DCM_DoublePointCoordinatesData, wide, &count).good() && wide != nullptr) {
    out.assign(wide, wide + count);
  } else {
    return fail("has no coordinates");
  }
  constexpr double kMost = 1 << 25;  // pixels; a contour's numbers end at 2^26
  if (out.size() % 2 != 0 ||
      std::any_of(out.begin(), out.end(), [](double v) { return !std::isfinite(v) || std::abs(v) > kMost; })) {
    return fail("has coordinates that are no pairs of pixels");
  }
  return out;
}

// Where each annotation begins: stated for lines and polygons, a fixed number of points otherwise.
Result<void> read_begins(DcmItem& item, GroupValues& group) {
  const std::size_t fixed = group.graphic == "POINT" ? 2 : group.graphic == "RECTANGLE" ? 8 : 0;
  if (fixed != 0) {
    if (group.values.size() != fixed * group.count) {
      return fail(fmt::format("has {} numbers for {} annotations", group.values.size(), group.count));
    }
    for (std::size_t i = 0; i < group.count; ++i) {
      group.begins.push_back(static_cast<std::uint32_t>(i * fixed));
    }
    return {};
  }
  const Uint32* stated = nullptr;
  unsigned long count = 0;
  if (item.findAndGetUint32Array(DCM_LongPrimitivePointIndexList, stated, &count).bad() || stated == nullptr ||
      count != group.count) {
    return fail(fmt::format("has {} annotations but says where {} begin", group.count, count));
  }
  for (unsigned long i = 0; i < count; ++i) {
    const std::uint32_t at = stated[i] - 1;  // from 1
    const bool follows = i == 0 ? at == 0 : at > group.begins.back();
    if (!follows || at % 2 != 0 || at >= group.values.size()) {
      return fail(fmt::format("its annotation {} begins where none can", i + 1));
    }
    group.begins.push_back(at);
  }
  return {};
}

void read_measurements(DcmItem& item, GroupValues& group) {
  DcmItem* measured = nullptr;
  for (long i = 0; (measured = child(item, DCM_MeasurementsSequence, i)) != nullptr; ++i) {
    DcmItem* const name = child(*measured, DCM_ConceptNameCodeSequence);
    DcmItem* const values = child(*measured, DCM_MeasurementValuesSequence);
    const Float32* numbers = nullptr;
    unsigned long count = 0;
    if (name != nullptr && values != nullptr && !values->tagExists(DCM_AnnotationIndexList) &&
        values->findAndGetFloat32Array(DCM_FloatingPointValues, numbers, &count).good() && numbers != nullptr &&
        count == group.count) {
      group.measured.emplace_back(text_of(*name, DCM_CodeMeaning), std::vector<float>(numbers, numbers + count));
    }
  }
}

Result<GroupValues> read_group(DcmItem& item) {
  GroupValues group;
  group.label = text_of(item, DCM_AnnotationGroupLabel);
  group.uid = text_of(item, DCM_AnnotationGroupUID);
  group.graphic = text_of(item, DCM_GraphicType);
  group.count = static_cast<std::size_t>(number_of(item, DCM_NumberOfAnnotations));
  if (group.graphic == "ELLIPSE" || group.count == 0) {
    return group;
  }
  if (group.graphic != "POINT" && group.graphic != "POLYLINE" && group.graphic != "POLYGON" &&
      group.graphic != "RECTANGLE") {
    return fail(fmt::format("has the unknown graphic type '{}'", group.graphic));
  }
  auto values = coordinates(item);
  if (!values) {
    return tl::unexpected(values.error());
  }
  group.values = std::move(*values);
  if (auto begins = read_begins(item, group); !begins) {
    return tl::unexpected(begins.error());
  }
  read_measurements(item, group);
  return group;
}

Contour contour(std::span<const double> values) {
  Contour out;
  for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
    out.push_back({static_cast<std::int32_t>(std::lround(values[i] * kSubpixels)),
                   static_cast<std::int32_t>(std::lround(values[i + 1] * kSubpixels))});
  }
  return out;
}

void feature(Buffer& out, const GroupValues& group, std::size_t i) {
  const auto values = group.of(i);
  const Contour points = contour(values);
  add(out, R"({{"type":"Feature","id":"{}","geometry":)",
      object_id(fmt::format("{} {}", group.uid, i), points.front()));
  const auto place = [&](std::size_t at) { add(out, "[{:.2f},{:.2f}]", values[2 * at], values[2 * at + 1]); };
  if (group.graphic == "POINT") {
    add(out, R"({{"type":"Point","coordinates":)");
    place(0);
    add(out, "}}");
  } else if (group.graphic == "POLYLINE") {
    add(out, R"({{"type":"LineString","coordinates":[)");
    for (std::size_t p = 0; p < points.size(); ++p) {
      add(out, "{}", p == 0 ? "" : ",");
      place(p);
    }
    add(out, "]}}");
  } else {
    geojson::polygon(out, points);
  }
  add(out, R"(,"properties":{{"objectType":"{}","classification":{{"name":{},"color":[90,90,180]}},"measurements":{{)",
      group.count > kMostAsAnnotations ? "detection" : "annotation", geojson::json_text(group.label));
  bool first = true;
  for (const auto& [name, numbers] : group.measured) {
    if (std::isfinite(numbers[i])) {
      add(out, "{}{}:{:.7g}", first ? "" : ",", geojson::json_text(name), static_cast<double>(numbers[i]));
      first = false;
    }
  }
  add(out, "}}}}}}");
}

// What the object's coordinates are relative to must be the slide's pixels.
Result<void> check_plane(DcmItem& data) {
  if (const std::string type = text_of(data, DCM_AnnotationCoordinateType); type != "2D") {
    return fail(
        fmt::format("its coordinates are '{}', millimetres on the slide; her2 reads 2D, pixels of the slide", type));
  }
  if (const std::string origin = text_of(data, DCM_PixelOriginInterpretation); origin == "FRAME") {
    return fail("its coordinates are those of single frames; her2 reads those of the whole slide (VOLUME)");
  }
  return {};
}

Result<AnnotationsRead> write_groups(DcmItem& data, TextFile& file) {
  AnnotationsRead out;
  Buffer buffer;
  add(buffer, R"({{"type":"FeatureCollection","features":[)");
  DcmItem* item = nullptr;
  for (long number = 0; (item = child(data, DCM_AnnotationGroupSequence, number)) != nullptr; ++number) {
    const auto group = read_group(*item);
    if (!group) {
      return fail(group.error().reason, fmt::format("annotation group {}", number + 1));
    }
    if (group->graphic == "ELLIPSE") {
      out.left_out.push_back(fmt::format("group {} ({}): {} ellipses", number + 1, group->label, group->count));
      continue;
    }
    ++out.groups;
    for (std::size_t i = 0; i < group->count; ++i) {
      add(buffer, "{}", out.annotations++ == 0 ? "\n" : ",\n");
      feature(buffer, *group, i);
      if (auto done = geojson::spill(file, buffer); !done) {
        return tl::unexpected(done.error());
      }
    }
  }
  add(buffer, "\n]}}\n");
  if (auto done = geojson::spill(file, buffer, 0); !done) {
    return tl::unexpected(done.error());
  }
  return out;
}

}  // namespace

bool is_annotations(const std::string& path) {
  dicom::quiet();
  DcmFileFormat file;
  const OFCondition read =
      file.loadFileUntilTag(OFFilename(path.c_str()), EXS_Unknown, EGL_noChange, 256, ERM_fileOnly, DCM_StudyDate);
  return read.good() && text_of(*file.getDataset(), DCM_SOPClassUID) == "1.2.840.10008.5.1.4.1.1.91.1";
}

Result<AnnotationsRead> annotations_as_geojson(const std::string& path, const std::string& geojson) {
  dicom::quiet();
  DcmFileFormat file;
  constexpr Uint32 kInMemory = 4096;  // longer values stay in the file until they are asked for
  const OFCondition read = file.loadFile(OFFilename(path.c_str()), EXS_Unknown, EGL_noChange, kInMemory, ERM_fileOnly);
  if (read.bad()) {
    return fail(fmt::format("cannot be read as DICOM ({})", read.text()), {}, path);
  }
  DcmDataset& data = *file.getDataset();
  if (auto plane = check_plane(data); !plane) {
    return tl::unexpected(located(plane.error(), path));
  }
  data.convertToUTF8();
  auto out = TextFile::create(geojson);
  if (!out) {
    return tl::unexpected(out.error());
  }
  auto written = write_groups(data, *out);
  if (!written) {
    return tl::unexpected(located(written.error(), path));
  }
  if (auto done = out->commit(); !done) {
    return tl::unexpected(done.error());
  }
  return written;
}

}  // namespace her2
