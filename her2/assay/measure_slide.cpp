// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/measure_slide.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <mutex>

#include <fmt/format.h>

#include "her2/core/parallel.h"
#include "her2/slide/thumbnail.h"

namespace her2 {
namespace {

constexpr double kOverviewUm = 8;    // per pixel
constexpr int kMostOverview = 6000;  // pixels of its longer side
constexpr std::size_t kSamples = 8;  // areas of the first pass
constexpr int kSampleArea = 640;     // working pixels
constexpr std::size_t kLooks = 12;   // squares looked at
constexpr int kWhiteBlock = 256;     // working pixels
constexpr std::size_t kWhiteBlocks = 48;
constexpr std::size_t kCacheBytes = std::size_t{256} << 20;

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// Keeps `most` of the blocks, always the same ones.
void some_by_hash(std::vector<Box>& blocks, std::size_t most) {
  const auto key = [](const Box& box) {
    return mixed(static_cast<std::uint64_t>(box.y) << 32 | static_cast<std::uint64_t>(box.x));
  };
  std::sort(blocks.begin(), blocks.end(), [&](const Box& a, const Box& b) { return key(a) < key(b); });
  blocks.resize(std::min(blocks.size(), most));
}

class Measuring {
 public:
  Measuring(const Slide& slide, const MeasureOptions& options)
      : slide_(slide), options_(options), cache_(slide, options.threads, kCacheBytes) {}

  Result<SlideMeasurement> run(const std::string& sha256) {
    if (auto ready = prepare(sha256); !ready) {
      return tl::unexpected(ready.error());
    }
    double begun = seconds();
    if (auto found = look_for_tissue(); !found) {
      return tl::unexpected(found.error());
    }
    if (auto looked = look(); !looked) {
      return tl::unexpected(looked.error());
    }
    out_.seconds_overview = seconds() - begun;
    if (is_refused(out_.before)) {
      return std::move(out_);
    }
    begun = seconds();
    if (auto sampled = sample(); !sampled) {
      return tl::unexpected(sampled.error());
    }
    out_.seconds_sample = seconds() - begun;
    begun = seconds();
    if (auto measured = measure(); !measured) {
      return tl::unexpected(measured.error());
    }
    out_.seconds_cells = seconds() - begun;
    return std::move(out_);
  }

 private:
  Result<void> prepare(const std::string& sha256) {
    const SlideInfo& info = slide_.info();
    const auto mpp = square_mpp(info);
    if (!mpp) {
      return tl::unexpected(located(mpp.error(), info.path));
    }
    const Profile& profile = options_.profile;
    out_.grid = work_grid(info, *mpp);
    auto vectors = unit_vectors({profile.stain_vectors[0], profile.stain_vectors[1]});
    if (!vectors) {
      return tl::unexpected(located(vectors.error(), profile.name));
    }
    AreaSettings& settings = out_.settings;
    settings.unmixing = unmixing(*vectors);
    settings.work_mpp = out_.grid.work_mpp;
    settings.level0_scale = out_.grid.level0_scale;
    settings.nuclear_marker = options_.nuclear_marker;
    CellTable& table = out_.table;
    table.slide_name = std::filesystem::path(info.path).filename().string();
    table.slide_sha256 = sha256;
    table.mpp = *mpp;
    table.work_mpp = out_.grid.work_mpp;
    table.subsampling = info.subsampling;
    table.profile_name = profile.name;
    table.profile_sha256 = profile.sha256;
    for (std::size_t c = 0; c < 3; ++c) {
      table.stain_vectors[0][c] = static_cast<int>(std::floor(vectors->haematoxylin[c] * 10000 + 0.5));
      table.stain_vectors[1][c] = static_cast<int>(std::floor(vectors->dab[c] * 10000 + 0.5));
    }
    if (options_.regions != nullptr) {
      for (const Region& region : options_.regions->regions) {
        table.regions.push_back(region.name);
      }
    }
    return {};
  }

  Result<void> look_for_tissue() {
    const SlideInfo& info = slide_.info();
    const SlideLevel& full = info.levels[0];
    const auto longer = static_cast<double>(std::max(full.width, full.height));
    const int size = std::clamp(static_cast<int>(longer * out_.table.mpp / kOverviewUm), 1, kMostOverview);
    tell("looking for tissue", 0, 1);
    auto overview = make_thumbnail(slide_, size, options_.threads);
    if (!overview) {
      return tl::unexpected(overview.error());
    }
    out_.overview = std::move(*overview);
    out_.overview_scale = static_cast<double>(full.width) / out_.overview.width();
    RgbImage anywhere;
    if (auto read = sample_anywhere(anywhere); !read) {
      return read;
    }
    const WhitePoint white = find_white(anywhere);
    out_.settings.white = white.white;
    out_.white_from_glass = white.from_glass;
    out_.table.white = white.white;
    out_.tissue = find_tissue(out_.overview, out_.table.mpp * out_.overview_scale, white.white);
    if (!(out_.tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)] > 0)) {
      return fail("there is no tissue on this slide", {}, info.path);
    }
    return {};
  }

  // Blocks of working pixels from all over the slide, chosen by hash, below each other.
  Result<void> sample_anywhere(RgbImage& out) {
    std::vector<Box> blocks;
    const Box& all = out_.grid.bounds;
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
      if (auto read = read_work(cache_, 0, out_.grid, box, scratch, block); !read) {
        return read;
      }
      pixels.insert(pixels.end(), block.bytes().begin(), block.bytes().end());
    }
    out = RgbImage(static_cast<int>(pixels.size() / 3), 1);
    std::copy(pixels.begin(), pixels.end(), out.bytes().begin());
    return {};
  }

  // Overview pixels of a box of working pixels, those that it touches.
  [[nodiscard]] Box on_overview(const Box& work) const {
    const double scale = out_.grid.level0_scale / out_.overview_scale;
    const auto low = [scale](std::int64_t v) {
      return static_cast<std::int64_t>(std::floor(static_cast<double>(v) * scale));
    };
    const Box out{low(work.x), low(work.y), 0, 0};
    return {out.x, out.y, low(work.right() - 1) + 1 - out.x, low(work.bottom() - 1) + 1 - out.y};
  }

  [[nodiscard]] bool has_tissue(const Box& work) const {
    const Box box = intersection(on_overview(work), {0, 0, out_.overview.width(), out_.overview.height()});
    for (std::int64_t y = box.y; y < box.bottom(); ++y) {
      for (std::int64_t x = box.x; x < box.right(); ++x) {
        if (out_.tissue.at(x, y) == Ground::tissue) {
          return true;
        }
      }
    }
    return false;
  }

  [[nodiscard]] Ground ground_at(SubPoint level0) const {
    const double scale = 1 / (out_.overview_scale * kSubpixels);
    return out_.tissue.at(static_cast<std::int64_t>(std::floor(level0.x * scale)),
                          static_cast<std::int64_t>(std::floor(level0.y * scale)));
  }

  // Areas of a grid that hold tissue, row by row; `cut` to the slide.
  [[nodiscard]] std::vector<Box> areas(int side, int origin_x, int origin_y, bool cut = true) const {
    std::vector<Box> out;
    const Box& all = out_.grid.bounds;
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

  // The larger an area, the less of the work is its halo; but every thread should have some, and memory is bounded.
  [[nodiscard]] std::vector<Box> work_areas() const {
    if (options_.area > 0) {
      return areas(options_.area, options_.origin_x, options_.origin_y);
    }
    constexpr std::int64_t kMostPixels = std::int64_t{96} << 20;  // of all threads, about 10 bytes each
    std::vector<Box> out;
    for (const int side : {4096, 3072, 2048, 1024}) {
      const std::int64_t pixels = std::int64_t{side + 768} * (side + 768) * options_.threads;
      if (pixels > kMostPixels && side > 1024) {
        continue;
      }
      out = areas(side, options_.origin_x, options_.origin_y);
      if (out.size() >= 3 * static_cast<std::size_t>(options_.threads)) {
        break;
      }
    }
    return out;
  }

  // An even grid, so that pixels that are halved pair up alike in all areas.
  [[nodiscard]] Box with_halo(const Box& core, int halo) const {
    const Box grown = core.grown(halo);
    const std::int64_t x = grown.x & ~std::int64_t{1};
    const std::int64_t y = grown.y & ~std::int64_t{1};
    return {x, y, (grown.right() - x + 1) & ~std::int64_t{1}, (grown.bottom() - y + 1) & ~std::int64_t{1}};
  }

  // What the slide is like, from some squares with tissue.
  Result<void> look() {
    std::vector<Box> squares = areas(ConnectivityBlocks(out_.grid.work_mpp).side, 0, 0, false);
    some_by_hash(squares, kLooks);
    auto looked = look_at_slide(cache_, out_.grid, squares, out_.settings, options_.profile.t_mem, options_.threads);
    if (!looked) {
      return tl::unexpected(looked.error());
    }
    out_.look = *looked;
    QualityFacts facts;
    facts.sums = out_.look.quality;
    facts.tissue_mm2 = out_.tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)];
    facts.mpp = out_.table.mpp;
    facts.allow_coarse = options_.allow_coarse;
    facts.white = out_.settings.white;
    facts.white_from_glass = out_.white_from_glass;
    facts.subsampling = out_.table.subsampling;
    out_.before = judge_before_measuring(facts, options_.profile);
    return {};
  }

  // What nuclei look like: a fixed sample of areas, chosen by hash, whatever the grid of the second pass is.
  Result<void> sample() {
    std::vector<Box> blocks = areas(kSampleArea, 0, 0);
    some_by_hash(blocks, kSamples);
    std::vector<std::vector<NucleusLook>> looks(blocks.size());
    auto done = each(blocks, "looking at nuclei", [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) {
      looks[i] = look_at_nuclei(rgb, frame, out_.settings);
      return std::uint64_t{0};
    });
    if (!done) {
      return done;
    }
    std::vector<NucleusLook> all;
    for (const auto& some : looks) {
      all.insert(all.end(), some.begin(), some.end());
    }
    use_looks(std::move(all), out_.settings);
    return {};
  }

  Result<void> measure() {
    const TileCache::Counts before = cache_.counts();
    const std::vector<Box> cores = work_areas();
    std::vector<CellTable> parts(cores.size());
    auto done = each(cores, "measuring cells", [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) {
      measure_area(rgb, frame, out_.settings, parts[i]);
      return static_cast<std::uint64_t>(parts[i].cells.size());
    });
    if (!done) {
      return done;
    }
    const TileCache::Counts counts = cache_.counts();
    out_.tiles = counts.decoded - before.decoded;
    out_.tiles_again = counts.again - before.again;
    out_.megapixels = static_cast<double>(counts.pixels - before.pixels) / 1e6;
    gather(parts);
    return {};
  }

  // Calls work(i, pixels, frame) for every core with its halo read; tells the progress.
  template <class Work>
  Result<void> each(const std::vector<Box>& cores, const char* stage, const Work& work) {
    const int halo = area_halo(out_.settings);
    double all = 0;
    for (const Box& core : cores) {
      all += static_cast<double>(core.width * core.height) / 1e6;
    }
    double pixels = 0;
    std::uint64_t cells = 0;
    std::mutex mutex;
    tell(stage, 0, all);
    std::vector<RgbImage> images(static_cast<std::size_t>(options_.threads));
    std::vector<RgbImage> scratch(images.size());
    return parallel_for(cores.size(), options_.threads, [&](std::size_t i, int worker) -> Result<void> {
      const AreaFrame frame{with_halo(cores[i], halo), cores[i]};
      RgbImage& rgb = images[static_cast<std::size_t>(worker)];
      if (auto read = read_work(cache_, worker, out_.grid, frame.box, scratch[static_cast<std::size_t>(worker)], rgb);
          !read) {
        return read;
      }
      const std::uint64_t found = work(i, rgb, frame);
      const std::lock_guard lock(mutex);
      pixels += static_cast<double>(cores[i].width * cores[i].height) / 1e6;
      cells += found;
      if (options_.progress) {
        options_.progress({stage, pixels, all, cells});
      }
      return {};
    });
  }

  void tell(const char* stage, double done, double all) const {
    if (options_.progress) {
      options_.progress({stage, done, all, 0});
    }
  }

  // All parts in one table, in order, without what lies off the tissue or outside of the regions.
  void gather(const std::vector<CellTable>& parts) {
    struct Place {
      std::size_t part, cell;
    };
    std::vector<Place> order;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      for (std::size_t c = 0; c < parts[p].cells.size(); ++c) {
        order.push_back({p, c});
      }
    }
    const auto at = [&](const Place& place) { return parts[place.part].cells[place.cell].centroid; };
    std::sort(order.begin(), order.end(), [&](const Place& a, const Place& b) {
      return at(a).y != at(b).y ? at(a).y < at(b).y : at(a).x < at(b).x;
    });
    for (const Place& place : order) {
      const CellTable& part = parts[place.part];
      MeasuredCell cell = part.cells[place.cell];
      if (ground_at(cell.centroid) != Ground::tissue) {
        continue;
      }
      CellTable* to = &out_.table;
      if (options_.regions != nullptr) {
        int region = options_.regions->find(cell.centroid);
        if (region < 0) {
          region = options_.regions->find(cell.centroid, true);
          to = &out_.controls;
        }
        if (region < 0) {
          continue;
        }
        cell.region = static_cast<std::int16_t>(region);
      }
      to->add(cell, part.nucleus(place.cell), part.boundary(place.cell));
    }
    classify_cells(out_.table);
    classify_cells(out_.controls);
  }

  const Slide& slide_;
  const MeasureOptions& options_;
  TileCache cache_;
  SlideMeasurement out_;
};

}  // namespace

Result<SlideMeasurement> measure_slide(const Slide& slide, const std::string& sha256, const MeasureOptions& options) {
  return Measuring(slide, options).run(sha256);
}

}  // namespace her2
