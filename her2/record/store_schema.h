// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/record/sqlite_file.h"

namespace her2 {

// "HER2": SQLite's application_id of a store.
inline constexpr std::int64_t kStoreApplication = 0x48455232;
// SQLite's user_version of the stores that this program writes. Version n comes from n - 1 by migration n.
inline constexpr std::int64_t kStoreVersion = 2;

// Statements of migration `version` (1 makes the tables in an empty file).
[[nodiscard]] std::string migration_sql(std::int64_t version);

// Tables of a version that rows of entries stand in; `entry` itself is not among them.
[[nodiscard]] std::vector<std::string> store_tables(std::int64_t version);

// Fails unless the file is a store of this program with exactly the tables, indexes and triggers of its version: one
// that was tampered with is not used. Gives the version.
Result<std::int64_t> schema_version(SqliteFile& file);

}  // namespace her2
