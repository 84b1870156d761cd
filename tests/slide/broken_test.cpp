// SPDX-License-Identifier: Apache-2.0
// tests/broken/slides holds one small file for each fault; tests/broken/slides.tsv says which sentence each must bring.
// With HER2_WRITE_BROKEN set, both are first written anew from broken_files.cpp, and the fuzz corpus from
// sound_files.cpp.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "broken_files.h"
#include "fixture.h"
#include "make_files.h"
#include "tests/places.h"

namespace her2::test {
namespace {

std::filesystem::path folder() { return std::filesystem::path(source_folder()) / "tests/broken/slides"; }
std::filesystem::path table() { return std::filesystem::path(source_folder()) / "tests/broken/slides.tsv"; }

std::vector<BrokenFile> made() {
  auto out = broken_tiffs();
  for (const auto& more : {broken_dicoms(), broken_images()}) {
    out.insert(out.end(), more.begin(), more.end());
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

void write_all() {
  std::filesystem::remove_all(folder());
  std::filesystem::create_directories(folder());
  std::ofstream lines(table());
  lines << "file\tsentence\n";
  for (const auto& file : made()) {
    std::ofstream(folder() / file.name, std::ios::binary) << file.bytes;
    lines << file.name << '\t' << file.sentence << '\n';
  }
  for (const auto& file : sound_files()) {
    const auto path = std::filesystem::path(source_folder()) / "fuzz/corpus" / file.name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << file.bytes;
  }
}

TEST(BrokenSlides, EachBringsItsSentence) {
  if (std::getenv("HER2_WRITE_BROKEN") != nullptr) {
    write_all();
  }
  std::ifstream lines(table());
  std::string line;
  std::getline(lines, line);
  std::vector<std::string> names;
  while (std::getline(lines, line)) {
    const auto tab = line.find('\t');
    names.push_back(line.substr(0, tab));
    const auto path = (folder() / names.back()).string();
    const auto said = complaint(path);
    EXPECT_NE(said, "") << names.back();
    EXPECT_NE(said.find(line.substr(tab + 1)), std::string::npos) << names.back() << ": " << said;
    EXPECT_TRUE(said.starts_with(path + ": ")) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
    EXPECT_LT(said.size() - path.size(), 300U) << said;
    if (std::getenv("HER2_WRITE_BROKEN") != nullptr) {
      std::printf("%s\n", said.c_str());
    }
  }
  const auto files = made();
  EXPECT_EQ(names.size(), files.size());
  for (const auto& file : files) {
    EXPECT_EQ(std::count(names.begin(), names.end(), file.name), 1) << file.name;
  }
}

TEST(BrokenSlides, SoundOnesOpen) {
  const Folder out;
  for (const auto& file : sound_files()) {
    EXPECT_EQ(complaint(out.write("sound", file.bytes)), "") << file.name;
  }
}

// Wherever a file is cut, or a byte of it is changed, it opens or says why not; nothing else.
TEST(BrokenSlides, CutAnywhere) {
  const Folder out;
  for (const auto& file : made()) {
    for (std::size_t length = 1; length < file.bytes.size(); length += 499) {
      (void)complaint(out.write("cut", file.bytes.substr(0, length)));
    }
  }
}

}  // namespace
}  // namespace her2::test
