// SPDX-License-Identifier: Apache-2.0
// The same cell table, to the last bit, on every processor: with the kernels of each instruction set, plain code among
// them, from a slide to its cells.
#include <gtest/gtest.h>

#include <hwy/highway.h>

#include "her2/assay/ihc_run.h"
#include "her2/assay/measure_slide.h"
#include "her2/cellfile/measurements.h"
#include "tests/assay/phantom_slide.h"

namespace her2 {
namespace {

void use(std::int64_t targets) {
  hwy::SetSupportedTargetsForTest(targets);  // 0: whatever the processor has
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

std::string measured(const Slide& slide, bool nuclear_marker) {
  MeasureOptions options;
  options.profile = find_profile("generic-uncalibrated").value();
  if (nuclear_marker) {
    options.marker = NuclearMarker::ki67;
  }
  const auto out = measure_slide(slide, "0", options);
  EXPECT_TRUE(out) << out.error().text();
  EXPECT_GT(out->table.cells.size(), 20U);
  return digest(out->table);
}

TEST(SameEverywhere, every_instruction_set_gives_the_same_cells) {
  PhantomSpec spec;
  spec.seed = 5;
  spec.width = 560;
  spec.height = 520;
  spec.mix = {.unstained = 20, .incomplete = {20, 10, 5, 0}, .complete = {5, 15, 15, 10}};
  const test::PhantomSlide slide(spec, 256);
  const std::int64_t here = hwy::SupportedTargets();
  for (const bool nuclear_marker : {false, true}) {
    const std::string best = measured(slide, nuclear_marker);
    for (const std::int64_t target : {HWY_EMU128, HWY_SSSE3, HWY_SSE4, HWY_AVX2, HWY_AVX3}) {
      if (target != HWY_EMU128 && (target & here) == 0) {
        continue;  // this processor has it not
      }
      use(target);
      EXPECT_EQ(measured(slide, nuclear_marker), best) << hwy::TargetName(target);
      use(0);
    }
  }
}

}  // namespace
}  // namespace her2
