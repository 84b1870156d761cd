// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <memory>

#include "her2/phantom/phantom.h"
#include "her2/slide/slide.h"

namespace her2::test {

// A phantom as a slide, rendered when it is read: one level, tiles of any size.
class PhantomSlide : public Slide {
 public:
  PhantomSlide(const PhantomSpec& spec, int tile) : phantom_(Phantom::make(spec).value()) {
    SlideLevel level;
    level.width = spec.width;
    level.height = spec.height;
    level.tile_width = level.tile_height = tile;
    level.tiles_across = (spec.width + tile - 1) / tile;
    level.tiles_down = (spec.height + tile - 1) / tile;
    info_.path = "phantom";
    info_.format = "phantom";
    info_.levels = {level};
    info_.mpp_x = info_.mpp_y = spec.mpp;
    info_.mpp_source = "phantom";
  }

  [[nodiscard]] const SlideInfo& info() const override { return info_; }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override { return std::make_unique<Reader>(*this); }
  [[nodiscard]] const Phantom& phantom() const { return phantom_; }

 private:
  class Reader : public TileReader {
   public:
    explicit Reader(const PhantomSlide& slide) : slide_(slide) {}
    Result<bool> read(int level, std::int64_t column, std::int64_t row, RgbImage& rgb) override {
      slide_.phantom_.render(slide_.info_.levels[static_cast<std::size_t>(level)].tile_box(column, row), rgb);
      return true;
    }

   private:
    const PhantomSlide& slide_;
  };

  Phantom phantom_;
  SlideInfo info_;
};

}  // namespace her2::test
