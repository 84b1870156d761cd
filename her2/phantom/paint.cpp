// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/paint.h"

#include <algorithm>
#include <cmath>

#include "her2/phantom/fibres.h"
#include "her2/phantom/noise.h"
#include "her2/phantom/nucleus.h"

namespace her2::phantom {
namespace {

constexpr int kBlock = 8;  // pixels; what varies slowly is found once a block

std::uint16_t clamped(int mod) { return static_cast<std::uint16_t>(std::clamp(mod, 0, 5000)); }

std::int64_t block_of(std::int64_t v) { return v >= 0 ? v / kBlock : -((-v + kBlock - 1) / kBlock); }

}  // namespace

struct Painter::Canvas {
  Box box;
  Planes planes;
  Plane<std::int16_t> grain, chromatin, patch, wide;  // noise: finest to coarsest
};

int Painter::px(double um) const { return std::max(1, static_cast<int>(std::floor(um / spec_.mpp + 0.5))); }

Planes Painter::paint(const Box& box) const {
  Canvas c;
  c.box = box;
  const int w = static_cast<int>(box.width), h = static_cast<int>(box.height);
  c.planes.haematoxylin.resize(w, h, 0);
  c.planes.dab.resize(w, h, 0);
  c.planes.grey.resize(w, h, 0);
  c.planes.membrane.resize(w, h, 0);
  const std::uint64_t seed = mix(spec_.seed ^ 0x5041494EU);
  noise_plane(seed, box, px(0.5), c.grain);
  noise_plane(seed + 1, box, px(0.9), c.chromatin);
  noise_plane(seed + 2, box, px(3), c.patch);
  noise_plane(seed + 3, box, px(22), c.wide);
  const double mpp = spec_.mpp;
  const double x0 = static_cast<double>(box.x) * mpp, y0 = static_cast<double>(box.y) * mpp;
  const double x1 = static_cast<double>(box.right()) * mpp, y1 = static_cast<double>(box.bottom()) * mpp;
  ground(c);
  for (const Nucleus& n : stromal_nuclei(spec_, layout_, x0 - kStromalReachUm, y0 - kStromalReachUm,
                                         x1 + kStromalReachUm, y1 + kStromalReachUm)) {
    nucleus(n, c);
  }
  const auto cells = epithelium(spec_, layout_, optics_, x0 - 4, y0 - 4, x1 + 4, y1 + 4);
  for (const EpithelialCell& e : cells) {
    if (!e.whole.empty()) {
      fill(e.whole, box, [&](int y, int from, int to) {
        for (int x = from; x < to; ++x) {
          // Between cells: here cytoplasm's remains, there an empty cleft.
          const int left = std::clamp(c.wide.at(x, y) * 3 / 4 + c.patch.at(x, y) / 4 + 150, 20, 256);
          c.planes.haematoxylin.at(x, y) = clamped(30 * left / 256 + c.patch.at(x, y) * 8 / 256);
          c.planes.dab.at(x, y) = clamped((static_cast<int>(spec_.stain.dab_background_mod) + 14) * left / 256);
        }
      });
    }
  }
  for (const EpithelialCell& e : cells) {
    cell(e, c);
  }
  for (const EpithelialCell& e : cells) {
    if (!e.lumen && e.contour.size() > 2) {
      nucleus(nucleus_of(spec_, e), c);
    }
  }
  membranes(cells, c);
  dirt(c);
  fold(c);
  glass(c);
  ink(c);
  return std::move(c.planes);
}

void Painter::ground(Canvas& c) const {
  const std::uint64_t seed = mix(spec_.seed ^ 0x46494252U);
  std::array<Plane<std::int16_t>, 4> streaks;
  const double along = 9 / spec_.mpp, across = 1.5 / spec_.mpp;
  for (std::size_t k = 0; k < 4; ++k) {
    const auto [dx, dy] = kFibreDirections[k];
    const auto whole = [](double v) { return static_cast<std::int64_t>(std::floor(v * 65536 + 0.5)); };
    streak_plane(seed + k, c.box, {whole(dx / along), whole(dy / along), whole(-dy / across), whole(dx / across)},
                 c.wide, streaks[k]);
  }
  const double gain = spec_.stain.haematoxylin_gain;
  const int base = static_cast<int>(98 * gain), swing = static_cast<int>(62 * gain), slow = static_cast<int>(44 * gain);
  const int dab = static_cast<int>(spec_.stain.dab_background_mod);
  for (std::int64_t by = block_of(c.box.y); by <= block_of(c.box.bottom() - 1); ++by) {
    for (std::int64_t bx = block_of(c.box.x); bx <= block_of(c.box.right() - 1); ++bx) {
      const double x = static_cast<double>(bx * kBlock) * spec_.mpp, y = static_cast<double>(by * kBlock) * spec_.mpp;
      const auto shares = fibre_shares(spec_.seed, x, y);
      std::array<int, 4> weight{};
      for (std::size_t k = 0; k < 4; ++k) {
        weight[k] = static_cast<int>(shares[k] * 256);
      }
      const Box cut = intersection({bx * kBlock, by * kBlock, kBlock, kBlock}, c.box);
      for (std::int64_t py = cut.y - c.box.y; py < cut.bottom() - c.box.y; ++py) {
        for (std::int64_t px = cut.x - c.box.x; px < cut.right() - c.box.x; ++px) {
          const int xx = static_cast<int>(px), yy = static_cast<int>(py);
          int streak = 0;
          for (std::size_t k = 0; k < 4; ++k) {
            streak += weight[k] * streaks[k].at(xx, yy);
          }
          streak /= 256;
          int h = base + streak * swing / 256 + c.wide.at(xx, yy) * slow / 256 + c.patch.at(xx, yy) * 26 / 256 +
                  c.chromatin.at(xx, yy) * 12 / 256;
          if (const int slit = streak + c.patch.at(xx, yy) / 2 - c.wide.at(xx, yy) / 2 + 110; slit < 0) {
            h += slit * 2;  // a gap between fibres
          }
          c.planes.haematoxylin.at(xx, yy) = clamped(h);
          c.planes.dab.at(xx, yy) = clamped(dab + c.patch.at(xx, yy) * 4 / 256);
        }
      }
    }
  }
}

void Painter::cell(const EpithelialCell& e, Canvas& c) const {
  Dice dice(mix(e.key ^ 0x4359544FU));
  const double gain = spec_.stain.haematoxylin_gain;
  if (e.lumen) {
    fill(e.contour, c.box, [&](int y, int from, int to) {
      std::fill(c.planes.haematoxylin.row(y) + from, c.planes.haematoxylin.row(y) + to, std::uint16_t{2});
      std::fill(c.planes.dab.row(y) + from, c.planes.dab.row(y) + to, std::uint16_t{1});
    });
    return;
  }
  const int h = static_cast<int>((30 + 14 * dice.hill()) * gain);
  const int dab = static_cast<int>(spec_.stain.dab_background_mod * 1.5 + e.cytoplasm_mod);
  fill(e.contour, c.box, [&](int y, int from, int to) {
    std::uint16_t* hp = c.planes.haematoxylin.row(y);
    std::uint16_t* dp = c.planes.dab.row(y);
    const std::int16_t *fine = c.chromatin.row(y), *patch = c.patch.row(y), *wide = c.wide.row(y);
    for (int x = from; x < to; ++x) {
      hp[x] = clamped(h + (fine[x] * 10 + patch[x] * 16) / 256);
      dp[x] = clamped(dab + dab * (fine[x] * 40 + patch[x] * 50 + wide[x] * 140) / 65536);
    }
  });
}

void Painter::nucleus(const Nucleus& n, Canvas& c) const {
  fill(n.contour, c.box, [&](int y, int from, int to) {
    std::uint16_t* hp = c.planes.haematoxylin.row(y);
    std::uint16_t* dp = c.planes.dab.row(y);
    const std::int16_t *fine = c.chromatin.row(y), *patch = c.patch.row(y);
    for (int x = from; x < to; ++x) {
      hp[x] = clamped(n.tone + n.tone * (fine[x] * n.texture / 256 + patch[x] * n.texture / 512) / 256);
      dp[x] =
          static_cast<std::uint16_t>((dp[x] * 6 + std::min<int>(dp[x], 160) * 9) / 20);  // cytoplasm above the nucleus
    }
  });
  for (std::size_t i = 0; i < n.contour.size(); ++i) {
    brush_.line(n.contour[i], n.contour[(i + 1) % n.contour.size()], n.rim, n.rim_width, c.box, c.planes.haematoxylin);
  }
  for (const Nucleus::Spot& spot : n.nucleoli) {
    brush_.line(spot.at, spot.at, spot.tone, spot.radius, c.box, c.planes.haematoxylin);
  }
}

void Painter::membranes(const std::vector<EpithelialCell>& cells, Canvas& c) const {
  for (const EpithelialCell& e : cells) {
    for (std::size_t i = 0; i < e.stretches.size(); ++i) {
      const Stretch& s = e.stretches[i];
      if (s.amplitude_mod > 0) {
        const int width = static_cast<int>(s.width_nm * kSubpixels / (spec_.mpp * 1000));
        brush_.line(e.contour[i], e.contour[(i + 1) % e.contour.size()], s.amplitude_mod, width, c.box,
                    c.planes.membrane);
      }
    }
  }
  for (int y = 0; y < c.planes.membrane.height(); ++y) {
    const std::uint16_t* lp = c.planes.membrane.row(y);
    std::uint16_t* dp = c.planes.dab.row(y);
    const std::int16_t *grain = c.grain.row(y), *patch = c.patch.row(y);
    for (int x = 0; x < c.planes.membrane.width(); ++x) {
      if (lp[x] > 0) {
        dp[x] = clamped(dp[x] + lp[x] + lp[x] * (grain[x] * 40 + patch[x] * 30) / 65536);
      }
    }
  }
}

namespace {

// Calls each(x, y, value) for every pixel of the box, relative to it, with what `of` (um) gives, found at the corners
// of blocks and interpolated.
template <class Of, class Each>
void smoothly(const Box& box, double mpp, const Of& of, const Each& each) {
  for (std::int64_t by = block_of(box.y); by <= block_of(box.bottom() - 1); ++by) {
    for (std::int64_t bx = block_of(box.x); bx <= block_of(box.right() - 1); ++bx) {
      std::array<double, 4> corner{};
      for (std::size_t k = 0; k < 4; ++k) {
        corner[k] = of(static_cast<double>((bx + static_cast<int>(k & 1U)) * kBlock) * mpp,
                       static_cast<double>((by + static_cast<int>(k >> 1U)) * kBlock) * mpp);
      }
      const Box cut = intersection({bx * kBlock, by * kBlock, kBlock, kBlock}, box);
      for (std::int64_t y = cut.y; y < cut.bottom(); ++y) {
        const double t = static_cast<double>(y - by * kBlock) / kBlock;
        for (std::int64_t x = cut.x; x < cut.right(); ++x) {
          const double s = static_cast<double>(x - bx * kBlock) / kBlock;
          each(static_cast<int>(x - box.x), static_cast<int>(y - box.y),
               (corner[0] * (1 - s) + corner[1] * s) * (1 - t) + (corner[2] * (1 - s) + corner[3] * s) * t);
        }
      }
    }
  }
}

}  // namespace

void Painter::glass(Canvas& c) const {
  if (spec_.tissue_share >= 1 && spec_.array.rows == 0) {
    return;
  }
  smoothly(
      c.box, spec_.mpp, [&](double x, double y) { return layout_.tissue(x, y); },
      [&](int x, int y, double depth) {
        if (depth < 0) {
          c.planes.haematoxylin.at(x, y) = 0;
          c.planes.dab.at(x, y) = 0;
        }
      });
}

void Painter::dirt(Canvas& c) const {
  constexpr double kSquareUm = 100, kReachUm = 4;
  const auto index = [&](std::int64_t px, double by) {
    return static_cast<std::int64_t>(std::floor((static_cast<double>(px) * spec_.mpp + by) / kSquareUm));
  };
  const double scale = kSubpixels / spec_.mpp;
  for (std::int64_t j = index(c.box.y, -kReachUm); j <= index(c.box.bottom(), kReachUm); ++j) {
    for (std::int64_t i = index(c.box.x, -kReachUm); i <= index(c.box.right(), kReachUm); ++i) {
      Dice dice(key(spec_.seed ^ 0x44495254U, i, j));
      const double x = (static_cast<double>(i) + dice.unit()) * kSquareUm;
      const double y = (static_cast<double>(j) + dice.unit()) * kSquareUm;
      if (dice.unit() >= spec_.debris || layout_.tissue(x, y) < 0) {
        continue;
      }
      const int peak = static_cast<int>(dice.between(250, 900));
      const bool brown = dice.unit() < 0.7;
      for (int speck = 0; speck < 3; ++speck) {
        const double sx = x + 2 * dice.hill(), sy = y + 2 * dice.hill();
        const SubPoint at{static_cast<std::int32_t>(sx * scale), static_cast<std::int32_t>(sy * scale)};
        brush_.line(at, at, peak, static_cast<int>(dice.between(0.5, 1.6) * scale), c.box,
                    brown ? c.planes.dab : c.planes.grey);
      }
    }
  }
}

void Painter::fold(Canvas& c) const {
  if (artefacts_.folded()) {
    smoothly(
        c.box, spec_.mpp, [&](double x, double y) { return artefacts_.fold(x, y); },
        [&](int x, int y, double fold) {
          if (fold > 0) {  // tissue over tissue
            auto& h = c.planes.haematoxylin.at(x, y);
            auto& d = c.planes.dab.at(x, y);
            h = clamped(static_cast<int>(h * (1 + 1.3 * fold) + 60 * fold));
            d = clamped(static_cast<int>(d * (1 + 1.1 * fold) + 25 * fold));
          }
        });
  }
}

void Painter::ink(Canvas& c) const {
  if (artefacts_.inked()) {
    c.planes.ink.resize(static_cast<int>(c.box.width), static_cast<int>(c.box.height), 0);
    smoothly(
        c.box, spec_.mpp, [&](double x, double y) { return artefacts_.ink(x, y); },
        [&](int x, int y, double ink) {
          const int depth = 800 + c.wide.at(x, y) / 2;
          c.planes.ink.at(x, y) = static_cast<std::uint16_t>(ink * depth);
        });
  }
}

}  // namespace her2::phantom
