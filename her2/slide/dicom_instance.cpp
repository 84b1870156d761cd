// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/dicom_instance.h"

#include <cmath>
#include <mutex>

#include <dcmtk/config/osconfig.h>
// After osconfig.h, which the others need.
#include <dcmtk/dcmdata/dcistrmf.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include "her2/slide/dicom_frames.h"
#include "her2/slide/image_slide.h"

namespace her2 {
namespace {

constexpr const char* kWholeSlide = "1.2.840.10008.5.1.4.1.1.77.1.6";

// DCMTK writes what it notices to standard error unless told not to, for the whole process.
void quiet() {
  static std::once_flag once;
  std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

std::string text(DcmItem& item, const DcmTagKey& key, unsigned long index = 0) {
  OFString value;
  return item.findAndGetOFString(key, value, index).good() ? std::string(value.begin(), value.end()) : std::string();
}

std::int64_t integer(DcmItem& item, const DcmTagKey& key, std::int64_t otherwise) {
  Sint32 value = 0;
  Uint32 wide = 0;
  Uint16 narrow = 0;
  if (item.findAndGetUint32(key, wide).good()) {
    return wide;
  }
  if (item.findAndGetUint16(key, narrow).good()) {
    return narrow;
  }
  return item.findAndGetSint32(key, value).good() ? value : otherwise;
}

std::optional<double> positive(DcmItem& item, const DcmTagKey& key, unsigned long index = 0) {
  Float64 value = 0;
  Float32 narrow = 0;
  if (!item.findAndGetFloat64(key, value, index).good() && item.findAndGetFloat32(key, narrow, index).good()) {
    value = static_cast<double>(narrow);
  }
  return std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

DcmItem* first_item(DcmItem* item, const DcmTagKey& key) {
  DcmItem* found = nullptr;
  return item != nullptr && item->findAndGetSequenceItem(key, found, 0).good() ? found : nullptr;
}

Result<void> read_coding(DcmDataset& data, DicomInstance& out) {
  switch (data.getOriginalXfer()) {
    case EXS_LittleEndianImplicit:
    case EXS_LittleEndianExplicit:
      out.coding = DicomCoding::raw;
      out.compression = "none";
      return {};
    case EXS_JPEGProcess1:
    case EXS_JPEGProcess2_4:
      out.coding = DicomCoding::jpeg;
      out.compression = "JPEG";
      return {};
    case EXS_JPEG2000LosslessOnly:
    case EXS_JPEG2000:
      out.coding = DicomCoding::jpeg2000;
      out.compression = "JPEG 2000";
      return {};
    default:
      return fail(
          fmt::format("its frames are stored as '{}', which her2 cannot read; export it as JPEG, JPEG 2000 or "
                      "uncompressed",
                      DcmXfer(data.getOriginalXfer()).getXferName()));
  }
}

void read_scale(DcmDataset& data, DicomInstance& out) {
  constexpr double kUm = 1000;  // per millimetre
  DcmItem* shared = first_item(&data, DCM_SharedFunctionalGroupsSequence);
  if (DcmItem* measures = first_item(shared, DCM_PixelMeasuresSequence); measures != nullptr) {
    const auto between_rows = positive(*measures, DCM_PixelSpacing, 0);
    const auto between_columns = positive(*measures, DCM_PixelSpacing, 1);
    if (between_rows && between_columns) {
      out.mpp_x = *between_columns * kUm;
      out.mpp_y = *between_rows * kUm;
    }
  }
  const auto width = positive(data, DCM_ImagedVolumeWidth);
  const auto height = positive(data, DCM_ImagedVolumeHeight);
  if (width && height) {
    out.volume_mpp_x = *width * kUm / static_cast<double>(out.width);
    out.volume_mpp_y = *height * kUm / static_cast<double>(out.height);
  }
}

void read_optics(DcmDataset& data, DicomInstance& out) {
  DcmSequenceOfItems* paths = nullptr;
  if (data.findAndGetSequence(DCM_OpticalPathSequence, paths).good() && paths != nullptr) {
    out.optical_paths = static_cast<int>(paths->card());
  }
  if (DcmItem* path = first_item(&data, DCM_OpticalPathSequence); path != nullptr) {
    out.icc = path->tagExistsWithValue(DCM_ICCProfile);
    out.objective = positive(*path, DCM_ObjectiveLensPower);
  }
  const auto maker = text(data, DCM_Manufacturer);
  const auto model = text(data, DCM_ManufacturerModelName);
  out.scanner = maker + (maker.empty() || model.empty() ? "" : " ") + model;
}

Result<void> read_positions(DcmDataset& data, DicomInstance& out) {
  DcmSequenceOfItems* groups = nullptr;
  if (!data.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, groups).good() || groups == nullptr) {
    return {};
  }
  for (DcmObject* object = groups->nextInContainer(nullptr); object != nullptr;
       object = groups->nextInContainer(object)) {
    DcmItem* place = first_item(static_cast<DcmItem*>(object), DCM_PlanePositionSlideSequence);
    if (place == nullptr) {
      out.positions.clear();
      return {};
    }
    out.positions.push_back({integer(*place, DCM_ColumnPositionInTotalImagePixelMatrix, 0) - 1,
                             integer(*place, DCM_RowPositionInTotalImagePixelMatrix, 0) - 1});
  }
  if (out.positions.size() != static_cast<std::size_t>(out.frames)) {
    return fail(
        fmt::format("it holds {} frames but the places of {}; the file is damaged", out.frames, out.positions.size()));
  }
  return {};
}

Result<void> check_shape(const DicomInstance& out) {
  constexpr std::int64_t kMostSide = std::int64_t{1} << 30;
  constexpr std::int64_t kMostTilePixels = std::int64_t{1} << 28;
  const bool possible = out.tile_width > 0 && out.tile_height > 0 && out.width > 0 && out.height > 0 &&
                        out.frames > 0 && out.width < kMostSide && out.height < kMostSide &&
                        std::int64_t{out.tile_width} * out.tile_height <= kMostTilePixels &&
                        static_cast<std::uint64_t>(std::int64_t{out.tile_width} * out.tile_height /
                                                   kMostPixelsPerByte) <= out.file->size();
  if (!possible) {
    return fail(fmt::format("it claims {} x {} pixels in {} frames of {} x {}; the file is damaged", out.width,
                            out.height, out.frames, out.tile_width, out.tile_height));
  }
  // Every frame needs at least the 8 bytes of an item, so a file cannot hold more.
  if (static_cast<std::uint64_t>(out.frames) > out.file->size() / 8 ||
      (out.organisation != "TILED_SPARSE" && out.positions.empty() && out.concatenation.empty() &&
       out.across() * out.down() != out.frames)) {
    return fail(fmt::format("{} x {} pixels need {} frames of {} x {}, but it has {}", out.width, out.height,
                            out.across() * out.down(), out.tile_width, out.tile_height, out.frames));
  }
  return {};
}

Result<void> check_kind(const DicomInstance& out) {
  if (out.bits != 8 || out.samples != 3) {
    return fail(fmt::format("it has {} channels of {} bits ({}); her2 reads 8-bit RGB brightfield slides", out.samples,
                            out.bits, out.photometric));
  }
  if (out.focal_planes > 1 || out.optical_paths > 1) {
    return fail(fmt::format("it has {} focal planes and {} optical paths; export one of each", out.focal_planes,
                            out.optical_paths));
  }
  const bool raw = out.coding == DicomCoding::raw;
  if (raw && out.photometric != "RGB" && out.photometric != "YBR_FULL") {
    return fail(fmt::format("its uncompressed pixels are {}; expected RGB or YBR_FULL", out.photometric));
  }
  return {};
}

Result<void> read_attributes(DcmDataset& data, DicomInstance& out) {
  out.series = text(data, DCM_SeriesInstanceUID);
  out.flavour = text(data, DCM_ImageType, 2);
  if (out.flavour.empty() && text(data, DCM_SpecimenLabelInImage) == "YES") {
    out.flavour = "LABEL";
  }
  out.tile_width = static_cast<int>(integer(data, DCM_Columns, 0));
  out.tile_height = static_cast<int>(integer(data, DCM_Rows, 0));
  out.width = integer(data, DCM_TotalPixelMatrixColumns, out.tile_width);
  out.height = integer(data, DCM_TotalPixelMatrixRows, out.tile_height);
  if (!out.flavour.empty() && out.flavour != "VOLUME") {
    return {};
  }
  out.frames = integer(data, DCM_NumberOfFrames, 1);
  out.samples = static_cast<int>(integer(data, DCM_SamplesPerPixel, 0));
  out.bits = static_cast<int>(integer(data, DCM_BitsAllocated, 0));
  out.planes = integer(data, DCM_PlanarConfiguration, 0) == 1;
  out.photometric = text(data, DCM_PhotometricInterpretation);
  out.organisation = text(data, DCM_DimensionOrganizationType);
  out.focal_planes = static_cast<int>(integer(data, DCM_TotalPixelMatrixFocalPlanes, 1));
  out.concatenation = text(data, DCM_ConcatenationUID);
  out.frames_before = integer(data, DCM_ConcatenationFrameOffsetNumber, 0);
  read_scale(data, out);
  read_optics(data, out);
  auto done = read_coding(data, out);
  if (done) {
    done = read_positions(data, out);
  }
  if (done) {
    done = check_shape(out);
  }
  return done ? check_kind(out) : done;
}

}  // namespace

std::string dicom_series(const std::string& path) {
  quiet();
  DcmFileFormat file;
  const auto read =
      file.loadFileUntilTag(OFFilename(path.c_str()), EXS_Unknown, EGL_noChange, 256, ERM_fileOnly, DCM_StudyID);
  if (!read.good() || text(*file.getDataset(), DCM_SOPClassUID) != kWholeSlide) {
    return {};
  }
  return text(*file.getDataset(), DCM_SeriesInstanceUID);
}

Result<DicomInstance> read_dicom_instance(const std::string& path) {
  quiet();
  auto bytes = FileBytes::open(path);
  if (!bytes) {
    return tl::unexpected(bytes.error());
  }
  DicomInstance out;
  out.file = *bytes;
  const OFFilename name(path.c_str());
  DcmInputFileStream stream(name);
  DcmFileFormat format;
  constexpr Uint32 kInMemory = 1 << 16;  // longer values stay in the file
  format.setReadMode(ERM_fileOnly);
  format.transferInit();
  const auto read = format.readUntilTag(stream, EXS_Unknown, EGL_noChange, kInMemory, DCM_PixelData);
  format.transferEnd();
  DcmDataset& data = *format.getDataset();
  if (read.bad()) {
    return fail(fmt::format("its DICOM attributes are damaged ({})", read.text()), {}, path);
  }
  if (text(data, DCM_SOPClassUID) != kWholeSlide) {
    return fail("is DICOM but no VL Whole Slide Microscopy image", {}, path);
  }
  auto done = read_attributes(data, out);
  if (done && (out.flavour.empty() || out.flavour == "VOLUME")) {
    const bool implicit = data.getOriginalXfer() == EXS_LittleEndianImplicit;
    done = find_dicom_frames(out, static_cast<std::uint64_t>(stream.tell()), implicit);
  }
  if (!done) {
    return tl::unexpected(located(done.error(), path));
  }
  return out;
}

}  // namespace her2
