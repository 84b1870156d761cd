// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tile_cache.h"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "her2/core/plane.h"
#include "her2/slide/region.h"

namespace her2 {
namespace {

struct Key {
  int level = 0;
  std::int64_t column = 0, row = 0;
  bool operator==(const Key&) const = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    std::uint64_t mixed = static_cast<std::uint64_t>(key.level) * 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ static_cast<std::uint64_t>(key.column)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ static_cast<std::uint64_t>(key.row)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>(mixed ^ (mixed >> 31U));
  }
};

// A tile, decoded or about to be. Guarded by the cache's mutex until it is ready; then its pixels do not change.
struct Entry {
  RgbImage pixels;
  bool ready = false;
  std::optional<Error> error;
};

using Held = std::shared_ptr<Entry>;

}  // namespace

struct TileCache::State {
  struct Slot {
    Held entry;
    std::list<Key>::iterator age;
  };

  State(const Slide& from, int threads, std::size_t bytes)
      : slide(from), readers(static_cast<std::size_t>(std::max(1, threads))), budget(bytes) {
    for (const auto& level : slide.info().levels) {
      seen.emplace_back(static_cast<std::size_t>(level.tiles_across * level.tiles_down));
    }
  }

  // The tile, decoded by this worker or by another that was there first.
  Result<Held> get(int worker, const Key& key) {
    std::unique_lock lock(mutex);
    if (const auto found = slots.find(key); found != slots.end()) {
      ages.splice(ages.begin(), ages, found->second.age);
      const Held entry = found->second.entry;
      changed.wait(lock, [&] { return entry->ready || entry->error; });
      return entry->error ? Result<Held>(tl::unexpected(*entry->error)) : entry;
    }
    const Held entry = std::make_shared<Entry>();
    if (!spare.empty()) {
      entry->pixels = std::move(spare.back());
      spare.pop_back();
    }
    ages.push_front(key);
    slots.emplace(key, Slot{entry, ages.begin()});
    lock.unlock();
    auto done = decode(worker, key, entry->pixels);
    lock.lock();
    if (!done) {
      entry->error = done.error();
      ages.erase(slots.at(key).age);
      slots.erase(key);
    } else {
      entry->ready = true;
      count(key, *done, entry->pixels);
      held += entry->pixels.bytes().size();
      make_room();
    }
    changed.notify_all();
    return entry->error ? Result<Held>(tl::unexpected(*entry->error)) : entry;
  }

  Result<bool> decode(int worker, const Key& key, RgbImage& pixels) {
    auto& reader = readers.at(static_cast<std::size_t>(worker));
    if (!reader) {
      auto made = slide.reader();
      if (!made) {
        return tl::unexpected(made.error());
      }
      reader = std::move(*made);
    }
    return reader->read(key.level, key.column, key.row, pixels);
  }

  void count(const Key& key, bool present, const RgbImage& pixels) {
    const auto level = static_cast<std::size_t>(key.level);
    auto&& mark = seen[level][static_cast<std::size_t>(key.row * slide.info().levels[level].tiles_across + key.column)];
    if (!present) {
      counts.absent += mark ? 0U : 1U;
    } else {
      ++counts.decoded;
      counts.again += mark ? 1U : 0U;
      counts.pixels += pixels.bytes().size() / 3;
    }
    mark = true;
  }

  // Lets go of the tiles used longest ago; those in use stay alive with whoever uses them.
  void make_room() {
    for (auto age = ages.end(); held > budget && age != ages.begin();) {
      --age;
      const auto found = slots.find(*age);
      if (!found->second.entry->ready) {
        continue;
      }
      held -= found->second.entry->pixels.bytes().size();
      constexpr std::size_t kSpare = 64;
      if (found->second.entry.use_count() == 1 && spare.size() < kSpare) {
        spare.push_back(std::move(found->second.entry->pixels));
      }
      slots.erase(found);
      age = ages.erase(age);
    }
  }

  const Slide& slide;
  std::vector<std::unique_ptr<TileReader>> readers;  // by worker
  std::size_t budget;
  std::mutex mutex;  // of everything below; not held while a tile is decoded or copied
  std::condition_variable changed;
  std::unordered_map<Key, Slot, KeyHash> slots;
  std::list<Key> ages;  // the latest used first
  std::size_t held = 0;
  std::vector<RgbImage> spare;  // memory of tiles that went
  std::vector<std::vector<bool>> seen;
  Counts counts;
};

TileCache::TileCache(const Slide& slide, int threads, std::size_t budget)
    : state_(std::make_unique<State>(slide, threads, budget)) {}

TileCache::~TileCache() = default;

Result<void> TileCache::read(int worker, int level, const Box& box, RgbImage& out) {
  const SlideInfo& info = state_->slide.info();
  const SlideLevel& shape = info.levels.at(static_cast<std::size_t>(level));
  if (auto fits = prepare_region(info, shape, box, out); !fits) {
    return fits;
  }
  return assemble(shape, box, out,
                  [&](std::int64_t column, std::int64_t row) -> Result<std::shared_ptr<const RgbImage>> {
                    const auto tile = state_->get(worker, {level, column, row});
                    if (!tile) {
                      return tl::unexpected(tile.error());
                    }
                    return std::shared_ptr<const RgbImage>(*tile, &(*tile)->pixels);
                  });
}

TileCache::Counts TileCache::counts() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counts;
}

}  // namespace her2
