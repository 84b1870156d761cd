// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/measure_slide.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>

#include "her2/assay/core_regions.h"
#include "her2/assay/stain_sample.h"
#include "her2/cellfile/region_index.h"

namespace her2 {
namespace {

constexpr std::size_t kLooks = 12;  // squares looked at

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

class Measuring {
 public:
  Measuring(const Slide& slide, const MeasureOptions& options) : slide_(slide), options_(options) {}

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
      return finished();
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
    return finished();
  }

 private:
  SlideMeasurement finished() {
    SlideGround ground = walk_->take_ground();
    out_.overview = std::move(ground.overview);
    out_.overview_scale = ground.overview_scale;
    out_.tissue = std::move(ground.tissue);
    return std::move(out_);
  }

  Result<void> prepare(const std::string& sha256) {
    const SlideInfo& info = slide_.info();
    const auto mpp = square_mpp(info);
    if (!mpp) {
      return tl::unexpected(located(mpp.error(), info.path));
    }
    const Profile& profile = options_.profile;
    walk_.emplace(slide_, *mpp, options_.threads, options_.progress);
    out_.grid = walk_->grid();
    auto vectors = unit_vectors({profile.stain_vectors[0], profile.stain_vectors[1]});
    if (!vectors) {
      return tl::unexpected(located(vectors.error(), profile.name));
    }
    AreaSettings& settings = out_.settings;
    use_stains(*vectors);
    out_.table.stain_says = "of the profile";
    settings.work_mpp = out_.grid.work_mpp;
    settings.level0_scale = out_.grid.level0_scale;
    settings.nuclear_marker = options_.marker.has_value();
    settings.nuclei = options_.marker ? NucleusOptions{} : kBesideMembranes;
    CellTable& table = out_.table;
    table.marker = options_.marker ? option_of(*options_.marker) : "her2";
    table.slide_name = std::filesystem::path(info.path).filename().string();
    table.slide_sha256 = sha256;
    table.mpp = *mpp;
    table.work_mpp = out_.grid.work_mpp;
    table.subsampling = info.subsampling;
    table.profile_name = profile.name;
    table.profile_sha256 = profile.sha256;
    regions_ = options_.regions;
    return {};
  }

  void use_stains(const StainVectors& vectors) {
    vectors_ = vectors;
    out_.settings.unmixing = unmixing(vectors);
    for (std::size_t c = 0; c < 3; ++c) {
      out_.table.stain_vectors[0][c] = static_cast<int>(std::floor(vectors.haematoxylin[c] * 10000 + 0.5));
      out_.table.stain_vectors[1][c] = static_cast<int>(std::floor(vectors.dab[c] * 10000 + 0.5));
    }
  }

  // The slide's own vectors where the profile asks for them and the slide shows them.
  Result<void> estimate_stains() {
    if (!options_.profile.estimate_stain) {
      return {};
    }
    const auto estimate =
        estimate_on_slide(walk_->tiles(), out_.grid, squares(), out_.settings.white, vectors_, options_.threads);
    if (!estimate) {
      return tl::unexpected(estimate.error());
    }
    out_.table.stain_says = estimate->says;
    if (estimate->vectors) {
      use_stains(*estimate->vectors);
      out_.table.stain_estimated = true;
    }
    return {};
  }

  [[nodiscard]] std::vector<Box> squares() const {
    std::vector<Box> out = walk_->areas(ConnectivityBlocks(out_.grid.work_mpp).side, 0, 0, false);
    some_by_hash(out, kLooks);
    return out;
  }

  // Which regions there are is known when tissue is: the cores of a microarray are looked for in it.
  Result<void> set_regions() {
    if (options_.microarray && regions_ == nullptr) {
      const SlideGround& ground = walk_->ground();
      cores_ = core_regions(ground.tissue, ground.overview_scale);
      regions_ = &cores_;
    }
    if (regions_ == nullptr) {
      return {};
    }
    CellTable& table = out_.table;
    table.microarray = options_.microarray;
    for (const Region& region : regions_->regions) {
      region_index_.push_back(static_cast<std::int16_t>(table.regions.size()));
      if (region.role != RegionRole::ignore) {
        table.regions.push_back(region.name);
        out_.region_mm2.push_back(tissue_in(region, walk_->ground()));
      }
    }
    return {};
  }

  Result<void> look_for_tissue() {
    if (auto found = walk_->look_for_tissue(); !found) {
      return found;
    }
    const SlideGround& ground = walk_->ground();
    out_.settings.white = out_.table.white = ground.white;
    out_.white_from_glass = ground.white_from_glass;
    if (auto known = set_regions(); !known) {
      return known;
    }
    if (auto estimated = estimate_stains(); !estimated) {
      return estimated;
    }
    out_.controls = out_.table;
    return {};
  }

  // What the slide is like, from some squares with tissue.
  Result<void> look() {
    auto looked =
        look_at_slide(walk_->tiles(), out_.grid, squares(), out_.settings, options_.profile.t_mem, options_.threads);
    if (!looked) {
      return tl::unexpected(looked.error());
    }
    out_.look = *looked;
    QualityFacts facts;
    facts.sums = out_.look.quality;
    facts.tissue_mm2 = walk_->ground().tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)];
    facts.mpp = out_.table.mpp;
    facts.allow_coarse = options_.allow_coarse;
    facts.nuclear_marker = options_.marker.has_value();
    facts.white = out_.settings.white;
    facts.white_from_glass = out_.white_from_glass;
    facts.subsampling = out_.table.subsampling;
    out_.before = judge_before_measuring(facts, options_.profile);
    return {};
  }

  // What nuclei look like: a fixed sample of areas, chosen by hash, whatever the grid of the second pass is.
  Result<void> sample() {
    const std::vector<Box> blocks = walk_->sample_areas();
    std::vector<std::vector<NucleusLook>> looks(blocks.size());
    AreaMeter meter(out_.settings);
    auto done = walk_->each_in_pieces(
        blocks, look_halo(out_.settings), "looking at nuclei",
        [&](std::size_t i, const AreaPixels& pixels, const AreaFrame& frame) -> Result<std::uint64_t> {
          auto seen = meter.look(pixels, frame);
          if (!seen) {
            return tl::unexpected(seen.error());
          }
          looks[i] = std::move(*seen);
          return 0;
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
    const TileCache::Counts before = walk_->tiles().counts();
    const std::vector<Box> cores = walk_->work_areas(options_.area, options_.origin_x, options_.origin_y, kAreaBytes);
    std::vector<CellTable> parts(cores.size());
    AreaMeter meter(out_.settings);
    auto done = walk_->each_in_pieces(
        cores, area_halo(out_.settings), "measuring cells",
        [&](std::size_t i, const AreaPixels& pixels, const AreaFrame& frame) -> Result<std::uint64_t> {
          if (auto measured = meter.measure(pixels, frame, parts[i]); !measured) {
            return tl::unexpected(measured.error());
          }
          parts[i].outlines.close();
          return parts[i].cells.size();
        });
    if (!done) {
      return done;
    }
    const TileCache::Counts counts = walk_->tiles().counts();
    out_.tiles = counts.decoded - before.decoded;
    out_.tiles_again = counts.again - before.again;
    out_.megapixels = static_cast<double>(counts.pixels - before.pixels) / 1e6;
    gather(parts);
    return {};
  }

  // All parts in one table, in order, without what lies off the tissue or outside of the regions. A part's memory is
  // given back with its last cell: most parts are gone before the table is full.
  void gather(std::vector<CellTable>& parts) {
    struct Place {
      std::size_t part, cell;
    };
    std::vector<Place> order;
    std::vector<std::size_t> left(parts.size());
    for (std::size_t p = 0; p < parts.size(); ++p) {
      left[p] = parts[p].cells.size();
      for (std::size_t c = 0; c < parts[p].cells.size(); ++c) {
        order.push_back({p, c});
      }
    }
    const auto at = [&](const Place& place) { return parts[place.part].cells[place.cell].centroid; };
    std::sort(order.begin(), order.end(), [&](const Place& a, const Place& b) {
      return at(a).y != at(b).y ? at(a).y < at(b).y : at(a).x < at(b).x;
    });
    std::optional<RegionIndex> index;
    if (regions_ == nullptr) {
      out_.table.cells.reserve(order.size());
      out_.table.outlines.reserve(order.size());
    } else {
      index.emplace(*regions_);
    }
    for (const Place& place : order) {
      take(parts[place.part], place.cell, index);
      if (--left[place.part] == 0) {
        parts[place.part] = {};
      }
    }
    classify_cells(out_.table);
    classify_cells(out_.controls);
  }

  void take(const CellTable& part, std::size_t index, const std::optional<RegionIndex>& regions) {
    MeasuredCell cell = part.cells[index];
    if (walk_->ground_at(cell.centroid) != Ground::tissue) {
      return;
    }
    CellTable* to = &out_.table;
    if (regions) {
      int region = regions->find(cell.centroid);
      if (region < 0) {
        region = regions->find(cell.centroid, true);
        to = &out_.controls;
      }
      if (region < 0) {
        return;
      }
      cell.region = region_index_[static_cast<std::size_t>(region)];
    }
    to->add_from(cell, part, index);
  }

  const Slide& slide_;
  const MeasureOptions& options_;
  std::optional<SlideWalk> walk_;
  StainVectors vectors_;
  Regions cores_;                           // found in the tissue
  const Regions* regions_ = nullptr;        // drawn or found; nullptr: all tissue
  std::vector<std::int16_t> region_index_;  // of each in the table
  SlideMeasurement out_;
};

}  // namespace

Result<SlideMeasurement> measure_slide(const Slide& slide, const std::string& sha256, const MeasureOptions& options) {
  return Measuring(slide, options).run(sha256);
}

}  // namespace her2
