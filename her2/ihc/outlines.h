// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "her2/core/polygon.h"

namespace her2 {

// One cell's two rings, level 0.
struct CellOutline {
  std::vector<SubPoint> points;  // of the nucleus, then of the boundary
  std::size_t of_nucleus = 0;    // how many are the nucleus's
  [[nodiscard]] std::span<const SubPoint> nucleus() const { return std::span(points).first(of_nucleus); }
  [[nodiscard]] std::span<const SubPoint> boundary() const { return std::span(points).subspan(of_nucleus); }
};

// The outlines of a slide's cells, packed without loss, and out of memory once there are many: a large section has
// millions, of which each would take a kilobyte. Copies share what is packed. One thread at a time may add; any number
// may read what is no longer added to.
class Outlines {
 public:
  void add(std::span<const SubPoint> nucleus, std::span<const SubPoint> boundary);
  // Shares the other's memory, or its part of the temporary file.
  void add_from(const Outlines& from, std::size_t cell);
  // Nothing more is added for now: what is packed may leave memory, when all together have more than kInMemory.
  void close();

  [[nodiscard]] std::size_t size() const { return places_.size(); }
  void reserve(std::size_t cells) { places_.reserve(cells); }
  [[nodiscard]] CellOutline read(std::size_t cell) const;
  // False when the temporary file failed, so that what was read was not what was added.
  [[nodiscard]] bool whole() const;
  bool operator==(const Outlines& other) const;  // the same rings

  static constexpr std::size_t kInMemory = std::size_t{64} << 20;  // bytes, of the whole process
  static constexpr std::size_t kBlock = std::size_t{256} << 10;    // packed at once; no cell is in two

 private:
  class Block;
  struct Place {
    std::uint32_t block = 0, from = 0;
  };
  std::vector<std::shared_ptr<Block>> blocks_;
  std::vector<Place> places_;
  std::uint32_t shared_ = 0;  // block that the last cell taken from another table went to
};

}  // namespace her2
