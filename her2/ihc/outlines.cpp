// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/outlines.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "her2/core/spill_file.h"

namespace her2 {
namespace {

// Seven bits a byte, the lowest first; the eighth says that there is more.
void pack(std::vector<std::uint8_t>& out, std::uint64_t value) {
  for (; value >= 128; value >>= 7) {
    out.push_back(static_cast<std::uint8_t>(value | 128));
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

// Small for steps of either direction.
void pack_step(std::vector<std::uint8_t>& out, std::int64_t step) {
  pack(out, (static_cast<std::uint64_t>(step) << 1) ^ (step < 0 ? ~std::uint64_t{0} : 0));
}

struct Unpacking {
  const std::uint8_t* at;
  const std::uint8_t* end;
  std::uint64_t value() {
    std::uint64_t out = 0;
    for (int shift = 0; at != end && shift < 64; shift += 7) {
      const std::uint8_t byte = *at++;
      out |= static_cast<std::uint64_t>(byte & 127) << shift;
      if (byte < 128) {
        break;
      }
    }
    return out;
  }
  std::int64_t step() {
    const std::uint64_t v = value();
    return static_cast<std::int64_t>((v >> 1) ^ (~(v & 1) + 1));
  }
};

std::atomic<std::size_t>& bytes_in_memory() {
  static std::atomic<std::size_t> bytes = 0;
  return bytes;
}

// The file that blocks go to now: one for all, made anew after the last block that was in it is gone.
std::shared_ptr<SpillFile> spill_file() {
  static std::mutex mutex;
  static std::weak_ptr<SpillFile> current;
  const std::lock_guard lock(mutex);
  auto file = current.lock();
  if (!file) {
    file = SpillFile::make();
    current = file;
  }
  return file;
}

}  // namespace

// Packed outlines one after the other: how many bytes follow, points of the nucleus, points of the boundary, steps from
// point to point.
class Outlines::Block {
 public:
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { bytes_in_memory() -= counted_; }

  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  std::uint32_t add(std::span<const std::uint8_t> cell) {
    const auto from = static_cast<std::uint32_t>(bytes_.size());
    pack(bytes_, cell.size());
    bytes_.insert(bytes_.end(), cell.begin(), cell.end());
    return from;
  }
  void close() {
    open_ = false;
    if (bytes_in_memory() + bytes_.size() > kInMemory) {
      if (auto file = spill_file(); file) {
        if (const std::int64_t from = file->append(bytes_); from >= 0) {
          file_ = std::move(file);
          from_ = from;
          length_ = bytes_.size();
          bytes_ = {};
          return;
        }
      }
    }
    bytes_.shrink_to_fit();
    counted_ = bytes_.size();
    bytes_in_memory() += counted_;
  }
  // The cell that begins at `from`, without its length.
  std::span<const std::uint8_t> read(std::uint32_t from, std::vector<std::uint8_t>& room) const {
    if (!file_) {
      Unpacking in{bytes_.data() + from, bytes_.data() + bytes_.size()};
      const std::uint64_t length = in.value();
      return {in.at, static_cast<std::size_t>(length)};
    }
    constexpr std::size_t kUsual = 512;
    room.resize(std::min(kUsual, length_ - from));
    file_->read(from_ + from, room);
    Unpacking in{room.data(), room.data() + room.size()};
    const std::uint64_t length = in.value();
    const auto begin = static_cast<std::size_t>(in.at - room.data());
    const auto whole = static_cast<std::size_t>(std::min<std::uint64_t>(begin + length, length_ - from));
    if (whole > room.size()) {
      room.resize(whole);
      file_->read(from_ + from, room);
    }
    return std::span<const std::uint8_t>(room).subspan(begin, whole - begin);
  }
  [[nodiscard]] bool whole() const { return !file_ || file_->whole(); }

 private:
  bool open_ = true;
  std::vector<std::uint8_t> bytes_;
  std::size_t counted_ = 0;
  std::shared_ptr<SpillFile> file_;
  std::int64_t from_ = 0;
  std::size_t length_ = 0;
};

void Outlines::add(std::span<const SubPoint> nucleus, std::span<const SubPoint> boundary) {
  std::vector<std::uint8_t> cell;
  cell.reserve(4 * (nucleus.size() + boundary.size()) + 16);
  pack(cell, nucleus.size());
  pack(cell, boundary.size());
  SubPoint last{};
  for (const auto& ring : {nucleus, boundary}) {
    for (const SubPoint p : ring) {
      pack_step(cell, std::int64_t{p.x} - last.x);
      pack_step(cell, std::int64_t{p.y} - last.y);
      last = p;
    }
  }
  // What another table shares is not added to.
  if (blocks_.empty() || !blocks_.back()->open() || blocks_.back().use_count() > 1) {
    blocks_.push_back(std::make_shared<Block>());
  }
  const std::uint32_t from = blocks_.back()->add(cell);
  places_.push_back({static_cast<std::uint32_t>(blocks_.size() - 1), from});
  if (blocks_.back()->size() >= kBlock) {
    blocks_.back()->close();
  }
}

void Outlines::add_from(const Outlines& from, std::size_t cell) {
  const Place& place = from.places_[cell];
  const auto& block = from.blocks_[place.block];
  if (shared_ >= blocks_.size() || blocks_[shared_] != block) {
    // Newest first: cells come from a few tables in turns.
    const auto found = std::find(blocks_.rbegin(), blocks_.rend(), block);
    if (found == blocks_.rend()) {
      blocks_.push_back(block);
      shared_ = static_cast<std::uint32_t>(blocks_.size() - 1);
    } else {
      shared_ = static_cast<std::uint32_t>(blocks_.rend() - found - 1);
    }
  }
  places_.push_back({shared_, place.from});
}

void Outlines::close() {
  if (!blocks_.empty() && blocks_.back()->open() && blocks_.back().use_count() == 1) {
    blocks_.back()->close();
  }
}

CellOutline Outlines::read(std::size_t cell) const {
  const Place& place = places_[cell];
  std::vector<std::uint8_t> room;
  const auto bytes = blocks_[place.block]->read(place.from, room);
  Unpacking in{bytes.data(), bytes.data() + bytes.size()};
  // Two bytes a point at least, so a file that fails cannot ask for more than it has.
  const std::uint64_t most = bytes.size() / 2;
  CellOutline out;
  out.of_nucleus = static_cast<std::size_t>(std::min(in.value(), most));
  out.points.resize(out.of_nucleus + static_cast<std::size_t>(std::min(in.value(), most - out.of_nucleus)));
  SubPoint last{};
  for (SubPoint& p : out.points) {
    p.x = static_cast<std::int32_t>(last.x + in.step());
    p.y = static_cast<std::int32_t>(last.y + in.step());
    last = p;
  }
  return out;
}

bool Outlines::whole() const {
  return std::all_of(blocks_.begin(), blocks_.end(), [](const auto& block) { return block->whole(); });
}

bool Outlines::operator==(const Outlines& other) const {
  if (size() != other.size()) {
    return false;
  }
  for (std::size_t i = 0; i < size(); ++i) {
    const CellOutline a = read(i);
    const CellOutline b = other.read(i);
    if (a.of_nucleus != b.of_nucleus || a.points != b.points) {
      return false;
    }
  }
  return true;
}

}  // namespace her2
