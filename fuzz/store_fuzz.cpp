// SPDX-License-Identifier: Apache-2.0
// A store's file of any bytes: opened, checked, verified, migrated, read. Each is done or refused with a reason.
#include <cstdio>
#include <string>

#include <unistd.h>

#include "fuzz/dictionary.h"
#include "her2/record/acts.h"
#include "her2/record/case_list.h"
#include "her2/record/cohort_table.h"
#include "her2/record/recorded_case.h"
#include "her2/record/sqlite_store.h"
#include "her2/record/store_verify.h"

namespace {

// The file that SQLite is given, and what it lays beside it; gone with the object.
class StoreFile {
 public:
  explicit StoreFile(std::string_view bytes)
      : path_(std::string(::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/her2-fuzz-" +
              std::to_string(::getpid()) + ".store") {
    std::FILE* const file = std::fopen(path_.c_str(), "wb");
    her2::fuzz::require(file != nullptr);
    her2::fuzz::require(std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size());
    her2::fuzz::require(std::fclose(file) == 0);
  }
  StoreFile(const StoreFile&) = delete;
  StoreFile& operator=(const StoreFile&) = delete;
  ~StoreFile() {
    for (const char* tail : {"", "-journal", "-wal", "-shm"}) {
      ::unlink((path_ + tail).c_str());
    }
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <class T>
bool done(const her2::Result<T>& result) {
  her2::fuzz::require(result || !result.error().reason.empty());
  return result.has_value();
}

void read_all(her2::CaseStore& store) {
  using namespace her2;
  (void)done(list_cases(store, fuzz::dictionary(), std::nullopt, true));
  (void)done(cohort_table(store, fuzz::dictionary()));
  const auto names = store.cases();
  for (std::size_t i = 0; done(names) && i < names->size(); ++i) {
    const auto found = store.find((*names)[i]);
    if (done(found) && *found) {
      (void)done(case_of(**found, fuzz::dictionary()));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const StoreFile file(fuzz::text_of(data, size));
  (void)done(check_store(file.path()));
  (void)done(verify_store(file.path()));
  const Actor actor{"2026-11-23T10:00:00Z", "fuzz", "her2"};
  (void)done(migrate_store(file.path(), actor));
  if (auto store = open_store(file.path(), 0); done(store)) {
    read_all(**store);
    const std::string name = "a case";
    (void)done((*store)->write(actor, name, [&](const CaseRecord* now, RowIds& ids) -> Result<Deed> {
      if (now != nullptr) {
        return add_comment(now, ids, "text");
      }
      CaseRecord rows;
      rows.head = RecordedCase{ids.next<RecordedCase>(), 0, name, "breast"};
      return Deed{"new", "made", std::move(rows)};
    }));
  }
  return 0;
}
