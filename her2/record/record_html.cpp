// SPDX-License-Identifier: Apache-2.0
#include "her2/record/record_document.h"
#include "her2/report/status_html.h"

namespace her2 {

std::string record_html(const CaseView& view, bool details) {
  const Document record = record_document(view, details);
  return view.status ? status_html(*view.status, document_sections_html(record)) : document_html(record);
}

}  // namespace her2
