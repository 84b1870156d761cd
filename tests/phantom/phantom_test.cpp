// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/phantom.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "her2/core/parallel.h"
#include "her2/phantom/write.h"

namespace her2 {
namespace {

PhantomSpec small(std::uint64_t seed) {
  PhantomSpec spec;
  spec.seed = seed;
  spec.width = 900;
  spec.height = 700;
  return spec;
}

bool same_piece(const RgbImage& whole, const Box& box, const RgbImage& piece) {
  for (int y = 0; y < piece.height(); ++y) {
    if (std::memcmp(whole.at(static_cast<int>(box.x), static_cast<int>(box.y) + y), piece.row(y), piece.stride()) !=
        0) {
      return false;
    }
  }
  return true;
}

TEST(Phantom, RendersTheSameForAnyTiling) {
  for (const double tissue : {1.0, 0.7}) {
    PhantomSpec spec = small(3);
    spec.mix = *preset_mix("2+");
    spec.tissue_share = tissue;
    const auto phantom = Phantom::make(spec);
    ASSERT_TRUE(phantom) << phantom.error().text();
    const Box all{0, 0, spec.width, spec.height};
    RgbImage whole, piece;
    phantom->render(all, whole);
    for (const std::int64_t side : {97, 256}) {
      for (std::int64_t y = 0; y < spec.height; y += side) {
        for (std::int64_t x = 0; x < spec.width; x += side) {
          const Box box = intersection({x, y, side, side}, all);
          phantom->render(box, piece);
          ASSERT_TRUE(same_piece(whole, box, piece)) << x << ", " << y << ", side " << side;
        }
      }
    }
  }
}

TEST(Phantom, RendersTheSameInAnyThread) {
  const auto phantom = Phantom::make(small(5));
  ASSERT_TRUE(phantom);
  RgbImage whole;
  phantom->render({0, 0, 512, 512}, whole);
  std::vector<RgbImage> pieces(16);
  ASSERT_TRUE(parallel_for(pieces.size(), 4, [&](std::size_t i, int) -> Result<void> {
    phantom->render({static_cast<std::int64_t>(i % 4) * 128, static_cast<std::int64_t>(i / 4) * 128, 128, 128},
                    pieces[i]);
    return {};
  }));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Box box{static_cast<std::int64_t>(i % 4) * 128, static_cast<std::int64_t>(i / 4) * 128, 128, 128};
    EXPECT_TRUE(same_piece(whole, box, pieces[i])) << i;
  }
}

TEST(Phantom, GivesEachCellToOnePiece) {
  PhantomSpec spec = small(9);
  spec.completeness = CompletenessLaw::uniform;
  const auto phantom = Phantom::make(spec);
  ASSERT_TRUE(phantom);
  const auto all = phantom->cells({0, 0, spec.width, spec.height});
  ASSERT_GT(all.size(), 50U);
  std::vector<PhantomCell> joined;
  for (std::int64_t y = 0; y < spec.height; y += 150) {
    for (std::int64_t x = 0; x < spec.width; x += 150) {
      for (PhantomCell& cell : phantom->cells({x, y, 150, 150})) {
        joined.push_back(std::move(cell));
      }
    }
  }
  std::sort(joined.begin(), joined.end(), [](const PhantomCell& a, const PhantomCell& b) {
    return a.centroid.y != b.centroid.y ? a.centroid.y < b.centroid.y : a.centroid.x < b.centroid.x;
  });
  ASSERT_EQ(joined.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(joined[i].centroid, all[i].centroid);
    EXPECT_EQ(joined[i].membrane, all[i].membrane);
    EXPECT_EQ(joined[i].nucleus, all[i].nucleus);
    EXPECT_EQ(joined[i].completeness, all[i].completeness);
    EXPECT_EQ(joined[i].seen_width_um, all[i].seen_width_um);
  }
}

// DAB of the field without optics at a place, mOD: the highest of the pixels around it.
int highest(const Plane<std::uint16_t>& plane, double x, double y, int around) {
  int out = 0;
  const int cx = static_cast<int>(std::floor(x)), cy = static_cast<int>(std::floor(y));
  for (int dy = -around; dy <= around; ++dy) {
    for (int dx = -around; dx <= around; ++dx) {
      if (plane.inside(cx + dx, cy + dy)) {
        out = std::max(out, static_cast<int>(plane.at(cx + dx, cy + dy)));
      }
    }
  }
  return out;
}

TEST(Phantom, CompletenessIsWhatTheFieldShows) {
  PhantomSpec spec = small(11);
  spec.completeness = CompletenessLaw::uniform;
  spec.mix = {.unstained = 0, .incomplete = {0, 0, 1, 0}, .complete = {}};
  for (MembraneLook& look : spec.look) {
    look.cytoplasm_mod = 0;
  }
  const auto phantom = Phantom::make(spec);
  ASSERT_TRUE(phantom);
  Plane<std::uint16_t> h, dab, membrane;
  phantom->density({0, 0, spec.width, spec.height}, h, dab, membrane);
  double worst = 0, sum = 0;
  int cells = 0;
  for (const PhantomCell& cell : phantom->cells({80, 80, spec.width - 160, spec.height - 160})) {
    if (cell.kind != PhantomKind::tumour) {
      continue;
    }
    int stained = 0, samples = 0;
    for (std::size_t i = 0; i < cell.membrane.size(); ++i) {
      const SubPoint a = cell.membrane[i], b = cell.membrane[(i + 1) % cell.membrane.size()];
      const double length = std::sqrt((b.x - a.x) * 1.0 * (b.x - a.x) + (b.y - a.y) * 1.0 * (b.y - a.y));
      const int steps = std::max(1, static_cast<int>(length / 8));  // quarters of a pixel, about
      for (int s = 0; s < steps; ++s) {
        const double t = (s + 0.5) / steps;
        samples += 1;
        stained +=
            highest(membrane, (a.x + t * (b.x - a.x)) / kSubpixels, (a.y + t * (b.y - a.y)) / kSubpixels, 0) > 180;
      }
    }
    const double error = std::abs(static_cast<double>(stained) / samples - cell.completeness);
    worst = std::max(worst, error);
    sum += error;
    ++cells;
  }
  ASSERT_GT(cells, 40);
  EXPECT_LT(sum / cells, 0.03);
  EXPECT_LT(worst, 0.15);
}

TEST(Phantom, MixIsWhatWasAskedFor) {
  PhantomSpec spec = small(21);
  spec.width = spec.height = 6000;
  spec.clustering = 0.3;
  spec.mix = {.unstained = 50, .incomplete = {20, 0, 0, 0}, .complete = {0, 20, 0, 10}};
  const auto phantom = Phantom::make(spec);
  ASSERT_TRUE(phantom);
  PhantomShares shares;
  for (const PhantomCell& cell : phantom->cells({0, 0, spec.width, spec.height})) {
    shares.add(cell);
  }
  ASSERT_GT(shares.tumour, 4000U);
  const auto share = [&](Staining staining, std::size_t completeness) {
    return static_cast<double>(shares.grid[static_cast<std::size_t>(staining)][completeness]) /
           static_cast<double>(shares.tumour);
  };
  EXPECT_NEAR(share(Staining::unstained, 0), 0.5, 0.03);
  EXPECT_NEAR(share(Staining::faint, 1), 0.2, 0.02);
  EXPECT_NEAR(share(Staining::weak, 2), 0.2, 0.02);
  EXPECT_NEAR(share(Staining::strong, 2), 0.1, 0.02);
}

TEST(Phantom, UniformCompletenessFillsTheRange) {
  PhantomSpec spec = small(23);
  spec.width = spec.height = 3000;
  spec.completeness = CompletenessLaw::uniform;
  spec.mix = {.unstained = 0, .incomplete = {0, 1, 0, 0}, .complete = {}};
  const auto phantom = Phantom::make(spec);
  ASSERT_TRUE(phantom);
  std::array<int, 5> bins{};
  int cells = 0;
  for (const PhantomCell& cell : phantom->cells({0, 0, spec.width, spec.height})) {
    if (cell.kind == PhantomKind::tumour) {
      ++bins[std::min<std::size_t>(4, static_cast<std::size_t>(cell.completeness * 5))];
      ++cells;
      EXPECT_LE(cell.longest_gap, 1 - cell.completeness + 1e-9);
    }
  }
  for (const int bin : bins) {
    EXPECT_NEAR(static_cast<double>(bin) / cells, 0.2, 0.06);
  }
}

TEST(Phantom, RefusesWhatCannotBe) {
  PhantomSpec spec = small(1);
  spec.mpp = 0;
  const auto phantom = Phantom::make(spec);
  ASSERT_FALSE(phantom);
  EXPECT_EQ(phantom.error().reason, "mpp is 0; it must lie from 0.1 to 2");
}

}  // namespace
}  // namespace her2
