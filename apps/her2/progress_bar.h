// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "her2/assay/slide_walk.h"

namespace her2::app {

// One line that is drawn again and again: stage, share, speed, time left. Nothing when it is not `shown`.
class ProgressBar {
 public:
  explicit ProgressBar(bool shown) : shown_(shown) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const WalkProgress& progress);
  void clear();

 private:
  bool shown_;
  std::string stage_;
  double begun_ = 0, drawn_ = 0;
  std::size_t width_ = 0;
};

}  // namespace her2::app
