// SPDX-License-Identifier: Apache-2.0
#include "her2/core/output_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <gtest/gtest.h>
#include <unistd.h>

namespace her2 {
namespace {

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("her2-output-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] static std::string text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::filesystem::path folder_;
};

TEST_F(OutputFileTest, AppearsOnlyWhenCommitted) {
  auto file = OutputFile::open(path("a"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("one "));
  ASSERT_TRUE(file->write("two"));
  EXPECT_FALSE(std::filesystem::exists(path("a")));
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(text(path("a")), "one two");
  EXPECT_EQ(files(), 1U) << "nothing stands beside it";
  EXPECT_TRUE(file->commit()) << "again: nothing happens";
}

TEST_F(OutputFileTest, LeavesNothingWithoutCommit) {
  {
    auto file = OutputFile::open(path("a"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("half"));
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(OutputFileTest, KeepsTheOldFileUntilCommitted) {
  std::ofstream(path("a")) << "old";
  {
    auto file = OutputFile::open(path("a"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("new"));
  }
  EXPECT_EQ(text(path("a")), "old");
  auto file = OutputFile::open(path("a"));
  ASSERT_TRUE(file->write("new"));
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(text(path("a")), "new");
}

TEST_F(OutputFileTest, MovesWithItsDuty) {
  {
    auto file = OutputFile::open(path("a"));
    ASSERT_TRUE(file);
    OutputFile moved = std::move(*file);
    ASSERT_TRUE(moved.write("x"));
    auto other = OutputFile::open(path("b"));
    ASSERT_TRUE(other);
    moved = std::move(*other);  // the first is given up
    ASSERT_TRUE(moved.write("y"));
    ASSERT_TRUE(moved.commit());
  }
  EXPECT_FALSE(std::filesystem::exists(path("a")));
  EXPECT_EQ(text(path("b")), "y");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFileTest, RefusesWithTheName) {
  for (const std::string& wrong : {path(""), path("no/such/folder")}) {
    const auto file = OutputFile::open(wrong);
    ASSERT_FALSE(file) << wrong;
    EXPECT_EQ(file.error().file, wrong);
    EXPECT_FALSE(file.error().reason.empty());
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(OutputFileTest, SaysThatTheDiskIsFull) {
  if (!std::filesystem::exists("/dev/full")) {
    GTEST_SKIP() << "/dev/full is absent";
  }
  auto file = OutputFile::open("/dev/full");
  ASSERT_TRUE(file);
  const auto written = file->write("x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().file, "/dev/full");
}

TEST_F(OutputFileTest, WritesThroughALink) {
  std::ofstream(path("real")) << "old";
  std::filesystem::create_symlink(path("real"), path("link"));
  auto file = OutputFile::open(path("link"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("new"));
  ASSERT_TRUE(file->commit());
  EXPECT_TRUE(std::filesystem::is_symlink(path("link"))) << "the link stays a link";
  EXPECT_EQ(text(path("real")), "new");
}

TEST_F(OutputFileTest, ReadsAWholeFile) {
  const std::string big(300'000, 'x');
  std::ofstream(path("a")) << big;
  EXPECT_EQ(read_file(path("a")).value_or(""), big);
  EXPECT_EQ(read_file(path("a"), 300'000).value_or(""), big) << "just at the limit";
  EXPECT_FALSE(read_file(path("a"), 299'999));
  std::ofstream(path("empty")) << "";
  EXPECT_EQ(read_file(path("empty")).value_or("?"), "");
  for (const std::string& wrong : {path("none"), folder_.string()}) {
    const auto text = read_file(wrong);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().file, wrong);
  }
}

}  // namespace
}  // namespace her2
