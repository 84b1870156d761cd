// SPDX-License-Identifier: Apache-2.0
// Nuclei and crosstalk on real FISH and dual-ISH fields (HER2_TEST_DATA): a reader's outlines, fused ones cut at their
// necks. Only nuclei chosen for scoring are outlined, so only recall is asked. No field states its scale: each gets one
// that makes its outlined nuclei 9.5 um wide.
#include <png.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "her2/signal/field_reading.h"
#include "her2/slide/slide.h"
#include "tests/places.h"

namespace her2 {
namespace {

struct RealField {
  const char* name;
  double mpp, kx, ky;
};
constexpr double kFx = 2040.0 / 758;
constexpr double kFy = 1536.0 / 570;
constexpr double kD = 2.10526;
constexpr std::array<RealField, 6> kFields{{{"FISH1", .082, kFx, kFy},
                                            {"FISH2", .079, kFx, kFy},
                                            {"FISH3", .068, kFx, kFy},
                                            {"DISH1", .071, kD, kD},
                                            {"DISH2", .066, kD, kD},
                                            {"DISH3", .068, kD, kD}}};

std::string folder() { return test::data_folder() + "/ish/"; }

RgbImage picture_of(const std::string& path) {
  const auto slide = open_slide(path);
  EXPECT_TRUE(slide);
  const auto reader = (*slide)->reader();
  const SlideLevel& full = (*slide)->info().levels[0];
  RgbImage out;
  EXPECT_TRUE(read_region(**reader, (*slide)->info(), 0, {0, 0, full.width, full.height}, out));
  return out;
}

Plane<std::uint16_t> labels_of(const std::string& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  Plane<std::uint16_t> out;
  if (png_image_begin_read_from_file(&image, path.c_str()) != 0) {
    image.format = PNG_FORMAT_LINEAR_Y;
    out.resize(static_cast<int>(image.width), static_cast<int>(image.height));
    png_image_finish_read(&image, nullptr, out.pixels().data(), 0, nullptr);
  }
  return out;
}

signal::FieldReading read(const RealField& field) {
  const RgbImage rgb = picture_of(folder() + field.name + ".jpg");
  if (field.name[0] == 'F') {
    const int k = signal::signal_reduction(field.mpp, signal::constants_of(IshAssay::fish));
    signal::FishPlanes planes;
    signal::fish_planes(rgb, {}, k, planes);
    return signal::read_fish(planes, rgb.width(), rgb.height(), field.mpp, k);
  }
  return signal::read_dual_ish(rgb, {225, 224, 222}, signal::find_channel_shift(rgb), field.mpp);
}

struct Recall {
  int found = 0, pieces = 0;
};

// Pieces that one nucleus matches with IoU 0.5.
Recall recall_of(const RealField& field, const signal::FieldReading& reading) {
  const auto truth = labels_of(folder() + field.name + "_pieces.png");
  std::map<int, int> area;
  std::map<int, int> own;
  std::map<std::pair<int, int>, int> both;
  for (int y = 0; y < truth.height(); ++y) {
    for (int x = 0; x < truth.width(); ++x) {
      const int piece = truth.at(x, y);
      const int nucleus = reading.nuclei.at(((x + 0.5) * field.kx) / reading.k, ((y + 0.5) * field.ky) / reading.k) + 1;
      ++area[piece];
      ++own[nucleus];
      ++both[{piece, nucleus}];
    }
  }
  Recall out;
  for (const auto& [piece, size] : area) {
    if (piece == 0) {
      continue;
    }
    ++out.pieces;
    for (const auto& [pair, shared] : both) {
      if (pair.first == piece && pair.second != 0 && 2 * shared >= size + own[pair.second] - shared) {
        ++out.found;
        break;
      }
    }
  }
  return out;
}

TEST(RealIshFields, OutlinedNucleiAreFound) {
  if (!std::filesystem::exists(folder() + "FISH1.jpg")) {
    GTEST_SKIP() << "no real ISH fields at " << folder();
  }
  std::map<char, Recall> pooled;
  for (const RealField& field : kFields) {
    const auto reading = read(field);
    const Recall one = recall_of(field, reading);
    std::printf("%s %d of %d\n", field.name, one.found, one.pieces);
    pooled[field.name[0]].found += one.found;
    pooled[field.name[0]].pieces += one.pieces;
    if (field.name[0] == 'D') {  // this camera's green lies 1.7 to 2.4 pixels right of its red
      EXPECT_EQ(reading.shift.dx, 2) << field.name;
      EXPECT_EQ(reading.shift.dy, 0) << field.name;
    }
  }
  EXPECT_EQ(pooled['F'].pieces, 194);
  EXPECT_EQ(pooled['D'].pieces, 81);
  EXPECT_GE(pooled['F'].found, 0.80 * pooled['F'].pieces);
  EXPECT_GE(pooled['D'].found, 0.90 * pooled['D'].pieces);
}

// Green in red and red in green as an independent prototype measured them: .33 and .13, .08 and .23, .33 and .33.
TEST(RealIshFields, CrosstalkIsThatOfAnIndependentMeasurement) {
  if (!std::filesystem::exists(folder() + "FISH1.jpg")) {
    GTEST_SKIP() << "no real ISH fields at " << folder();
  }
  constexpr std::array<std::array<double, 2>, 3> kMeasured{{{.33, .13}, {.08, .23}, {.33, .33}}};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto reading = read(kFields[i]);
    EXPECT_NEAR(reading.crosstalk[0], kMeasured[i][0], 0.06) << kFields[i].name;
    EXPECT_NEAR(reading.crosstalk[1], kMeasured[i][1], 0.06) << kFields[i].name;
  }
}

}  // namespace
}  // namespace her2
