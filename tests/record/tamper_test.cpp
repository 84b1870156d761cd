// SPDX-License-Identifier: Apache-2.0
// Whatever is done to a store behind the program's back is found and named.
#include <filesystem>
#include <functional>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fixture.h"
#include "her2/record/chain.h"
#include "her2/record/store_schema.h"
#include "tests/places.h"

namespace her2::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// Changes a copy of the store by SQL, with the triggers out of the way and then put back as they were.
void tamper(const std::string& path, const std::string& sql) {
  SqliteFile file = must(SqliteFile::open(path, SqliteFile::Mode::read_write));
  std::vector<std::pair<std::string, std::string>> triggers;
  {
    auto statement = must(file.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"));
    while (must(statement.step())) {
      triggers.emplace_back(statement.text(0), statement.text(1));
    }
  }
  ASSERT_TRUE(file.execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; BEGIN"));
  for (const auto& [name, text] : triggers) {
    ASSERT_TRUE(file.execute("DROP TRIGGER " + name));
  }
  const auto done = file.execute(sql);
  ASSERT_TRUE(done) << sql << ": " << done.error().text();
  for (const auto& [name, text] : triggers) {
    ASSERT_TRUE(file.execute(text));
  }
  ASSERT_TRUE(file.execute("COMMIT"));
}

// A store with a row in every table.
std::string full_store(const TestStore& test) {
  Case subject = small_case("c", {{"ihc_score", "2+"}, {"her2_total", "80"}});
  subject.specimens.front().notes.emplace_back("a note");
  subject.specimens.front().ensembles.push_back({{*dictionary().find("cells")}, {{*Decimal::parse("20")}}, "nothing"});
  must(record(*test.store, subject));
  must(record(*test.store, small_case("d", {{"ihc_score", "0"}, {"er_percent", "5"}})));
  must(amend(*test.store, small_case("c", {{"ihc_score", "3+"}})));
  must(sign_it(*test.store, "c"));
  const auto act = [&](const CaseStore::Work& work) { must(test.store->write(actor(), "c", work)); };
  act([](const CaseRecord* now, RowIds& ids) { return retract(now, ids, context(), 0, 2, "not of this case"); });
  act([](const CaseRecord* now, RowIds& ids) { return add_comment(now, ids, "a comment"); });
  act([](const CaseRecord* now, RowIds& ids) {
    return add_images(now, ids, {{"s.svs", std::string(64, 'e'), "core", 5}});
  });
  const std::string copy = test.folder / "copy.her2";
  must(backup_store(test.path, copy));
  return copy;
}

std::vector<std::string> faults_after(const TestStore& test, const std::string& whole, const std::string& sql,
                                      const std::string& head = {}) {
  const std::string path = test.folder / "tampered.her2";
  std::filesystem::copy_file(whole, path, std::filesystem::copy_options::overwrite_existing);
  tamper(path, sql);
  auto found = must(verify_store(path, head));
  for (const char* tail : {"", "-wal", "-shm"}) {
    std::filesystem::remove(path + tail);
  }
  return found.faults;
}

TEST(Tampering, EveryColumnOfEveryTable) {
  const TestStore test;
  const std::string whole = full_store(test);
  ASSERT_TRUE(must(verify_store(whole)).faults.empty());
  auto tables = store_tables(kStoreVersion);
  tables.emplace_back("entry");
  int columns = 0;
  for (const auto& table : tables) {
    SqliteFile file = must(SqliteFile::open(whole, SqliteFile::Mode::read_write));
    auto statement = must(file.prepare("SELECT * FROM " + table + " LIMIT 1"));
    ASSERT_TRUE(must(statement.step())) << table << " is empty";
    for (int i = 1; i < statement.columns(); ++i) {
      const bool number = std::holds_alternative<std::int64_t>(statement.cell(i));
      const std::string name = statement.name(i);
      const auto faults = faults_after(
          test, whole,
          fmt::format("UPDATE {0} SET {1} = {1} {2} WHERE rowid = 1", table, name, number ? "+ 1" : "|| 'x'"));
      EXPECT_THAT(faults, Contains(HasSubstr(table == "entry" ? "entry 1 was altered"
                                                              : fmt::format("row 1 of table {} was altered", table))))
          << table << "." << name;
      ++columns;
    }
  }
  EXPECT_GT(columns, 60);
}

TEST(Tampering, RowsTakenOutPutInAndMoved) {
  const TestStore test;
  const std::string whole = full_store(test);
  for (const auto& table : store_tables(kStoreVersion)) {
    EXPECT_THAT(faults_after(test, whole, "DELETE FROM " + table + " WHERE id = 1"),
                Contains(HasSubstr(fmt::format("row 1 of table {} is missing", table))));
  }
  EXPECT_THAT(faults_after(test, whole, "INSERT INTO comment VALUES (77, 3, 1, 'never said')"),
              Contains(HasSubstr("row 77 of table comment was added")));
  EXPECT_THAT(faults_after(test, whole,
                           "UPDATE fact SET id = 100 WHERE id = 1; UPDATE fact SET id = 1 WHERE id = 2; "
                           "UPDATE fact SET id = 2 WHERE id = 100"),
              Contains(HasSubstr("row 2 of table fact was altered")));
}

TEST(Tampering, EntriesTakenOutMovedAndWrittenAnew) {
  const TestStore test;
  const std::string whole = full_store(test);
  EXPECT_THAT(faults_after(test, whole, "DELETE FROM entry WHERE seq = 3"), Contains("entry 3 is missing"));
  EXPECT_THAT(faults_after(test, whole,
                           "UPDATE entry SET seq = 100 WHERE seq = 3; UPDATE entry SET seq = 3 WHERE seq = 4; "
                           "UPDATE entry SET seq = 4 WHERE seq = 100"),
              Contains(HasSubstr("entry 3 was altered")));
  // a row and the entry that lists it, its hash made to fit: the next entry does not follow
  SqliteFile file = must(SqliteFile::open(whole, SqliteFile::Mode::read_write));
  auto entries = must(test.store->entries(""));
  AuditEntry forged = entries[2];
  forged.says = "another sentence";
  forged.hash = entry_hash(forged);
  EXPECT_THAT(
      faults_after(test, whole,
                   fmt::format("UPDATE entry SET says = '{}', hash = '{}' WHERE seq = 3", forged.says, forged.hash)),
      Contains(HasSubstr("entry 4 does not follow")));
}

TEST(Tampering, ACutTailIsFoundByAHeadKeptElsewhere) {
  const TestStore test;
  const std::string whole = full_store(test);
  const std::string head = must(verify_store(whole)).head;
  EXPECT_TRUE(must(verify_store(whole, head)).faults.empty());
  const std::string cut = "DELETE FROM image; DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)";
  EXPECT_TRUE(faults_after(test, whole, cut).empty()) << "a chain alone cannot see this: docs/record.md says so";
  EXPECT_THAT(faults_after(test, whole, cut, head), Contains(HasSubstr("was cut short or written anew")));
}

TEST(Tampering, TheFileItselfRefusesChanges) {
  const TestStore test;
  const std::string whole = full_store(test);
  SqliteFile file = must(SqliteFile::open(whole, SqliteFile::Mode::read_write));
  auto tables = store_tables(kStoreVersion);
  tables.emplace_back("entry");
  for (const auto& table : tables) {
    EXPECT_FALSE(file.execute("UPDATE " + table + " SET rowid = rowid")) << table;
    EXPECT_FALSE(file.execute("DELETE FROM " + table)) << table;
  }
  EXPECT_FALSE(file.execute("INSERT INTO comment VALUES (77, 3, 1, 'into an old entry')"));
  EXPECT_FALSE(file.execute("INSERT OR REPLACE INTO comment VALUES (1, 8, 1, 'over an old one')"));
  EXPECT_TRUE(must(verify_store(whole)).faults.empty());
}

TEST(Tampering, AnotherSchemaIsNotUsed) {
  const TestStore test;
  const std::string whole = full_store(test);
  for (const char* sql :
       {"CREATE TABLE more (x)", "DROP INDEX fact_of_case", "CREATE VIEW v AS SELECT 1", "DROP TRIGGER fact_no_update",
        "ALTER TABLE fact ADD COLUMN extra TEXT", "CREATE TRIGGER t AFTER INSERT ON fact BEGIN SELECT 1; END"}) {
    const std::string path = test.folder / "schema.her2";
    std::filesystem::copy_file(whole, path, std::filesystem::copy_options::overwrite_existing);
    ASSERT_TRUE(must(SqliteFile::open(path, SqliteFile::Mode::read_write)).execute(sql)) << sql;
    const auto opened = open_store(path);
    ASSERT_FALSE(opened) << sql;
    EXPECT_THAT(opened.error().reason, HasSubstr("was tampered with")) << sql;
  }
}

TEST(Chain, ARowsDigestSaysWhatStandsWhere) {
  const StoreRow row{"fact", {{"id", std::int64_t{1}}, {"name", "a"}, {"value", "b"}}};
  EXPECT_EQ(row_digest(row), row_digest({"fact", {{"value", "b"}, {"id", std::int64_t{1}}, {"name", "a"}}}));
  EXPECT_NE(row_digest(row), row_digest({"fact", {{"id", std::int64_t{1}}, {"name", "ab"}, {"value", ""}}}));
  EXPECT_NE(row_digest(row), row_digest({"fact", {{"id", "1"}, {"name", "a"}, {"value", "b"}}}));
  EXPECT_NE(row_digest(row), row_digest({"note", {{"id", std::int64_t{1}}, {"name", "a"}, {"value", "b"}}}));
}

TEST(Chain, ContentLinesReadBackAndSurviveAnything) {
  const std::vector<ContentLine> lines{{"fact", 3, std::string(64, 'a')}, {"note", 12, std::string(64, 'b')}};
  const auto back = content_lines(content_text(lines));
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[1].table, "note");
  EXPECT_EQ(back[1].id, 12);
  for (const char* text : {"", "\n", "a", "a b", "a b c", "a 1", "a 99999999999999999999 c", " 1 "}) {
    EXPECT_LE(content_lines(text).size(), 1U) << text;
  }
}

}  // namespace
}  // namespace her2::test
