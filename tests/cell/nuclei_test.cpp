// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/nuclei.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include <cmath>

#include "her2/cell/boundary.h"
#include "her2/cell/classify.h"
#include "her2/cell/overlaps.h"

namespace her2 {
namespace {

constexpr double kPitch = 0.5;

void draw(Plane<std::int16_t>& plane, double x, double y, double rx, double ry, int value) {
  for (int py = 0; py < plane.height(); ++py) {
    for (int px = 0; px < plane.width(); ++px) {
      const double dx = (px + 0.5 - x) / rx;
      const double dy = (py + 0.5 - y) / ry;
      if (dx * dx + dy * dy <= 1) {
        plane.at(px, py) = static_cast<std::int16_t>(value);
      }
    }
  }
}

TEST(Nuclei, a_disc_is_found_with_its_area) {
  Plane<std::int16_t> plane(160, 160, 30);
  draw(plane, 80, 80, 9, 9, 200);  // radius 4.5 um
  const auto found = find_nuclei(plane, kPitch, {});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].centroid.x / 32.0, 80, 0.3);
  EXPECT_NEAR(found[0].centroid.y / 32.0, 80, 0.3);
  const NucleusShape shape = shape_of(found[0], kPitch);
  EXPECT_NEAR(shape.area / 100.0, std::numbers::pi * 4.5 * 4.5, 8);
  EXPECT_GT(shape.roundness, 930);
  EXPECT_NEAR(shape.elongation, 100, 8);
}

TEST(Nuclei, an_ellipse_keeps_its_form) {
  Plane<std::int16_t> plane(160, 160, 30);
  draw(plane, 80, 80, 10, 6, 220);
  const auto found = find_nuclei(plane, kPitch, {});
  ASSERT_EQ(found.size(), 1U);
  const NucleusShape shape = shape_of(found[0], kPitch);
  EXPECT_NEAR(shape.elongation, 167, 20);
}

TEST(Nuclei, touching_discs_are_two) {
  Plane<std::int16_t> plane(200, 160, 30);
  draw(plane, 85, 80, 9, 9, 200);
  draw(plane, 104, 80, 9, 9, 190);
  EXPECT_EQ(find_nuclei(plane, kPitch, {}).size(), 2U);
}

TEST(Nuclei, flat_planes_hold_none) {
  EXPECT_TRUE(find_nuclei(Plane<std::int16_t>(150, 150, 0), kPitch, {}).empty());
  EXPECT_TRUE(find_nuclei(Plane<std::int16_t>(150, 150, 400), kPitch, {}).empty());
}

// The same nuclei wherever the plane ends, as long as it ends beyond the reach.
void same_wherever_the_plane_ends(const NucleusOptions& options) {
  const int reach = nucleus_reach(kPitch, options);
  Plane<std::int16_t> whole(2 * reach + 260, 2 * reach + 240, 30);
  unsigned state = 5;
  const auto next = [&state](int below) {
    state = state * 1664525U + 1013904223U;
    return static_cast<int>(state >> 8) % below;
  };
  for (int i = 0; i < 900; ++i) {
    draw(whole, next(whole.width()), next(whole.height()), 5 + next(8), 5 + next(8), 120 + next(150));
  }
  Plane<std::int16_t> part(2 * reach + 120, 2 * reach + 110);
  const int x0 = 64;
  const int y0 = 52;
  for (int y = 0; y < part.height(); ++y) {
    for (int x = 0; x < part.width(); ++x) {
      part.at(x, y) = whole.at(x + x0, y + y0);
    }
  }
  const auto inside = [&](const std::vector<Nucleus>& all, int dx, int dy) {
    std::vector<std::array<std::int32_t, 4>> out;
    for (const Nucleus& n : all) {
      const int x = n.centroid.x + dx * 32;
      const int y = n.centroid.y + dy * 32;
      if (x >= (reach + x0) * 32 && x < (reach + x0 + 120) * 32 && y >= (reach + y0) * 32 &&
          y < (reach + y0 + 110) * 32) {
        out.push_back({x, y, n.contrast, static_cast<std::int32_t>(n.area)});
      }
    }
    return out;
  };
  const auto a = inside(find_nuclei(whole, kPitch, options), 0, 0);
  const auto b = inside(find_nuclei(part, kPitch, options), x0, y0);
  EXPECT_GT(a.size(), 10U);
  EXPECT_EQ(a, b);
}

TEST(Nuclei, do_not_depend_on_the_planes_edges) { same_wherever_the_plane_ends({}); }

TEST(Nuclei, that_are_looked_for_once_depend_on_less) {
  const NucleusOptions once{.look_again = false};
  same_wherever_the_plane_ends(once);
  EXPECT_LT(nucleus_reach(kPitch, once), nucleus_reach(kPitch, {}));
  EXPECT_LT(nucleus_view(kPitch, once), nucleus_reach(kPitch, once));
}

// A cell with a ring of DAB: the boundary lies on it.
TEST(Boundary, follows_the_membrane) {
  Plane<std::int16_t> dab(200, 200);
  Plane<std::int16_t> sum(200, 200, 120);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      const double r = std::hypot(x + 0.5 - 100, y + 0.5 - 100) * 0.25;
      dab.at(x, y) = static_cast<std::int16_t>(std::abs(r - 7.5) < 0.5 ? 500 : 20);
    }
  }
  Nucleus nucleus;
  nucleus.centroid = nucleus.seed = {3200, 3200};
  for (std::size_t i = 0; i < kNucleusPoints; ++i) {
    const RayTable& rays = ray_table();
    nucleus.ring[i] = {3200 + rays.x[2 * i] * 16 * 32 / 16384, 3200 + rays.y[2 * i] * 16 * 32 / 16384};
  }
  Plane<std::int32_t> labels;
  label_glass(sum, 25, labels);
  label_nuclei(std::span(&nucleus, 1), labels);
  EXPECT_EQ(labels.at(100, 100), 1);
  BoundaryFinder finder(dab, labels, 0.25);
  const Boundary boundary = finder.around(nucleus, 1);
  for (const SubPoint p : boundary.ring) {
    EXPECT_NEAR(std::hypot(p.x - 3200.0, p.y - 3200.0) / 32 * 0.25, 7.5, 0.4);
  }
  EXPECT_EQ(boundary.at_glass, 0U);
}

// A stained line 7 um to the right of an unstained cell, whose neighbour begins at 8.2 um. With a cleft before it the
// line is the neighbour's; without one it belongs to both.
TEST(Boundary, a_cleft_parts_neighbours) {
  for (const bool cleft : {false, true}) {
    Plane<std::int16_t> dab(200, 200);
    Plane<std::int16_t> sum(200, 200, 120);
    for (int y = 0; y < 200; ++y) {
      for (int x = 0; x < 200; ++x) {
        const double right = (x + 0.5 - 100) * 0.25;
        dab.at(x, y) = static_cast<std::int16_t>(std::abs(right - 7) < 0.5 ? 500 : 20);
        sum.at(x, y) = static_cast<std::int16_t>(cleft && right > 5 && right < 6.4 ? 30 : 120);
      }
    }
    std::array<Nucleus, 2> nuclei;
    for (std::size_t n = 0; n < 2; ++n) {
      const std::int32_t middle = n == 0 ? 3200 : 3200 + 1562;  // 12.2 um further
      nuclei[n].centroid = nuclei[n].seed = {middle, 3200};
      for (std::size_t i = 0; i < kNucleusPoints; ++i) {
        const RayTable& rays = ray_table();
        nuclei[n].ring[i] = {middle + rays.x[2 * i] * 16 * 32 / 16384, 3200 + rays.y[2 * i] * 16 * 32 / 16384};
      }
    }
    Plane<std::int32_t> labels;
    label_glass(sum, 25, labels);
    label_nuclei(nuclei, labels);
    BoundaryFinder finder(dab, labels, 0.25);
    const double right = (finder.around(nuclei[0], 1).ring[0].x - 3200) / 32.0 * 0.25;
    EXPECT_NEAR(right, cleft ? 6.0 : 7.0, 0.5);
    const double left = (3200 + 1562 - finder.around(nuclei[1], 2).ring[32].x) / 32.0 * 0.25;
    EXPECT_NEAR(left, 5.2, 0.5);  // the neighbour's own
  }
}

TEST(Overlap, is_a_share_of_the_smaller) {
  Nucleus a;
  Nucleus b;
  for (std::size_t i = 0; i < kNucleusPoints; ++i) {
    const RayTable& rays = ray_table();
    a.ring[i] = {rays.x[2 * i] / 16, rays.y[2 * i] / 16};
    b.ring[i] = {rays.x[2 * i] / 32, rays.y[2 * i] / 32};
  }
  a.area = 4;
  b.area = 1;
  EXPECT_EQ(overlap(a, b), 1000);
  b.seed = {4000, 0};
  for (auto& p : b.ring) {
    p.x += 4000;
  }
  EXPECT_EQ(overlap(a, b), 0);
}

TEST(Kinds, follow_size_and_form) {
  EXPECT_EQ(classify({6000, 900, 120, 200}, 200).kind, CellKind::tumour);
  EXPECT_EQ(classify({3200, 930, 110, 350}, 200).kind, CellKind::lymphocyte);
  EXPECT_EQ(classify({3200, 860, 170, 350}, 200).kind, CellKind::tumour);  // dark, but not round
  EXPECT_EQ(classify({3200, 930, 110, 300}, 200).kind, CellKind::tumour);  // round, but not dark
  EXPECT_EQ(classify({3500, 500, 400, 230}, 200).kind, CellKind::stromal);
  EXPECT_EQ(classify({3500, 820, 185, 230}, 200).kind, CellKind::stromal);  // half of a spindle
  EXPECT_EQ(classify({3500, 500, 400, 200}, 200).kind, CellKind::tumour);   // narrow, but no denser than others
  EXPECT_EQ(classify({900, 900, 110, 200}, 200).kind, CellKind::other);
}

}  // namespace
}  // namespace her2
