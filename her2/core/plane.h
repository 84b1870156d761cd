// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

namespace her2 {

// A rectangle of pixels, half open: x in [x, x + width). Which pixels (level 0, working pixels) is the context's to
// say.
struct Box {
  std::int64_t x = 0, y = 0, width = 0, height = 0;

  [[nodiscard]] std::int64_t right() const { return x + width; }
  [[nodiscard]] std::int64_t bottom() const { return y + height; }
  [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
  [[nodiscard]] bool contains(std::int64_t px, std::int64_t py) const {
    return px >= x && px < right() && py >= y && py < bottom();
  }
  // Grown by `by` pixels on every side.
  [[nodiscard]] Box grown(std::int64_t by) const { return {x - by, y - by, width + 2 * by, height + 2 * by}; }
  bool operator==(const Box&) const = default;
};

// What two boxes share; empty() when nothing.
Box intersection(const Box& a, const Box& b);

// Memory that holds nothing in particular until it is written: pages that nobody touches are never there.
template <class T>
struct Unset : std::allocator<T> {
  template <class U>
  struct rebind {            // NOLINT(readability-identifier-naming): the standard's names
    using other = Unset<U>;  // NOLINT(readability-identifier-naming)
  };
  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }
};

// One channel of an image: width x height values in rows without gaps. Owns its memory; resize() keeps it when it can.
template <class T>
class Plane {
 public:
  Plane() = default;
  Plane(int width, int height, T value = {}) { resize(width, height, value); }

  void resize(int width, int height, T value = {}) {
    width_ = width;
    height_ = height;
    data_.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), value);
  }
  // The same, for whoever writes every pixel: what is in it is not said.
  void reshape(int width, int height) {
    width_ = width;
    height_ = height;
    data_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  }

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] bool empty() const { return data_.empty(); }
  [[nodiscard]] T* row(int y) { return data_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_); }
  [[nodiscard]] const T* row(int y) const {
    return data_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
  }
  [[nodiscard]] T& at(int x, int y) { return row(y)[x]; }
  [[nodiscard]] const T& at(int x, int y) const { return row(y)[x]; }
  [[nodiscard]] bool inside(int x, int y) const { return x >= 0 && y >= 0 && x < width_ && y < height_; }
  [[nodiscard]] std::span<T> pixels() { return data_; }
  [[nodiscard]] std::span<const T> pixels() const { return data_; }

 private:
  int width_ = 0, height_ = 0;
  std::vector<T, Unset<T>> data_;
};

// 8-bit RGB, interleaved: pixel (x, y) is at row(y) + 3 * x.
class RgbImage {
 public:
  RgbImage() = default;
  RgbImage(int width, int height, std::uint8_t value = 255) { resize(width, height, value); }

  void resize(int width, int height, std::uint8_t value = 255) {
    width_ = width;
    height_ = height;
    data_.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, value);
  }
  // The same, for whoever writes every pixel: what is in it is not said.
  void reshape(int width, int height) {
    width_ = width;
    height_ = height;
    data_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  }
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] bool empty() const { return data_.empty(); }
  [[nodiscard]] std::size_t stride() const { return static_cast<std::size_t>(width_) * 3; }  // bytes
  [[nodiscard]] std::uint8_t* row(int y) { return data_.data() + static_cast<std::size_t>(y) * stride(); }
  [[nodiscard]] const std::uint8_t* row(int y) const { return data_.data() + static_cast<std::size_t>(y) * stride(); }
  [[nodiscard]] std::uint8_t* at(int x, int y) { return row(y) + static_cast<std::size_t>(x) * 3; }
  [[nodiscard]] const std::uint8_t* at(int x, int y) const { return row(y) + static_cast<std::size_t>(x) * 3; }
  [[nodiscard]] std::span<std::uint8_t> bytes() { return data_; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return data_; }

 private:
  int width_ = 0, height_ = 0;
  std::vector<std::uint8_t, Unset<std::uint8_t>> data_;
};

}  // namespace her2
