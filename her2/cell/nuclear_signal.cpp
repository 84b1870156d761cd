// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/nuclear_signal.h"

#include <algorithm>

#include "her2/cell/kernels.h"
#include "her2/cell/smooth.h"

namespace her2 {
namespace {

constexpr double kFinestMpp = 0.36;

int zoom_of(double pitch_um) { return pitch_um < kFinestMpp ? 2 : 1; }

void enlarge(Nucleus& nucleus, int zoom) {
  const auto times = [zoom](SubPoint p) { return SubPoint{p.x * zoom, p.y * zoom}; };
  nucleus.seed = times(nucleus.seed);
  nucleus.centroid = times(nucleus.centroid);
  std::transform(nucleus.ring.begin(), nucleus.ring.end(), nucleus.ring.begin(), times);
  nucleus.area *= zoom * zoom;
}

}  // namespace

std::string_view name_of(NuclearSignal signal) {
  switch (signal) {
    case NuclearSignal::membrane: return "membrane";
    case NuclearSignal::any: return "any";
    case NuclearSignal::haematoxylin: break;
  }
  return "haematoxylin";
}

void red_signal(const RgbImage& rgb, const OdTable& od, Plane<std::int16_t>& out) {
  out.reshape(rgb.width(), rgb.height());
  const auto from = rgb.bytes();
  const auto to = out.pixels();
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] = od.mod[0][from[3 * i]];
  }
}

// For a membrane marker: nuclei are holes in the DAB of a stained cell; and where DAB is dense the detector saturates,
// so that what is left looks like haematoxylin.
void nuclear_signal(const StainRow& stains, std::size_t count, NuclearSignal signal, std::int16_t* out) {
  if (signal == NuclearSignal::membrane) {
    kernels::membrane_signal(stains.haematoxylin, stains.dab, count, out);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::int16_t>(std::max(0, stains.sum[i] + stains.sum[i] / 2));
  }
}

void nuclear_signal(const StainPlanes& stains, NuclearSignal signal, Plane<std::int16_t>& out) {
  out.reshape(stains.dab.width(), stains.dab.height());
  nuclear_signal({stains.haematoxylin.row(0), stains.dab.row(0), stains.sum.row(0)}, out.pixels().size(), signal,
                 out.row(0));
}

std::vector<Nucleus> nuclei_on(const Plane<std::int16_t>& signal, double pitch_um, const NucleusOptions& options) {
  const int zoom = zoom_of(pitch_um);
  if (zoom == 1) {
    return find_nuclei(signal, pitch_um, options);
  }
  Plane<std::int16_t> half;
  halve(signal, half);
  std::vector<Nucleus> out = find_nuclei(half, pitch_um * zoom, options);
  for (Nucleus& nucleus : out) {
    enlarge(nucleus, zoom);
  }
  return out;
}

int nuclei_on_reach(double pitch_um, const NucleusOptions& options) {
  const int zoom = zoom_of(pitch_um);
  return nucleus_reach(pitch_um * zoom, options) * zoom + zoom;
}

int mean_inside(const Plane<std::int16_t>& plane, std::span<const SubPoint> ring) {
  std::int64_t sum = 0;
  std::int64_t n = 0;
  RingRows rows;
  rows.each(ring, [&](std::int32_t y, std::int32_t first, std::int32_t end) {
    const std::int16_t* row = plane.row(y);
    for (std::int32_t x = first; x < end; ++x) {
      sum += row[x];
    }
    n += end - first;
  });
  return n == 0 ? 0 : static_cast<int>(sum / n);
}

}  // namespace her2
