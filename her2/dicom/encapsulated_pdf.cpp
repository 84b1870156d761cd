// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/encapsulated_pdf.h"

#include "her2/core/output_file.h"
#include "her2/dicom/dataset.h"
#include "her2/dicom/modules.h"

namespace her2 {

Result<void> write_encapsulated_pdf(const std::string& pdf, const SlideContext& context,
                                    const EncapsulatedPdfOptions& options, const std::string& path) {
  constexpr const char* kEncapsulatedPdf = "1.2.840.10008.5.1.4.1.1.104.1";
  constexpr std::size_t kMostBytes = std::size_t{512} << 20;
  dicom::quiet();
  auto bytes = read_file(pdf, kMostBytes);
  if (!bytes) {
    return tl::unexpected(bytes.error());
  }
  if (!bytes->starts_with("%PDF-")) {
    return fail("is no PDF (it does not begin with %PDF-)", {}, pdf);
  }
  const std::size_t length = bytes->size();
  if (length % 2 == 1) {
    bytes->push_back('\0');
  }
  DcmFileFormat file;
  dicom::Filler data(*file.getDataset());
  dicom::add_common_modules(data, context,
                            {kEncapsulatedPdf, options.instance_uid, options.series_uid, "DOC", options.title, 3,
                             options.date, options.time, options.software});
  data.text(DCM_ConversionType, "WSD")
      .text(DCM_AcquisitionDateTime, "")
      .text(DCM_BurnedInAnnotation, "YES")
      .text(DCM_DocumentTitle, options.title)
      .text(DCM_MIMETypeOfEncapsulatedDocument, "application/pdf");
  auto sequence = std::make_unique<DcmSequenceOfItems>(DCM_ConceptNameCodeSequence);
  data.element(std::move(sequence));
  data.u32(DCM_EncapsulatedDocumentLength, length);
  file.getDataset()->putAndInsertUint8Array(DCM_EncapsulatedDocument, reinterpret_cast<const Uint8*>(bytes->data()),
                                            static_cast<unsigned long>(bytes->size()));
  return dicom::save(file, path);
}

}  // namespace her2
