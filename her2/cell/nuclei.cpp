// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/nuclei.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <span>

#include "her2/cell/kernels.h"
#include "her2/cell/outline.h"
#include "her2/cell/overlaps.h"
#include "her2/cell/smooth.h"

// Seeds are blobs at two sizes; each gets its own contour, and of contours that overlap the best stays. Around seeds
// that lost although they lie in no nucleus a contour is drawn once more, with the nuclei found before taken out, where
// that is asked for.
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
  std::vector<std::uint32_t> marks;
};
void add_seeds(const Plane<std::int16_t>& signal, double sigma, int contrast, const Box& within, SeedMemory& memory,
               std::vector<Seed>& out) {
  auto& [blur, blob, around, marks] = memory;
  blur.blur(signal, sigma, blob);
  blur.blur(signal, sigma * kSurroundings, around);
  if (within.empty()) {
    return;
  }
  const auto width = static_cast<std::size_t>(within.width);
  const auto left = static_cast<int>(within.x);
  marks.resize((width + 31) / 32);
  const int radius = std::max(1, static_cast<int>(sigma));
  int taken_off = static_cast<int>(within.y) - radius;  // rows
  for (auto y = static_cast<int>(within.y); y < within.bottom(); ++y) {
    for (; taken_off <= y + radius; ++taken_off) {
      std::int16_t* row = blob.row(taken_off);
      std::transform(row, row + blob.width(), around.row(taken_off), row,
                     [](std::int16_t a, std::int16_t b) { return static_cast<std::int16_t>(a - b); });
    }
    kernels::mark_peaks(blob.row(y) + left, blob.width(), width, contrast, marks.data());
    for (std::size_t i = 0; i < marks.size(); ++i) {
      for (std::uint32_t bits = marks[i]; bits != 0; bits &= bits - 1) {
        const int x = left + static_cast<int>(i * 32) + std::countr_zero(bits);
        if (highest(blob, x, y, radius)) {
          out.push_back({x, y});
        }
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

// How far, in pixels, whether a nucleus stays can depend on what.
struct Reach {
  Reach(double pitch_um, const NucleusOptions& options)
      : contour(static_cast<int>(options.most_radius_um / pitch_um) + 2),
        outline(Outline({}, pitch_um, options).reach()),
        near(static_cast<int>(kNearUm / pitch_um) + 1),
        seeds(gaussian_reach(options.seed_sigma_um / pitch_um * kLarger * kSurroundings) +
              static_cast<int>((options.seed_sigma_um * kLarger + kSameUm) / pitch_um) + 3),
        again(options.look_again) {}
  int contour;  // what a nucleus covers, from its seed
  int outline;  // what its contour sees
  int near;     // seeds that compete
  int seeds;    // what a seed depends on
  bool again;   // whether there is a second look
  // From a pixel to the seeds of contours drawn at the second look and at the first that its nucleus can depend on.
  [[nodiscard]] int second() const { return contour + (2 * kMoreRounds - 1) * near; }
  [[nodiscard]] int first() const { return (again ? second() + outline : 0) + contour + (2 * kRounds - 1) * near; }
};

Box inside(const Box& box, int width, int height, int margin) {
  return intersection(box, {margin, margin, width - 2 * margin, height - 2 * margin});
}

}  // namespace

// A nucleus covers what lies within `contour` of its seed. Whether one that was found at the second look stays, rests
// on seeds one `near` further; on what their contours see; on what covers that, at the first look. Whether one of those
// stays in its second round rests on those that it overlaps, that send these away, and that would stop them.
int nucleus_reach(double pitch_um, const NucleusOptions& options) {
  const Reach reach(pitch_um, options);
  return reach.first() + std::max(reach.seeds, reach.outline + 2);
}

int nucleus_view(double pitch_um, const NucleusOptions& options) {
  const Reach reach(pitch_um, options);
  return reach.outline + reach.near;
}

struct NucleusFinder::Memory {
  Memory(double pitch_um, const NucleusOptions& with) : pitch(pitch_um), options(with), reach(pitch_um, options) {}

  [[nodiscard]] int same() const { return static_cast<int>(std::floor(kSameUm / pitch + 0.5)); }

  // Seeds of both sizes, in two runs of rows.
  void find_seeds(const Plane<std::int16_t>& signal, const Box& within) {
    blobs.clear();
    add_seeds(signal, options.seed_sigma_um / pitch, options.seed_contrast, within, seed_memory, blobs);
    const std::size_t small = blobs.size();
    add_seeds(signal, options.seed_sigma_um / pitch * kLarger, options.seed_contrast, within, seed_memory, blobs);
    drop_repeated(blobs, small, same());
  }

  // Contours around seeds in `within` that lie in no nucleus taken out of `fine`, those that stay.
  std::vector<Nucleus> contours(Outline& outline, const Box& within, int rounds) {
    std::vector<Nucleus> out;
    for (const Seed blob : blobs) {
      if (within.contains(blob.x, blob.y) && fine.at(blob.x, blob.y) != kTaken) {
        if (const auto nucleus = outline.around({blob.x * kSubpixels + 16, blob.y * kSubpixels + 16})) {
          out.push_back(*nucleus);
        }
      }
    }
    settle_overlaps(out, kMostOverlap, static_cast<int>(kNearUm / pitch * kSubpixels), rounds);
    return out;
  }

  double pitch;
  NucleusOptions options;
  Reach reach;
  SeedMemory seed_memory;
  std::vector<Seed> blobs;
  Plane<std::int16_t> fine;
};

NucleusFinder::NucleusFinder(double pitch_um, const NucleusOptions& options)
    : memory_(std::make_unique<Memory>(pitch_um, options)) {}
NucleusFinder::~NucleusFinder() = default;
NucleusFinder::NucleusFinder(NucleusFinder&&) noexcept = default;

std::vector<Nucleus> NucleusFinder::find(const Plane<std::int16_t>& signal, const Box& wanted) {
  Memory& memory = *memory_;
  const Reach& reach = memory.reach;
  box_mean(signal, 1, memory.fine);
  Outline outline(memory.fine, memory.pitch, memory.options);
  const int margin = reach.outline + 1;
  const auto inner = [&](int by) { return inside(wanted.grown(by), signal.width(), signal.height(), margin); };
  const Box first = inner(reach.first());
  memory.find_seeds(signal, inner(reach.first() + memory.same()));
  std::vector<Nucleus> found = memory.contours(outline, first, kRounds);
  if (reach.again) {
    RingRows rows;
    for (const Nucleus& nucleus : found) {
      take_out(nucleus, rows, memory.fine);
    }
    const std::vector<Nucleus> more = memory.contours(outline, inner(reach.second()), kMoreRounds);
    found.insert(found.end(), more.begin(), more.end());
  }
  std::sort(found.begin(), found.end(), [](const Nucleus& a, const Nucleus& b) {
    return a.centroid.y != b.centroid.y ? a.centroid.y < b.centroid.y : a.centroid.x < b.centroid.x;
  });
  return found;
}

std::vector<Nucleus> find_nuclei(const Plane<std::int16_t>& signal, double pitch_um, const NucleusOptions& options) {
  return NucleusFinder(pitch_um, options).find(signal, {0, 0, signal.width(), signal.height()});
}

}  // namespace her2
