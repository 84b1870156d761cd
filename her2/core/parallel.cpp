// SPDX-License-Identifier: Apache-2.0
#include "her2/core/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <vector>

namespace her2 {

Result<void> parallel_for(std::size_t items, int threads,
                          const std::function<Result<void>(std::size_t item, int worker)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::size_t failed_item = items;
  std::optional<Error> error;
  const auto guarded = [&](std::size_t item, int worker) -> Result<void> {
    try {
      return work(item, worker);
    } catch (const std::bad_alloc&) {
      return fail("there is not enough memory; fewer --threads need less");
    }
  };
  const auto run = [&](int worker) {
    for (std::size_t item = next++; item < items && !stop; item = next++) {
      if (auto done = guarded(item, worker); !done) {
        stop = true;
        const std::lock_guard lock(mutex);
        if (item < failed_item) {
          failed_item = item;
          error = std::move(done.error());
        }
      }
    }
  };
  std::vector<std::thread> others;
  const auto extra =
      std::min<std::size_t>(static_cast<std::size_t>(std::max(1, threads)), std::max<std::size_t>(1, items));
  for (std::size_t i = 1; i < extra; ++i) {
    others.emplace_back(run, static_cast<int>(i));
  }
  run(0);
  for (std::thread& thread : others) {
    thread.join();
  }
  if (error) {
    return tl::unexpected<Error>(std::move(*error));
  }
  return {};
}

int thread_count(int wanted) {
  if (wanted > 0) {
    return wanted;
  }
  cpu_set_t set;
  CPU_ZERO(&set);
  const int allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
  return allowed > 0 ? allowed : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace her2
