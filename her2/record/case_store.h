// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/record/case_record.h"

namespace her2 {

// Who acts, when, and with what; all given by the caller, so that the same acts give the same store.
struct Actor {
  std::string at;  // "2026-11-23T10:00:00Z"
  std::string author, software;
};

// Hands out the ids of new rows, by table.
class RowIds {
 public:
  explicit RowIds(std::map<std::string, RowId> last) : last_(std::move(last)) {}
  template <class Row>
  RowId next() {
    return ++last_[Row::kTable];
  }

 private:
  std::map<std::string, RowId> last_;
};

// What is to be written in one entry.
struct Deed {
  std::string action, says;  // of the entry
  CaseRecord rows;           // ids given, `entry` left to the store; without rows nothing is written
};

// Cases with all that was ever said of them; append-only. Behind it lies SQLite (sqlite_store.h); a server's database
// can follow without a change above. One object is used by one thread at a time; several objects, processes and
// readers may use the same store at once.
class CaseStore {
 public:
  // Plans a deed from the case as it stands (nullptr: there is none of this name). Called while no other writer can
  // come between.
  using Work = std::function<Result<Deed>(const CaseRecord* now, RowIds& ids)>;

  CaseStore() = default;
  CaseStore(const CaseStore&) = delete;
  CaseStore& operator=(const CaseStore&) = delete;
  virtual ~CaseStore() = default;

  // Writes one entry with its rows: all of it, on the disk, or nothing. Nothing (nullopt) when the deed has no rows.
  // Fails with the work's error; when another writer holds the store longer than it waits; on a full disk.
  virtual Result<std::optional<AuditEntry>> write(const Actor& actor, const std::string& case_id, const Work& work) = 0;

  [[nodiscard]] virtual Result<std::optional<CaseRecord>> find(const std::string& case_id) = 0;
  // Pseudonyms in the order in which the cases were recorded.
  [[nodiscard]] virtual Result<std::vector<std::string>> cases() = 0;
  // Entries of a case, or with "" of the whole store, in order.
  [[nodiscard]] virtual Result<std::vector<AuditEntry>> entries(const std::string& case_id) = 0;
  // The last entry: its hash stands for everything before it.
  [[nodiscard]] virtual Result<AuditEntry> head() = 0;
};

}  // namespace her2
