// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/slide_context.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "her2/dicom/dataset.h"
#include "her2/dicom/uid.h"

namespace her2 {
namespace {

constexpr const char* kWholeSlide = "1.2.840.10008.5.1.4.1.1.77.1.6";

using dicom::number_of;
using dicom::text_of;

// The attributes before the pixels of a whole slide image, as UTF-8; nothing when it is none.
std::unique_ptr<DcmFileFormat> whole_slide(const std::filesystem::path& path) {
  constexpr Uint32 kInMemory = 256;
  auto file = std::make_unique<DcmFileFormat>();
  const OFCondition read = file->loadFileUntilTag(OFFilename(path.c_str()), EXS_Unknown, EGL_noChange, kInMemory,
                                                  ERM_fileOnly, DCM_SharedFunctionalGroupsSequence);
  if (read.bad() || text_of(*file->getDataset(), DCM_SOPClassUID) != kWholeSlide) {
    return nullptr;
  }
  file->getDataset()->convertToUTF8();  // of a set that DCMTK does not know the bytes stay as they are
  return file;
}

std::string flavour(DcmItem& data) {
  const std::string stated = text_of(data, DCM_ImageType, 2);
  return stated.empty() && text_of(data, DCM_SpecimenLabelInImage) == "YES" ? "LABEL" : stated;
}

SlideContext context_of(DcmItem& data) {
  SlideContext out;
  out.is_dicom = true;
  out.patient_name = text_of(data, DCM_PatientName);
  out.patient_id = text_of(data, DCM_PatientID);
  out.birth_date = text_of(data, DCM_PatientBirthDate);
  out.sex = text_of(data, DCM_PatientSex);
  out.study_uid = text_of(data, DCM_StudyInstanceUID);
  out.study_id = text_of(data, DCM_StudyID);
  out.study_date = text_of(data, DCM_StudyDate);
  out.study_time = text_of(data, DCM_StudyTime);
  out.accession = text_of(data, DCM_AccessionNumber);
  out.referring = text_of(data, DCM_ReferringPhysicianName);
  out.series_uid = text_of(data, DCM_SeriesInstanceUID);
  out.frame_of_reference = text_of(data, DCM_FrameOfReferenceUID);
  out.position_reference = text_of(data, DCM_PositionReferenceIndicator);
  out.container = text_of(data, DCM_ContainerIdentifier);
  out.width = number_of(data, DCM_TotalPixelMatrixColumns);
  out.height = number_of(data, DCM_TotalPixelMatrixRows);
  out.sop_class = kWholeSlide;
  return out;
}

// Takes an instance of the series in: a finer level replaces what was known, one of the same level is a part of it.
void join(SlideContext& known, DcmItem& data) {
  const SlideContext found = context_of(data);
  if (found.width > known.width || (found.width == known.width && found.height > known.height)) {
    known = found;
  }
  if (found.width == known.width && found.height == known.height) {
    known.instances.push_back(text_of(data, DCM_SOPInstanceUID));
  }
}

}  // namespace

Result<SlideContext> dicom_slide_context(const std::string& path) {
  namespace fs = std::filesystem;
  dicom::quiet();
  std::error_code failed;
  const bool folder = fs::is_directory(path, failed);
  std::optional<std::string> series;
  if (!folder) {
    const auto file = whole_slide(path);
    if (file == nullptr) {
      return fail("is no DICOM whole slide image (VL Whole Slide Microscopy); give the slide that was scored", {},
                  path);
    }
    series = text_of(*file->getDataset(), DCM_SeriesInstanceUID);
  }
  const fs::path where = folder ? fs::path(path) : fs::absolute(path).parent_path();
  std::vector<fs::path> names;
  for (auto entry = fs::directory_iterator(where, failed); !failed && entry != fs::directory_iterator();
       entry.increment(failed)) {
    if (entry->is_regular_file(failed)) {
      names.push_back(entry->path());
    }
  }
  std::sort(names.begin(), names.end());
  SlideContext out;
  for (const fs::path& name : names) {
    const auto file = whole_slide(name);
    if (file == nullptr) {
      continue;
    }
    DcmItem& data = *file->getDataset();
    const std::string its = text_of(data, DCM_SeriesInstanceUID);
    if (series && its != *series) {
      if (folder) {
        return fail("holds several series; give a file of the one that was scored", {}, path);
      }
      continue;
    }
    series = its;
    if (const std::string kind = flavour(data); kind.empty() || kind == "VOLUME") {
      join(out, data);
    }
  }
  std::sort(out.instances.begin(), out.instances.end());
  out.instances.erase(std::unique(out.instances.begin(), out.instances.end()), out.instances.end());
  if (out.instances.empty()) {
    return fail("holds no volume image of a slide", {}, path);
  }
  const bool named = is_uid(out.study_uid) && is_uid(out.series_uid) &&
                     std::all_of(out.instances.begin(), out.instances.end(), is_uid);
  if (!named) {
    return fail("has no study, series or instance UID that can be one; it cannot be referred to", {}, path);
  }
  if (!is_uid(out.frame_of_reference)) {
    out.frame_of_reference = derived_uid("her2 frame of reference " + out.series_uid);
  }
  return out;
}

SlideContext derived_slide_context(const std::string& slide_sha256, std::int64_t width, std::int64_t height) {
  SlideContext out;
  out.study_uid = derived_uid("her2 study " + slide_sha256);
  out.series_uid = derived_uid("her2 slide series " + slide_sha256);
  out.frame_of_reference = derived_uid("her2 frame of reference " + slide_sha256);
  out.instances = {derived_uid("her2 slide " + slide_sha256)};
  out.sop_class = kWholeSlide;
  out.width = width;
  out.height = height;
  return out;
}

SlideContext pseudonymised(const SlideContext& context, const std::string& pseudonym) {
  const auto other = [&](const std::string& uid) { return derived_uid(fmt::format("her2 {} {}", pseudonym, uid)); };
  SlideContext out;
  out.is_dicom = context.is_dicom;
  out.patient_id = pseudonym;
  out.study_uid = other(context.study_uid);
  out.series_uid = other(context.series_uid);
  out.frame_of_reference = other(context.frame_of_reference);
  out.width = context.width;
  out.height = context.height;
  out.sop_class = context.sop_class;
  for (const std::string& instance : context.instances) {
    out.instances.push_back(other(instance));
  }
  return out;
}

}  // namespace her2
