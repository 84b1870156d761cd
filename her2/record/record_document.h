// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/record/case_list.h"
#include "her2/record/case_view.h"
#include "her2/report/document.h"

namespace her2 {

// What `her2 case show | history | list` print, as documents and as JSON (docs/record.md). Texts as they were recorded.

// Evidence, images, comments, sign-off; the status itself is printed by status_text. `details`: every fact with its
// number.
[[nodiscard]] Document record_document(const CaseView& view, bool details);
[[nodiscard]] std::string record_json(const CaseView& view, const Dictionary& dictionary);
// One page: the status (report/status_html.h) with the record behind it; the record alone where there is no status.
[[nodiscard]] std::string record_html(const CaseView& view, bool details);

[[nodiscard]] Document history_document(const std::string& title, const std::vector<AuditEntry>& entries);
[[nodiscard]] std::string entries_json(const std::vector<AuditEntry>& entries);

[[nodiscard]] Document list_document(const CaseList& list, const std::string& where);
[[nodiscard]] std::string list_json(const CaseList& list, const std::string& where);

}  // namespace her2
