// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/measurement_report.h"

#include <array>

#include <dcmtk/config/osconfig.h>
// After osconfig.h, which the others need.
#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <dcmtk/dcmsr/codes/dcm.h>
#include <dcmtk/dcmsr/dsrdoc.h>
#include <fmt/format.h>

#include "her2/dicom/annotations.h"
#include "her2/dicom/dataset.h"
#include "her2/dicom/modules.h"
#include "her2/dicom/uid.h"

namespace her2 {
namespace {

constexpr const char* kReport = "1.2.840.10008.5.1.4.1.1.88.34";  // Comprehensive 3D SR
constexpr const char* kAnnotationsClass = "1.2.840.10008.5.1.4.1.1.91.1";

OFString of(const std::string& text) { return {text.data(), text.size()}; }

DSRCodedEntryValue entry(const dicom::Code& code) { return {of(code.value), of(code.scheme), of(code.meaning)}; }
DSRCodedEntryValue own(std::string_view value, std::string_view meaning) {
  return entry(dicom::own_code(value, meaning));
}

// At most 16 characters, as DS has them.
OFString decimal(double value) { return of(fmt::format("{:.10g}", value)); }

struct Unit {
  const char *value, *meaning;
};
constexpr Unit kPercent{"%", "percent"};
constexpr Unit kOne{"1", "no units"};

using Measured = CMR_TID300_in_TID1501_in_TID1500::MeasurementValue;

// The first thing that DCMTK refuses is kept.
class Report {
 public:
  Report(const SlideResult& result, const SlideContext& context, const MeasurementReportOptions& options)
      : result_(result), context_(context), options_(options), tree_(CMR_CID7021::ImagingMeasurementReport) {}

  Result<void> build() {
    check(tree_.setLanguage(DSRCodedEntryValue("en", "RFC5646", "English"), CID5001_Countries(), OFFalse));
    check(tree_.getObservationContext().addDeviceObserver(of(derived_uid("device " + result_.software)), "her2", "her2",
                                                          "her2"));
    check(tree_.addProcedureReported(DSRCodedEntryValue(CODE_DCM_WholeSlideImaging), OFFalse));
    if (context_.is_dicom) {
      library();
    }
    group();
    return failed_.empty() ? Result<void>{} : fail("the report is no valid TID 1500: " + failed_);
  }

  Result<void> write(DcmDataset& data) {
    DSRDocument document;
    check(document.setTreeFromRootTemplate(tree_));
    check(document.changeDocumentType(DSRTypes::DT_Comprehensive3DSR));
    document.getCodingSchemeIdentification().addItem(dicom::kOwnScheme);
    document.getCodingSchemeIdentification().setCodingSchemeName("Codes of her2");
    document.getCodingSchemeIdentification().setCodingSchemeResponsibleOrganization("her2");
    check(document.setSpecificCharacterSetType(DSRTypes::CS_UTF8));
    check(document.write(data));
    return failed_.empty() ? Result<void>{} : fail("the report cannot be written: " + failed_);
  }

 private:
  void check(const OFCondition& condition) {
    if (condition.bad() && failed_.empty()) {
      failed_ = condition.text();
    }
  }

  // The slide's finest level, as what was measured on.
  void library() {
    check(tree_.getImageLibrary().createNewImageLibrary());
    check(tree_.getImageLibrary().addImageGroup());
    for (const std::string& instance : context_.instances) {
      DcmDataset image;
      dicom::Filler(image)
          .text(DCM_SOPClassUID, context_.sop_class)
          .text(DCM_SOPInstanceUID, instance)
          .text(DCM_Modality, "SM")
          .text(DCM_StudyDate, context_.study_date);
      check(tree_.getImageLibrary().addImageEntry(image, TID1600_ImageLibrary::withoutDescriptors, {}, OFFalse));
    }
  }

  void group() {
    auto& group = tree_.getIndividualMeasurements();
    check(group.setTrackingIdentifier("her2 slide"));
    check(group.setTrackingUniqueIdentifier(of(derived_uid("her2 tracking " + result_.slide_sha256 + result_.marker))));
    check(group.setFinding(own("IHC", result_.marker + " immunohistochemistry")));
    number(own("TUMOUR-CELLS", "Tumour-like cells counted"), kOne, static_cast<double>(result_.tumour_cells));
    for (const ResultShare& share : result_.shares) {
      const AnnotationCode code = annotation_class(CellKind::tumour, share.fact);
      with_interval(own(code.value, "Tumour cells: " + share.label + ", %"), kPercent, share.percent);
    }
    with_interval(own("H-SCORE", "H-score, 0 to 300"), kOne, result_.h_score);
    if (result_.nuclear_percent) {
      with_interval(own("POSITIVE", "Positive tumour nuclei, %"), kPercent, *result_.nuclear_percent);
    }
    evaluations();
  }

  void number(const DSRCodedEntryValue& name, const Unit& unit, double value) {
    auto& group = tree_.getIndividualMeasurements();
    const DSRCodedEntryValue units(unit.value, "UCUM", unit.meaning);
    check(group.addMeasurement(name, Measured(decimal(value), units, OFFalse), OFTrue, OFFalse));
  }

  void with_interval(const DSRCodedEntryValue& name, const Unit& unit, const ResultNumber& value) {
    number(name, unit, value.value);
    if (result_.coverage_percent == 0) {
      return;
    }
    const DSRCodedEntryValue units(unit.value, "UCUM", unit.meaning);
    const std::string words = fmt::format("end of the {} % interval", result_.coverage_percent);
    auto& measured = tree_.getIndividualMeasurements().getMeasurement();
    for (const auto& [code, side, at] :
         {std::tuple{"INTERVAL-LOW", "Lower ", value.low}, std::tuple{"INTERVAL-HIGH", "Upper ", value.high}}) {
      check(measured.addDerivationParameter(own(code, side + words),
                                            CMR_SRNumericMeasurementValue(decimal(at), units, OFFalse), OFFalse));
    }
  }

  void evaluations() {
    auto& group = tree_.getIndividualMeasurements();
    if (!result_.answer.empty()) {
      check(group.addQualitativeEvaluation(score_name(), score_value(), OFFalse));
      check(group.addQualitativeEvaluation(own("GUIDELINE", "Guideline and edition"),
                                           of(result_.scheme + " " + result_.edition), OFFalse));
    }
    check(group.addQualitativeEvaluation(own("HEADLINE", "Result in words"), of(result_.headline), OFFalse));
    check(group.addQualitativeEvaluation(own("PROFILE", "Profile of the assay"), of(result_.profile), OFFalse));
    check(group.addQualitativeEvaluation(own("SLIDE-SHA256", "SHA-256 of the slide's content"),
                                         of(result_.slide_sha256), OFFalse));
    check(group.addQualitativeEvaluation(own("PURPOSE", "Purpose"), "Research use only", OFFalse));
    for (const ResultVerdict& verdict : result_.quality) {
      check(group.addQualitativeEvaluation(own(quality_code(verdict.id), "Quality: " + verdict.label),
                                           of(verdict.severity + ": " + verdict.reason), OFFalse));
    }
  }

  static std::string quality_code(const std::string& id) {
    std::string out = "QC-" + id;
    for (char& c : out) {
      c = c == '_' ? '-' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
  }

  [[nodiscard]] DSRCodedEntryValue score_name() const {
    if (result_.answer_fact != "ihc_score") {
      return own("STATUS", result_.marker + " status");
    }
    return options_.tumour == "breast"
               ? DSRCodedEntryValue("85319-2", "LN", "HER2 [Presence] in Breast cancer specimen by Immune stain")
               : DSRCodedEntryValue("18474-7", "LN", "HER2 Ag [Presence] in Tissue by Immune stain");
  }

  [[nodiscard]] DSRCodedEntryValue score_value() const {
    static constexpr std::array<std::pair<const char*, const char*>, 4> kAnswers{
        {{"0", "LA6111-4"}, {"1+", "LA11841-6"}, {"2+", "LA11842-4"}, {"3+", "LA11843-2"}}};
    for (const auto& [answer, code] : kAnswers) {
      if (result_.answer_fact == "ihc_score" && result_.answer == answer) {
        return {code, "LN", answer};
      }
    }
    return own(result_.answer, result_.answer);
  }

  const SlideResult& result_;
  const SlideContext& context_;
  const MeasurementReportOptions& options_;
  TID1500_MeasurementReport tree_;
  std::string failed_;
};

// Everything that the report rests on: the slide when it is a DICOM object, and the cells.
void add_evidence(dicom::Filler& data, const SlideContext& context, const MeasurementReportOptions& options) {
  if (!context.is_dicom && options.annotations_uid.empty()) {
    return;
  }
  dicom::Filler study = data.item(DCM_PertinentOtherEvidenceSequence);
  study.text(DCM_StudyInstanceUID, context.study_uid);
  if (context.is_dicom) {
    dicom::add_slide_reference(study, context, DCM_ReferencedSOPSequence);
  }
  if (!options.annotations_uid.empty()) {
    dicom::Filler series = study.item(DCM_ReferencedSeriesSequence);
    series.text(DCM_SeriesInstanceUID, options.annotations_series);
    series.item(DCM_ReferencedSOPSequence)
        .text(DCM_ReferencedSOPClassUID, kAnnotationsClass)
        .text(DCM_ReferencedSOPInstanceUID, options.annotations_uid);
  }
}

}  // namespace

Result<void> write_measurement_report(const SlideResult& result, const SlideContext& context,
                                      const MeasurementReportOptions& options, const std::string& path) {
  dicom::quiet();
  Report report(result, context, options);
  DcmFileFormat file;
  auto done = report.build();
  if (done) {
    done = report.write(*file.getDataset());
  }
  if (!done) {
    return tl::unexpected(located(done.error(), path));
  }
  dicom::Filler data(*file.getDataset());
  for (const DcmTagKey& clock : {DCM_InstanceCreationDate, DCM_InstanceCreationTime, DCM_InstanceCreatorUID}) {
    file.getDataset()->findAndDeleteElement(clock);
  }
  dicom::add_common_modules(data, context,
                            {kReport, options.instance_uid, options.series_uid, "SR",
                             result.marker + " IHC measurements", 2, options.date, options.time, result.software});
  data.text(DCM_CompletionFlag, "PARTIAL").text(DCM_VerificationFlag, "UNVERIFIED");
  add_evidence(data, context, options);
  return dicom::save(file, path);
}

}  // namespace her2
