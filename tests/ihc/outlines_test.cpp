// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/outlines.h"

#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "her2/core/spill_file.h"

namespace her2 {
namespace {

// Rings of a cell's size somewhere on a large slide, now and then an empty or an extreme one.
std::vector<CellOutline> made_up(std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::uint32_t n) { return static_cast<std::int32_t>(random() % n); };
  std::vector<CellOutline> out(count);
  for (CellOutline& one : out) {
    const SubPoint at{below(1U << 23U), below(1U << 23U)};
    const std::size_t points = below(50) == 0 ? 0 : 96;
    one.of_nucleus = points / 3;
    for (std::size_t i = 0; i < points; ++i) {
      one.points.push_back({at.x + below(1200) - 600, at.y + below(1200) - 600});
    }
    if (below(100) == 0) {
      one.points.push_back({std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()});
      one.points.push_back({std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()});
    }
  }
  return out;
}

Outlines packed(const std::vector<CellOutline>& rings) {
  Outlines out;
  for (const CellOutline& one : rings) {
    out.add(one.nucleus(), one.boundary());
  }
  return out;
}

void expect_same(const Outlines& read, const std::vector<CellOutline>& rings) {
  ASSERT_EQ(read.size(), rings.size());
  for (std::size_t i = 0; i < rings.size(); ++i) {
    const CellOutline one = read.read(i);
    ASSERT_EQ(one.of_nucleus, rings[i].of_nucleus) << i;
    ASSERT_EQ(one.points, rings[i].points) << i;
  }
  EXPECT_TRUE(read.whole());
}

TEST(Outlines, come_back_as_they_were) {
  const auto rings = made_up(3000, 1);
  Outlines outlines = packed(rings);
  expect_same(outlines, rings);
  outlines.close();
  expect_same(outlines, rings);
  EXPECT_EQ(Outlines().size(), 0U);
  EXPECT_TRUE(outlines == packed(rings));
  EXPECT_FALSE(outlines == packed(made_up(3000, 2)));
}

TEST(Outlines, copies_share_and_do_not_disturb_each_other) {
  const auto rings = made_up(200, 3);
  const auto more = made_up(200, 4);
  Outlines first = packed(rings);
  Outlines second = first;
  for (std::size_t i = 0; i < more.size(); ++i) {
    first.add(rings[i].nucleus(), rings[i].boundary());
    second.add(more[i].nucleus(), more[i].boundary());
  }
  auto both = rings;
  both.insert(both.end(), more.begin(), more.end());
  expect_same(second, both);
  both.resize(200);
  both.insert(both.end(), rings.begin(), rings.end());
  expect_same(first, both);
}

TEST(Outlines, of_several_tables_in_one_order) {
  std::vector<std::vector<CellOutline>> rings;
  std::vector<Outlines> parts;
  for (std::uint32_t p = 0; p < 5; ++p) {
    rings.push_back(made_up(400, p));
    parts.push_back(packed(rings.back()));
    parts.back().close();
  }
  std::vector<CellOutline> expected;
  Outlines all;
  for (std::size_t i = 0; i < 400; ++i) {
    for (std::size_t p = 0; p < parts.size(); ++p) {
      all.add_from(parts[(p * 3 + i) % 5], i);
      expected.push_back(rings[(p * 3 + i) % 5][i]);
    }
  }
  parts.clear();
  expect_same(all, expected);
}

// More than stays in memory, from several threads.
TEST(Outlines, leave_memory_when_there_are_many) {
  const auto rings = made_up(4000, 6);
  std::vector<Outlines> many(120);  // 1.6 MB each
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < many.size(); i += 4) {
        many[i] = packed(rings);
        many[i].close();
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (std::size_t i = 0; i < many.size(); i += 17) {
    expect_same(many[i], rings);
  }
}

TEST(SpillFile, says_what_it_lost) {
  const auto file = SpillFile::make();
  ASSERT_TRUE(file);
  const std::vector<std::uint8_t> bytes{1, 2, 3, 4};
  EXPECT_EQ(file->append(bytes), 0);
  EXPECT_EQ(file->append(bytes), 4);
  std::vector<std::uint8_t> back(3);
  file->read(5, back);
  EXPECT_EQ(back, (std::vector<std::uint8_t>{2, 3, 4}));
  EXPECT_TRUE(file->whole());
  file->read(7, back);
  EXPECT_EQ(back, (std::vector<std::uint8_t>{4, 0, 0}));
  EXPECT_FALSE(file->whole());
}

}  // namespace
}  // namespace her2
