// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/slide_walk.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "her2/core/parallel.h"
#include "her2/slide/thumbnail.h"

namespace her2 {
namespace {

constexpr double kOverviewUm = 8;    // per pixel
constexpr int kMostOverview = 6000;  // pixels of its longer side
constexpr std::size_t kSamples = 8;  // areas of the first pass
constexpr int kSampleArea = 640;     // working pixels
constexpr int kLeastArea = 256;      // working pixels: smaller ones would be all halo
constexpr int kWhiteBlock = 256;     // working pixels
constexpr std::size_t kWhiteBlocks = 48;
constexpr double kFieldMm2 = 1;
constexpr double kFieldShare = 0.1;  // of a small picture: with less tissue, it is pale tissue without glass beside it
constexpr std::size_t kCacheBytes = std::size_t{192} << 20;

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

std::int64_t whole(double v) { return static_cast<std::int64_t>(std::floor(v)); }

double megapixels(const Box& box) { return static_cast<double>(box.width * box.height) / 1e6; }

// Whether a picture as a whole is darker than white by 3 %.
bool absorbs(const RgbImage& picture, const White& white) {
  std::int64_t sum = 0;
  for (const std::uint8_t level : picture.bytes()) {
    sum += level;
  }
  const std::int64_t pixels = std::int64_t{picture.width()} * picture.height();
  return sum * 100 < pixels * (white[0] + white[1] + white[2]) * 97;
}

Box with_halo(const Box& core, int halo) {
  const Box grown = core.grown(halo);
  const std::int64_t x = grown.x & ~std::int64_t{1};
  const std::int64_t y = grown.y & ~std::int64_t{1};
  return {x, y, (grown.right() - x + 1) & ~std::int64_t{1}, (grown.bottom() - y + 1) & ~std::int64_t{1}};
}

}  // namespace

void some_by_hash(std::vector<Box>& boxes, std::size_t most) {
  const auto key = [](const Box& box) {
    return mixed(static_cast<std::uint64_t>(box.y) << 32 | static_cast<std::uint64_t>(box.x));
  };
  std::sort(boxes.begin(), boxes.end(), [&](const Box& a, const Box& b) { return key(a) < key(b); });
  boxes.resize(std::min(boxes.size(), most));
}

SlideWalk::SlideWalk(const Slide& slide, double mpp, int threads, const ProgressCall& progress)
    : SlideWalk(slide, mpp, threads, progress, work_grid(slide.info(), mpp)) {}

SlideWalk::SlideWalk(const Slide& slide, double mpp, int threads, const ProgressCall& progress, const WorkGrid& grid)
    : slide_(slide),
      mpp_(mpp),
      threads_(std::max(1, threads)),
      progress_(progress),
      grid_(grid),
      tiles_(slide, std::max(1, threads), kCacheBytes) {}

Result<void> SlideWalk::look_for_tissue(bool field) {
  const SlideInfo& info = slide_.info();
  const SlideLevel& full = info.levels[0];
  const auto longer = static_cast<double>(std::max(full.width, full.height));
  const int size = std::clamp(static_cast<int>(longer * mpp_ / kOverviewUm), 1, kMostOverview);
  tell("looking for tissue", 0, 1);
  auto overview = make_thumbnail(slide_, size, threads_);
  if (!overview) {
    return tl::unexpected(overview.error());
  }
  ground_.overview = std::move(*overview);
  ground_.overview_scale = static_cast<double>(full.width) / ground_.overview.width();
  RgbImage anywhere;
  if (auto read = sample_anywhere(anywhere); !read) {
    return read;
  }
  const WhitePoint white = find_white(anywhere);
  ground_.white = white.white;
  ground_.white_from_glass = white.from_glass;
  ground_.tissue = find_tissue(ground_.overview, mpp_ * ground_.overview_scale, white.white, white.from_glass);
  const double mm2 = static_cast<double>(full.width * full.height) * mpp_ * mpp_ / 1e6;
  const double found = ground_.tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)];
  if (mm2 <= kFieldMm2 && (field || (found < kFieldShare * mm2 && absorbs(ground_.overview, white.white)))) {
    auto& ground = ground_.tissue.ground;
    ground.resize(ground.width(), ground.height(), static_cast<std::uint8_t>(Ground::tissue));
    ground_.tissue.area_mm2 = {};
    ground_.tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)] = mm2;
  }
  if (!(ground_.tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)] > 0)) {
    return fail("there is no tissue on this slide", {}, info.path);
  }
  return {};
}

// Blocks of working pixels from all over the slide, chosen by hash, one after the other.
Result<void> SlideWalk::sample_anywhere(RgbImage& out) {
  std::vector<Box> blocks;
  const Box& all = grid_.bounds;
  for (std::int64_t y = 0; y < all.bottom(); y += kWhiteBlock) {
    for (std::int64_t x = 0; x < all.right(); x += kWhiteBlock) {
      blocks.push_back(intersection({x, y, kWhiteBlock, kWhiteBlock}, all));
    }
  }
  some_by_hash(blocks, kWhiteBlocks);
  RgbImage scratch;
  RgbImage block;
  std::vector<std::uint8_t> pixels;
  for (const Box& box : blocks) {
    if (auto read = read_work(tiles_, 0, grid_, box, scratch, block); !read) {
      return read;
    }
    pixels.insert(pixels.end(), block.bytes().begin(), block.bytes().end());
  }
  out = RgbImage(static_cast<int>(pixels.size() / 3), 1);
  std::copy(pixels.begin(), pixels.end(), out.bytes().begin());
  return {};
}

// The overview's pixels that the box touches.
Box SlideWalk::overview_of(const Box& work) const {
  const double scale = grid_.level0_scale / ground_.overview_scale;
  const auto low = [scale](std::int64_t v) { return whole(static_cast<double>(v) * scale); };
  Box box{low(work.x), low(work.y), 0, 0};
  box.width = low(work.right() - 1) + 1 - box.x;
  box.height = low(work.bottom() - 1) + 1 - box.y;
  return intersection(box, {0, 0, ground_.overview.width(), ground_.overview.height()});
}

bool SlideWalk::has_tissue(const Box& work) const {
  const Box box = overview_of(work);
  for (std::int64_t y = box.y; y < box.bottom(); ++y) {
    for (std::int64_t x = box.x; x < box.right(); ++x) {
      if (ground_.tissue.at(x, y) == Ground::tissue) {
        return true;
      }
    }
  }
  return false;
}

// The part of the box around those of the overview's pixels that are tissue: nuclei elsewhere do not count.
Box SlideWalk::around_tissue(const Box& work) const {
  const Box box = overview_of(work);
  std::int64_t left = box.right(), right = box.x, top = box.bottom(), bottom = box.y;
  for (std::int64_t y = box.y; y < box.bottom(); ++y) {
    for (std::int64_t x = box.x; x < box.right(); ++x) {
      if (ground_.tissue.at(x, y) == Ground::tissue) {
        left = std::min(left, x);
        right = std::max(right, x + 1);
        top = std::min(top, y);
        bottom = std::max(bottom, y + 1);
      }
    }
  }
  const double scale = ground_.overview_scale / grid_.level0_scale;
  const auto high = [scale](std::int64_t v) { return whole(static_cast<double>(v) * scale); };
  constexpr std::int64_t kSlack = 2;  // a centroid is rounded on its way to the overview
  const Box tissue{high(left) - kSlack, high(top) - kSlack, high(right) - high(left) + 2 * kSlack + 1,
                   high(bottom) - high(top) + 2 * kSlack + 1};
  return intersection(tissue, work);
}

Ground SlideWalk::ground_at(SubPoint level0) const {
  const double scale = 1 / (ground_.overview_scale * kSubpixels);
  return ground_.tissue.at(whole(level0.x * scale), whole(level0.y * scale));
}

std::vector<Box> SlideWalk::areas(int side, int origin_x, int origin_y, bool cut) const {
  std::vector<Box> out;
  const Box& all = grid_.bounds;
  for (std::int64_t y = -std::int64_t{origin_y}; y < all.bottom(); y += side) {
    for (std::int64_t x = -std::int64_t{origin_x}; x < all.right(); x += side) {
      const Box area = intersection({x, y, side, side}, all);
      if (!area.empty() && has_tissue(area)) {
        out.push_back(cut ? area : Box{x, y, side, side});
      }
    }
  }
  return out;
}

// The larger an area, the less of the work is its halo; but memory is bounded and costs time when it is first touched,
// and no thread should wait for long at the end: so each has several areas.
std::vector<Box> SlideWalk::work_areas(int side, int origin_x, int origin_y, int bytes) const {
  constexpr std::int64_t kMostBytes = std::int64_t{640} << 20;  // of all threads
  const std::size_t enough = threads_ == 1 ? 1 : 4;             // areas for each thread
  constexpr int kSmallest = 1024;
  constexpr int kMargins = 600;  // about
  std::vector<Box> out;
  if (side > 0) {
    out = areas(std::max(side, kLeastArea), origin_x, origin_y);
  }
  for (const int each : {9216, 7168, 6144, 5120, 4096, 3072, 2048, kSmallest}) {
    const std::int64_t pixels = std::int64_t{each + kMargins} * (each + kMargins) * threads_;
    if (side > 0 || (pixels * bytes > kMostBytes && each > kSmallest)) {
      continue;
    }
    out = areas(each, origin_x, origin_y);
    if (out.size() >= enough * static_cast<std::size_t>(threads_)) {
      break;
    }
  }
  for (Box& area : out) {
    area = around_tissue(area);
  }
  return out;
}

std::vector<Box> SlideWalk::sample_areas() const {
  std::vector<Box> out = areas(kSampleArea, 0, 0);
  some_by_hash(out, kSamples);
  return out;
}

Result<void> SlideWalk::each_in_pieces(const std::vector<Box>& cores, int halo, const char* stage,
                                       const PieceWork& work) {
  double all = 0;
  for (const Box& core : cores) {
    all += megapixels(core);
  }
  double done = 0;
  std::uint64_t cells = 0;
  std::mutex mutex;
  tell(stage, 0, all);
  std::vector<RgbImage> scratch(static_cast<std::size_t>(threads_));
  return parallel_for(cores.size(), threads_, [&](std::size_t i, int worker) -> Result<void> {
    const AreaFrame frame{with_halo(cores[i], halo), cores[i]};
    const auto pixels = [&](const Box& part, RgbImage& out) -> Result<void> {
      if (!has_tissue(part.grown(halo))) {
        out.resize(static_cast<int>(part.width), static_cast<int>(part.height));
        return {};
      }
      return read_work(tiles_, worker, grid_, part, scratch[static_cast<std::size_t>(worker)], out);
    };
    const auto found = work(i, pixels, frame);
    if (!found) {
      return tl::unexpected(found.error());
    }
    const std::lock_guard lock(mutex);
    done += megapixels(cores[i]);
    cells += *found;
    if (progress_) {
      progress_({stage, done, all, cells});
    }
    return {};
  });
}

Result<void> SlideWalk::each(const std::vector<Box>& cores, int halo, const char* stage, const Work& work) {
  return each_in_pieces(cores, halo, stage,
                        [&](std::size_t i, const AreaPixels& pixels, const AreaFrame& frame) -> Result<std::uint64_t> {
                          RgbImage rgb;
                          if (auto read = pixels(frame.box, rgb); !read) {
                            return tl::unexpected(read.error());
                          }
                          return work(i, rgb, frame);
                        });
}

void SlideWalk::tell(const char* stage, double done, double all) const {
  if (progress_) {
    progress_({stage, done, all, 0});
  }
}

}  // namespace her2
