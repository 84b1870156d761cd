// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/slide/slide.h"

namespace her2 {

// Decoded tiles that several work areas share, so that each is decoded once while it is needed. Bounded: the tiles used
// longest ago go first. Thread-safe; a tile that one thread decodes is waited for by the others, not decoded twice.
class TileCache {
 public:
  // `slide` must outlive it. `budget` bounds the bytes of pixels held, beyond those in use.
  TileCache(const Slide& slide, int threads, std::size_t budget);
  ~TileCache();
  TileCache(const TileCache&) = delete;
  TileCache& operator=(const TileCache&) = delete;

  // A piece of a level into `out` (made box.width x box.height); outside of the level is white. `worker` is the
  // caller's number in [0, threads): each worker has a reader of its own.
  Result<void> read(int worker, int level, const Box& box, RgbImage& out);

  struct Counts {
    std::uint64_t decoded = 0, again = 0, absent = 0;  // tiles; `again`: of decoded, those not for the first time
    std::uint64_t pixels = 0;                          // decoded
  };
  [[nodiscard]] Counts counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace her2
