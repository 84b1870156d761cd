// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/measure_slide.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>

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
    if (profile.estimate_stain) {
      return fail(
          "asks for stain vectors estimated from the slide (estimate = true), which her2 does not do yet; give the "
          "laboratory's vectors and estimate = false",
          {}, profile.name);
    }
    walk_.emplace(slide_, *mpp, options_.threads, options_.progress);
    out_.grid = walk_->grid();
    auto vectors = unit_vectors({profile.stain_vectors[0], profile.stain_vectors[1]});
    if (!vectors) {
      return tl::unexpected(located(vectors.error(), profile.name));
    }
    AreaSettings& settings = out_.settings;
    settings.unmixing = unmixing(*vectors);
    settings.work_mpp = out_.grid.work_mpp;
    settings.level0_scale = out_.grid.level0_scale;
    settings.nuclear_marker = options_.nuclear_marker;
    settings.nuclei = options_.nuclear_marker ? NucleusOptions{} : kBesideMembranes;
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
    if (auto found = walk_->look_for_tissue(); !found) {
      return found;
    }
    const SlideGround& ground = walk_->ground();
    out_.settings.white = out_.table.white = ground.white;
    out_.white_from_glass = ground.white_from_glass;
    return {};
  }

  // What the slide is like, from some squares with tissue.
  Result<void> look() {
    std::vector<Box> squares = walk_->areas(ConnectivityBlocks(out_.grid.work_mpp).side, 0, 0, false);
    some_by_hash(squares, kLooks);
    auto looked =
        look_at_slide(walk_->tiles(), out_.grid, squares, out_.settings, options_.profile.t_mem, options_.threads);
    if (!looked) {
      return tl::unexpected(looked.error());
    }
    out_.look = *looked;
    QualityFacts facts;
    facts.sums = out_.look.quality;
    facts.tissue_mm2 = walk_->ground().tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)];
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
    const std::vector<Box> blocks = walk_->sample_areas();
    std::vector<std::vector<NucleusLook>> looks(blocks.size());
    const int halo = area_halo(out_.settings);
    auto done =
        walk_->each(blocks, halo, "looking at nuclei", [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) {
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
    const TileCache::Counts before = walk_->tiles().counts();
    const std::vector<Box> cores =
        walk_->work_areas(options_.area, options_.origin_x, options_.origin_y, options_.threads);
    std::vector<CellTable> parts(cores.size());
    const int halo = area_halo(out_.settings);
    auto done =
        walk_->each(cores, halo, "measuring cells", [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) {
          measure_area(rgb, frame, out_.settings, parts[i]);
          return static_cast<std::uint64_t>(parts[i].cells.size());
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
      if (walk_->ground_at(cell.centroid) != Ground::tissue) {
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
  std::optional<SlideWalk> walk_;
  SlideMeasurement out_;
};

}  // namespace

Result<SlideMeasurement> measure_slide(const Slide& slide, const std::string& sha256, const MeasureOptions& options) {
  return Measuring(slide, options).run(sha256);
}

}  // namespace her2
