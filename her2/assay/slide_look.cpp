// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/slide_look.h"

#include <algorithm>

#include "her2/core/parallel.h"

namespace her2 {

Result<SlideLook> look_at_slide(TileCache& tiles, const WorkGrid& grid, const std::vector<Box>& squares,
                                const AreaSettings& settings, int t_mem, int threads) {
  const ConnectivityBlocks blocks(grid.work_mpp);
  const int halo = std::max(blocks.halo, quality_halo(grid.work_mpp));
  const OdTable od = od_table(settings.white);
  std::vector<SlideLook> looks(squares.size());
  struct LookPixels {  // kept by each thread from square to square
    RgbImage scratch, rgb;
    StainPlanes stains;
    Plane<std::int16_t> dab;
  };
  std::vector<LookPixels> pixels(static_cast<std::size_t>(std::max(1, threads)));
  auto done = parallel_for(squares.size(), threads, [&](std::size_t i, int worker) -> Result<void> {
    auto& [scratch, rgb, stains, dab] = pixels[static_cast<std::size_t>(worker)];
    if (auto read = read_work(tiles, worker, grid, squares[i].grown(halo), scratch, rgb); !read) {
      return read;
    }
    unmix(rgb, od, settings.unmixing, stains);
    const Box core{halo, halo, squares[i].width, squares[i].height};
    looks[i].quality = look_at_quality(rgb, stains.sum, core, grid.work_mpp, {settings.white, settings.glass});
    const int rim = halo - blocks.halo;
    dab.reshape(stains.dab.width() - 2 * rim, stains.dab.height() - 2 * rim);
    for (int y = 0; y < dab.height(); ++y) {
      std::copy_n(stains.dab.row(y + rim) + rim, dab.width(), dab.row(y));
    }
    looks[i].connectivity = connectivity_of(dab, blocks, t_mem);
    return {};
  });
  if (!done) {
    return tl::unexpected(done.error());
  }
  SlideLook out;
  for (const SlideLook& look : looks) {
    out.quality += look.quality;
    out.connectivity += look.connectivity;
  }
  return out;
}

}  // namespace her2
