// SPDX-License-Identifier: Apache-2.0
#include "progress_bar.h"

#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "common.h"

namespace her2::app {
namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

void ProgressBar::show(const WalkProgress& progress) {
  if (!shown_) {
    return;
  }
  const double now = seconds();
  if (progress.stage != stage_) {
    stage_ = progress.stage;
    begun_ = now;
  } else if (now - drawn_ < 0.1) {
    return;
  }
  drawn_ = now;
  const double share = progress.all > 0 ? progress.done / progress.all : 0;
  const double speed = now > begun_ ? progress.done / (now - begun_) : 0;
  constexpr int kWidth = 24;
  const int full = static_cast<int>(share * kWidth);
  std::string line =
      fmt::format("  {:<20} [{:=<{}}{: <{}}] {:3.0f} %", stage_, "", full, "", kWidth - full, share * 100);
  // What fits into one line: a second one could not be drawn over.
  const auto most = static_cast<std::size_t>(terminal_width() - 1);
  const auto add = [&](const std::string& more) {
    if (line.size() + more.size() <= most) {
      line += more;
    }
  };
  if (speed > 0) {
    add(fmt::format("  {:.0f} s left", (progress.all - progress.done) / speed));
  }
  if (progress.cells > 0) {
    add(fmt::format("  {} cells", progress.cells));
  }
  if (speed > 0) {
    add(fmt::format("  {:.1f} MPix/s", speed));
  }
  if (progress.all >= 2) {
    add(fmt::format("  {:.0f} of {:.0f} MPix", progress.done, progress.all));
  }
  fmt::print(stderr, "\r{:<{}}", line, width_);
  width_ = line.size();
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (shown_ && width_ > 0) {
    fmt::print(stderr, "\r{:<{}}\r", "", width_);
    std::fflush(stderr);
    width_ = 0;
  }
}

}  // namespace her2::app
