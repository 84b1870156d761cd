// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/error.h"

namespace her2 {

// Whose slide it is, in DICOM's terms: what objects about a slide must share with it. Texts are UTF-8.
struct SlideContext {
  bool is_dicom = false;  // false: every UID was derived from the slide's content
  std::string patient_name, patient_id, birth_date, sex;
  std::string study_uid, study_id, study_date, study_time, accession, referring;
  std::string series_uid, frame_of_reference, position_reference;
  std::string container;               // identifier of the glass slide
  std::int64_t width = 0, height = 0;  // total pixel matrix of the finest level
  std::string sop_class;
  std::vector<std::string> instances;  // SOP instances of the finest level; several: a concatenation
};

// Of a DICOM slide: a file, whose siblings of the same series are its other levels, or a folder with one series. Reads
// no pixels. Fails: no DICOM, no VL Whole Slide Microscopy image, several series, no UIDs.
Result<SlideContext> dicom_slide_context(const std::string& path);

// Of any other slide: nobody's, with UIDs made of its content (uid.h).
SlideContext derived_slide_context(const std::string& slide_sha256, std::int64_t width, std::int64_t height);

// The same slide as somebody else's: the patient's number is `pseudonym`, name, birth date, sex, dates, numbers of the
// study and the container are left out, and each UID becomes one that is made of the pseudonym and the UID, so that a
// slide that is treated likewise still fits. Who holds the first UIDs can tell which these are.
SlideContext pseudonymised(const SlideContext& context, const std::string& pseudonym);

}  // namespace her2
