// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/dicom/dataset.h"
#include "her2/dicom/slide_context.h"

// The modules that all our objects share (PS3.3): patient, study, series, equipment, SOP common.
namespace her2::dicom {

struct ObjectIdentity {
  std::string sop_class, instance_uid, series_uid;
  std::string modality;     // "ANN", "SR", "DOC"
  std::string description;  // of the series
  int series_number = 1;
  std::string date, time;  // of the content, "20261123", "100000"; UTC
  std::string software;    // "her2 0.1.0"
};

// All of it in UTF-8.
void add_common_modules(Filler& data, const SlideContext& context, const ObjectIdentity& identity);

// The slide's finest level as what an object is about: series and instances, in the sequence `instances` (Common
// Instance Reference: DCM_ReferencedInstanceSequence; evidence of an SR: DCM_ReferencedSOPSequence).
void add_slide_reference(Filler& data, const SlideContext& context, const DcmTagKey& instances);

}  // namespace her2::dicom
