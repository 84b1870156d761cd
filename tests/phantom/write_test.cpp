// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/write.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "her2/core/output_file.h"

namespace her2 {
namespace {

class PhantomFilesTest : public testing::Test {
 protected:
  PhantomFilesTest()
      : folder_(std::filesystem::temp_directory_path() / ("her2_phantom." + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~PhantomFilesTest() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

TEST_F(PhantomFilesTest, TruthSaysWhatIsThere) {
  PhantomSpec spec;
  spec.seed = 4;
  spec.width = 1800;
  spec.height = 1300;
  const auto phantom = Phantom::make(spec);
  ASSERT_TRUE(phantom);
  std::string first;
  for (const int threads : {1, 3}) {
    PhantomFiles files;
    files.image = path("p.tiff");
    files.threads = threads;
    files.density = true;
    const auto shares = write_phantom(*phantom, files);
    ASSERT_TRUE(shares) << shares.error().text();
    const auto cells = phantom->cells({0, 0, spec.width, spec.height});
    EXPECT_EQ(shares->tumour + shares->lymphocytes + shares->stromal, cells.size());
    const auto csv = read_file(path("p.cells.csv")), geojson = read_file(path("p.truth.geojson")),
               json = read_file(path("p.json")), image = read_file(path("p.tiff"));
    ASSERT_TRUE(csv && geojson && json && image);
    EXPECT_EQ(static_cast<std::size_t>(std::count(csv->begin(), csv->end(), '\n')), cells.size() + 1);
    const auto features = nlohmann::json::parse(*geojson)["features"];
    EXPECT_EQ(features.size(), cells.size());
    EXPECT_EQ(features[0]["geometry"]["type"], "Polygon");
    EXPECT_EQ(nlohmann::json::parse(*json)["truth"]["tumour"], shares->tumour);
    const std::string all = *csv + *geojson + *json + *image;
    first = first.empty() ? all : first;
    EXPECT_EQ(all, first);
  }
}

TEST_F(PhantomFilesTest, LeavesNothingBehindWhenStopped) {
  const auto phantom = Phantom::make({});
  ASSERT_TRUE(phantom);
  PhantomFiles files;
  files.image = path("p.tiff");
  EXPECT_FALSE(write_phantom(*phantom, files, [](double share) { return share < 0.2; }));
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(files.image).parent_path()));
}

// 20 Gpix with one piece of tissue.
TEST_F(PhantomFilesTest, LongTwentyGigapixels) {
  PhantomSpec spec;
  spec.width = 160000;
  spec.height = 128000;
  spec.tissue_share = 0.1;
  const auto phantom = Phantom::make(spec);
  ASSERT_TRUE(phantom);
  PhantomFiles files;
  files.image = path("p.tiff");
  const auto shares = write_phantom(*phantom, files);
  ASSERT_TRUE(shares) << shares.error().text();
  EXPECT_GT(shares->tumour, 5000U);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 500 * 1024);  // kB
}

}  // namespace
}  // namespace her2
