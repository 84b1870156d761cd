// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/stain_sample.h"

#include "her2/core/parallel.h"

namespace her2 {

Result<StainEstimate> estimate_on_slide(TileCache& tiles, const WorkGrid& grid, const std::vector<Box>& squares,
                                        const White& white, const StainVectors& prior, int threads) {
  const OdTable od = od_table(white);
  std::vector<OdSample> parts(squares.size());
  auto done = parallel_for(squares.size(), threads, [&](std::size_t i, int worker) -> Result<void> {
    RgbImage scratch;
    RgbImage rgb;
    if (auto read = read_work(tiles, worker, grid, intersection(squares[i], grid.bounds), scratch, rgb); !read) {
      return read;
    }
    add_to_sample(rgb, od, parts[i]);
    return {};
  });
  if (!done) {
    return tl::unexpected(done.error());
  }
  OdSample all;
  for (const OdSample& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return estimate_stains(all, prior);
}

}  // namespace her2
