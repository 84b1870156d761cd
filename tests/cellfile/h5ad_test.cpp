// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/h5ad.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/cellfile/hdf5.h"
#include "her2/cellfile/measurements.h"
#include "her2/core/output_file.h"
#include "tests/cellfile/made_up.h"

namespace her2 {
namespace {

using test::made_up_profile;
using test::made_up_table;
using testing::HasSubstr;

class H5ad : public testing::Test {
 protected:
  ~H5ad() override { std::filesystem::remove(path_); }

  Result<void> write(const CellTable& table) {
    const auto scored = score_cells(table, {}, made_up_profile());
    return write_h5ad(table, *scored, made_up_profile(), path_);
  }
  [[nodiscard]] std::string bytes() const { return read_file(path_).value(); }
  void put(const std::string& bytes) {
    auto file = OutputFile::open(path_).value();
    ASSERT_TRUE(file.write(bytes) && file.commit());
  }

  std::string path_ = test::temporary("h5ad_test.h5ad");
};

void expect_same(const CellTable& a, const CellTable& b) {
  EXPECT_EQ(a.marker, b.marker);
  EXPECT_EQ(a.microarray, b.microarray);
  EXPECT_EQ(a.stain_says, b.stain_says);
  EXPECT_EQ(a.slide_name, b.slide_name);
  EXPECT_EQ(a.slide_sha256, b.slide_sha256);
  EXPECT_EQ(a.mpp, b.mpp);
  EXPECT_EQ(a.work_mpp, b.work_mpp);
  EXPECT_EQ(a.subsampling, b.subsampling);
  EXPECT_EQ(a.white, b.white);
  EXPECT_EQ(a.stain_vectors, b.stain_vectors);
  EXPECT_EQ(a.stain_estimated, b.stain_estimated);
  EXPECT_EQ(a.profile_name, b.profile_name);
  EXPECT_EQ(a.profile_sha256, b.profile_sha256);
  EXPECT_EQ(a.software, b.software);
  EXPECT_EQ(a.regions, b.regions);
  EXPECT_EQ(a.outlines, b.outlines);
  ASSERT_EQ(a.cells.size(), b.cells.size());
  for (std::size_t i = 0; i < a.cells.size(); ++i) {
    const MeasuredCell& x = a.cells[i];
    const MeasuredCell& y = b.cells[i];
    ASSERT_EQ(x.centroid, y.centroid);
    ASSERT_EQ(x.kind, y.kind);
    ASSERT_EQ(x.region, y.region);
    for (const Measurement& m : measurements()) {
      ASSERT_EQ(m.get(x), m.get(y)) << m.name << " of cell " << i;
    }
    for (std::size_t s = 0; s < x.ladder.size(); ++s) {
      ASSERT_EQ(x.ladder[s].completeness, y.ladder[s].completeness);
      ASSERT_EQ(x.ladder[s].longest_gap, y.ladder[s].longest_gap);
      ASSERT_EQ(x.ladder[s].intensity, y.ladder[s].intensity);
    }
  }
}

TEST_F(H5ad, ControlsComeBackApart) {
  const CellTable all = made_up_table(300);
  CellTable table = all.without_cells();
  table.marker = "er";
  table.microarray = true;
  table.stain_says = "of the profile";
  CellTable controls = table;
  for (std::size_t i = 0; i < all.cells.size(); ++i) {
    (i % 7 == 3 ? controls : table).add_from(all.cells[i], all, i);
  }
  const auto scored = score_cells(table, {}, made_up_profile());
  ASSERT_TRUE(write_h5ad(table, *scored, made_up_profile(), path_, &controls));
  CellTable apart;
  const auto back = read_h5ad(path_, &apart);
  ASSERT_TRUE(back) << back.error().text();
  expect_same(table, *back);
  expect_same(controls, apart);
  const auto alone = read_h5ad(path_);
  ASSERT_TRUE(alone);
  expect_same(table, *alone);
}

TEST_F(H5ad, EveryFieldComesBack) {
  for (const int count : {0, 1, 777, 40000}) {
    for (const bool regions : {true, false}) {
      const CellTable table = made_up_table(count, regions);
      const auto written = write(table);
      ASSERT_TRUE(written) << written.error().text();
      const auto read = read_h5ad(path_);
      ASSERT_TRUE(read) << read.error().text();
      expect_same(table, *read);
    }
  }
}

TEST_F(H5ad, SameTableSameBytes) {
  const CellTable table = made_up_table(3000);
  ASSERT_TRUE(write(table));
  const std::string first = bytes();
  ::sleep(1);  // a clock in it would show
  ASSERT_TRUE(write(table));
  EXPECT_TRUE(bytes() == first);
}

TEST_F(H5ad, WrittenWholeOrNotAtAll) {
  path_ = "/nonexistent-folder/cells.h5ad";
  const auto written = write(made_up_table(3));
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().text(), HasSubstr("/nonexistent-folder/cells.h5ad: cannot be written: "));
}

TEST_F(H5ad, ADiskThatIsFullLeavesNothing) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{20000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto written = write(made_up_table(2000));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().text(), HasSubstr(path_ + ": cannot be written: "));
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part-" + std::to_string(::getpid())));
  EXPECT_TRUE(write(made_up_table(3)));  // the library is whole after it
}

TEST_F(H5ad, SaysWhatIsNoCellTable) {
  put("no HDF5");
  EXPECT_THAT(read_h5ad(path_).error().text(), HasSubstr("is no HDF5 file"));
  EXPECT_THAT(read_h5ad("/nonexistent").error().text(), HasSubstr("cannot be opened"));
  std::filesystem::remove(path_);
  {
    const hdf::HdfLock lock;
    hdf::Writer other(path_);
    other.group("/", "anndata");
    ASSERT_TRUE(other.close());
  }
  EXPECT_THAT(read_h5ad(path_).error().text(), HasSubstr("this is no cell table of her2"));
}

// Cut short or damaged anywhere: a table or one sentence, never a crash.
TEST_F(H5ad, CutShortOrDamaged) {
  const CellTable table = made_up_table(200);
  ASSERT_TRUE(write(table));
  const std::string whole = bytes();
  for (std::size_t size = 0; size < whole.size(); size += whole.size() / 40 + 1) {
    put(whole.substr(0, size));
    const auto read = read_h5ad(path_);
    ASSERT_FALSE(read) << size;
    EXPECT_THAT(read.error().text(), HasSubstr(path_));
  }
  std::mt19937 random(3);
  int refused = 0;
  int changed = 0;
  for (int round = 0; round < 300; ++round) {
    std::string damaged = whole;
    damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    put(damaged);
    const auto read = read_h5ad(path_);
    refused += read ? 0 : 1;
    changed += read && digest(*read) != digest(table) ? 1 : 0;
  }
  EXPECT_GT(refused, 30);
  EXPECT_EQ(changed, 0);
}

}  // namespace
}  // namespace her2
