// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/field_reading.h"

#include <algorithm>
#include <cmath>

#include "her2/signal/raster.h"

namespace her2::signal {
namespace {

constexpr double kRadius = 3;   // sigmas of a signal out to which its light is summed
constexpr int kGroundStep = 2;  // every second pixel of every second row gives a nucleus's ground
constexpr std::size_t kHer2 = 0, kCep17 = 1;

// What most of each nucleus shows, and how much that varies.
void measure_grounds(FieldReading& field) {
  const std::size_t count = field.nuclei.nuclei.size();
  const int pitch = field.nuclei.pitch;
  field.ground.assign(count, {});
  field.noise.assign(count, {});
  std::vector<std::vector<float>> values(count);
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    for (auto& some : values) {
      some.clear();
    }
    const Plane<float>& plane = field.smooth[c];
    for (int y = 0; y < plane.height(); y += kGroundStep) {
      for (int x = 0; x < plane.width(); x += kGroundStep) {
        const int lx = x / pitch;
        const int ly = y / pitch;
        if (!field.nuclei.labels.inside(lx, ly)) {
          continue;
        }
        const std::int32_t label = field.nuclei.labels.at(lx, ly);
        if (label > 0) {
          values[static_cast<std::size_t>(label - 1)].push_back(plane.at(x, y));
        }
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      auto& some = values[i];
      if (some.empty()) {
        continue;
      }
      const auto middle = some.begin() + static_cast<std::ptrdiff_t>(some.size() / 2);
      std::nth_element(some.begin(), middle, some.end());
      const float ground = *middle;
      for (float& v : some) {
        v = std::abs(v - ground);
      }
      std::nth_element(some.begin(), middle, some.end());
      field.ground[i][c] = ground;
      field.noise[i][c] = 1.48F * *middle;
    }
  }
}

SpotSearch search_of(const AssayConstants& constants, std::size_t channel, double pixel_um) {
  SpotSearch out;
  out.filter_px = std::max(0.7, constants.filter_um[channel] / pixel_um);
  out.radius_px = std::max(2.0, kRadius * constants.sigma_um[channel] / pixel_um);
  return out;
}

void smooth_planes(const AssayConstants& constants, FieldReading& field) {
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    const SpotSearch search = search_of(constants, c, field.pixel_um);
    Blur(search.filter_px)(field.plane[c], field.smooth[c]);
    field.filter_px[c] = search.filter_px;
    field.sigma_px[c] = constants.sigma_um[c] / field.pixel_um;
  }
}

void find_all_spots(const AssayConstants& constants, FieldReading& field) {
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    field.spots[c] = find_spots(field.plane[c], field.smooth[c], field.nuclei, field.clipped,
                                static_cast<std::uint8_t>(1U << c), search_of(constants, c, field.pixel_um));
  }
}

std::vector<Spot> in_nuclei(const std::vector<Spot>& spots) {
  std::vector<Spot> out;
  std::copy_if(spots.begin(), spots.end(), std::back_inserter(out), [](const Spot& s) { return s.nucleus >= 0; });
  return out;
}

}  // namespace

AssayConstants constants_of(IshAssay assay) {
  AssayConstants out;
  out.assay = assay;
  out.most_pixel_um = 0.17;
  if (assay == IshAssay::dual_ish) {
    out.filter_um = {0.24, 0.45};
    out.sigma_um = {0.21, 0.45};
    out.nuclei.fill_um = 1.0;
    out.cluster_level = 1.0;
    out.cluster_height = 2.2;
  } else {
    out.filter_um = {0.24, 0.24};
    out.sigma_um = {0.21, 0.26};
    out.threshold_share = 0.87;
  }
  return out;
}

int signal_reduction(double pixel_um, const AssayConstants& constants) {
  return std::max(1, static_cast<int>(std::floor(constants.most_pixel_um / pixel_um)));
}

FieldReading read_fish(const FishPlanes& planes, int width, int height, double pixel_um, int k) {
  const AssayConstants constants = constants_of(IshAssay::fish);
  FieldReading out;
  out.k = k;
  out.threshold_share = constants.threshold_share;
  out.pixel_um = pixel_um * k;
  out.width = width;
  out.height = height;
  out.nuclei = find_field_nuclei(planes.nuclei, out.pixel_um, constants.nuclei);
  out.plane = {planes.her2, planes.cep17};
  out.clipped = planes.clipped;
  smooth_planes(constants, out);
  find_all_spots(constants, out);
  const auto her2 = in_nuclei(out.spots[kHer2]);
  const auto cep17 = in_nuclei(out.spots[kCep17]);
  const Crosstalk mixed = find_crosstalk(out.smooth[kHer2], out.smooth[kCep17], her2, cep17, out.nuclei.nuclei.size());
  out.crosstalk = {mixed.cep17_in_her2, mixed.her2_in_cep17};
  correct(mixed, out.smooth[kHer2], out.smooth[kCep17]);
  correct(mixed, out.plane[kHer2], out.plane[kCep17]);
  find_all_spots(constants, out);
  measure_grounds(out);
  return out;
}

FieldReading read_dual_ish(const RgbImage& rgb, const WhiteLevel& white, ChannelShift shift, double pixel_um) {
  const AssayConstants constants = constants_of(IshAssay::dual_ish);
  FieldReading out;
  out.k = signal_reduction(pixel_um, constants);
  out.pixel_um = pixel_um * out.k;
  out.width = rgb.width();
  out.height = rgb.height();
  out.shift = shift;
  out.cluster_level = constants.cluster_level;
  out.cluster_height = constants.cluster_height;
  DualIshPlanes planes;
  dual_ish_planes(rgb, white, shift, out.k, planes);
  out.nuclei = find_field_nuclei(planes.nuclei, out.pixel_um, constants.nuclei);
  out.plane = {std::move(planes.black), std::move(planes.red)};
  out.clipped = std::move(planes.clipped);
  smooth_planes(constants, out);
  find_all_spots(constants, out);
  measure_grounds(out);
  return out;
}

}  // namespace her2::signal
