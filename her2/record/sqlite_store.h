// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "her2/record/case_store.h"
#include "her2/record/sqlite_file.h"

namespace her2 {

// Opens a store that is there. Fails, each in one sentence, for a file that is no store, one of an older version (to be
// migrated) or a newer one, a damaged one, one whose schema was changed, and where SQLite may not write beside it.
Result<std::unique_ptr<CaseStore>> open_store(const std::string& path, int wait_ms = SqliteFile::kWaitMs);

// Makes a store with its first entry; it appears whole or not at all. Fails where a file of this name is.
Result<std::unique_ptr<CaseStore>> create_store(const std::string& path, const Actor& actor,
                                                int wait_ms = SqliteFile::kWaitMs);

// Opens the file and holds its schema to that of its version; `version` may be older than what this program writes.
struct OpenedStore {
  SqliteFile file;
  std::int64_t version = 0;
};
Result<OpenedStore> open_store_file(const std::string& path, int wait_ms = SqliteFile::kWaitMs);

// Within a transaction: chains and writes an entry and its rows.
Result<AuditEntry> append_entry(SqliteFile& file, const Actor& actor, const std::string& case_id, Deed deed);

// Brings an older store to kStoreVersion in one transaction, and says so in an entry. Gives the version it had.
Result<std::int64_t> migrate_store(const std::string& path, const Actor& actor);

// A copy as of one moment, while the store is open and written to. It appears whole or not at all, and only where no
// file is yet. Gives the copy's last entry.
Result<AuditEntry> backup_store(const std::string& path, const std::string& target);

}  // namespace her2
