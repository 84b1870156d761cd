// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace her2 {

// 64 bits that stand for an id. Two different ids of ten million meet by chance once in 300,000 tables.
[[nodiscard]] std::uint64_t hash_id(std::string_view id) noexcept;

// Ids that were seen, by hash: 16 to 32 bytes an id. One thread; feed it in the order of the rows, so that the first of
// equal ids is the one that stays.
class IdSet {
 public:
  // Adds the ids; sets repeated[i] (0 or 1) where hashes[i] was there before. As long as `hashes`.
  void add(std::span<const std::uint64_t> hashes, std::span<std::uint8_t> repeated);
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  bool add_one(std::uint64_t hash);
  void grow(std::size_t ids);

  std::vector<std::uint64_t> slots_;  // 0: empty; a power of two, at most half full
  std::size_t size_ = 0;
};

}  // namespace her2
