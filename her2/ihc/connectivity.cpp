// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/connectivity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "her2/cell/smooth.h"
#include "her2/language/retold.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr double kSideUm = 256;
constexpr double kShoulderUm = 2;
constexpr double kFinestMpp = 0.36;  // finer than that, it is measured at half the resolution
constexpr int kMargin = 3;           // pixels that joining and smoothing need around a square

using Mask = Plane<std::uint8_t>;

struct Pixel {
  int x = 0, y = 0;
};

// Where membranes are: 1, else 0. The plane's own margin of `reach` pixels is left 0.
void find_ridges(const Plane<std::int16_t>& dab, int reach, int t_mem, Mask& out) {
  out.resize(dab.width(), dab.height());
  const int diagonal = std::max(1, (reach * 181 + 128) / 256);  // over the square root of 2
  const std::array<std::array<int, 2>, 4> ways{{{reach, 0}, {diagonal, diagonal}, {0, reach}, {-diagonal, diagonal}}};
  for (int y = reach; y < dab.height() - reach; ++y) {
    for (int x = reach; x < dab.width() - reach; ++x) {
      const int here = dab.at(x, y);
      for (const auto& [dx, dy] : ways) {
        const int a = here - dab.at(x + dx, y + dy);
        const int b = here - dab.at(x - dx, y - dy);
        if (std::min(a, b) >= t_mem) {
          out.at(x, y) = 1;
          break;
        }
      }
    }
  }
}

// Grows by one pixel in the four directions, so that pieces that nearly touch are one.
void join(Mask& mask) {
  const Mask from = mask;
  for (int y = 1; y < mask.height() - 1; ++y) {
    for (int x = 1; x < mask.width() - 1; ++x) {
      const int any = from.at(x, y) | from.at(x - 1, y) | from.at(x + 1, y) | from.at(x, y - 1) | from.at(x, y + 1);
      mask.at(x, y) = static_cast<std::uint8_t>(any);
    }
  }
}

// The eight neighbours clockwise from the upper one, one bit each.
unsigned neighbours(const Mask& mask, int x, int y) {
  const std::uint8_t* up = mask.row(y - 1) + x;
  const std::uint8_t* at = mask.row(y) + x;
  const std::uint8_t* down = mask.row(y + 1) + x;
  return static_cast<unsigned>(up[0] | up[1] << 1 | at[1] << 2 | down[1] << 3 | down[0] << 4 | down[-1] << 5 |
                               at[-1] << 6 | up[-1] << 7);
}

// For every neighbourhood, bit i: the pixel goes in sub-iteration i of Zhang and Suen.
std::array<std::uint8_t, 256> thinning_table() {
  std::array<std::uint8_t, 256> out{};
  for (unsigned bits = 0; bits < 256; ++bits) {
    const auto on = [bits](unsigned i) { return (bits >> (i & 7U) & 1U) != 0; };
    int count = 0;
    int rises = 0;
    for (unsigned i = 0; i < 8; ++i) {
      count += on(i) ? 1 : 0;
      rises += !on(i) && on(i + 1) ? 1 : 0;
    }
    if (count < 2 || count > 6 || rises != 1) {
      continue;
    }
    const bool up = on(0), right = on(2), down = on(4), left = on(6);
    const bool first = !(up && right && down) && !(right && down && left);
    const bool second = !(up && right && left) && !(up && down && left);
    out[bits] = static_cast<std::uint8_t>((first ? 1 : 0) | (second ? 2 : 0));
  }
  return out;
}

// Thins to lines of one pixel.
void thin(Mask& mask) {
  static const std::array<std::uint8_t, 256> kGoes = thinning_table();
  std::vector<Pixel> left;
  for (int y = 1; y < mask.height() - 1; ++y) {
    for (int x = 1; x < mask.width() - 1; ++x) {
      if (mask.at(x, y) != 0) {
        left.push_back({x, y});
      }
    }
  }
  std::vector<Pixel> going;
  for (bool changed = true; changed;) {
    changed = false;
    for (const int step : {1, 2}) {
      going.clear();
      for (const Pixel p : left) {
        if ((kGoes[neighbours(mask, p.x, p.y)] & step) != 0) {
          going.push_back(p);
        }
      }
      for (const Pixel p : going) {
        mask.at(p.x, p.y) = 0;
      }
      changed = changed || !going.empty();
      std::erase_if(left, [&](Pixel p) { return mask.at(p.x, p.y) == 0; });
    }
  }
}

// Takes the piece that holds a pixel out of the mask; its pixels.
std::uint64_t take_piece(Mask& mask, Pixel from, std::vector<Pixel>& open) {
  std::uint64_t pixels = 0;
  open.assign(1, from);
  mask.at(from.x, from.y) = 0;
  while (!open.empty()) {
    const Pixel p = open.back();
    open.pop_back();
    ++pixels;
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        if (mask.inside(p.x + dx, p.y + dy) && mask.at(p.x + dx, p.y + dy) != 0) {
          mask.at(p.x + dx, p.y + dy) = 0;
          open.push_back({p.x + dx, p.y + dy});
        }
      }
    }
  }
  return pixels;
}

ConnectivitySums measure_pieces(Mask& lines, double pitch) {
  ConnectivitySums out;
  out.squares = 1;
  const auto nm = static_cast<std::uint64_t>(std::floor(pitch * 1000 + 0.5));
  std::vector<Pixel> open;
  for (int y = 0; y < lines.height(); ++y) {
    for (int x = 0; x < lines.width(); ++x) {
      if (lines.at(x, y) == 0) {
        continue;
      }
      const std::uint64_t length = take_piece(lines, {x, y}, open) * nm;
      if (length >= static_cast<std::uint64_t>(kScrapUm * 1000)) {
        out.length += length;
        out.connected += length >= static_cast<std::uint64_t>(kConnectedUm * 1000) ? length : 0;
      }
    }
  }
  return out;
}

int reach_of(const ConnectivityBlocks& blocks) {
  return std::max(1, static_cast<int>(std::floor(kShoulderUm / blocks.pitch + 0.5)));
}

}  // namespace

ConnectivityBlocks::ConnectivityBlocks(double work_mpp) : zoom(work_mpp < kFinestMpp ? 2 : 1), pitch(work_mpp * zoom) {
  side = static_cast<int>(std::floor(kSideUm / pitch + 0.5)) * zoom;
  halo = (reach_of(*this) + kMargin) * zoom;
}

ConnectivitySums& ConnectivitySums::operator+=(const ConnectivitySums& other) {
  length += other.length;
  connected += other.connected;
  squares += other.squares;
  return *this;
}

double ConnectivitySums::connectivity() const {
  return length == 0 ? 0 : static_cast<double>(connected) / static_cast<double>(length);
}

ConnectivitySums connectivity_of(const Plane<std::int16_t>& dab, const ConnectivityBlocks& blocks, int t_mem) {
  Plane<std::int16_t> small;
  Plane<std::int16_t> smooth;
  if (blocks.zoom == 2) {
    halve(dab, small);
  }
  box_mean(blocks.zoom == 2 ? small : dab, 1, smooth);
  Mask mask;
  find_ridges(smooth, reach_of(blocks), t_mem, mask);
  join(mask);
  thin(mask);
  const int margin = blocks.halo / blocks.zoom;
  const int side = blocks.side / blocks.zoom;
  Mask lines(side, side);
  for (int y = 0; y < side; ++y) {
    std::copy_n(mask.row(y + margin) + margin, side, lines.row(y));
  }
  return measure_pieces(lines, blocks.pitch);
}

bool ConnectivityOpinion::agrees(std::string_view score) const {
  return score == likely || (likely == "0 or 1+" && (score == "0" || score == "0+" || score == "1+"));
}

ConnectivityOpinion connectivity_opinion(const ConnectivitySums& sums, const Profile& profile) {
  ConnectivityOpinion out;
  if (sums.squares == 0) {
    return out;
  }
  const std::uint64_t thousandths = sums.length == 0 ? 0 : sums.connected * 1000 / sums.length;
  const auto above = [&](int cut) {  // strictly, and exactly
    return sums.connected * 1000 > static_cast<std::uint64_t>(cut) * sums.length;
  };
  out.likely = above(profile.connectivity_three) ? "3+" : above(profile.connectivity_two) ? "2+" : "0 or 1+";
  out.says =
      say("ihc.connected_share", {{"share", number_in(fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000))},
                                  {"um", static_cast<int>(kConnectedUm)},
                                  {"score", retold(out.likely)}});
  return out;
}

}  // namespace her2
