// SPDX-License-Identifier: Apache-2.0
// Nuclei on real images (HER2_TEST_DATA): DSB2018 bright-field images with every nucleus outlined, and a Ki-67 field
// with every nucleus marked by a point. No image states its scale; each is given one.
#include <png.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <tuple>

#include <gtest/gtest.h>

#include "her2/assay/find_cells.h"
#include "tests/places.h"

namespace her2 {
namespace {

std::vector<std::vector<std::string>> csv(const std::string& path) {
  std::vector<std::vector<std::string>> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    out.emplace_back();
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, ',');) {
      out.back().push_back(field);
    }
  }
  return out;
}

// A grey picture of 16 bits, as it is.
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

FoundCells nuclei_of(const std::string& path, double mpp) {
  const auto slide = open_slide(path, {mpp});
  EXPECT_TRUE(slide) << path;
  auto found = find_cells(**slide, {});
  EXPECT_TRUE(found) << path;
  return std::move(*found);
}

struct Counts {
  int right = 0, found = 0, truth = 0;
  [[nodiscard]] double f1() const { return 2.0 * right / (found + truth); }
};

// Nuclei whose intersection over union with a true one is at least a half (so each has at most one).
Counts outlined(const FoundCells& found, const Plane<std::uint16_t>& labels) {
  std::map<int, int> areas;
  for (const std::uint16_t label : labels.pixels()) {
    areas[label] += label > 0 ? 1 : 0;
  }
  Counts out;
  out.truth = static_cast<int>(areas.size()) - static_cast<int>(areas.count(0));
  RingRows rows;
  for (const FoundNucleus& nucleus : found.nuclei) {
    int area = 0;
    std::map<int, int> shared;
    rows.each(nucleus.ring, [&](int y, int first, int end) {
      for (int x = std::max(0, first); x < std::min(end, labels.width()) && y >= 0 && y < labels.height(); ++x) {
        ++area;
        ++shared[labels.at(x, y)];
      }
    });
    out.found += area > 0 ? 1 : 0;
    out.right +=
        std::any_of(shared.begin(), shared.end(),
                    [&](const auto& s) { return s.first > 0 && 2 * s.second >= area + areas[s.first] - s.second; })
            ? 1
            : 0;
  }
  return out;
}

TEST(NucleiReal, BrightFieldOutlines) {
  const auto index = csv(test::data_folder() + "/nuclei/index.csv");
  if (index.empty()) {
    GTEST_SKIP() << "no real data";
  }
  constexpr double kMedianUm2 = 30;  // the scale that an image is given makes its nuclei so large
  Counts pooled;
  for (const auto& row : index) {
    if (row.at(1) == "brightfield") {
      const double mpp = std::sqrt(kMedianUm2 / std::stod(row.at(6)));
      const std::string image = test::data_folder() + "/nuclei/" + row.at(0);
      const Counts one = outlined(nuclei_of(image + ".png", mpp), labels_of(image + "_labels.png"));
      pooled.right += one.right;
      pooled.found += one.found;
      pooled.truth += one.truth;
    }
  }
  EXPECT_EQ(pooled.truth, 541);
  RecordProperty("f1_at_iou_half", std::to_string(pooled.f1()));
  std::cout << "nuclei: F1 at IoU 0.5 " << pooled.f1() << " (" << pooled.right << " right, " << pooled.found
            << " found, " << pooled.truth << " true)\n";
  EXPECT_GE(pooled.f1(), 0.50);  // what classical methods reach here: 0.50 to 0.61
}

TEST(NucleiReal, Ki67Points) {
  const auto rows = csv(test::data_folder() + "/ihc/ki67_kinet/pan_points.csv");
  if (rows.empty()) {
    GTEST_SKIP() << "no real data";
  }
  const FoundCells found = nuclei_of(test::data_folder() + "/ihc/ki67_kinet/pan.png", 0.5);
  EXPECT_EQ(found.signal, NuclearSignal::any);
  std::vector<std::tuple<double, std::size_t, std::size_t>> near;
  std::vector<bool> cell(found.nuclei.size());
  std::vector<bool> point(rows.size());
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const double x = static_cast<double>(found.nuclei[i].centroid.x) / kSubpixels - 0.5;
    const double y = static_cast<double>(found.nuclei[i].centroid.y) / kSubpixels - 0.5;
    for (std::size_t j = 1; j < rows.size(); ++j) {
      const double d = std::hypot(x - std::stod(rows[j].at(1)), y - std::stod(rows[j].at(2)));
      if (d <= 6) {
        near.emplace_back(d, i, j);
      }
    }
  }
  std::sort(near.begin(), near.end());
  Counts counts{0, static_cast<int>(cell.size()), static_cast<int>(rows.size()) - 1};
  for (const auto& [d, i, j] : near) {
    if (!cell[i] && !point[j]) {
      cell[i] = point[j] = true;
      ++counts.right;
    }
  }
  RecordProperty("f1_within_6_px", std::to_string(counts.f1()));
  std::cout << "Ki-67 field: F1 within 6 px " << counts.f1() << " (" << counts.right << " right, " << counts.found
            << " found, " << counts.truth << " true; none left out at the edge)\n";
  EXPECT_GE(counts.f1(), 0.80);
}

}  // namespace
}  // namespace her2
