// SPDX-License-Identifier: Apache-2.0
// Three HER2 tiles of cases scored 1+, 2+ and 3+, with hand-drawn masks of over-expressed membrane (HER2_TEST_DATA).
// Their scale is not stated, 0.6 to 0.8 um per pixel is plausible: all that is too coarse to measure on, so
// --allow-coarse. Few tiles: a check, not a claim of accuracy.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <gtest/gtest.h>

#include "her2/assay/ihc_run.h"
#include "her2/cell/smooth.h"
#include "her2/ihc/membrane.h"
#include "tests/places.h"
#include "tests/run/fixture.h"

namespace her2 {
namespace {

struct Tile {
  std::string file, score;
};
const std::array<Tile, 3> kTiles{{{"score1_25", "1+"}, {"score2_9", "2+"}, {"score3_15", "3+"}}};
constexpr std::array<double, 3> kScales{0.6, 0.7, 0.8};

std::string path_of(const std::string& name) { return test::data_folder() + "/ihc/her2_tiles/" + name + ".png"; }

bool absent() { return !std::filesystem::exists(path_of(kTiles[0].file)); }

// The generic profile, but for small pictures.
Profile profile() {
  Profile out = find_profile("generic-uncalibrated").value();
  out.least_cells = 20;
  return out;
}

IhcReport scored(const std::string& file, double mpp) {
  IhcRun run;
  run.slide = path_of(file);
  run.mpp = mpp;
  run.edition = "2018";
  run.measure.profile = profile();
  run.measure.allow_coarse = true;
  auto report = run_ihc(run, test::real_catalog());
  EXPECT_TRUE(report) << report.error().text();
  return std::move(*report);
}

TEST(Her2Tiles, EachItsScore) {
  if (absent()) {
    GTEST_SKIP() << "no real data";
  }
  for (const double mpp : kScales) {
    double last = -1;
    for (const Tile& tile : kTiles) {
      const IhcReport report = scored(tile.file, mpp);
      ASSERT_FALSE(report.refused()) << tile.file;
      const Answer* answer = ihc_score_of(report.editions.at(0));
      ASSERT_NE(answer, nullptr);
      const std::string score = likeliest(*answer);
      std::cout << "tile " << tile.score << " at " << mpp << " um/px: " << score_words(*answer) << ", H-score "
                << report.h_score.value << ", " << report.tumour_cells << " cells\n";
      EXPECT_EQ(score, tile.score) << tile.file << " " << mpp;
      EXPECT_GT(report.h_score.value, last + 20) << tile.file << " " << mpp;  // 1+ < 2+ < 3+
      last = report.h_score.value;
    }
  }
}

using Mask = Plane<std::uint8_t>;

RgbImage picture(const std::string& name) {
  const auto slide = open_slide(path_of(name));
  EXPECT_TRUE(slide) << name;
  const SlideInfo& info = (*slide)->info();
  RgbImage out;
  EXPECT_TRUE(read_region(**(*slide)->reader(), info, 0, {0, 0, info.levels[0].width, info.levels[0].height}, out));
  return out;
}

Mask mask(const std::string& name) {
  const RgbImage rgb = picture(name);
  Mask out(rgb.width(), rgb.height());
  for (std::size_t i = 0; i < out.pixels().size(); ++i) {
    out.pixels()[i] = rgb.bytes()[3 * i] > 127 ? 1 : 0;
  }
  return out;
}

Mask grown(const Mask& in) {
  Mask out(in.width(), in.height());
  for (int y = 0; y < in.height(); ++y) {
    for (int x = 0; x < in.width(); ++x) {
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          out.at(x, y) |= in.inside(x + dx, y + dy) ? in.at(x + dx, y + dy) : std::uint8_t{0};
        }
      }
    }
  }
  return out;
}

// Pixels of both sides that lie on or beside a pixel of the other, without broken pixels.
struct Overlap {
  double predicted = 0, predicted_right = 0, drawn = 0, drawn_found = 0;

  void add(const Mask& prediction, const Mask& truth, const Mask& broken) {
    const Mask near_prediction = grown(prediction);
    const Mask near_truth = grown(truth);
    for (std::size_t i = 0; i < truth.pixels().size(); ++i) {
      if (broken.pixels()[i] == 0) {
        predicted += prediction.pixels()[i];
        predicted_right += prediction.pixels()[i] & near_truth.pixels()[i];
        drawn += truth.pixels()[i];
        drawn_found += truth.pixels()[i] & near_prediction.pixels()[i];
      }
    }
  }
  [[nodiscard]] double precision() const { return predicted_right / predicted; }
  [[nodiscard]] double recall() const { return drawn_found / drawn; }
  [[nodiscard]] double dice() const { return 2 * precision() * recall() / (precision() + recall()); }
};

// DAB of Ruifrok and Johnston's three vectors, not scaled to unit length, in the natural logarithm over that of 1e-6:
// the unit of scikit-image's rgb2hed, whose 0.16 is a fixed cut that others have used on these tiles.
Mask plain_cut(const RgbImage& rgb) {
  constexpr std::array<double, 3> kToDab{-0.55611582, -0.1355218, 1.57358807};  // third column of the inverse
  Mask out(rgb.width(), rgb.height());
  for (std::size_t i = 0; i < out.pixels().size(); ++i) {
    double dab = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const double light = std::max(rgb.bytes()[3 * i + c] / 255.0, 1e-6);
      dab += kToDab[c] * std::log(light) / std::log(1e-6);
    }
    out.pixels()[i] = dab > 0.16 ? 1 : 0;
  }
  return out;
}

// Where the cells' boundaries have at least this contrast, three pixels wide.
Mask measured_membranes(const RgbImage& rgb, const CellTable& table, int contrast) {
  constexpr int kPad = 64;  // working pixels, white
  RgbImage work;
  double_size(rgb, work);
  RgbImage padded(work.width() + 2 * kPad, work.height() + 2 * kPad);
  for (int y = 0; y < work.height(); ++y) {
    std::copy_n(work.row(y), work.stride(), padded.at(kPad, kPad + y));
  }
  StainPlanes stains;
  unmix(padded, od_table(table.white), unmixing(*unit_vectors({})), stains);
  MembraneMeter meter(stains.dab, table.work_mpp);
  Mask out(rgb.width(), rgb.height());
  for (std::size_t cell = 0; cell < table.cells.size(); ++cell) {
    Contour ring;
    for (const CellOutline outline = table.outlines.read(cell); const SubPoint p : outline.boundary()) {
      ring.push_back({p.x * 2 + kPad * kSubpixels, p.y * 2 + kPad * kSubpixels});
    }
    const auto samples = meter.measure(ring, table.cells[cell].cytoplasm_dab);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (samples[i].contrast >= contrast) {
        const SubPoint at = meter.place(i);
        const int x = (at.x / kSubpixels - kPad) / 2;
        const int y = (at.y / kSubpixels - kPad) / 2;
        for (int k = 0; k < 9; ++k) {
          if (out.inside(x + k % 3 - 1, y + k / 3 - 1)) {
            out.at(x + k % 3 - 1, y + k / 3 - 1) = 1;
          }
        }
      }
    }
  }
  return out;
}

TEST(Her2Tiles, MembranesLieWhereTheyWereDrawn) {
  if (absent()) {
    GTEST_SKIP() << "no real data";
  }
  const Profile p = profile();
  for (const double mpp : kScales) {
    Overlap ours;
    Overlap strong;
    Overlap plain;
    for (const Tile& tile : kTiles) {
      const auto slide = open_slide(path_of(tile.file), {mpp});
      MeasureOptions options;
      options.profile = p;
      options.allow_coarse = true;
      const auto measured = measure_slide(**slide, "0", options);
      ASSERT_TRUE(measured) << measured.error().text();
      const RgbImage rgb = picture(tile.file);
      const Mask truth = mask(tile.file + "_membrane_mask");
      const Mask broken = mask(tile.file + "_badpix");
      ours.add(measured_membranes(rgb, measured->table, p.t_moderate), truth, broken);
      strong.add(measured_membranes(rgb, measured->table, p.t_strong), truth, broken);
      plain.add(plain_cut(rgb), truth, broken);
    }
    std::cout << "membranes at " << mpp << " um/px: Dice " << ours.dice() << " (precision " << ours.precision()
              << ", recall " << ours.recall() << "); plain DAB cut " << plain.dice() << " (" << plain.precision()
              << ", " << plain.recall() << "); from strong on " << strong.dice() << " (" << strong.precision() << ", "
              << strong.recall() << ")\n";
    // A known shortfall: 0.66 to 0.67, below the plain cut's 0.74. Precision 0.55: not all that stains moderately was
    // drawn; recall 0.74: cells that are cut above their nucleus have no boundary.
    EXPECT_GE(ours.dice(), 0.60) << mpp;
    EXPECT_NEAR(plain.dice(), 0.73, 0.03);  // known from elsewhere: the comparison is made as it should be
  }
}

}  // namespace
}  // namespace her2
