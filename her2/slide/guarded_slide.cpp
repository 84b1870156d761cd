// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/guarded_slide.h"

#include <exception>
#include <new>
#include <utility>

#include <fmt/format.h>

namespace her2 {
namespace {

class GuardedReader : public TileReader {
 public:
  GuardedReader(std::unique_ptr<TileReader> reader, const SlideInfo& info) : reader_(std::move(reader)), info_(info) {}

  Result<bool> read(int level, std::int64_t column, std::int64_t row, RgbImage& rgb) override {
    const auto place = [&] { return fmt::format("level {}, tile ({}, {})", level, column, row); };
    try {
      return reader_->read(level, column, row, rgb);
    } catch (const std::bad_alloc&) {
      return fail("there is not enough memory to decode it", place(), info_.path);
    } catch (const std::exception& error) {
      return fail(fmt::format("it cannot be decoded: {}", error.what()), place(), info_.path);
    }
  }

 private:
  std::unique_ptr<TileReader> reader_;
  const SlideInfo& info_;
};

class GuardedSlide : public Slide {
 public:
  explicit GuardedSlide(std::unique_ptr<Slide> slide) : slide_(std::move(slide)) {}
  [[nodiscard]] const SlideInfo& info() const override { return slide_->info(); }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override {
    try {
      auto made = slide_->reader();
      if (!made) {
        return made;
      }
      return std::make_unique<GuardedReader>(std::move(*made), slide_->info());
    } catch (const std::exception& error) {
      return fail(fmt::format("cannot be read: {}", error.what()), {}, info().path);
    }
  }

 private:
  std::unique_ptr<Slide> slide_;
};

}  // namespace

std::unique_ptr<Slide> guarded(std::unique_ptr<Slide> slide) {
  return std::make_unique<GuardedSlide>(std::move(slide));
}

}  // namespace her2
