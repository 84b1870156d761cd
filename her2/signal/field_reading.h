// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/plane.h"
#include "her2/ish/nucleus_table.h"
#include "her2/signal/brightfield.h"
#include "her2/signal/field_nuclei.h"
#include "her2/signal/fluorescence.h"
#include "her2/signal/spots.h"

// The first look at one field: nuclei, and every maximum of each channel inside them, before any threshold.
namespace her2::signal {

// Lengths of an assay. Sigmas are those that signals showed on real fields, in um: HER2 0.17-0.26 in both assays, CEP17
// 0.23-0.30 (FISH) and 0.45 (dual ISH).
struct AssayConstants {
  IshAssay assay = IshAssay::fish;
  std::array<double, kIshChannels> filter_um{};  // smoothing, 1.0 to 1.6 of a signal's sigma
  std::array<double, kIshChannels> sigma_um{};   // expected of a signal
  double most_pixel_um = 0;                      // pixels are averaged as long as they stay below this
  NucleusSearch nuclei;
  double cluster_level = 0.6, cluster_height = 1.3;  // see ClusterSearch
  // Of the pooled threshold. On real FISH fields that parted signals with precision 1.00 and recall 0.945 (HER2).
  double threshold_share = 1;
};
AssayConstants constants_of(IshAssay assay);
// How many pixels are made one before signals are looked for.
int signal_reduction(double pixel_um, const AssayConstants& constants);

struct FieldReading {
  int k = 1;                  // pixels of the field that one of the planes' stands for, each way
  double pixel_um = 0;        // of the planes
  int width = 0, height = 0;  // of the field
  FieldNuclei nuclei;
  std::array<Plane<float>, kIshChannels> plane, smooth;  // by IshChannel, crosstalk taken out
  Plane<std::uint8_t> clipped;                           // bit per channel
  std::array<std::vector<Spot>, kIshChannels> spots;     // all maxima
  std::vector<std::array<float, kIshChannels>> ground;   // of each nucleus: what most of it shows in a channel
  std::vector<std::array<float, kIshChannels>> noise;    // 1.48 MAD of the smooth plane in it
  std::array<double, kIshChannels> crosstalk{};          // of the other channel, in this one
  ChannelShift shift;
  double cluster_level = 0.6, cluster_height = 1.3, threshold_share = 1;
  std::array<double, kIshChannels> sigma_px{};   // expected of a signal
  std::array<double, kIshChannels> filter_px{};  // of the smoothing
};

// A FISH field from its channels; `pixel_um` of the field.
FieldReading read_fish(const FishPlanes& planes, int width, int height, double pixel_um, int k);
// A dual-ISH field.
FieldReading read_dual_ish(const RgbImage& rgb, const WhiteLevel& white, ChannelShift shift, double pixel_um);

}  // namespace her2::signal
