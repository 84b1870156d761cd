// SPDX-License-Identifier: Apache-2.0
#include "her2/record/sqlite_file.h"

#include <array>
#include <cstring>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

namespace her2 {
namespace {

constexpr int kMostBytes = 64 << 20;  // of a text, a row, a statement

tl::unexpected<Error> sqlite_error(sqlite3* file, int code, const std::string& path) {
  const auto say = [&](const char* reason) { return fail(reason, {}, path); };
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return say("is busy: another program is writing to it; nothing was written, try again");
    case SQLITE_NOTADB: return say("is not a store of her2: it is no SQLite file");
    case SQLITE_CORRUPT: return say("is damaged: its pages do not fit together; go back to a backup");
    case SQLITE_READONLY: return say("cannot be written: the file or its folder is read-only");
    case SQLITE_CANTOPEN:
      return say(
          "cannot be opened: its folder must be there and writable, for SQLite keeps two files beside the store");
    case SQLITE_PERM: return say("cannot be opened: no permission");
    case SQLITE_FULL: return say("cannot be written: the disk is full; nothing was written");
    case SQLITE_IOERR: return say("cannot be read or written: the disk reported an error");
    case SQLITE_TOOBIG: return say("holds or was given a text over 64 MiB");
    default:
      return fail(fmt::format("SQLite: {}", file != nullptr ? sqlite3_errmsg(file) : sqlite3_errstr(code)), {}, path);
  }
}

// sqlite.org/security.html: what to do with files from others.
bool harden(sqlite3* file) {
  const std::array<std::pair<int, int>, 7> switches = {{{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                                        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                                        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                                                        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
                                                        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
                                                        {SQLITE_DBCONFIG_DQS_DML, 0},
                                                        {SQLITE_DBCONFIG_DQS_DDL, 0}}};
  bool done = true;
  for (const auto& [option, value] : switches) {
    int now = -1;
    done = sqlite3_db_config(file, option, value, &now) == SQLITE_OK && now == value && done;
  }
  const std::array<std::pair<int, int>, 7> limits = {{{SQLITE_LIMIT_LENGTH, kMostBytes},
                                                      {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},
                                                      {SQLITE_LIMIT_COLUMN, 1000},
                                                      {SQLITE_LIMIT_EXPR_DEPTH, 50},
                                                      {SQLITE_LIMIT_ATTACHED, 0},
                                                      {SQLITE_LIMIT_TRIGGER_DEPTH, 5},
                                                      {SQLITE_LIMIT_WORKER_THREADS, 0}}};
  for (const auto& [limit, value] : limits) {
    sqlite3_limit(file, limit, value);
  }
  return done;
}

}  // namespace

SqliteStatement::SqliteStatement(sqlite3* file, sqlite3_stmt* statement, std::string path)
    : file_(file), statement_(statement, &sqlite3_finalize), path_(std::move(path)) {}

void SqliteStatement::bind(int at, std::int64_t number) { sqlite3_bind_int64(statement_.get(), at, number); }

void SqliteStatement::bind(int at, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), at, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}

void SqliteStatement::bind(int at, const StoreRow::Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    bind(at, *number);
  } else {
    bind(at, std::string_view(std::get<std::string>(cell)));
  }
}

Result<bool> SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW || code == SQLITE_DONE) {
    return code == SQLITE_ROW;
  }
  return sqlite_error(file_, code, path_);
}

Result<void> SqliteStatement::run() {
  Result<bool> more = true;
  while (more && *more) {
    more = step();
  }
  reset();
  return more ? Result<void>() : tl::unexpected(more.error());
}

void SqliteStatement::reset() { sqlite3_reset(statement_.get()); }

int SqliteStatement::columns() const { return sqlite3_column_count(statement_.get()); }

std::string SqliteStatement::name(int column) const {
  const char* const name = sqlite3_column_name(statement_.get(), column);
  return name == nullptr ? "" : name;
}

bool SqliteStatement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::int64_t SqliteStatement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string SqliteStatement::text(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

StoreRow::Cell SqliteStatement::cell(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER) {
    return number(column);
  }
  return text(column);
}

SqliteFile::SqliteFile(sqlite3* file, std::string path) : file_(file, &sqlite3_close_v2), path_(std::move(path)) {}

Result<SqliteFile> SqliteFile::open(const std::string& path, Mode mode, int wait_ms) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE |
                    (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
  // A name that begins with "file:" is a name, not a URI: SQLITE_OPEN_URI is not set. "./" keeps ":x" and "" names.
  const std::string name = path == ":memory:" || path.starts_with("/") ? path : "./" + path;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags, nullptr);
  SqliteFile out(raw, path);
  if (code != SQLITE_OK) {
    return sqlite_error(raw, code, path);
  }
  sqlite3_busy_timeout(raw, wait_ms);
  if (!harden(raw)) {
    return fail("this SQLite library cannot be told to distrust a file; version 3.37 or later is needed", {}, path);
  }
  for (const char* pragma : {"PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0", "PRAGMA synchronous = FULL",
                             "PRAGMA recursive_triggers = ON", "PRAGMA temp_store = MEMORY"}) {
    if (auto set = out.execute(pragma); !set) {
      return tl::unexpected(set.error());
    }
  }
  return out;
}

Result<void> SqliteFile::execute(const std::string& sql) {
  const int code = sqlite3_exec(file_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Result<void>() : sqlite_error(file_.get(), code, path_);
}

Result<SqliteStatement> SqliteFile::prepare(const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(file_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  if (code != SQLITE_OK) {
    return sqlite_error(file_.get(), code, path_);
  }
  return SqliteStatement(file_.get(), raw, path_);
}

Result<std::int64_t> SqliteFile::number(const std::string& sql) {
  auto statement = prepare(sql);
  if (!statement) {
    return tl::unexpected(statement.error());
  }
  const auto row = statement->step();
  if (!row) {
    return tl::unexpected(row.error());
  }
  return *row ? statement->number(0) : 0;
}

Result<void> SqliteFile::copy_to(SqliteFile& target) {
  sqlite3_backup* const backup = sqlite3_backup_init(target.file_.get(), "main", file_.get(), "main");
  if (backup == nullptr) {
    return sqlite_error(target.file_.get(), sqlite3_errcode(target.file_.get()), target.path_);
  }
  constexpr int kAllPages = -1;
  constexpr int kTries = 1000;
  int code = SQLITE_BUSY;
  for (int i = 0; i < kTries && (code == SQLITE_BUSY || code == SQLITE_LOCKED); ++i) {
    code = sqlite3_backup_step(backup, kAllPages);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  sqlite3_backup_finish(backup);
  return code == SQLITE_DONE ? Result<void>() : sqlite_error(nullptr, code, path_);
}

Result<SqliteTransaction> SqliteTransaction::begin(SqliteFile& file) {
  if (auto begun = file.execute("BEGIN IMMEDIATE"); !begun) {
    return tl::unexpected(begun.error());
  }
  return SqliteTransaction(file);
}

SqliteTransaction::~SqliteTransaction() {
  if (file_ != nullptr) {
    (void)file_->execute("ROLLBACK");
  }
}

Result<void> SqliteTransaction::commit() {
  auto done = file_->execute("COMMIT");
  if (done) {
    file_ = nullptr;
  }
  return done;
}

}  // namespace her2
