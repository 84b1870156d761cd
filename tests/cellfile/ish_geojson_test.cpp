// SPDX-License-Identifier: Apache-2.0
// Nuclei and signals as QuPath opens them: every object with class and place, of its own field only.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <map>

#include <unistd.h>

#include "her2/cellfile/feature_parts.h"
#include "her2/cellfile/features.h"
#include "her2/cellfile/ish_geojson.h"

namespace her2 {
namespace {

TEST(IshGeojson, NucleiAndSignalsOfOneField) {
  NucleusTable table;
  table.fields.resize(2);
  table.fields[0].sha256 = "aa";
  table.fields[1].sha256 = "bb";
  table.areas = {""};
  const Contour square{{0, 0}, {640, 0}, {640, 640}, {0, 640}};
  for (std::uint32_t f = 0; f < 2; ++f) {
    IshNucleus nucleus;
    nucleus.field = f;
    nucleus.centroid = {320, 320};
    nucleus.verdict = f == 0 ? NucleusVerdict::accepted : NucleusVerdict::border;
    nucleus.counts[0].clear = 3;
    const std::vector<IshSignal> signals{{IshChannel::her2, SignalState::clear, false, 90, 80, 100, f, {100, 48}},
                                         {IshChannel::cep17, SignalState::doubtful, false, 40, 30, 50, f, {200, 200}}};
    table.add(nucleus, signals, square);
  }
  table.signals.push_back({IshChannel::her2, SignalState::cytoplasmic, false, 80, 70, 90, 0, {9000, 9000}});
  const std::string path =
      (std::filesystem::temp_directory_path() / ("her2-ish-test-" + std::to_string(::getpid()) + ".geojson.gz"))
          .string();
  ASSERT_TRUE(write_ish_geojson(table, 0, path));
  auto input = file_input(path);
  ASSERT_TRUE(input);
  std::map<std::string, int> classes;
  nlohmann::json first;
  const auto read = read_features(*input, [&](nlohmann::json feature, std::size_t) -> Result<void> {
    ++classes[class_words(classification(feature))];
    if (first.is_null()) {
      first = feature;
    } else {
      EXPECT_EQ(feature["geometry"]["type"], "Point");
    }
    EXPECT_EQ(object_type(feature), "detection");
    return {};
  });
  std::remove(path.c_str());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(classes, (std::map<std::string, int>{
                         {"Counted", 1}, {"HER2", 1}, {"CEP17: Doubtful", 1}, {"HER2: Cytoplasmic", 1}}));
  EXPECT_EQ(first["id"], table.id(0));
  EXPECT_EQ(first["properties"]["measurements"]["HER2: Signals"], 3);
}

}  // namespace
}  // namespace her2
