// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/area_meter.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "her2/cell/boundary.h"
#include "her2/cell/classify.h"
#include "her2/cell/nuclear_signal.h"
#include "her2/cell/smooth.h"
#include "her2/ihc/membrane.h"

namespace her2 {
namespace {

// A nucleus has at least this share of the contrast and of the haematoxylin that the slide's clearer ones have, and
// this share of that contrast all around but for an eighth: what has not is an island between fibres. Percent. In
// stained cells the haematoxylin reads too low where the vectors do not fit, so little of it is asked.
constexpr int kPaleContrast = 35, kPaleHaematoxylin = 20, kWeakestContrast = 33;
constexpr int kPaleWithMarker = 40;         // of the haematoxylin, where DAB stains nuclei
constexpr double kFinestNucleusMpp = 0.36;  // finer than that, nuclei are looked for at half the resolution

int nucleus_zoom(const AreaSettings& settings) { return settings.work_mpp < kFinestNucleusMpp ? 2 : 1; }

// Working pixels from a nucleus's centroid: up to which there are labels that its boundary depends on, and stain that
// its boundary and membrane depend on.
struct CellReach {
  int labels = 0, stain = 0;
};

CellReach cell_reach(const AreaSettings& settings) {
  const int zoom = nucleus_zoom(settings);
  const Plane<std::int16_t> plane;
  const Plane<std::int32_t> labels;
  const BoundaryFinder finder(plane, labels, settings.work_mpp * zoom);
  const int membrane = finder.label_reach() * zoom + MembraneMeter(plane, settings.work_mpp).reach();
  return {(finder.label_reach() + 1) * zoom, std::max(finder.reach() * zoom, membrane) + 2 * zoom};
}

// Mean of a plane over the pixels of a ring for which `counts` holds.
template <class Counts>
int mean_inside(const Plane<std::int16_t>& plane, std::span<const SubPoint> ring, const Counts& counts) {
  std::int64_t sum = 0;
  std::int64_t n = 0;
  RingRows rows;
  rows.each(ring, [&](std::int32_t y, std::int32_t first, std::int32_t end) {
    const std::int16_t* row = plane.row(y);
    for (std::int32_t x = first; x < end; ++x) {
      if (counts(x, y)) {
        sum += row[x];
        ++n;
      }
    }
  });
  return n == 0 ? 0 : static_cast<int>(sum / n);
}

std::uint16_t median_of(std::vector<int>& values) {
  if (values.empty()) {
    return 0;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<std::uint16_t>(std::clamp(*middle, 0, 65535));
}

// Everything that is made of one area. Nuclei and boundaries are looked for on coarse planes (nucleus_zoom()), in whose
// pixels they are kept; membranes are measured on the fine one.
class Area {
 public:
  Area(const RgbImage& rgb, const AreaFrame& frame, const AreaSettings& settings)
      : frame_(frame), settings_(settings), zoom_(nucleus_zoom(settings)), mpp_(settings.work_mpp * zoom_) {
    const OdTable table = od_table(settings.white);
    if (zoom_ == 2) {
      const int reach = cell_reach(settings).stain;
      const auto top = static_cast<int>(frame.core.y - frame.box.y) - reach;
      const auto bottom = static_cast<int>(frame.core.bottom() - frame.box.y) + reach;
      unmix_halved(rgb, table, settings.unmixing, stains_, fine_dab_, top, bottom);
    } else {
      unmix(rgb, table, settings.unmixing, stains_);
      box_mean(stains_.dab, 1, fine_dab_);
    }
    Plane<std::int16_t> signal;
    nuclear_signal(stains_, settings.nuclear_marker ? NuclearSignal::any : NuclearSignal::membrane, signal);
    nuclei_ = find_nuclei(signal, mpp_, settings.nuclei);
    if (settings.least_nucleus_h > 0) {
      std::erase_if(nuclei_, [&](const Nucleus& n) {
        return mean_inside(stains_.haematoxylin, n.ring) < settings.least_nucleus_h;
      });
    }
  }

  void measure(CellTable& out) {
    label_glass(stains_.sum, settings_.glass, labels_);
    label_nuclei(nuclei_, labels_);
    // Halved or smoothed for the boundary, as it is for the membrane.
    BoundaryFinder finder(zoom_ == 2 ? stains_.dab : fine_dab_, labels_, mpp_);
    MembraneMeter meter(zoom_ == 2 ? fine_dab_ : stains_.dab, settings_.work_mpp);
    for (std::size_t i = 0; i < nuclei_.size(); ++i) {
      if (owns(nuclei_[i].centroid)) {
        add(nuclei_[i], static_cast<std::int32_t>(i) + 1, finder, meter, out);
      }
    }
  }

  [[nodiscard]] std::vector<NucleusLook> looks() const {
    std::vector<NucleusLook> out;
    for (const Nucleus& nucleus : nuclei_) {
      if (owns(nucleus.centroid)) {
        out.push_back({nucleus.contrast, mean_inside(stains_.haematoxylin, nucleus.ring)});
      }
    }
    return out;
  }

 private:
  [[nodiscard]] bool owns(SubPoint local) const {
    const SubPoint p = fine(local);
    return frame_.core.contains(frame_.box.x + (p.x >> 5), frame_.box.y + (p.y >> 5));
  }

  [[nodiscard]] SubPoint fine(SubPoint coarse) const { return {coarse.x * zoom_, coarse.y * zoom_}; }

  // To level 0, in 1/32 pixel.
  [[nodiscard]] SubPoint level0(SubPoint coarse) const {
    const SubPoint local = fine(coarse);
    return to_level0(local, frame_.box, settings_.level0_scale);
  }

  void add(const Nucleus& nucleus, std::int32_t label, BoundaryFinder& finder, MembraneMeter& meter, CellTable& out) {
    const Boundary boundary = finder.around(nucleus, label);
    MeasuredCell cell;
    densities(nucleus, boundary, label, cell);
    std::array<SubPoint, kRays> membrane{};
    std::transform(boundary.ring.begin(), boundary.ring.end(), membrane.begin(),
                   [this](SubPoint p) { return fine(p); });
    const auto samples = meter.measure(membrane, cell.cytoplasm_dab);
    cell.centroid = level0(nucleus.centroid);
    const NucleusShape shape = shape_of(nucleus, mpp_);
    cell.nucleus_area = shape.area;
    cell.roundness = shape.roundness;
    cell.elongation = shape.elongation;
    cell.nucleus_h = static_cast<std::int16_t>(mean_inside(stains_.haematoxylin, nucleus.ring));
    const double sub = settings_.work_mpp / kSubpixels;
    cell.cell_area = static_cast<std::uint32_t>(
        std::floor(static_cast<double>(std::max<std::int64_t>(0, doubled_area(membrane))) / 2 * sub * sub * 100 + 0.5));
    cell.boundary = static_cast<std::uint32_t>(std::floor(static_cast<double>(meter.length()) * sub * 100 + 0.5));
    int rays = 0;
    for (std::size_t ray = 0; ray < kRays; ++ray) {
      rays += static_cast<int>(boundary.at_glass >> ray & 1U);
    }
    cell.border = static_cast<std::uint8_t>(rays * 100 / kRays);
    judge(samples, cell);
    std::array<SubPoint, kNucleusPoints> ring{};
    std::array<SubPoint, kRays> edge{};
    std::transform(nucleus.ring.begin(), nucleus.ring.end(), ring.begin(), [this](SubPoint p) { return level0(p); });
    std::transform(boundary.ring.begin(), boundary.ring.end(), edge.begin(), [this](SubPoint p) { return level0(p); });
    out.add(cell, ring, edge);
  }

  void densities(const Nucleus& nucleus, const Boundary& boundary, std::int32_t label, MeasuredCell& cell) const {
    cell.nucleus_dab = static_cast<std::int16_t>(
        mean_inside(stains_.dab, nucleus.ring, [&](int x, int y) { return labels_.at(x, y) == label; }));
    // The cytoplasm: where the star shrunk to 13/16 is, without any nucleus.
    std::array<SubPoint, kRays> inner{};
    for (std::size_t i = 0; i < kRays; ++i) {
      const SubPoint c = nucleus.centroid;
      inner[i] = {c.x + (boundary.ring[i].x - c.x) * 13 / 16, c.y + (boundary.ring[i].y - c.y) * 13 / 16};
    }
    cell.cytoplasm_dab =
        static_cast<std::int16_t>(mean_inside(stains_.dab, inner, [&](int x, int y) { return labels_.at(x, y) <= 0; }));
  }

  static void judge(std::span<const MembraneSample> samples, MeasuredCell& cell) {
    constexpr int kClearly = 100;  // mOD
    std::vector<int> half;
    std::vector<int> fixed;
    std::int64_t peaks = 0;
    for (const MembraneSample& sample : samples) {
      peaks += sample.peak;
      fixed.push_back(sample.width_fixed);
      if (sample.contrast >= kClearly) {
        half.push_back(sample.width_half);
      }
    }
    cell.membrane_dab = static_cast<std::int16_t>(peaks / static_cast<std::int64_t>(samples.size()));
    cell.width_half = median_of(half);
    cell.width_fixed = median_of(fixed);
    fill_ladder(samples, cell);
  }

  const AreaFrame& frame_;
  const AreaSettings& settings_;
  int zoom_;
  double mpp_;                    // of the coarse planes
  StainPlanes stains_;            // coarse
  Plane<std::int16_t> fine_dab_;  // as fine as the image; without a zoom: smoothed
  Plane<std::int32_t> labels_;
  std::vector<Nucleus> nuclei_;
};

}  // namespace

SubPoint to_level0(SubPoint local, const Box& box, double level0_scale) {
  const auto scaled = [level0_scale](std::int64_t origin, std::int32_t at) {
    return static_cast<std::int32_t>(std::floor(static_cast<double>(origin * kSubpixels + at) * level0_scale + 0.5));
  };
  return {scaled(box.x, local.x), scaled(box.y, local.y)};
}

int area_halo(const AreaSettings& settings) {
  const int zoom = nucleus_zoom(settings);
  const CellReach cell = cell_reach(settings);
  return std::max(nucleus_reach(settings.work_mpp * zoom, settings.nuclei) * zoom + cell.labels, cell.stain) + zoom;
}

std::vector<NucleusLook> look_at_nuclei(const RgbImage& rgb, const AreaFrame& frame, const AreaSettings& settings) {
  return Area(rgb, frame, settings).looks();
}

void use_looks(std::vector<NucleusLook> looks, AreaSettings& settings) {
  if (looks.empty()) {
    return;
  }
  const auto upper = looks.begin() + static_cast<std::ptrdiff_t>(looks.size() * 3 / 4);
  std::nth_element(looks.begin(), upper, looks.end(),
                   [](const NucleusLook& a, const NucleusLook& b) { return a.contrast < b.contrast; });
  if (!settings.nuclear_marker) {  // there DAB sets the clearer ones apart, and what it leaves unstained is paler
    settings.nuclei.least_contrast = std::max(settings.nuclei.least_contrast, upper->contrast * kPaleContrast / 100);
    settings.nuclei.least_weakest = upper->contrast * kWeakestContrast / 100;
  }
  std::nth_element(looks.begin(), upper, looks.end(),
                   [](const NucleusLook& a, const NucleusLook& b) { return a.haematoxylin < b.haematoxylin; });
  settings.least_nucleus_h =
      upper->haematoxylin * (settings.nuclear_marker ? kPaleWithMarker : kPaleHaematoxylin) / 100;
}

void measure_area(const RgbImage& rgb, const AreaFrame& frame, const AreaSettings& settings, CellTable& out) {
  Area(rgb, frame, settings).measure(out);
}

void classify_cells(CellTable& table) {
  std::vector<int> inside;
  inside.reserve(table.cells.size());
  for (const MeasuredCell& cell : table.cells) {
    inside.push_back(cell.nucleus_h);
  }
  const int usual = median_of(inside);
  for (MeasuredCell& cell : table.cells) {
    NucleusShape shape{cell.nucleus_area, cell.roundness, cell.elongation, 0, cell.nucleus_h};
    // Short axis of an ellipse of that area and elongation.
    const double area_um2 = cell.nucleus_area / 100.0;
    shape.breadth = static_cast<std::uint16_t>(
        std::min(65535.0, 200 * std::sqrt(area_um2 / 3.141592653589793 * 100 / std::max<int>(100, cell.elongation))));
    const CellKindCall call = classify(shape, usual);
    cell.kind = call.kind;
    cell.confidence = call.confidence;
  }
}

}  // namespace her2
