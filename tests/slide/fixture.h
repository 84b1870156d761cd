// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "her2/slide/slide.h"

namespace her2::test {

inline std::unique_ptr<Slide> open(const std::string& path) {
  auto slide = open_slide(path);
  EXPECT_TRUE(slide) << slide.error().text();
  return slide ? std::move(*slide) : nullptr;
}

inline RgbImage whole(const Slide& slide, int level = 0) {
  const auto& shape = slide.info().levels.at(static_cast<std::size_t>(level));
  RgbImage out;
  auto reader = slide.reader();
  EXPECT_TRUE(reader);
  const auto read = read_region(**reader, slide.info(), level, {0, 0, shape.width, shape.height}, out);
  EXPECT_TRUE(read) << read.error().text();
  return out;
}

// The largest difference of a channel; a difference of size fails the test.
inline int worst(const RgbImage& a, const RgbImage& b) {
  EXPECT_EQ(a.width(), b.width());
  EXPECT_EQ(a.height(), b.height());
  int out = 0;
  for (std::size_t i = 0; i < std::min(a.bytes().size(), b.bytes().size()); ++i) {
    out = std::max(out, std::abs(a.bytes()[i] - b.bytes()[i]));
  }
  return out;
}

// Opens a slide and reads all of its tiles; the sentence of the first error, or "" when all is well.
inline std::string complaint(const std::string& path) {
  const auto slide = open_slide(path);
  if (!slide) {
    return slide.error().text();
  }
  auto reader = (*slide)->reader();
  if (!reader) {
    return reader.error().text();
  }
  RgbImage tile;
  const auto& levels = (*slide)->info().levels;
  for (std::size_t level = 0; level < levels.size(); ++level) {
    for (std::int64_t i = 0; i < levels[level].tiles_across * levels[level].tiles_down; ++i) {
      const auto read = (*reader)->read(static_cast<int>(level), i % levels[level].tiles_across,
                                        i / levels[level].tiles_across, tile);
      if (!read) {
        return read.error().text();
      }
    }
  }
  return {};
}

}  // namespace her2::test
