// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/annotations.h"

#include <algorithm>
#include <cstdlib>

#include <dcmtk/config/osconfig.h>
// After osconfig.h, which the others need.
#include <dcmtk/dcmdata/dcistrmf.h>
#include <dcmtk/dcmdata/dcvrof.h>
#include <dcmtk/dcmdata/dcvrol.h>
#include <fmt/format.h>

#include "her2/cellfile/cells_geojson.h"
#include "her2/cellfile/measurements.h"
#include "her2/dicom/dataset.h"
#include "her2/dicom/modules.h"
#include "her2/dicom/scratch.h"
#include "her2/dicom/uid.h"

namespace her2 {
namespace {

using dicom::Filler;

constexpr const char* kAnnotations = "1.2.840.10008.5.1.4.1.1.91.1";
constexpr std::uint64_t kMostBytes = 0xFFFFFFFEU;  // of a value

struct Group {
  AnnotationCode code;
  std::uint64_t cells = 0, points = 0;
};

// Which cells belong together, and how much there is of them.
class Groups {
 public:
  explicit Groups(const CellStream& cells) : classes_(cells.classes.size()) {
    for (const std::string& name : cells.classes) {
      all_.push_back({annotation_class(CellKind::tumour, name)});
    }
    for (const CellKind kind : {CellKind::lymphocyte, CellKind::stromal, CellKind::other}) {
      all_.push_back({annotation_class(kind, {})});
    }
  }
  static bool counted(const StreamedCell& cell) { return !cell.removed && !cell.control; }
  [[nodiscard]] std::size_t of(const StreamedCell& cell) const {
    return cell.kind == CellKind::tumour ? cell.klass : classes_ + static_cast<std::size_t>(cell.kind) - 1;
  }
  std::vector<Group>& all() { return all_; }

 private:
  std::size_t classes_;
  std::vector<Group> all_;
};

// What is drawn of a cell: its ring, exact, or as a ring that does not cross itself.
class Drawn {
 public:
  explicit Drawn(AnnotationShape shape) : shape_(shape) {}

  void take(const StreamedCell& cell) {
    points_.clear();
    if (shape_ == AnnotationShape::points) {
      points_.emplace_back(static_cast<float>(cell.x), static_cast<float>(cell.y));
      return;
    }
    const auto ring = shape_ == AnnotationShape::cells ? cell.boundary : cell.nucleus;
    const auto simple = simple_ring(ring);
    if (same(simple, ring)) {  // then its own points, which are exact
      for (const SubPoint point : ring) {
        points_.emplace_back(static_cast<float>(point.x) / kSubpixels, static_cast<float>(point.y) / kSubpixels);
      }
      return;
    }
    for (const Centipoint point : simple) {
      points_.emplace_back(static_cast<float>(static_cast<double>(point.x) / 100),
                           static_cast<float>(static_cast<double>(point.y) / 100));
    }
  }
  [[nodiscard]] const std::vector<std::pair<float, float>>& points() const { return points_; }

 private:
  static bool same(const std::vector<Centipoint>& simple, std::span<const SubPoint> ring) {
    constexpr std::int64_t kRounding = 100 / 2 + 1;  // in 1/3200 pixel
    return simple.size() == ring.size() &&
           std::equal(simple.begin(), simple.end(), ring.begin(), [](const Centipoint& a, const SubPoint& b) {
             return std::abs(a.x * kSubpixels - b.x * std::int64_t{100}) <= kRounding &&
                    std::abs(a.y * kSubpixels - b.y * std::int64_t{100}) <= kRounding;
           });
  }

  AnnotationShape shape_;
  std::vector<std::pair<float, float>> points_;
};

// Arrays of a group in the scratch file: coordinates, where each ring begins, measurements.
std::size_t array_of(std::size_t group, std::size_t part) {
  return group * (annotation_measurements().size() + 2) + part;
}

Result<void> count(const CellStream& cells, const AnnotationsOptions& options, Groups& groups) {
  if (options.shape == AnnotationShape::points) {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (const StreamedCell cell = cells.brief(row); Groups::counted(cell)) {
        Group& group = groups.all()[groups.of(cell)];
        ++group.cells;
        ++group.points;
      }
    }
    return {};
  }
  Drawn drawn(options.shape);
  return cells.each(true, [&](const StreamedCell& cell) -> Result<void> {
    if (Groups::counted(cell)) {
      drawn.take(cell);
      Group& group = groups.all()[groups.of(cell)];
      ++group.cells;
      group.points += drawn.points().size();
    }
    return {};
  });
}

Result<dicom::ScratchArrays> fill(const CellStream& cells, const AnnotationsOptions& options, Groups& groups,
                                  const std::string& path) {
  const std::size_t columns = annotation_measurements().size();
  std::vector<std::uint64_t> lengths;
  for (const Group& group : groups.all()) {
    if (group.points * 2 * sizeof(float) > kMostBytes) {
      return fail("one class has more outlines than a DICOM value can hold (4 GB); write nuclei or points instead", {},
                  path);
    }
    lengths.push_back(group.points * 2);
    lengths.push_back(options.shape == AnnotationShape::points ? 0 : group.cells);
    lengths.insert(lengths.end(), columns, group.cells);
  }
  auto scratch = dicom::ScratchArrays::make(path, lengths);
  if (!scratch) {
    return scratch;
  }
  std::vector<std::uint32_t> values(groups.all().size(), 0);  // written of each group's coordinates
  const auto known = measurements();
  Drawn drawn(options.shape);
  auto done = cells.each(true, [&](const StreamedCell& cell) -> Result<void> {
    if (!Groups::counted(cell)) {
      return {};
    }
    drawn.take(cell);
    const std::size_t group = groups.of(cell);
    const std::size_t first = array_of(group, 0);
    if (options.shape != AnnotationShape::points) {
      scratch->add(first + 1, values[group] + 1);
    }
    for (const auto& [x, y] : drawn.points()) {
      scratch->add(first, x);
      scratch->add(first, y);
    }
    values[group] += static_cast<std::uint32_t>(2 * drawn.points().size());
    std::size_t array = first + 2;
    for (std::size_t m = 0; m < known.size(); ++m) {
      scratch->add(array++, static_cast<float>(static_cast<double>(cell.exact[m]) / known[m].per_unit));
    }
    constexpr float kPercent = 100;
    for (const float value :
         {cell.completeness * kPercent, cell.longest_gap * kPercent, cell.contrast, static_cast<float>(cell.row)}) {
      scratch->add(array++, value);
    }
    return {};
  });
  if (done) {
    done = scratch->flush();
  }
  return done ? std::move(scratch) : tl::unexpected(done.error());
}

template <class Element>
void from_scratch(Filler& item, const DcmTagKey& tag, const dicom::ScratchArrays& scratch, std::size_t array) {
  auto element = std::make_unique<Element>(tag);
  element->createValueFromTempFile(new DcmInputFileStreamFactory(OFFilename(scratch.path().c_str()),
                                                                 static_cast<offile_off_t>(scratch.offset(array))),
                                   static_cast<Uint32>(scratch.bytes(array)), EBO_LittleEndian);
  item.element(std::move(element));
}

dicom::Code unit_code(const std::string& unit) {
  if (unit == "um2") {
    return {"um2", "UCUM", "square micrometer"};
  }
  if (unit == "um") {
    return {"um", "UCUM", "micrometer"};
  }
  return unit == "%" ? dicom::Code{"%", "UCUM", "percent"} : dicom::Code{"1", "UCUM", "no units"};
}

void add_group(Filler& data, const Group& group, std::size_t index, unsigned number, const CellStream& cells,
               const AnnotationsOptions& options, const dicom::ScratchArrays& scratch) {
  Filler item = data.item(DCM_AnnotationGroupSequence);
  item.u16(DCM_AnnotationGroupNumber, number)
      .text(DCM_AnnotationGroupUID, derived_uid(fmt::format("{} {}", options.instance_uid, group.code.value)))
      .text(DCM_AnnotationGroupLabel, group.code.meaning)
      .text(DCM_AnnotationGroupGenerationType, "AUTOMATIC");
  Filler algorithm = item.item(DCM_AnnotationGroupAlgorithmIdentificationSequence);
  algorithm.code(DCM_AlgorithmFamilyCodeSequence, dicom::own_code("MEASURED", "Physical measurement of stain"))
      .text(DCM_AlgorithmName, "her2 ihc, profile " + dicom::cut(cells.profile_name, 40))
      .text(DCM_AlgorithmVersion, dicom::cut(cells.software, 64));
  item.code(DCM_AnnotationPropertyCategoryCodeSequence, dicom::own_code("CELL", "Cell"))
      .code(DCM_AnnotationPropertyTypeCodeSequence, dicom::own_code(group.code.value, group.code.meaning))
      .u32(DCM_NumberOfAnnotations, group.cells)
      .text(DCM_AnnotationAppliesToAllOpticalPaths, "YES")
      .text(DCM_GraphicType, options.shape == AnnotationShape::points ? "POINT" : "POLYGON");
  from_scratch<DcmOtherFloat>(item, DCM_PointCoordinatesData, scratch, array_of(index, 0));
  if (options.shape != AnnotationShape::points) {
    from_scratch<DcmOtherLong>(item, DCM_LongPrimitivePointIndexList, scratch, array_of(index, 1));
  }
  std::size_t array = array_of(index, 2);
  for (const AnnotationCode& code : annotation_measurements()) {
    Filler measured = item.item(DCM_MeasurementsSequence);
    measured.code(DCM_ConceptNameCodeSequence, dicom::own_code(code.value, code.meaning))
        .code(DCM_MeasurementUnitsCodeSequence, unit_code(code.unit));
    Filler values = measured.item(DCM_MeasurementValuesSequence);
    from_scratch<DcmOtherFloat>(values, DCM_FloatingPointValues, scratch, array++);
  }
}

}  // namespace

Result<AnnotationsWritten> write_annotations(const CellStream& cells, const SlideContext& context,
                                             const AnnotationsOptions& options, const std::string& path) {
  dicom::quiet();
  Groups groups(cells);
  if (auto counted = count(cells, options, groups); !counted) {
    return tl::unexpected(counted.error());
  }
  const auto scratch = fill(cells, options, groups, path);
  if (!scratch) {
    return tl::unexpected(scratch.error());
  }
  DcmFileFormat file;
  Filler data(*file.getDataset());
  dicom::add_common_modules(data, context,
                            {kAnnotations, options.instance_uid, options.series_uid, "ANN", options.title, 1,
                             options.date, options.time, cells.software});
  data.text(DCM_Laterality, "")
      .text(DCM_ContentLabel, "HER2 CELLS")
      .text(DCM_ContentDescription, "Cells that her2 found and measured")
      .text(DCM_ContentCreatorName, "")
      .text(DCM_AnnotationCoordinateType, "2D")
      .text(DCM_PixelOriginInterpretation, "VOLUME");
  data.item(DCM_ReferencedImageSequence)
      .text(DCM_ReferencedSOPClassUID, context.sop_class)
      .text(DCM_ReferencedSOPInstanceUID, context.instances.front());
  dicom::add_slide_reference(data, context, DCM_ReferencedInstanceSequence);
  AnnotationsWritten written;
  for (std::size_t i = 0; i < groups.all().size(); ++i) {
    const Group& group = groups.all()[i];
    if (group.cells > 0) {
      written.annotations += group.cells;
      add_group(data, group, i, static_cast<unsigned>(++written.groups), cells, options, *scratch);
    }
  }
  if (written.groups == 0) {
    return fail("there is no cell to write", {}, path);
  }
  if (auto saved = dicom::save(file, path); !saved) {
    return tl::unexpected(saved.error());
  }
  return written;
}

}  // namespace her2
