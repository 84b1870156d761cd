// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/find_cells.h"

#include <algorithm>
#include <array>
#include <optional>

#include "her2/cell/classify.h"
#include "her2/cellfile/region_index.h"
#include "her2/ihc/quality.h"
#include "her2/stain/stain_vectors.h"

namespace her2 {
namespace {

constexpr int kSomeBrown = 100, kMuchBrown = 4;  // brown is a hundredth, a quarter of what is coloured
constexpr int kBrownNucleus = 60;                // mOD by which a nucleus that DAB stains is browner than around it
constexpr int kLessRound = 20;                   // 1/1000 of roundness by which these may be less round than others
constexpr int kPaleContrast = 45, kPale = 40;    // percent of what the slide's clearer nuclei have

// What all areas share.
struct Look {
  White white{255, 255, 255};
  Unmixing unmixing;
  NuclearSignal signal = NuclearSignal::haematoxylin;
  NucleusOptions nuclei;
  int least_inside = 0;  // mean signal of a nucleus, mOD
  double work_mpp = 0, level0_scale = 1;
};

// One area's stains and nuclei.
struct Seen {
  Seen(const RgbImage& rgb, const Look& look) {
    const OdTable od = od_table(look.white);
    unmix(rgb, od, look.unmixing, stains);
    if (look.signal == NuclearSignal::haematoxylin) {
      red_signal(rgb, od, signal);
    } else {
      nuclear_signal(stains, look.signal, signal);
    }
    nuclei = nuclei_on(signal, look.work_mpp, look.nuclei);
    std::erase_if(nuclei, [&](const Nucleus& n) { return n.inside < look.least_inside; });
  }
  StainPlanes stains;
  Plane<std::int16_t> signal;
  std::vector<Nucleus> nuclei;
};

bool owns(const AreaFrame& frame, SubPoint local) {
  return frame.core.contains(frame.box.x + (local.x >> 5), frame.box.y + (local.y >> 5));
}

FoundNucleus found(const Nucleus& nucleus, const Seen& seen, const AreaFrame& frame, const Look& look) {
  FoundNucleus out;
  out.centroid = to_level0(nucleus.centroid, frame.box, look.level0_scale);
  std::transform(nucleus.ring.begin(), nucleus.ring.end(), out.ring.begin(),
                 [&](SubPoint p) { return to_level0(p, frame.box, look.level0_scale); });
  const NucleusShape shape = shape_of(nucleus, look.work_mpp);
  out.area = shape.area;
  out.roundness = shape.roundness;
  out.elongation = shape.elongation;
  out.haematoxylin = static_cast<std::int16_t>(mean_inside(seen.stains.haematoxylin, nucleus.ring));
  out.dab = static_cast<std::int16_t>(mean_inside(seen.stains.dab, nucleus.ring));
  out.contrast = static_cast<std::int16_t>(nucleus.contrast);
  return out;
}

// DAB within a nucleus over that in a ring around it of 1.25 times its area, mOD.
int brown_over_ring(const Plane<std::int16_t>& dab, const Nucleus& nucleus) {
  std::array<SubPoint, kNucleusPoints> wide{};
  std::transform(nucleus.ring.begin(), nucleus.ring.end(), wide.begin(), [&](SubPoint p) {
    return SubPoint{nucleus.centroid.x + (p.x - nucleus.centroid.x) * 3 / 2,
                    nucleus.centroid.y + (p.y - nucleus.centroid.y) * 3 / 2};
  });
  const int inside = mean_inside(dab, nucleus.ring);
  return (inside - mean_inside(dab, wide)) * 9 / 5;
}

int middle(std::vector<int> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

int upper_quarter(std::vector<int> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 3 / 4);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

class Finding {
 public:
  Finding(const Slide& slide, double mpp, const FindCellsOptions& options)
      : options_(options), walk_(slide, mpp, options.threads, options.progress) {
    out_.mpp = mpp;
    if (options.regions != nullptr) {
      regions_.emplace(*options.regions);
    }
  }

  Result<FoundCells> run() {
    if (auto ready = walk_.look_for_tissue(true); !ready) {
      return tl::unexpected(ready.error());
    }
    look_.white = out_.white = walk_.ground().white;
    look_.unmixing = unmixing(*unit_vectors({}));
    look_.work_mpp = out_.work_mpp = walk_.grid().work_mpp;
    look_.level0_scale = walk_.grid().level0_scale;
    out_.tissue_mm2 = walk_.ground().tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)];
    if (auto chosen = choose(); !chosen) {
      return tl::unexpected(chosen.error());
    }
    out_.signal = look_.signal;
    if (auto sampled = sample(); !sampled) {
      return tl::unexpected(sampled.error());
    }
    if (auto all = find(); !all) {
      return tl::unexpected(all.error());
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] int halo() const { return nuclei_on_reach(look_.work_mpp, look_.nuclei) + 2; }

  // In which signal nuclei are to be looked for, from the sample.
  Result<void> choose() {
    if (options_.signal) {
      look_.signal = *options_.signal;
      return {};
    }
    const std::vector<Box> areas = walk_.sample_areas();
    std::vector<QualitySums> colours(areas.size());
    auto done = walk_.each(
        areas, quality_halo(look_.work_mpp), "looking at the stain",
        [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) {
          StainPlanes stains;
          unmix(rgb, od_table(look_.white), look_.unmixing, stains);
          const Box core{frame.core.x - frame.box.x, frame.core.y - frame.box.y, frame.core.width, frame.core.height};
          colours[i] = look_at_quality(rgb, stains.sum, core, look_.work_mpp, {look_.white});
          return std::uint64_t{0};
        });
    if (!done) {
      return done;
    }
    QualitySums all;
    for (const QualitySums& some : colours) {
      all += some;
    }
    look_.signal = all.brown * kSomeBrown < all.coloured   ? NuclearSignal::haematoxylin
                   : all.brown * kMuchBrown < all.coloured ? NuclearSignal::any
                                                           : NuclearSignal::membrane;
    return look_.signal == NuclearSignal::membrane ? tell_from_nuclei(areas) : Result<void>{};
  }

  // Much DAB is in nuclei or around them: nuclei are looked for both ways. Those that bear it out must be the more, and
  // brown ones as round as the others: what is brown between nuclei, or of cytoplasm, makes blobs that are not.
  Result<void> tell_from_nuclei(const std::vector<Box>& areas) {
    std::array<std::vector<int>, 2> fits;  // roundness of each
    for (const NuclearSignal signal : {NuclearSignal::any, NuclearSignal::membrane}) {
      look_.signal = signal;
      std::vector<std::vector<int>> parts(areas.size());
      auto done = walk_.each(areas, halo(), "looking at the stain",
                             [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) {
                               const Seen seen(rgb, look_);
                               for (const Nucleus& nucleus : seen.nuclei) {
                                 const int over = brown_over_ring(seen.stains.dab, nucleus);
                                 const bool fit = signal == NuclearSignal::any ? over >= kBrownNucleus : over < 0;
                                 if (fit && owns(frame, nucleus.centroid)) {
                                   parts[i].push_back(shape_of(nucleus, look_.work_mpp).roundness);
                                 }
                               }
                               return std::uint64_t{0};
                             });
      if (!done) {
        return done;
      }
      auto& to = fits.at(signal == NuclearSignal::any ? 0 : 1);
      for (const auto& part : parts) {
        to.insert(to.end(), part.begin(), part.end());
      }
    }
    const auto& [brown, around] = fits;
    const bool round = !brown.empty() && (around.empty() || middle(brown) + kLessRound >= middle(around));
    look_.signal = round && brown.size() > around.size() ? NuclearSignal::any : NuclearSignal::membrane;
    return {};
  }

  // How clear nuclei are here: what is much paler than most is none.
  Result<void> sample() {
    const std::vector<Box> areas = walk_.sample_areas();
    std::vector<std::vector<Nucleus>> some(areas.size());
    auto done =
        walk_.each(areas, halo(), "looking at nuclei", [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) {
          const Seen seen(rgb, look_);
          std::copy_if(seen.nuclei.begin(), seen.nuclei.end(), std::back_inserter(some[i]),
                       [&](const Nucleus& n) { return owns(frame, n.centroid); });
          return std::uint64_t{0};
        });
    if (!done) {
      return done;
    }
    std::vector<int> contrast;
    std::vector<int> inside;
    for (const auto& part : some) {
      for (const Nucleus& nucleus : part) {
        contrast.push_back(nucleus.contrast);
        inside.push_back(nucleus.inside);
      }
    }
    // Where DAB marks some of the nuclei these are far clearer than the others, and no measure for them.
    if (!contrast.empty() && look_.signal != NuclearSignal::any) {
      look_.nuclei.least_contrast =
          std::max(look_.nuclei.least_contrast, upper_quarter(std::move(contrast)) * kPaleContrast / 100);
      look_.least_inside = upper_quarter(std::move(inside)) * kPale / 100;
    }
    return {};
  }

  Result<void> find() {
    constexpr int kBytes = 20;  // a pixel: image, stains, signal, what nuclei are looked for in
    const std::vector<Box> areas = walk_.work_areas(options_.area, options_.origin_x, options_.origin_y, kBytes);
    std::vector<std::vector<FoundNucleus>> parts(areas.size());
    auto done =
        walk_.each(areas, halo(), "finding nuclei", [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) {
          const Seen seen(rgb, look_);
          for (const Nucleus& nucleus : seen.nuclei) {
            if (owns(frame, nucleus.centroid)) {
              keep(found(nucleus, seen, frame, look_), parts[i]);
            }
          }
          return static_cast<std::uint64_t>(parts[i].size());
        });
    if (!done) {
      return done;
    }
    for (auto& part : parts) {
      out_.nuclei.insert(out_.nuclei.end(), part.begin(), part.end());
      part = {};
    }
    std::sort(out_.nuclei.begin(), out_.nuclei.end(), [](const FoundNucleus& a, const FoundNucleus& b) {
      return a.centroid.y != b.centroid.y ? a.centroid.y < b.centroid.y : a.centroid.x < b.centroid.x;
    });
    return {};
  }

  void keep(const FoundNucleus& nucleus, std::vector<FoundNucleus>& to) const {
    const bool in_region = !regions_ || regions_->find(nucleus.centroid) >= 0;
    if (in_region && walk_.ground_at(nucleus.centroid) == Ground::tissue) {
      to.push_back(nucleus);
    }
  }

  const FindCellsOptions& options_;
  std::optional<RegionIndex> regions_;  // where drawn
  SlideWalk walk_;
  Look look_;
  FoundCells out_;
};

}  // namespace

Result<FoundCells> find_cells(const Slide& slide, const FindCellsOptions& options) {
  const auto mpp = square_mpp(slide.info());
  if (!mpp) {
    return tl::unexpected(located(mpp.error(), slide.info().path));
  }
  return Finding(slide, *mpp, options).run();
}

}  // namespace her2
