// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/id_set.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace her2 {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t hash_id(std::string_view id) noexcept {
  constexpr std::uint64_t kFirst = 0xA0761D6478BD642FU;
  constexpr std::uint64_t kSecond = 0xE7037ED1A0B428DBU;
  std::uint64_t state = kFirst ^ id.size();
  while (id.size() > 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, id.data(), 8);
    state = mix(state ^ word, kSecond) + kFirst;
    id.remove_prefix(8);
  }
  std::uint64_t word = 0;
  for (const char c : id) {  // at most eight
    word = word << 8 | static_cast<unsigned char>(c);
  }
  const std::uint64_t hash = mix(mix(state ^ word, kSecond), kFirst ^ state);
  return hash == 0 ? 1 : hash;  // 0 marks an empty slot
}

void IdSet::add(std::span<const std::uint64_t> hashes, std::span<std::uint8_t> repeated) {
  assert(hashes.size() == repeated.size());
  grow(size_ + hashes.size());
  constexpr std::size_t kAhead = 16;  // the table does not fit a cache: ask for its lines early
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (i + kAhead < hashes.size()) {
      __builtin_prefetch(&slots_[hashes[i + kAhead] & (slots_.size() - 1)], 1);
    }
    repeated[i] = add_one(hashes[i]) ? 0 : 1;
  }
}

bool IdSet::add_one(std::uint64_t hash) {
  for (std::uint64_t at = hash;; ++at) {
    std::uint64_t& slot = slots_[at & (slots_.size() - 1)];
    if (slot == hash) {
      return false;
    }
    if (slot == 0) {
      slot = hash;
      ++size_;
      return true;
    }
  }
}

void IdSet::grow(std::size_t ids) {
  if (slots_.size() >= 2 * ids && !slots_.empty()) {
    return;
  }
  const auto old = std::move(slots_);
  slots_.assign(std::bit_ceil(std::max<std::size_t>(1024, 2 * ids)), 0);
  size_ = 0;
  for (const auto hash : old) {
    if (hash != 0) {
      add_one(hash);
    }
  }
}

}  // namespace her2
