// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "her2/assay/work_grid.h"
#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/ihc/area_meter.h"
#include "her2/slide/slide.h"
#include "her2/slide/tile_cache.h"
#include "her2/tissue/tissue.h"

namespace her2 {

// How far a slide is; for a person who waits.
struct WalkProgress {
  std::string stage;         // "looking for tissue", "measuring cells"
  double done = 0, all = 0;  // megapixels of the stage
  std::uint64_t cells = 0;
};
using ProgressCall = std::function<void(const WalkProgress&)>;  // called by one thread at a time; may be empty

// The slide seen small.
struct SlideGround {
  RgbImage overview;
  double overview_scale = 1;  // level 0 pixels per pixel of it
  TissueMap tissue;
  White white{255, 255, 255};
  bool white_from_glass = false;
};

// The walk through a slide that everything shares which looks at its cells: white and tissue from a small picture, then
// areas with a margin around each, on all threads. Nothing depends on the size and the order of the areas but what a
// caller makes so.
class SlideWalk {
 public:
  // `mpp`: um per level 0 pixel. `slide` and `progress` must outlive it.
  SlideWalk(const Slide& slide, double mpp, int threads, const ProgressCall& progress);

  [[nodiscard]] const WorkGrid& grid() const { return grid_; }
  [[nodiscard]] const SlideGround& ground() const { return ground_; }
  [[nodiscard]] SlideGround take_ground() { return std::move(ground_); }
  [[nodiscard]] TileCache& tiles() { return tiles_; }

  // Finds white and tissue. Fails when there is none. Of pictures of at most 1 mm2 all is taken as tissue when hardly
  // any is found although they are not blank (pale tissue without glass beside it), or when it is a `field` that
  // someone has already chosen.
  Result<void> look_for_tissue(bool field = false);
  // Areas of a grid that hold tissue, row by row; `cut` to the slide.
  [[nodiscard]] std::vector<Box> areas(int side, int origin_x, int origin_y, bool cut = true) const;
  // A fixed sample of areas with tissue, chosen by hash, whatever grid is walked later.
  [[nodiscard]] std::vector<Box> sample_areas() const;
  // Areas to be worked through, no larger than their tissue: of `side` working pixels; 0: as threads and memory ask
  // for, when a thread needs about `bytes` a pixel.
  [[nodiscard]] std::vector<Box> work_areas(int side, int origin_x, int origin_y, int bytes) const;
  [[nodiscard]] Ground ground_at(SubPoint level0) const;

  // Calls work(i, pixels, frame) for every core with `halo` working pixels around it; it returns how many cells it
  // found. Boxes begin on even pixels, so that pixels that are halved pair up alike in all areas. What is farther than
  // `halo` from tissue is not read, but white.
  using PieceWork = std::function<Result<std::uint64_t>(std::size_t, const AreaPixels&, const AreaFrame&)>;
  Result<void> each_in_pieces(const std::vector<Box>& cores, int halo, const char* stage, const PieceWork& work);
  // The same with the whole image of each area.
  using Work = std::function<std::uint64_t(std::size_t, const RgbImage&, const AreaFrame&)>;
  Result<void> each(const std::vector<Box>& cores, int halo, const char* stage, const Work& work);

 private:
  Result<void> sample_anywhere(RgbImage& out);
  [[nodiscard]] Box overview_of(const Box& work) const;
  [[nodiscard]] bool has_tissue(const Box& work) const;
  [[nodiscard]] Box around_tissue(const Box& work) const;
  void tell(const char* stage, double done, double all) const;

  const Slide& slide_;
  double mpp_;
  int threads_;
  const ProgressCall& progress_;
  WorkGrid grid_;
  TileCache tiles_;
  SlideGround ground_;
};

// Keeps `most` of the boxes, always the same ones.
void some_by_hash(std::vector<Box>& boxes, std::size_t most);

}  // namespace her2
