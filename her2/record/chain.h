// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "her2/record/case_record.h"

// The bytes that the audit trail covers (docs/record.md). They depend on nothing but the rows, so a store moved to
// another database has the same hashes.
namespace her2 {

// One row: its columns that are not NULL, with whole numbers or texts.
struct StoreRow {
  using Cell = std::variant<std::int64_t, std::string>;

  std::string table;
  std::vector<std::pair<std::string, Cell>> cells;
};

// SHA-256 of table, column names and values, whatever their order. A column that is added later and is NULL changes
// nothing.
[[nodiscard]] std::string row_digest(StoreRow row);

// A line of AuditEntry::content.
struct ContentLine {
  std::string table;
  RowId id = 0;
  std::string digest;
};
[[nodiscard]] std::string content_text(const std::vector<ContentLine>& lines);
// What cannot be read as a line is left out.
[[nodiscard]] std::vector<ContentLine> content_lines(std::string_view content);

// SHA-256 of every member but `hash`.
[[nodiscard]] std::string entry_hash(const AuditEntry& entry);

inline constexpr std::size_t kHashDigits = 64;
// `previous` of the first entry.
[[nodiscard]] inline std::string first_previous() { return std::string(kHashDigits, '0'); }

// What a signature signs.
[[nodiscard]] std::string signed_digest(const std::string& case_sha256, const std::string& status);

}  // namespace her2
