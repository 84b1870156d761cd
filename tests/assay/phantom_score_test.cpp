// SPDX-License-Identifier: Apache-2.0
// From pixels to score on phantoms whose truth is known.
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "her2/assay/ihc_run.h"
#include "her2/assay/measure_slide.h"
#include "her2/ihc/score.h"
#include "tests/assay/phantom_slide.h"

namespace her2 {
namespace {

struct Matched {
  std::size_t truth = 0, found = 0, pairs = 0;
  std::vector<std::pair<MeasuredCell, PhantomCell>> tumour;
};

double distance_um(SubPoint a, SubPoint b, double mpp) { return std::hypot(a.x - b.x, a.y - b.y) / kSubpixels * mpp; }

// Nearest first, one to one, within 3 um; of cells at least 40 um from the slide's edge.
Matched match(const CellTable& table, const Phantom& phantom) {
  const PhantomSpec& spec = phantom.spec();
  const auto inner = static_cast<std::int64_t>(40 / spec.mpp);
  const Box box{inner, inner, spec.width - 2 * inner, spec.height - 2 * inner};
  std::vector<PhantomCell> truth = phantom.cells(box);
  std::vector<MeasuredCell> cells;
  for (const MeasuredCell& cell : table.cells) {
    if (box.contains(cell.centroid.x / kSubpixels, cell.centroid.y / kSubpixels)) {
      cells.push_back(cell);
    }
  }
  std::multimap<double, std::pair<std::size_t, std::size_t>> near;
  for (std::size_t t = 0; t < truth.size(); ++t) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (const double d = distance_um(truth[t].centroid, cells[c].centroid, spec.mpp); d <= 3) {
        near.insert({d, {t, c}});
      }
    }
  }
  Matched out{truth.size(), cells.size(), 0, {}};
  std::vector<bool> truth_used(truth.size()), cell_used(cells.size());
  for (const auto& [d, pair] : near) {
    const auto [t, c] = pair;
    if (!truth_used[t] && !cell_used[c]) {
      truth_used[t] = cell_used[c] = true;
      ++out.pairs;
      if (truth[t].kind == PhantomKind::tumour) {
        out.tumour.emplace_back(cells[c], truth[t]);
      }
    }
  }
  return out;
}

SlideMeasurement measured(const test::PhantomSlide& slide) {
  MeasureOptions options;
  options.profile = find_profile("generic-uncalibrated").value();
  options.threads = 2;
  auto out = measure_slide(slide, "0", options);
  EXPECT_TRUE(out) << out.error().text();
  return std::move(*out);
}

PhantomSpec spec(const PhantomMix& mix) {
  PhantomSpec out;
  out.seed = 4;
  out.width = out.height = 1700;
  out.mix = mix;
  return out;
}

const PhantomMix kOnePlus{.unstained = 30, .incomplete = {60, 6, 0, 0}, .complete = {4, 0, 0, 0}};
const PhantomMix kThreePlus{.unstained = 5, .incomplete = {0, 5, 5, 5}, .complete = {0, 5, 15, 60}};

TEST(PhantomScore, cells_are_found) {
  for (const PhantomMix& mix : {kOnePlus, kThreePlus}) {
    const test::PhantomSlide slide(spec(mix), 512);
    const Matched m = match(measured(slide).table, slide.phantom());
    const double f1 = 2.0 * static_cast<double>(m.pairs) / static_cast<double>(m.truth + m.found);
    RecordProperty("f1_permille", static_cast<int>(f1 * 1000));
    EXPECT_GE(f1, 0.84);  // aim: 0.95 (docs/ihc.md says what is missing)
  }
}

TEST(PhantomScore, completeness_and_width_are_near_the_truth) {
  const test::PhantomSlide slide(spec(kThreePlus), 512);
  const Matched m = match(measured(slide).table, slide.phantom());
  double completeness = 0;
  double width = 0;
  double n = 0;
  for (const auto& [cell, truth] : m.tumour) {
    if (truth.staining == Staining::strong || truth.staining == Staining::moderate) {
      completeness += std::abs(cell.ladder[3].completeness / 1000.0 - truth.completeness);
      width += std::abs(cell.width_half / 1000.0 - truth.seen_width_um);
      n += 1;
    }
  }
  ASSERT_GT(n, 60);
  EXPECT_LE(completeness / n, 0.07);
  EXPECT_LE(width / n, 0.45);  // aim: 0.2
}

// Unstained cells stay unstained, strong ones are strong.
TEST(PhantomScore, h_score_orders_the_scores) {
  double last = -20;
  for (const PhantomMix& mix :
       {PhantomMix{.unstained = 97, .incomplete = {3, 0, 0, 0}, .complete = {}}, kOnePlus,
        PhantomMix{.unstained = 5, .incomplete = {15, 15, 10, 0}, .complete = {0, 35, 20, 0}}, kThreePlus}) {
    const test::PhantomSlide slide(spec(mix), 512);
    const SlideMeasurement out = measured(slide);
    const auto scored = score_cells(out.table, {}, find_profile("generic-uncalibrated").value());
    ASSERT_TRUE(scored);
    EXPECT_GT(scored->h_score, last + 15);
    last = scored->h_score;
  }
}

}  // namespace
}  // namespace her2
