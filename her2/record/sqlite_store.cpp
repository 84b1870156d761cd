// SPDX-License-Identifier: Apache-2.0
#include "her2/record/sqlite_store.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "her2/record/sqlite_rows.h"
#include "her2/record/store_schema.h"

namespace her2 {
namespace {

constexpr const char* kEntryColumns = "seq, at, author, software, action, case_id, says, content, previous, hash";

AuditEntry entry_of(const SqliteStatement& row) {
  return {row.number(0), row.text(1), row.text(2), row.text(3), row.text(4),
          row.text(5),   row.text(6), row.text(7), row.text(8), row.text(9)};
}

Result<std::vector<AuditEntry>> read_entries(SqliteFile& file, const std::string& rest, const std::string& case_id) {
  auto statement = file.prepare(std::string("SELECT ") + kEntryColumns + " FROM entry " + rest);
  if (!statement) {
    return tl::unexpected(statement.error());
  }
  if (!case_id.empty()) {
    statement->bind(1, std::string_view(case_id));
  }
  std::vector<AuditEntry> out;
  Result<bool> more = statement->step();
  for (; more && *more; more = statement->step()) {
    out.push_back(entry_of(*statement));
  }
  return more ? Result<std::vector<AuditEntry>>(std::move(out)) : tl::unexpected(more.error());
}

Result<AuditEntry> last_entry(SqliteFile& file) {
  auto entries = read_entries(file, "ORDER BY seq DESC LIMIT 1", {});
  if (!entries) {
    return tl::unexpected(entries.error());
  }
  if (entries->empty()) {
    return fail("is a store without its first entry: it was tampered with", {}, file.path());
  }
  return std::move(entries->front());
}

Result<void> insert(SqliteFile& file, const StoreRow& row) {
  std::string names, marks;
  for (const auto& [name, cell] : row.cells) {
    names += (names.empty() ? "" : ", ") + name;
    marks += marks.empty() ? "?" : ", ?";
  }
  auto statement = file.prepare("INSERT INTO " + row.table + " (" + names + ") VALUES (" + marks + ")");
  if (!statement) {
    return tl::unexpected(statement.error());
  }
  int at = 0;
  for (const auto& [name, cell] : row.cells) {
    statement->bind(++at, cell);
  }
  return statement->run();
}

Result<std::map<std::string, RowId>> last_ids(SqliteFile& file) {
  std::map<std::string, RowId> out;
  for (const auto& table : store_tables(kStoreVersion)) {
    const auto last = file.number("SELECT max(id) FROM " + table);
    if (!last) {
      return tl::unexpected(last.error());
    }
    out[table] = *last;
  }
  return out;
}

class SqliteStore final : public CaseStore {
 public:
  explicit SqliteStore(SqliteFile file) : file_(std::move(file)) {}

  Result<std::optional<AuditEntry>> write(const Actor& actor, const std::string& case_id, const Work& work) override {
    auto transaction = SqliteTransaction::begin(file_);
    if (!transaction) {
      return tl::unexpected(transaction.error());
    }
    const auto now = find_now(case_id);
    auto last = last_ids(file_);
    if (!now || !last) {
      return tl::unexpected(now ? last.error() : now.error());
    }
    RowIds ids(std::move(*last));
    auto deed = work(now->has_value() ? &**now : nullptr, ids);
    if (!deed) {
      return tl::unexpected(deed.error());
    }
    if (store_rows(deed->rows, 0).empty()) {
      return std::nullopt;
    }
    auto entry = append_entry(file_, actor, case_id, std::move(*deed));
    if (!entry) {
      return tl::unexpected(entry.error());
    }
    if (auto committed = transaction->commit(); !committed) {
      return tl::unexpected(committed.error());
    }
    return std::move(*entry);
  }

  Result<std::optional<CaseRecord>> find(const std::string& case_id) override {
    // all tables as of one moment
    if (auto begun = file_.execute("BEGIN"); !begun) {
      return tl::unexpected(begun.error());
    }
    auto found = find_now(case_id);
    if (auto ended = file_.execute("COMMIT"); !ended) {
      return tl::unexpected(ended.error());
    }
    return found;
  }

  Result<std::vector<std::string>> cases() override {
    auto statement = file_.prepare("SELECT pseudonym FROM tumour_case ORDER BY id");
    if (!statement) {
      return tl::unexpected(statement.error());
    }
    std::vector<std::string> out;
    Result<bool> more = statement->step();
    for (; more && *more; more = statement->step()) {
      out.push_back(statement->text(0));
    }
    return more ? Result<std::vector<std::string>>(std::move(out)) : tl::unexpected(more.error());
  }

  Result<std::vector<AuditEntry>> entries(const std::string& case_id) override {
    return read_entries(file_, case_id.empty() ? "ORDER BY seq" : "WHERE case_id = ? ORDER BY seq", case_id);
  }

  Result<AuditEntry> head() override { return last_entry(file_); }

 private:
  Result<std::optional<CaseRecord>> find_now(const std::string& case_id) {
    auto statement = file_.prepare("SELECT id, entry, pseudonym, tumour FROM tumour_case WHERE pseudonym = ?");
    if (!statement) {
      return tl::unexpected(statement.error());
    }
    statement->bind(1, std::string_view(case_id));
    const auto row = statement->step();
    if (!row) {
      return tl::unexpected(row.error());
    }
    if (!*row) {
      return std::nullopt;
    }
    auto loaded =
        load_case(file_, {statement->number(0), statement->number(1), statement->text(2), statement->text(3)});
    if (!loaded) {
      return tl::unexpected(loaded.error());
    }
    return std::move(*loaded);
  }

  SqliteFile file_;
};

// A name beside `path` that is only ours.
std::string part_name(const std::string& path) { return fmt::format("{}.part-{}", path, ::getpid()); }

void remove_part(const std::string& part) {
  for (const char* tail : {"", "-journal", "-wal", "-shm"}) {
    ::unlink((part + tail).c_str());
  }
}

// Gives a finished file its name, unless there is one of that name.
Result<void> put_in_place(const std::string& part, const std::string& path) {
  const int code = ::link(part.c_str(), path.c_str()) == 0 ? 0 : errno;
  remove_part(part);
  if (code == EEXIST) {
    return fail("is there already; nothing was written over it", {}, path);
  }
  return code == 0 ? Result<void>() : fail(fmt::format("cannot be created: {}", std::strerror(code)), {}, path);
}

Result<void> fill_new(const std::string& part, const Actor& actor) {
  auto file = SqliteFile::open(part, SqliteFile::Mode::create);
  if (!file) {
    return tl::unexpected(file.error());
  }
  auto transaction = SqliteTransaction::begin(*file);
  if (!transaction) {
    return tl::unexpected(transaction.error());
  }
  std::string sql =
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};\n", kStoreApplication, kStoreVersion);
  for (std::int64_t version = 1; version <= kStoreVersion; ++version) {
    sql += migration_sql(version);
  }
  if (auto made = file->execute(sql); !made) {
    return made;
  }
  if (auto entry = append_entry(*file, actor, {}, {"create", "The store was made.", {}}); !entry) {
    return tl::unexpected(entry.error());
  }
  if (auto committed = transaction->commit(); !committed) {
    return committed;
  }
  return file->execute("PRAGMA journal_mode = WAL");
}

Result<void> check_header(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    return fail(errno == ENOENT ? "there is no store of this name; 'her2 case new' makes one"
                                : fmt::format("cannot be opened: {}", std::strerror(errno)),
                {}, path);
  }
  if (S_ISDIR(info.st_mode)) {
    return fail("is a folder; name the store's file", {}, path);
  }
  if (!S_ISREG(info.st_mode)) {
    return fail("is not a plain file, so it is no store", {}, path);
  }
  if (info.st_size == 0) {
    return fail("is not a store of her2: it is empty", {}, path);
  }
  return {};
}

}  // namespace

Result<AuditEntry> append_entry(SqliteFile& file, const Actor& actor, const std::string& case_id, Deed deed) {
  AuditEntry entry;
  entry.previous = first_previous();
  entry.seq = 1;
  const auto count = file.number("SELECT count(*) FROM entry");
  if (!count) {
    return tl::unexpected(count.error());
  }
  if (*count > 0) {
    const auto last = last_entry(file);
    if (!last) {
      return tl::unexpected(last.error());
    }
    entry.previous = last->hash;
    entry.seq = last->seq + 1;
  }
  entry.at = actor.at;
  entry.author = actor.author;
  entry.software = actor.software;
  entry.action = std::move(deed.action);
  entry.case_id = case_id;
  entry.says = std::move(deed.says);
  const auto rows = store_rows(deed.rows, entry.seq);
  std::vector<ContentLine> lines;
  for (const auto& row : rows) {
    lines.push_back({row.table, std::get<std::int64_t>(row.cells.front().second), row_digest(row)});
  }
  entry.content = content_text(lines);
  entry.hash = entry_hash(entry);
  StoreRow as_row{"entry",
                  {{"seq", entry.seq},
                   {"at", entry.at},
                   {"author", entry.author},
                   {"software", entry.software},
                   {"action", entry.action},
                   {"case_id", entry.case_id},
                   {"says", entry.says},
                   {"content", entry.content},
                   {"previous", entry.previous},
                   {"hash", entry.hash}}};
  if (auto inserted = insert(file, as_row); !inserted) {
    return tl::unexpected(inserted.error());
  }
  for (const auto& row : rows) {
    if (auto inserted = insert(file, row); !inserted) {
      return tl::unexpected(inserted.error());
    }
  }
  return entry;
}

Result<OpenedStore> open_store_file(const std::string& path, int wait_ms) {
  if (auto right = check_header(path); !right) {
    return tl::unexpected(right.error());
  }
  auto file = SqliteFile::open(path, SqliteFile::Mode::read_write, wait_ms);
  if (!file) {
    return tl::unexpected(file.error());
  }
  const auto version = schema_version(*file);
  if (!version) {
    return tl::unexpected(version.error());
  }
  return OpenedStore{std::move(*file), *version};
}

Result<std::unique_ptr<CaseStore>> open_store(const std::string& path, int wait_ms) {
  auto opened = open_store_file(path, wait_ms);
  if (!opened) {
    return tl::unexpected(opened.error());
  }
  if (opened->version < kStoreVersion) {
    return fail(fmt::format("is a store of version {}, and this program writes version {}; back it up, then run "
                            "'her2 store migrate'",
                            opened->version, kStoreVersion),
                {}, path);
  }
  return std::make_unique<SqliteStore>(std::move(opened->file));
}

Result<std::unique_ptr<CaseStore>> create_store(const std::string& path, const Actor& actor, int wait_ms) {
  const std::string part = part_name(path);
  remove_part(part);
  if (auto filled = fill_new(part, actor); !filled) {
    remove_part(part);
    Error error = filled.error();
    error.file = path;
    return tl::unexpected(error);
  }
  if (auto placed = put_in_place(part, path); !placed) {
    return tl::unexpected(placed.error());
  }
  return open_store(path, wait_ms);
}

Result<std::int64_t> migrate_store(const std::string& path, const Actor& actor) {
  auto opened = open_store_file(path);
  if (!opened || opened->version == kStoreVersion) {
    return opened ? Result<std::int64_t>(opened->version) : tl::unexpected(opened.error());
  }
  auto transaction = SqliteTransaction::begin(opened->file);
  if (!transaction) {
    return tl::unexpected(transaction.error());
  }
  // another process may have migrated it meanwhile
  auto version = schema_version(opened->file);
  if (!version || *version == kStoreVersion) {
    return version;
  }
  for (std::int64_t next = *version + 1; next <= kStoreVersion; ++next) {
    if (auto made = opened->file.execute(migration_sql(next)); !made) {
      return tl::unexpected(made.error());
    }
  }
  if (auto set = opened->file.execute(fmt::format("PRAGMA user_version = {}", kStoreVersion)); !set) {
    return tl::unexpected(set.error());
  }
  const std::string says = fmt::format("The store was brought from version {} to {}.", *version, kStoreVersion);
  if (auto entry = append_entry(opened->file, actor, {}, {"migrate", says, {}}); !entry) {
    return tl::unexpected(entry.error());
  }
  auto committed = transaction->commit();
  return committed ? Result<std::int64_t>(*version) : tl::unexpected(committed.error());
}

Result<AuditEntry> backup_store(const std::string& path, const std::string& target) {
  auto opened = open_store_file(path);
  if (!opened) {
    return tl::unexpected(opened.error());
  }
  if (::access(target.c_str(), F_OK) == 0) {
    return fail("is there already; nothing was written over it", {}, target);
  }
  const std::string part = part_name(target);
  remove_part(part);
  const auto copied = [&]() -> Result<AuditEntry> {
    auto copy = SqliteFile::open(part, SqliteFile::Mode::create);
    if (!copy) {
      return tl::unexpected(copy.error());
    }
    if (auto done = opened->file.copy_to(*copy); !done) {
      return tl::unexpected(done.error());
    }
    return last_entry(*copy);
  }();
  if (!copied) {
    remove_part(part);
    Error error = copied.error();
    error.file = error.file == part ? target : error.file;
    return tl::unexpected(error);
  }
  const auto placed = put_in_place(part, target);
  return placed ? copied : tl::unexpected(placed.error());
}

}  // namespace her2
