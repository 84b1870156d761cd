// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/modules.h"

#include <fmt/format.h>

namespace her2::dicom {

void add_common_modules(Filler& data, const SlideContext& context, const ObjectIdentity& identity) {
  data.text(DCM_SpecificCharacterSet, "ISO_IR 192")
      .text(DCM_SOPClassUID, identity.sop_class)
      .text(DCM_SOPInstanceUID, identity.instance_uid)
      .text(DCM_TimezoneOffsetFromUTC, "+0000");
  data.text(DCM_PatientName, context.patient_name)
      .text(DCM_PatientID, context.patient_id)
      .text(DCM_PatientBirthDate, context.birth_date)
      .text(DCM_PatientSex, context.sex);
  data.text(DCM_StudyInstanceUID, context.study_uid)
      .text(DCM_StudyID, context.study_id)
      .text(DCM_StudyDate, context.study_date)
      .text(DCM_StudyTime, context.study_time)
      .text(DCM_AccessionNumber, context.accession)
      .text(DCM_ReferringPhysicianName, context.referring);
  data.text(DCM_SeriesInstanceUID, identity.series_uid)
      .text(DCM_SeriesNumber, fmt::to_string(identity.series_number))
      .text(DCM_SeriesDescription, cut(identity.description, 64))
      .text(DCM_Modality, identity.modality)
      .text(DCM_InstanceNumber, "1")
      .text(DCM_ContentDate, identity.date)
      .text(DCM_ContentTime, identity.time);
  data.text(DCM_Manufacturer, "her2")
      .text(DCM_ManufacturerModelName, "her2")
      .text(DCM_DeviceSerialNumber, "none")
      .text(DCM_SoftwareVersions, cut(identity.software, 64));
}

void add_slide_reference(Filler& data, const SlideContext& context, const DcmTagKey& instances) {
  Filler series = data.item(DCM_ReferencedSeriesSequence);
  series.text(DCM_SeriesInstanceUID, context.series_uid);
  for (const std::string& instance : context.instances) {
    series.item(instances)
        .text(DCM_ReferencedSOPClassUID, context.sop_class)
        .text(DCM_ReferencedSOPInstanceUID, instance);
  }
}

}  // namespace her2::dicom
