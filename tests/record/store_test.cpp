// SPDX-License-Identifier: Apache-2.0
// The file: opening, migrating, backing up, several at once.
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>

#include "fixture.h"
#include "her2/record/case_view.h"
#include "her2/record/pseudonym.h"
#include "her2/record/store_schema.h"
#include "tests/places.h"

namespace her2::test {
namespace {

using ::testing::HasSubstr;

std::string reason_of(const std::string& path) {
  const auto opened = open_store(path);
  return opened ? "opened" : opened.error().reason;
}

// A store of version 1 from its dump.
std::string old_store(const TempFolder& folder) {
  const std::string path = folder / "old.her2";
  SqliteFile file = must(SqliteFile::open(path, SqliteFile::Mode::create));
  const auto made = file.execute(text_of_file(source_folder() + "/tests/record/store_v1.sql"));
  EXPECT_TRUE(made) << made.error().text();
  return path;
}

TEST(Store, MigratesFromTheFirstVersion) {
  const TempFolder folder;
  const std::string path = old_store(folder);
  EXPECT_THAT(reason_of(path), HasSubstr("is a store of version 1"));
  const auto before = must(verify_store(path));
  EXPECT_TRUE(before.faults.empty()) << before.faults.front();
  EXPECT_EQ(before.version, 1);
  EXPECT_EQ(must(migrate_store(path, actor())), 1);
  EXPECT_EQ(must(migrate_store(path, actor())), kStoreVersion) << "a second time nothing is done";
  const auto after = must(verify_store(path, before.head));
  EXPECT_TRUE(after.faults.empty()) << after.faults.front();
  EXPECT_EQ(after.version, kStoreVersion);
  EXPECT_EQ(after.entries, before.entries + 1);
  EXPECT_EQ(after.rows, before.rows);
  EXPECT_TRUE(must(check_store(path)).faults.empty());

  const auto store = must(open_store(path));
  EXPECT_EQ(must(store->cases()), (std::vector<std::string>{"demo-01", "demo-09"}));
  // what stands in the bundled case, less what was amended and taken back
  Case bundled = must(parse_case(text_of_file(source_folder() + "/cases/01-group-5-low.json"), dictionary(), "c"));
  auto& facts = bundled.specimens.front().facts;
  facts[*dictionary().find("ihc_score")].value = must(parse_value(dictionary()[*dictionary().find("ihc_score")], "1+"));
  facts.erase(*dictionary().find("ki67_percent"));
  bundled.specimens.front().notes.emplace_back("seen again");
  expect_same_facts(recorded(*store, "demo-01"), bundled);
  EXPECT_EQ(recorded(*store, "demo-09").specimens.front().ensembles.size(), 1U);
  const auto view = must(view_case(*store, "demo-01", context(), kNow));
  EXPECT_TRUE(view.signatures.front().intact);
  EXPECT_EQ(view.signatures.front().amended_by, (std::vector<RowId>{6, 7}));
  EXPECT_TRUE(must(sign_it(*store, "demo-01"))) << "with a role, which version 1 had not";
}

TEST(Store, WhatIsNoStoreIsRefusedInOneSentence) {
  const TempFolder folder;
  EXPECT_THAT(reason_of(folder / "absent.her2"), HasSubstr("no store of this name"));
  EXPECT_THAT(reason_of(folder.write("empty", "")), HasSubstr("empty"));
  EXPECT_THAT(reason_of(folder.write("text", std::string(5000, 'x'))), HasSubstr("no SQLite file"));
  EXPECT_THAT(reason_of(folder / ""), HasSubstr("is a folder"));
  SqliteFile other = must(SqliteFile::open(folder / "other", SqliteFile::Mode::create));
  ASSERT_TRUE(other.execute("CREATE TABLE t (x)"));
  EXPECT_THAT(reason_of(folder / "other"), HasSubstr("of another program"));
  const std::string old = old_store(folder);
  ASSERT_TRUE(must(SqliteFile::open(old, SqliteFile::Mode::read_write)).execute("PRAGMA user_version = 99"));
  EXPECT_THAT(reason_of(old), HasSubstr("use a newer her2"));
}

TEST(Store, ATruncatedOrDamagedFileIsNeverTakenForSound) {
  TestStore test;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    must(record(*test.store, recordable_case(seed)));
  }
  const std::string copy = test.folder / "copy.her2";
  must(backup_store(test.path, copy));
  const std::string bytes = text_of_file(copy);
  for (std::size_t size = 100; size < bytes.size(); size += bytes.size() / 37) {
    const std::string cut = test.folder.write("cut.her2", bytes.substr(0, size));
    const auto checked = check_store(cut);
    EXPECT_TRUE(!checked || !checked->faults.empty()) << size;
    std::filesystem::remove(cut + "-wal");
    std::filesystem::remove(cut + "-shm");
  }
}

TEST(Store, CreatesWholeOrNotAtAll) {
  const TempFolder folder;
  const std::string path = folder.write("there", "something else");
  EXPECT_FALSE(create_store(path, actor()));
  EXPECT_EQ(text_of_file(path), "something else");
  EXPECT_FALSE(create_store(folder / "no/such/folder.her2", actor()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / ""), {}), 1);
}

TEST(Store, SeveralWritersTakeTurns) {
  TestStore test;
  constexpr int kWriters = 4, kCases = 12;
  std::vector<std::thread> threads;
  std::vector<std::vector<std::string>> done(kWriters);
  for (std::size_t writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      const auto store = must(open_store(test.path, 60'000));
      for (int i = 0; i < kCases; ++i) {
        const std::string id = "w" + std::to_string(writer) + "-" + std::to_string(i);
        if (must(record(*store, small_case(id, {{"ihc_score", "1+"}})))) {
          done[writer].push_back(id);
        }
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (const auto& ids : done) {
    EXPECT_EQ(ids.size(), static_cast<std::size_t>(kCases));
  }
  const auto verified = must(verify_store(test.path));
  EXPECT_TRUE(verified.faults.empty());
  EXPECT_EQ(verified.entries, 1 + kWriters * kCases);
}

TEST(Store, ABusyStoreIsOneSentenceAndNothingIsWritten) {
  TestStore test;
  SqliteFile other = must(SqliteFile::open(test.path, SqliteFile::Mode::read_write));
  {
    auto held = must(SqliteTransaction::begin(other));
    const auto store = must(open_store(test.path, 50));
    const auto written = record(*store, small_case("c", {{"ihc_score", "1+"}}));
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().reason, HasSubstr("is busy"));
    EXPECT_FALSE(must(store->find("c"))) << "reading goes on";
    EXPECT_TRUE(must(verify_store(test.path)).faults.empty());
  }
  EXPECT_TRUE(must(record(*test.store, small_case("c", {{"ihc_score", "1+"}}))));
}

TEST(Store, ABackupIsOneMoment) {
  TestStore test;
  must(record(*test.store, small_case("c", {{"ihc_score", "1+"}})));
  const std::string copy = test.folder / "copy.her2";
  SqliteFile other = must(SqliteFile::open(test.path, SqliteFile::Mode::read_write));
  auto held = must(SqliteTransaction::begin(other));
  const auto entry = must(backup_store(test.path, copy));
  EXPECT_EQ(entry.hash, must(test.store->head()).hash);
  EXPECT_TRUE(must(verify_store(copy, entry.hash)).faults.empty());
  EXPECT_FALSE(backup_store(test.path, copy)) << "never over a file";
}

TEST(Pseudonym, IsTheKeyedHash) {
  const Pseudonymiser by_key(std::string(20, '\x0b'));
  EXPECT_EQ(by_key.pseudonym("Hi There"), "P-b0344c61d8db38535ca8afceaf0bf12b");  // RFC 4231, case 1
  Case subject = small_case("MRN-0815", {{"ihc_score", "1+"}});
  subject.specimens.front().facts.begin()->second.source = {"MRN-0815.json", "/facts", "1+", "Dr Lindt", ""};
  const Case hidden = must(by_key.pseudonymised(subject));
  EXPECT_EQ(case_json(hidden, dictionary()).find("0815"), std::string::npos);
  EXPECT_EQ(hidden.specimens.front().id, by_key.pseudonym("core"));
  EXPECT_NE(hidden.id, Pseudonymiser("another key of 16").pseudonym("MRN-0815"));
  subject.specimens.front().notes.emplace_back("patient mrn-0815 called");
  EXPECT_FALSE(by_key.pseudonymised(subject));
}

}  // namespace
}  // namespace her2::test
