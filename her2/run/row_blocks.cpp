// SPDX-License-Identifier: Apache-2.0
#include "her2/run/row_blocks.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace her2 {
namespace {

class Line {
 public:
  Line(BlockReader& reader, OutputFile& out) : reader_(reader), out_(out) {}

  void run(RowBlockWorker& worker) {
    Block block;
    std::uint64_t turn = 0;
    for (std::optional<Error> wrong; take(block, turn, wrong);) {
      Result<void> done = wrong ? Result<void>(tl::unexpected(*wrong)) : worker.work(block);
      if (!hand_in(worker, turn, std::move(done))) {
        return;
      }
    }
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  // The next block and its number; false: there is none. A failure to read is handed in like a block.
  bool take(Block& block, std::uint64_t& turn, std::optional<Error>& wrong) {
    const std::lock_guard lock(reading_);
    if (no_more_) {
      return false;
    }
    const auto more = reader_.next(block);
    no_more_ = !more.value_or(false);
    if (!more) {
      wrong = more.error();
    } else if (!*more) {
      return false;
    }
    turn = taken_++;
    return true;
  }

  bool hand_in(RowBlockWorker& worker, std::uint64_t turn, Result<void> done) {
    std::unique_lock lock(writing_);
    changed_.wait(lock, [&] { return next_ == turn || error_; });
    if (error_) {
      return false;
    }
    if (done) {
      done = worker.hand_in(out_);
    }
    if (!done) {
      error_ = done.error();
    }
    ++next_;
    changed_.notify_all();
    return done.has_value();
  }

  BlockReader& reader_;
  OutputFile& out_;
  std::mutex reading_;  // for reader_ and these two
  bool no_more_ = false;
  std::uint64_t taken_ = 0;
  std::mutex writing_;  // for the rest
  std::condition_variable changed_;
  std::uint64_t next_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<void> work_in_order(BlockReader& reader, OutputFile& out, unsigned threads,
                           const std::function<std::unique_ptr<RowBlockWorker>()>& make_worker) {
  Line line(reader, out);
  std::vector<std::unique_ptr<RowBlockWorker>> workers;
  for (unsigned i = 0; i < std::max(1U, threads); ++i) {
    workers.push_back(make_worker());
  }
  std::vector<std::thread> running;
  for (std::size_t i = 1; i < workers.size(); ++i) {
    running.emplace_back([&line, worker = workers[i].get()] { line.run(*worker); });
  }
  line.run(*workers.front());
  for (auto& thread : running) {
    thread.join();
  }
  if (line.error()) {
    return tl::unexpected(*line.error());
  }
  return {};
}

}  // namespace her2
