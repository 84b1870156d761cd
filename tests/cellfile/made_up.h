// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <random>
#include <string>

#include "tests/ihc/made_cells.h"

namespace her2::test {

inline Profile made_up_profile() {
  Profile p = made_profile();
  p.name = "made up";
  p.sha256 = "0123";
  return p;
}

// An octagon around a centre, in sub-pixels.
inline Contour octagon(SubPoint at, int r) {
  const int d = r * 7 / 10;
  return {{at.x + r, at.y}, {at.x + d, at.y + d}, {at.x, at.y + r}, {at.x - d, at.y + d},
          {at.x - r, at.y}, {at.x - d, at.y - d}, {at.x, at.y - r}, {at.x + d, at.y - d}};
}

// `count` cells on a grid 60 px apart, every field filled from a seed; mt19937 gives the same numbers everywhere.
inline CellTable made_up_table(int count, bool regions = true) {
  std::mt19937 random(7);
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  CellTable t;
  t.slide_name = "made up \xC3\xA9.svs";
  t.slide_sha256 = std::string(64, 'a');
  t.mpp = 0.2528;
  t.work_mpp = 0.25;
  t.subsampling = "4:2:0";
  t.white = {243, 244, 241};
  t.stain_vectors = {{{6510, 7010, 2900}, {2690, 5680, -7780}}};
  t.stain_estimated = true;
  t.profile_name = "made up";
  t.profile_sha256 = "0123";
  t.software = "her2 test";
  t.regions = regions ? std::vector<std::string>{"Tumor 1", "left, \"b\""} : std::vector<std::string>{};
  for (int i = 0; i < count; ++i) {
    MeasuredCell c;
    c.centroid = {(60 * (i % 100) + 40) * kSubpixels + static_cast<int>(below(32)), (60 * (i / 100) + 40) * kSubpixels};
    c.kind = static_cast<CellKind>(below(5) < 3 ? 0 : below(4));
    c.confidence = static_cast<std::uint8_t>(below(101));
    c.border = static_cast<std::uint8_t>(below(101));
    c.region = static_cast<std::int16_t>(regions ? static_cast<int>(below(3)) - 1 : -1);
    c.nucleus_area = below(20000);
    c.cell_area = i == 0 ? 0xFFFFFFFFU : below(60000);
    c.boundary = below(9000);
    c.roundness = static_cast<std::uint16_t>(below(1001));
    c.elongation = static_cast<std::uint16_t>(below(1001));
    c.nucleus_h = static_cast<std::int16_t>(static_cast<int>(below(3000)) - 50);
    c.nucleus_dab = static_cast<std::int16_t>(static_cast<int>(below(3000)) - 500);
    c.cytoplasm_dab = static_cast<std::int16_t>(static_cast<int>(below(2000)) - 500);
    c.membrane_dab = static_cast<std::int16_t>(below(3000));
    c.width_half = static_cast<std::uint16_t>(below(4000));
    c.width_fixed = static_cast<std::uint16_t>(i == 1 ? 65535 : below(4000));
    int complete = static_cast<int>(below(1001));
    const int contrast = static_cast<int>(below(900));
    for (std::size_t s = 0; s < c.ladder.size(); ++s) {
      complete = kLadderMod[s] > contrast ? complete / 3 : complete;
      c.ladder[s] = {static_cast<std::uint16_t>(complete), static_cast<std::uint16_t>(1000 - complete),
                     static_cast<std::uint16_t>(complete > 0 ? std::max<int>(contrast, kLadderMod[s]) : 0)};
    }
    t.add(c, octagon(c.centroid, (10 + static_cast<int>(below(5))) * kSubpixels),
          octagon(c.centroid, 25 * kSubpixels + static_cast<int>(below(32))));
  }
  return t;
}

inline std::string temporary(const std::string& name) {
  return (std::filesystem::temp_directory_path() / ("her2_cellfile_" + std::to_string(::getpid()) + "_" + name))
      .string();
}

}  // namespace her2::test
