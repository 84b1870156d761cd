// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/channel_image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "her2/slide/image_slide.h"
#include "her2/slide/tiff_maker.h"
#include "her2/slide/tiff_page.h"

namespace her2 {
namespace {

constexpr std::size_t kMostPlanes = 512;

struct GreyPage {
  TiffDirectory directory;
  TiffPage page;
};

// What a description says of the planes' order.
struct Layout {
  std::size_t channels = 0, focal = 1;
  bool channel_first = true;  // channels follow each other, then the next focal plane
  std::vector<std::string> names;
};

std::string_view attribute_of(std::string_view tag, std::string_view name) {
  const std::string key = fmt::format(" {}=\"", name);
  const auto at = tag.find(key);
  if (at == std::string_view::npos) {
    return {};
  }
  const auto rest = tag.substr(at + key.size());
  return rest.substr(0, std::min(rest.find('"'), rest.size()));
}

std::size_t count_of(std::string_view text, std::size_t otherwise) {
  std::size_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || value > kMostPlanes) {
      return otherwise;
    }
    value = value * 10 + static_cast<std::size_t>(c - '0');
  }
  return text.empty() ? otherwise : value;
}

Result<Layout> ome_layout(std::string_view xml) {
  const auto at = xml.find("<Pixels");
  const std::string_view pixels =
      at == std::string_view::npos ? std::string_view{} : xml.substr(at, std::min(xml.find('>', at), xml.size()) - at);
  Layout out;
  out.channels = count_of(attribute_of(pixels, "SizeC"), 0);
  out.focal = count_of(attribute_of(pixels, "SizeZ"), 1);
  if (count_of(attribute_of(pixels, "SizeT"), 1) > 1) {
    return fail("it holds several points in time; one is needed");
  }
  const std::string_view order = attribute_of(pixels, "DimensionOrder");
  out.channel_first = order.find('C') == std::string_view::npos || order.find('C') < order.find('Z');
  for (auto tag = xml.find("<Channel"); tag != std::string_view::npos; tag = xml.find("<Channel", tag + 1)) {
    const auto text = xml.substr(tag, std::min(xml.find('>', tag), xml.size()) - tag);
    out.names.emplace_back(attribute_of(text, "Name"));
  }
  return out;
}

Layout imagej_layout(std::string_view text) {
  Layout out;
  const auto number = [&](std::string_view key) {
    const auto value = number_after(text, key);
    return value && *value >= 1 && *value <= static_cast<double>(kMostPlanes) ? static_cast<std::size_t>(*value) : 1;
  };
  out.channels = number("channels=");
  out.focal = number("slices=");
  return out;
}

// Sharpness around each pixel: absolute second differences, in a square.
Plane<float> sharpness_of(const Plane<std::uint16_t>& plane) {
  constexpr int kReach = 4;
  Plane<float> bend(plane.width(), plane.height(), 0.0F);
  for (int y = 1; y + 1 < plane.height(); ++y) {
    for (int x = 1; x + 1 < plane.width(); ++x) {
      const int v =
          4 * plane.at(x, y) - plane.at(x - 1, y) - plane.at(x + 1, y) - plane.at(x, y - 1) - plane.at(x, y + 1);
      bend.at(x, y) = static_cast<float>(std::abs(v));
    }
  }
  Plane<float> rows(plane.width(), plane.height(), 0.0F);
  Plane<float> out(plane.width(), plane.height(), 0.0F);
  for (int y = 0; y < plane.height(); ++y) {
    for (int x = 0; x < plane.width(); ++x) {
      for (int i = -kReach; i <= kReach; ++i) {
        rows.at(x, y) += bend.at(std::clamp(x + i, 0, plane.width() - 1), y);
      }
    }
  }
  for (int y = 0; y < plane.height(); ++y) {
    for (int x = 0; x < plane.width(); ++x) {
      for (int i = -kReach; i <= kReach; ++i) {
        out.at(x, y) += rows.at(x, std::clamp(y + i, 0, plane.height() - 1));
      }
    }
  }
  return out;
}

class Projector {
 public:
  explicit Projector(FocusProjection how) : how_(how) {}

  void add(Plane<std::uint16_t>&& plane) {
    if (out_.empty()) {
      if (how_ == FocusProjection::extended_focus) {
        sharpest_ = sharpness_of(plane);
      }
      out_ = std::move(plane);
      return;
    }
    const auto to = out_.pixels();
    const auto from = plane.pixels();
    if (how_ == FocusProjection::maximum) {
      std::transform(to.begin(), to.end(), from.begin(), to.begin(),
                     [](std::uint16_t a, std::uint16_t b) { return std::max(a, b); });
      return;
    }
    const Plane<float> sharp = sharpness_of(plane);
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (sharp.pixels()[i] > sharpest_.pixels()[i]) {
        sharpest_.pixels()[i] = sharp.pixels()[i];
        to[i] = from[i];
      }
    }
  }
  Plane<std::uint16_t> take() { return std::move(out_); }

 private:
  FocusProjection how_;
  Plane<std::uint16_t> out_;
  Plane<float> sharpest_;
};

class Reader {
 public:
  Reader(std::shared_ptr<const FileBytes> file, FocusProjection projection)
      : file_(std::move(file)), projection_(projection) {}

  Result<bool> find_pages() {
    auto structure = TiffStructure::read(*file_);
    if (!structure) {
      return tl::unexpected(structure.error());
    }
    auto tiff = TiffHandle::open(file_);
    if (!tiff) {
      return tl::unexpected(tiff.error());
    }
    int number = 0;
    for (const TiffDirectory& directory : structure->chain()) {
      auto page = read_tiff_page(*tiff, directory, ++number);
      if (!page) {
        if (number == 1) {
          return tl::unexpected(page.error());
        }
        continue;
      }
      const bool grey = page->samples == 1 && (page->bits == 8 || page->bits == 16);
      if (pages_.empty() && !grey) {
        return false;
      }
      if (number == 1) {
        description_ = page->description;
        const bool ome = description_.find("<OME") != std::string::npos;
        maker_ = ome ? TiffMaker::ome : tiff_maker(directory, *page);
        first_ = *page;
      }
      if (grey && page->width == first_.width && page->height == first_.height && page->bits == first_.bits) {
        pages_.push_back({directory, std::move(*page)});
      }
    }
    handle_ = std::move(*tiff);
    return pages_.size() > 1;
  }

  Result<ChannelImage> run() {
    auto several = find_pages();
    if (!several) {
      return tl::unexpected(several.error());
    }
    if (!*several) {
      return fail("it holds no grey channels of one size (DAPI, HER2, CEP17)");
    }
    auto layout = find_layout();
    if (!layout) {
      return tl::unexpected(layout.error());
    }
    if (auto fits = check_image_size(first_.width, first_.height, file_->size()); !fits) {
      return tl::unexpected(fits.error());
    }
    ChannelImage out;
    for (std::size_t c = 0; c < layout->channels; ++c) {
      Projector projector(projection_);
      for (std::size_t z = 0; z < layout->focal; ++z) {
        const std::size_t index = layout->channel_first ? z * layout->channels + c : c * layout->focal + z;
        auto plane = read_plane(pages_[index]);
        if (!plane) {
          return tl::unexpected(located(plane.error(), {}, fmt::format("picture {}", pages_[index].page.number)));
        }
        projector.add(std::move(*plane));
      }
      out.planes.push_back(projector.take());
      const bool named = c < layout->names.size() && !layout->names[c].empty();
      out.names.push_back(named ? layout->names[c] : std::to_string(c + 1));
    }
    describe(*layout, out);
    return out;
  }

 private:
  Result<Layout> find_layout() const {
    Layout layout;
    if (description_.find("<OME") != std::string::npos) {
      auto read = ome_layout(description_);
      if (!read) {
        return read;
      }
      layout = std::move(*read);
    } else if (description_.starts_with("ImageJ=")) {
      layout = imagej_layout(description_);
    }
    if (layout.channels == 0) {
      layout.channels = pages_.size();
      layout.focal = 1;
      for (const GreyPage& page : pages_) {
        layout.names.emplace_back(element_text(page.page.description, "Name"));
      }
    }
    const std::size_t stated = layout.channels * layout.focal;
    if (layout.focal == 0 || stated > kMostPlanes || pages_.size() < stated) {
      return fail(
          fmt::format("its description says {} channels of {} focal planes, {} pictures, but {} are in the file; "
                      "a plane is missing: export it again",
                      layout.channels, layout.focal, stated, pages_.size()));
    }
    return layout;
  }

  Result<Plane<std::uint16_t>> read_plane(GreyPage& grey) {
    TiffPage page = grey.page;
    page.bits = 8;  // what load_blocks() checks does not depend on it; 16 bits are read here alone
    if (auto there = handle_->go_to(grey.directory.offset); !there) {
      return tl::unexpected(there.error());
    }
    if (auto loaded = load_blocks(*handle_, *file_, grey.directory, page); !loaded) {
      return tl::unexpected(loaded.error());
    }
    if (page.coding != TiffCoding::libtiff) {
      return fail(fmt::format("channels stored as {} are not read; save them as LZW or deflate",
                              compression_name(page.compression)));
    }
    (void)handle_->take_errors();
    (void)handle_->take_warnings();
    Plane<std::uint16_t> out(static_cast<int>(page.width), static_cast<int>(page.height));
    const std::size_t bytes = grey.page.bits == 16 ? 2 : 1;
    const auto width = static_cast<std::size_t>(page.block_width);
    std::vector<std::uint8_t> block;
    for (std::size_t i = 0; i < page.offsets.size(); ++i) {
      const std::int64_t across = page.tiled ? page.across() : 1;
      const auto x0 = static_cast<int>(static_cast<std::int64_t>(i) % across * page.block_width);
      const auto y0 = static_cast<int>(static_cast<std::int64_t>(i) / across * page.block_height);
      const auto rows =
          static_cast<int>(page.tiled ? page.block_height : std::min(page.block_height, page.height - y0));
      if (page.absent(i) || y0 >= out.height()) {
        continue;
      }
      block.resize(width * static_cast<std::size_t>(rows) * bytes);
      if (auto done = decode(page, i, block); !done) {
        return tl::unexpected(done.error());
      }
      copy(block, bytes, width, rows, x0, y0, out);
    }
    return out;
  }

  Result<void> decode(const TiffPage& page, std::size_t number, std::vector<std::uint8_t>& out) {
    if (page.compression == COMPRESSION_NONE && page.lengths[number] < out.size()) {
      return fail("its data are damaged (they end early)");
    }
    const auto size = static_cast<tmsize_t>(out.size());
    const auto block = static_cast<std::uint32_t>(number);
    const auto got = page.tiled ? TIFFReadEncodedTile(handle_->get(), block, out.data(), size)
                                : TIFFReadEncodedStrip(handle_->get(), block, out.data(), size);
    const auto trouble = handle_->take_errors();
    if (got != size || !trouble.empty()) {
      return fail(fmt::format("its data are damaged ({})", trouble.empty() ? "they end early" : trouble));
    }
    return {};
  }

  static void copy(const std::vector<std::uint8_t>& block, std::size_t bytes, std::size_t width, int rows, int x0,
                   int y0, Plane<std::uint16_t>& out) {
    const int columns = std::min(static_cast<int>(width), out.width() - x0);
    for (int y = 0; y < rows && y0 + y < out.height(); ++y) {
      const std::uint8_t* from = block.data() + static_cast<std::size_t>(y) * width * bytes;
      std::uint16_t* to = out.row(y0 + y) + x0;
      if (bytes == 2) {
        std::memcpy(to, from, static_cast<std::size_t>(columns) * 2);
      } else {
        std::copy(from, from + columns, to);
      }
    }
  }

  // Cameras of 10, 12 or 14 bits fill 16-bit files in part: the white level is the least power of two that holds all.
  void describe(const Layout& layout, ChannelImage& out) const {
    out.white = 255;
    if (first_.bits == 16) {
      std::uint16_t most = 0;
      for (const auto& plane : out.planes) {
        most = std::max(most, *std::max_element(plane.pixels().begin(), plane.pixels().end()));
      }
      out.white = most < 256 ? 255 : most < 1024 ? 1023 : most < 4096 ? 4095 : most < 16384 ? 16383 : 65535;
    }
    out.format =
        fmt::format("{}, {} channels{}, {} bits", maker_ == TiffMaker::ome ? "OME-TIFF" : "TIFF", layout.channels,
                    layout.focal > 1 ? fmt::format(", {} focal planes", layout.focal) : std::string{}, first_.bits);
    SlideInfo info;
    read_maker_facts(maker_, first_, info);
    if (info.mpp_x && info.mpp_y && std::abs(*info.mpp_x - *info.mpp_y) <= 0.01 * *info.mpp_x) {
      out.mpp = info.mpp_x;
    }
    const std::size_t used = layout.channels * layout.focal;
    if (pages_.size() > used) {
      out.warnings.push_back(fmt::format("{} of its pictures are beyond what its description states and are left out.",
                                         pages_.size() - used));
    }
  }

  std::shared_ptr<const FileBytes> file_;
  FocusProjection projection_;
  std::vector<GreyPage> pages_;
  std::string description_;
  TiffMaker maker_ = TiffMaker::generic;
  TiffPage first_;
  std::optional<TiffHandle> handle_;
};

Result<std::shared_ptr<const FileBytes>> open_tiff_bytes(const std::string& path) {
  auto file = FileBytes::open(path);
  if (!file) {
    return file;
  }
  std::array<std::uint8_t, 16> bytes{};
  const auto head = std::span(bytes).first(std::min<std::uint64_t>(bytes.size(), (*file)->size()));
  if (auto got = (*file)->read(0, head); !got) {
    return tl::unexpected(got.error());
  }
  if (!looks_like_tiff(head)) {
    return fail("it is no TIFF", {}, path);
  }
  return file;
}

}  // namespace

bool holds_channels(const std::string& path) {
  auto file = open_tiff_bytes(path);
  if (!file) {
    return false;
  }
  const auto several = Reader(std::move(*file), FocusProjection::maximum).find_pages();
  return several && *several;
}

Result<ChannelImage> read_channels(const std::string& path, FocusProjection projection) {
  auto file = open_tiff_bytes(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  auto image = Reader(std::move(*file), projection).run();
  return image ? std::move(image) : tl::unexpected(located(image.error(), path));
}

}  // namespace her2
