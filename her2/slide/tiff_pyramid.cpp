// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_pyramid.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "her2/slide/tiff_maker.h"

namespace her2 {
namespace {

struct Candidate {
  TiffDirectory directory;
  TiffPage page;
};

bool same_shape(const TiffPage& a, const TiffPage& b) {
  // Reduced sizes are rounded one way or the other: a pixel is allowed for, and as many more as it stands for.
  const double by = static_cast<double>(a.width) / static_cast<double>(b.width);
  const double height = static_cast<double>(a.height) / by;
  const double slack = 1.5 + static_cast<double>(b.height) * 0.01;
  return std::abs(height - static_cast<double>(b.height)) <= slack;
}

bool is_grey(const TiffPage& page) { return page.samples == 1; }

std::string size_text(const TiffPage& page) { return fmt::format("{} x {}", page.width, page.height); }

class Chooser {
 public:
  explicit Chooser(const std::shared_ptr<const FileBytes>& file) : file_(file) {}

  Result<TiffPyramid> run() {
    auto structure = TiffStructure::read(*file_);
    if (!structure) {
      return tl::unexpected(structure.error());
    }
    auto tiff = TiffHandle::open(file_);
    if (!tiff) {
      return tl::unexpected(tiff.error());
    }
    if (auto read = read_pages(*tiff, *structure); !read) {
      return tl::unexpected(read.error());
    }
    if (auto warning = tiff->take_warnings(); !warning.empty()) {
      out_.info.warnings.push_back(fmt::format("The TIFF directories are unusual: {}.", warning));
    }
    const TiffPage& first = pages_.front().page;
    maker_ = tiff_maker(pages_.front().directory, first);
    if (maker_ == TiffMaker::hamamatsu || maker_ == TiffMaker::leica || maker_ == TiffMaker::ventana ||
        maker_ == TiffMaker::trestle) {
      out_.for_openslide = true;
      return std::move(out_);
    }
    out_.info.format = tiff_format_name(maker_, first);
    if (auto kind = refuse_fluorescence(); !kind) {
      return tl::unexpected(kind.error());
    }
    read_maker_facts(maker_, first, out_.info);
    out_.info.has_icc_profile = first.icc;
    if (auto chosen = choose(*tiff, *structure); !chosen) {
      return tl::unexpected(chosen.error());
    }
    return std::move(out_);
  }

 private:
  Result<void> read_pages(TiffHandle& tiff, const TiffStructure& structure) {
    int number = 0;
    for (const auto& directory : structure.chain()) {
      auto page = read_tiff_page(tiff, directory, ++number);
      if (page) {
        pages_.push_back({directory, std::move(*page)});
      } else if (number == 1) {
        return tl::unexpected(located(page.error(), file_->path()));
      } else {
        out_.info.left_out.push_back(fmt::format("page {} (unreadable: {})", number, page.error().reason));
      }
    }
    return {};
  }

  // Several grey pages of one size are the channels of a fluorescence image.
  Result<void> refuse_fluorescence() {
    const TiffPage& first = pages_.front().page;
    const auto channels = std::count_if(pages_.begin(), pages_.end(), [&](const Candidate& candidate) {
      return is_grey(candidate.page) && candidate.page.width == first.width && candidate.page.height == first.height;
    });
    if (channels > 1) {
      return fail(
          fmt::format("{} holds {} grey channels of {} pixels (fluorescence?); her2 reads RGB brightfield images",
                      out_.info.format, channels, size_text(first)),
          {}, file_->path());
    }
    return {};
  }

  Result<void> add_level(TiffHandle& tiff, Candidate candidate) {
    if (auto loaded = load_blocks(tiff, *file_, candidate.directory, candidate.page); !loaded) {
      return tl::unexpected(located(loaded.error(), file_->path(), fmt::format("level {}", out_.levels.size())));
    }
    out_.levels.push_back(std::move(candidate.page));
    return {};
  }

  [[nodiscard]] bool is_next_level(const TiffPage& page) const {
    const TiffPage& first = out_.levels.front();
    const TiffPage& last = out_.levels.back();
    if (maker_ == TiffMaker::philips) {
      return page.tiled && page.width < last.width && page.samples == first.samples;
    }
    return page.width < last.width && page.height <= last.height && same_shape(first, page) &&
           page.samples == first.samples && (page.tiled || (!first.tiled && (page.subfile & 1U) != 0));
  }

  void leave_out(const TiffPage& page, const std::string& name) {
    const auto text = name.empty() ? fmt::format("page {} ({})", page.number, size_text(page)) : name;
    out_.info.left_out.push_back(text);
  }

  Result<void> choose(TiffHandle& tiff, TiffStructure& structure) {
    const Candidate first = pages_.front();
    if (const auto name = associated_name(maker_, first.page); !name.empty() && maker_ != TiffMaker::generic) {
      return fail(fmt::format("its first picture is a {}, which is never read; there is no slide in it", name), {},
                  file_->path());
    }
    if (auto added = add_level(tiff, first); !added) {
      return added;
    }
    for (const auto offset : first.page.sub_directories) {
      if (auto added = add_sub_level(tiff, structure, offset); !added) {
        return added;
      }
    }
    for (std::size_t i = 1; i < pages_.size(); ++i) {
      const TiffPage& page = pages_[i].page;
      const auto name = associated_name(maker_, page);
      if (!name.empty() || !is_next_level(page)) {
        leave_out(page, name);
      } else if (auto added = add_level(tiff, pages_[i]); !added) {
        return added;
      }
    }
    if (maker_ == TiffMaker::philips) {
      cut_philips_padding();
    }
    return {};
  }

  Result<void> add_sub_level(TiffHandle& tiff, TiffStructure& structure, std::uint64_t offset) {
    auto directory = structure.sub_directory(*file_, offset);
    if (!directory) {
      return tl::unexpected(located(directory.error(), file_->path(), "SubIFDs of page 1"));
    }
    auto page = read_tiff_page(tiff, *directory, 1);
    if (!page) {
      return tl::unexpected(located(page.error(), file_->path(), "SubIFDs of page 1"));
    }
    if (!is_next_level(*page)) {
      leave_out(*page, fmt::format("picture below page 1 ({})", size_text(*page)));
      return {};
    }
    return add_level(tiff, {*directory, std::move(*page)});
  }

  // Philips pads every level to whole tiles, so that widths no longer divide; each level is half of the one before.
  void cut_philips_padding() {
    const TiffPage& first = out_.levels.front();
    std::int64_t by = 1;
    for (TiffPage& page : out_.levels) {
      page.shown_width = std::min(page.width, (first.width + by - 1) / by);
      page.shown_height = std::min(page.height, (first.height + by - 1) / by);
      by *= 2;
    }
  }

  std::shared_ptr<const FileBytes> file_;
  std::vector<Candidate> pages_;
  TiffMaker maker_ = TiffMaker::generic;
  TiffPyramid out_;
};

}  // namespace

Result<TiffPyramid> read_tiff_pyramid(const std::shared_ptr<const FileBytes>& file) { return Chooser(file).run(); }

}  // namespace her2
