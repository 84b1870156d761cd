// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/record/case_record.h"
#include "her2/record/chain.h"
#include "her2/record/sqlite_file.h"

namespace her2 {

// Rows of case_record.h to and from their tables, by what `fields` names.

// All rows of the deed as they are stored, those that others point to first.
[[nodiscard]] std::vector<StoreRow> store_rows(const CaseRecord& rows, RowId entry);

// All rows of the case with this id in tumour_case.
Result<CaseRecord> load_case(SqliteFile& file, const RecordedCase& head);

// The columns of the current row of a statement that are not NULL.
[[nodiscard]] StoreRow current_row(const SqliteStatement& statement, const std::string& table);

}  // namespace her2
