// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "her2/core/plane.h"
#include "her2/core/polygon.h"
#include "her2/ihc/cell_table.h"
#include "her2/ihc/profile_kernels.h"

namespace her2 {

// One place on a cell's boundary, seen across the membrane.
struct MembraneSample {
  int contrast = 0;     // peak within 1 um of the boundary, over the lower shoulder, mOD; 0 when it is no membrane
  int peak = 0;         // DAB OD of that peak, mOD
  int width_half = 0;   // full width at half of the contrast, nm; 0: it does not fall to half on both sides
  int width_fixed = 0;  // width at 200 mOD over the lower shoulder, nm; 0: the peak is lower
  bool operator==(const MembraneSample&) const = default;
};

// Looks across a closed boundary in steps of at most a pixel: DAB profiles 2 um to both sides, smoothed along the
// boundary and not across it. One thread at a time.
class MembraneMeter {
 public:
  MembraneMeter(const Plane<std::int16_t>& dab, double pitch_um);

  // Samples in order along the ring (1/32 pixel of the plane). `cytoplasm`: the cell's DAB OD beside the membrane, mOD;
  // what does not rise over it is the edge of the cytoplasm and no membrane. Valid until the next call.
  std::span<const MembraneSample> measure(std::span<const SubPoint> ring, int cytoplasm);
  // Length of the boundary that was measured, in 1/32 pixel.
  [[nodiscard]] std::int64_t length() const { return length_; }
  // Where on the ring a sample of the last measure() lies.
  [[nodiscard]] SubPoint place(std::size_t sample) const { return {x_[kBefore + sample], y_[kBefore + sample]}; }
  [[nodiscard]] int reach() const { return half_ + 2; }  // pixels from the ring

 private:
  void walk(std::span<const SubPoint> ring);
  void read();
  void smooth();
  void find_shapes();
  [[nodiscard]] MembraneSample judge(std::size_t at, int cytoplasm) const;
  [[nodiscard]] int half_width(std::size_t at) const;

  const Plane<std::int16_t>& dab_;
  double pitch_um_;
  int half_ = 0;    // samples from the boundary to the profile's end, one pixel apart
  int around_ = 0;  // ... within which the peak is looked for
  std::int64_t length_ = 0;
  // The path, with kBefore places from the other end beyond either end, and its normals in 1/1024; more than places_,
  // up to whole vectors.
  static constexpr std::size_t kBefore = 3;
  std::vector<std::int32_t> x_, y_, nx_, ny_;
  std::size_t places_ = 0, stride_ = 0;
  // [sample][place]; the first has two places from the other end beyond either end.
  std::vector<std::int16_t> profiles_, smoothed_;
  std::vector<std::int16_t> shape_values_;
  kernels::ProfileShapes shapes_{};  // in shape_values_
  std::vector<MembraneSample> samples_;
};

// Completeness, longest gap and intensity at every step of the ladder.
void fill_ladder(std::span<const MembraneSample> samples, MeasuredCell& out);

}  // namespace her2
