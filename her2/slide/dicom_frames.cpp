// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/dicom_frames.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr std::uint32_t kPixelData = 0x7FE00010;
constexpr std::uint32_t kItem = 0xFFFEE000;
constexpr std::uint32_t kEnd = 0xFFFEE0DD;

std::uint32_t number(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8U |
         static_cast<std::uint32_t>(bytes[2]) << 16U | static_cast<std::uint32_t>(bytes[3]) << 24U;
}

// Group and element, little endian as every transfer syntax that is taken.
std::uint32_t tag(std::span<const std::uint8_t> bytes) {
  const std::uint32_t both = number(bytes);
  return both << 16U | both >> 16U;
}

Result<void> raw_frames(DicomInstance& instance, std::uint64_t value, std::uint32_t length) {
  const auto frame = static_cast<std::uint64_t>(instance.tile_width) *
                     static_cast<std::uint64_t>(instance.tile_height) * static_cast<std::uint64_t>(instance.samples);
  const auto count = static_cast<std::uint64_t>(instance.frames);
  if (length == kUndefined || frame > instance.file->size() || count > instance.file->size() / frame ||
      frame * count > length || value + frame * count > instance.file->size()) {
    return fail(
        fmt::format("its pixel data do not hold {} frames of {} x {} pixels: the file is cut short; copy it again",
                    instance.frames, instance.tile_width, instance.tile_height));
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    instance.fragments.push_back({value + i * frame, frame});
  }
  return {};
}

struct Item {
  std::uint32_t tag = 0, length = 0;
};

Result<Item> item_at(const FileBytes& file, std::uint64_t offset) {
  std::array<std::uint8_t, 8> head{};
  if (!file.read(offset, head)) {
    return fail("its pixel data have no end: the file is cut short; copy it again");
  }
  const Item item{tag(head), number(std::span(head).subspan(4))};
  if (item.tag == kItem && (item.length == kUndefined || offset + head.size() + item.length > file.size())) {
    return fail("a frame goes beyond the end of the file: the file is cut short; copy it again");
  }
  return item;
}

// Frames in several fragments need the offsets of the first item.
Result<void> join_fragments(DicomInstance& instance, std::uint64_t first, const std::vector<std::uint8_t>& offsets) {
  const auto frames = static_cast<std::size_t>(instance.frames);
  auto& starts = instance.first_fragment;
  if (frames == 1) {
    starts = {0, static_cast<std::uint32_t>(instance.fragments.size())};
    return {};
  }
  if (offsets.size() != frames * 4 || instance.fragments.size() < frames) {
    return fail(
        fmt::format("it claims {} frames but holds {} pieces without saying which belong together; the file is "
                    "damaged",
                    frames, instance.fragments.size()));
  }
  starts.clear();
  for (std::size_t i = 0; i < frames; ++i) {
    const std::uint64_t place = first + number(std::span(offsets).subspan(i * 4, 4)) + 8;
    const auto found = std::lower_bound(instance.fragments.begin(), instance.fragments.end(), place,
                                        [](const DicomFragment& a, std::uint64_t at) { return a.offset < at; });
    const auto index = static_cast<std::uint32_t>(found - instance.fragments.begin());
    if (found == instance.fragments.end() || found->offset != place || (i > 0 && index <= starts.back())) {
      return fail("its table of frames does not fit its pieces; the file is damaged");
    }
    starts.push_back(index);
  }
  starts.push_back(static_cast<std::uint32_t>(instance.fragments.size()));
  return {};
}

Result<void> encapsulated_frames(DicomInstance& instance, std::uint64_t value) {
  const FileBytes& file = *instance.file;
  auto table = item_at(file, value);
  if (!table) {
    return tl::unexpected(table.error());
  }
  if (table->tag != kItem) {
    return fail("its pixel data do not begin with a table of frames; the file is damaged");
  }
  std::vector<std::uint8_t> offsets(table->length);
  if (auto got = file.read(value + 8, offsets); !got) {
    return got;
  }
  const std::uint64_t first = value + 8 + table->length;
  for (std::uint64_t place = first;;) {
    auto item = item_at(file, place);
    if (!item) {
      return tl::unexpected(item.error());
    }
    if (item->tag == kEnd) {
      break;
    }
    if (item->tag != kItem) {
      return fail(fmt::format("there is no frame at byte {} where one should be; the file is damaged", place));
    }
    instance.fragments.push_back({place + 8, item->length});
    place += 8 + static_cast<std::uint64_t>(item->length);
  }
  if (instance.fragments.size() != static_cast<std::size_t>(instance.frames)) {
    return join_fragments(instance, first, offsets);
  }
  return {};
}

}  // namespace

Result<void> find_dicom_frames(DicomInstance& instance, std::uint64_t value, bool implicit) {
  const std::size_t size = implicit ? 8 : 12;
  std::array<std::uint8_t, 12> head{};
  const auto bytes = std::span(head).first(size);
  if (value < size || !instance.file->read(value - size, bytes) || tag(bytes) != kPixelData) {
    return fail("it has no pixel data; the file is cut short or no image");
  }
  const std::uint32_t length = number(bytes.subspan(size - 4));
  const bool raw = instance.coding == DicomCoding::raw;
  if (!raw && length != kUndefined) {
    return fail(
        fmt::format("its pixel data are not in frames, as {} must be; the file is damaged", instance.compression));
  }
  if (auto found = raw ? raw_frames(instance, value, length) : encapsulated_frames(instance, value); !found) {
    return found;
  }
  if (instance.first_fragment.empty()) {
    for (std::uint32_t i = 0; i <= instance.fragments.size(); ++i) {
      instance.first_fragment.push_back(i);
    }
  }
  if (instance.first_fragment.size() != static_cast<std::size_t>(instance.frames) + 1) {
    return fail(fmt::format("it claims {} frames but holds {}; the file is damaged", instance.frames,
                            instance.first_fragment.size() - 1));
  }
  return {};
}

}  // namespace her2
