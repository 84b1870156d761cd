// SPDX-License-Identifier: Apache-2.0
#include "her2/core/parallel.h"

#include <atomic>
#include <new>
#include <vector>

#include <gtest/gtest.h>

namespace her2 {
namespace {

TEST(Parallel, every_item_is_done_once) {
  for (const int threads : {1, 2, 5}) {
    std::vector<std::atomic<int>> done(1000);
    const auto all = parallel_for(done.size(), threads, [&](std::size_t item, int worker) -> Result<void> {
      EXPECT_LT(worker, threads);
      ++done[item];
      return {};
    });
    EXPECT_TRUE(all);
    for (const auto& times : done) {
      ASSERT_EQ(times, 1);
    }
  }
}

TEST(Parallel, the_first_error_by_number_is_told) {
  for (const int threads : {1, 3}) {
    const auto all = parallel_for(1000, threads, [](std::size_t item, int) -> Result<void> {
      return item >= 40 ? Result<void>(fail("item " + std::to_string(item))) : Result<void>();
    });
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().reason, "item 40");
  }
}

TEST(Parallel, memory_that_runs_out_is_an_error) {
  for (const int threads : {1, 3}) {
    const auto all = parallel_for(5, threads, [](std::size_t item, int) -> Result<void> {
      return item == 2 ? throw std::bad_alloc() : Result<void>();
    });
    ASSERT_FALSE(all);
    EXPECT_NE(all.error().reason.find("not enough memory"), std::string::npos);
  }
}

TEST(Parallel, no_items_are_no_work) {
  EXPECT_TRUE(parallel_for(0, 4, [](std::size_t, int) -> Result<void> { return fail("called"); }));
  EXPECT_EQ(thread_count(3), 3);
  EXPECT_GE(thread_count(0), 1);
}

}  // namespace
}  // namespace her2
