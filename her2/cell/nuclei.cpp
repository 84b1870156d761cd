// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/nuclei.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>

#include "her2/cell/outline.h"
#include "her2/cell/overlaps.h"
#include "her2/cell/smooth.h"

// Seeds are blobs at two sizes; each gets its own contour, and of contours that overlap the best stays. Around seeds
// that lost although they lie in no nucleus a contour is drawn once more, with the nuclei found before taken out.
namespace her2 {
namespace {

constexpr double kSurroundings = 2.2;  // sigma of a seed's surroundings over that of the seed
constexpr double kLarger = 1.6;        // second size of seeds
constexpr int kMostOverlap = 300;      // 1/1000 of the smaller
constexpr double kNearUm = 8;          // seeds farther apart do not compete
constexpr double kSameUm = 1;          // seeds of both sizes that are nearer are one
constexpr int kRounds = 2, kMoreRounds = 1;

struct Seed {
  int x = 0, y = 0;
};

// Greater than all before it in (y, x) within the radius, not less than all after it.
bool highest(const Plane<std::int16_t>& blob, int x, int y, int radius) {
  const int value = blob.at(x, y);
  for (int dy = -radius; dy <= radius; ++dy) {
    const std::int16_t* other = blob.row(y + dy) + x;
    for (int dx = -radius; dx <= radius; ++dx) {
      const bool before = dy < 0 || (dy == 0 && dx < 0);
      if (before ? other[dx] >= value : other[dx] > value) {
        return false;
      }
    }
  }
  return true;
}

// Blobs of one size: local maxima of the difference of two Gaussians.
struct SeedMemory {
  SignalBlur blur;
  Plane<std::int16_t> blob, around;
};
void add_seeds(const Plane<std::int16_t>& signal, double sigma, int contrast, int margin, SeedMemory& memory,
               std::vector<Seed>& out) {
  auto& [blur, blob, around] = memory;
  blur.blur(signal, sigma, blob);
  blur.blur(signal, sigma * kSurroundings, around);
  for (std::size_t i = 0; i < blob.pixels().size(); ++i) {
    blob.pixels()[i] = static_cast<std::int16_t>(blob.pixels()[i] - around.pixels()[i]);
  }
  const int radius = std::max(1, static_cast<int>(sigma));
  for (int y = margin; y < blob.height() - margin; ++y) {
    const std::int16_t* row = blob.row(y);
    for (int x = margin; x < blob.width() - margin; ++x) {
      if (row[x] >= contrast && row[x] > row[x - 1] && row[x] >= row[x + 1] && highest(blob, x, y, radius)) {
        out.push_back({x, y});
      }
    }
  }
}

// Seeds from `second` on that lie within `near` pixels of one before it (in x and in y) would give the same contour
// again.
void drop_repeated(std::vector<Seed>& seeds, std::size_t second, int near) {
  const auto begin = seeds.begin();
  const auto middle = begin + static_cast<std::ptrdiff_t>(second);  // both parts are in order of y
  const auto repeated = [&](const Seed& seed) {
    auto other = std::lower_bound(begin, middle, seed.y - near, [](const Seed& s, int y) { return s.y < y; });
    for (; other != middle && other->y <= seed.y + near; ++other) {
      if (std::abs(other->x - seed.x) <= near) {
        return true;
      }
    }
    return false;
  };
  seeds.erase(std::remove_if(middle, seeds.end(), repeated), seeds.end());
}

void take_out(const Nucleus& nucleus, RingRows& rows, Plane<std::int16_t>& plane) {
  rows.each(nucleus.ring, [&](std::int32_t y, std::int32_t first, std::int32_t end) {
    std::fill(plane.row(y) + first, plane.row(y) + end, kTaken);
  });
}

// Adds nuclei around those seeds that lie in none of `found`. `outline` draws on `fine`, from which those are taken
// out.
void look_again(const std::vector<SubPoint>& seeds, Outline& outline, int near, Plane<std::int16_t>& fine,
                std::vector<Nucleus>& found) {
  RingRows rows;
  for (const Nucleus& nucleus : found) {
    take_out(nucleus, rows, fine);
  }
  std::vector<Nucleus> more;
  for (const SubPoint seed : seeds) {
    if (fine.at(seed.x / kSubpixels, seed.y / kSubpixels) != kTaken) {
      if (const Nucleus nucleus = outline.around(seed); outline.fits(nucleus)) {
        more.push_back(nucleus);
      }
    }
  }
  settle_overlaps(more, kMostOverlap, near, kMoreRounds);
  found.insert(found.end(), more.begin(), more.end());
}

}  // namespace

// A nucleus covers what lies within `contour` of its seed. Whether one that was found at the second look stays, rests
// on seeds one near() further; on what their contours see; on what covers that, at the first look. Whether one of those
// stays in its second round rests on those that it overlaps, that send these away, and that would stop them.
int nucleus_reach(double pitch_um, const NucleusOptions& options) {
  const Plane<std::int16_t> none;
  const Outline outline(none, pitch_um, options);
  const int contour = static_cast<int>(options.most_radius_um / pitch_um) + 2;
  const int near = static_cast<int>(kNearUm / pitch_um) + 1;
  const int competing = (2 * kRounds - 1 + 2 * kMoreRounds - 1) * near;
  const int seeds = gaussian_reach(options.seed_sigma_um / pitch_um * kLarger * kSurroundings) +
                    static_cast<int>((options.seed_sigma_um * kLarger + kSameUm) / pitch_um) + 3;
  return 2 * contour + outline.reach() + competing + std::max(seeds, outline.reach() + 2);
}

std::vector<Nucleus> find_nuclei(const Plane<std::int16_t>& signal, double pitch_um, const NucleusOptions& options) {
  Plane<std::int16_t> fine;
  box_mean(signal, 1, fine);
  Outline outline(fine, pitch_um, options);
  const int margin = outline.reach() + 1;
  std::vector<Seed> blobs;
  SeedMemory memory;
  add_seeds(signal, options.seed_sigma_um / pitch_um, options.seed_contrast, margin, memory, blobs);
  const std::size_t small = blobs.size();
  add_seeds(signal, options.seed_sigma_um / pitch_um * kLarger, options.seed_contrast, margin, memory, blobs);
  drop_repeated(blobs, small, static_cast<int>(std::floor(kSameUm / pitch_um + 0.5)));
  std::vector<SubPoint> seeds;
  std::vector<Nucleus> found;
  for (const Seed blob : blobs) {
    const SubPoint seed{blob.x * kSubpixels + 16, blob.y * kSubpixels + 16};
    const Nucleus nucleus = outline.around(seed);
    if (outline.fits(nucleus)) {
      found.push_back(nucleus);
    }
    seeds.push_back(seed);
  }
  const int near = static_cast<int>(kNearUm / pitch_um * kSubpixels);
  settle_overlaps(found, kMostOverlap, near, kRounds);
  look_again(seeds, outline, near, fine, found);
  std::sort(found.begin(), found.end(), [](const Nucleus& a, const Nucleus& b) {
    return a.centroid.y != b.centroid.y ? a.centroid.y < b.centroid.y : a.centroid.x < b.centroid.x;
  });
  return found;
}

}  // namespace her2
