// SPDX-License-Identifier: Apache-2.0
// What a person changes in QuPath comes back as edits, and nothing else does.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include <unistd.h>

#include "her2/cellfile/ish_edits_geojson.h"
#include "her2/cellfile/ish_geojson.h"

namespace her2 {
namespace {

using nlohmann::json;

// Three nuclei side by side: counted with a cluster, rejected at the border, counted.
NucleusTable three_nuclei() {
  NucleusTable table;
  table.fields.resize(1);
  table.fields[0].sha256 = "aa";
  table.areas = {""};
  for (int i = 0; i < 3; ++i) {
    const std::int32_t left = i * 1000;
    const Contour square{{left, 0}, {left + 640, 0}, {left + 640, 640}, {left, 640}};
    IshNucleus nucleus;
    nucleus.centroid = {left + 320, 320};
    nucleus.verdict = i == 1 ? NucleusVerdict::border : NucleusVerdict::accepted;
    nucleus.counts[0].clear = 1;
    nucleus.counts[0].doubtful = 1;
    nucleus.counts[1].clear = 2;
    std::vector<IshSignal> signals{{IshChannel::her2, SignalState::clear, false, 90, 80, 100, 0, {left + 100, 48}},
                                   {IshChannel::her2, SignalState::doubtful, false, 40, 30, 50, 0, {left + 200, 200}},
                                   {IshChannel::cep17, SignalState::clear, false, 90, 80, 100, 0, {left + 320, 48}},
                                   {IshChannel::cep17, SignalState::clear, false, 90, 80, 100, 0, {left + 400, 48}}};
    if (i == 0) {
      nucleus.counts[0].cluster.integrated = 740;
      nucleus.counts[0].cluster.greedy = 660;
      signals.push_back({IshChannel::her2, SignalState::clear, true, 90, 80, 100, 0, {left + 500, 500}});
    }
    table.add(nucleus, signals, square);
  }
  table.signals.push_back({IshChannel::her2, SignalState::unassigned, false, 80, 70, 90, 0, {650, 100}});
  return table;
}

json drawn(const NucleusTable& table) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("her2-ish-edits-test-" + std::to_string(::getpid()) + ".geojson"))
          .string();
  EXPECT_TRUE(write_ish_geojson(table, 0, path));
  json out{{"type", "FeatureCollection"}, {"features", json::array()}};
  auto input = file_input(path);
  EXPECT_TRUE(input);
  EXPECT_TRUE(read_features(*input, [&](json feature, std::size_t) -> Result<void> {
    out["features"].push_back(std::move(feature));
    return {};
  }));
  std::filesystem::remove(path);
  return out;
}

Result<std::vector<IshEdit>> edits_of(const json& file) {
  const std::string text = file.dump();
  return parse_ish_geojson_edits(memory_input(text), "f.geojson", "A. Reader");
}

bool is(const json& feature, const std::string& name, int x) {
  return feature["geometry"]["type"] == "Point" && feature["properties"]["classification"]["names"] == json{name} &&
         feature["geometry"]["coordinates"][0].get<double>() * 32 == x;
}

json& nucleus(json& file, const NucleusTable& table, std::size_t i) {
  for (json& feature : file["features"]) {
    if (feature.value("id", "") == table.id(i)) {
      return feature;
    }
  }
  throw std::runtime_error("no such nucleus");
}

TEST(IshGeojsonEdits, WhatNobodyChangedIsNoEdit) {
  const auto edits = edits_of(drawn(three_nuclei()));
  ASSERT_TRUE(edits) << edits.error().text();
  EXPECT_TRUE(edits->empty());
}

TEST(IshGeojsonEdits, AcceptedRejectedRecounted) {
  const NucleusTable table = three_nuclei();
  json file = drawn(table);
  nucleus(file, table, 1)["properties"]["classification"] = {{"name", "Counted"}};
  nucleus(file, table, 2)["properties"]["classification"] = {{"names", {"Ignore*", "overlap"}}};
  auto& features = file["features"];
  features.erase(std::find_if(features.begin(), features.end(), [](const json& f) { return is(f, "CEP17", 320); }));
  features.push_back({{"type", "Feature"},
                      {"geometry", {{"type", "MultiPoint"}, {"coordinates", {{1.0, 2.0}, {2.0, 3.0}, {99.0, 99.0}}}}},
                      {"properties", {{"objectType", "annotation"}, {"classification", {{"name", "HER2"}}}}}});
  const auto edits = edits_of(file);
  ASSERT_TRUE(edits) << edits.error().text();
  ASSERT_EQ(edits->size(), 3U);
  EXPECT_EQ((*edits)[0].action, IshEdit::Action::recount);
  EXPECT_EQ((*edits)[0].her2, 1 + 2 + 7) << "its dot, two that were set, the cluster's estimate";
  EXPECT_EQ((*edits)[0].cep17, 1);
  EXPECT_EQ((*edits)[0].author, "A. Reader");
  EXPECT_EQ((*edits)[1].action, IshEdit::Action::accept);
  EXPECT_EQ((*edits)[2].action, IshEdit::Action::reject);
  EXPECT_EQ((*edits)[2].reason, NucleusVerdict::overlap);
  const auto changed = with_edits(table, *edits);
  ASSERT_TRUE(changed) << changed.error().text();
  EXPECT_EQ(changed->nuclei[0].counts[0].clear, 10);
  const auto again = edits_of(drawn(*changed));  // drawn anew, they are no longer changes
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE(again->empty());
}

TEST(IshGeojsonEdits, ADoubtfulSignalMadeClearAndAClusterTakenOut) {
  const NucleusTable table = three_nuclei();
  json file = drawn(table);
  json kept = json::array();
  for (json& feature : file["features"]) {
    const json names = feature["properties"]["classification"]["names"];  // a copy: the class is given anew below
    if (names == json{"HER2", "Doubtful"} && feature["geometry"]["coordinates"][0].get<double>() * 32 == 2200) {
      feature["properties"]["classification"] = {{"name", "HER2"}};
    }
    if (names != json{"HER2", "Cluster"}) {
      kept.push_back(feature);
    }
  }
  file["features"] = kept;
  const auto edits = edits_of(file);
  ASSERT_TRUE(edits) << edits.error().text();
  ASSERT_EQ(edits->size(), 2U);
  EXPECT_EQ((*edits)[0].her2, 1);
  EXPECT_EQ((*edits)[1].her2, 2);
  EXPECT_EQ((*edits)[1].cep17, 2);
}

TEST(IshGeojsonEdits, OneSentenceForWhatCannotBe) {
  const NucleusTable table = three_nuclei();
  const auto wrong = [&](const std::function<void(json&)>& spoil) {
    json file = drawn(table);
    spoil(file);
    const auto edits = edits_of(file);
    return edits ? std::string("read") : edits.error().text();
  };
  EXPECT_NE(wrong([&](json& f) { nucleus(f, table, 0)["properties"].erase("metadata"); }).find("has lost its id"),
            std::string::npos);
  EXPECT_NE(wrong([&](json& f) {
              nucleus(f, table, 0)["properties"]["classification"] = {{"name", "Stroma"}};
            }).find("has the class Stroma, which is not known"),
            std::string::npos);
  EXPECT_NE(wrong([&](json& f) { f["features"].push_back(nucleus(f, table, 0)); }).find("stands twice"),
            std::string::npos);
  EXPECT_NE(wrong([](json& f) { f["features"].clear(); }).find("holds no nucleus"), std::string::npos);
}

}  // namespace
}  // namespace her2
