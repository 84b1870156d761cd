// SPDX-License-Identifier: Apache-2.0
#include "her2/core/embedded.h"
#include "tests/places.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace her2 {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Embedded, HoldsEveryFileByteForByte) {
  const std::filesystem::path source = test::source_folder();
  const auto names = embedded_names("");
  ASSERT_FALSE(names.empty());
  for (const auto name : names) {
    const auto bytes = embedded_file(name);
    ASSERT_TRUE(bytes) << name;
    EXPECT_EQ(*bytes, bytes_of(source / name)) << name;
  }
}

TEST(Embedded, ListsFoldersInOrder) {
  const auto names = embedded_names("guidelines");
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_NE(std::ranges::find(names, "guidelines/facts.toml"), names.end());
  EXPECT_EQ(embedded_names("guidelines/"), names);
}

TEST(Embedded, HasNothingElse) {
  EXPECT_TRUE(embedded_names("guide").empty());  // a part of a name is no folder
  EXPECT_TRUE(embedded_names("guidelines/facts.toml").empty());
  EXPECT_TRUE(embedded_names("nowhere").empty());
  EXPECT_FALSE(embedded_file(""));
  EXPECT_FALSE(embedded_file("guidelines"));
  EXPECT_FALSE(embedded_file("guidelines/facts.tom"));
  EXPECT_FALSE(embedded_file("../guidelines/facts.toml"));
}

}  // namespace
}  // namespace her2
