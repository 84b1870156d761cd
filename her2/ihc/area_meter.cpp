// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/area_meter.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

#include "her2/cell/boundary.h"
#include "her2/cell/classify.h"
#include "her2/cell/island.h"
#include "her2/cell/kernels.h"
#include "her2/cell/nuclear_signal.h"
#include "her2/cell/smooth.h"
#include "her2/ihc/membrane.h"

namespace her2 {
namespace {

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

// What is kept from area to area.
struct AreaMemory {
  AreaMemory(double pitch_um, const NucleusOptions& options) : finder(pitch_um, options) {}
  RgbImage rgb;  // a piece of the area
  StainPlanes part;
  std::vector<std::int16_t> sum;  // a row of it
  // The area. Nuclei and boundaries are looked for on coarse planes (nucleus_zoom()), in whose pixels they are kept;
  // membranes are measured on fine_dab, as fine as the image; without a zoom it is smoothed.
  Plane<std::int16_t> haematoxylin, dab, fine_dab, signal;
  Plane<std::int32_t> labels;
  NucleusFinder finder;
};

// Everything that is made of one area.
class Area {
 public:
  Area(const AreaFrame& frame, const AreaSettings& settings, AreaMemory& memory)
      : frame_(frame),
        settings_(settings),
        zoom_(nucleus_zoom(settings)),
        mpp_(settings.work_mpp * zoom_),
        memory_(memory) {}

  // Finds the nuclei of the core and, working pixels around it, others.
  Result<void> find(const AreaPixels& pixels, int around) {
    if (auto read = read_all(pixels); !read) {
      return read;
    }
    const Box core{frame_.core.x - frame_.box.x, frame_.core.y - frame_.box.y, frame_.core.width, frame_.core.height};
    const Box wanted = core.grown(around);
    nuclei_ = memory_.finder.find(memory_.signal, {wanted.x / zoom_ - 1, wanted.y / zoom_ - 1, wanted.width / zoom_ + 3,
                                                   wanted.height / zoom_ + 3});
    if (settings_.least_nucleus_h > 0) {
      std::erase_if(nuclei_, [this](const Nucleus& n) { return is_none(n); });
    }
    return {};
  }

  void measure(CellTable& out) {
    label_nuclei(nuclei_, memory_.labels);
    // Halved or smoothed for the boundary, as it is for the membrane.
    BoundaryFinder finder(zoom_ == 2 ? memory_.dab : memory_.fine_dab, memory_.labels, mpp_);
    MembraneMeter meter(zoom_ == 2 ? memory_.fine_dab : memory_.dab, settings_.work_mpp);
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
        out.push_back({nucleus.contrast, mean_inside(memory_.haematoxylin, nucleus.ring)});
      }
    }
    return out;
  }

 private:
  // Too pale for a nucleus, or an island of stroma.
  [[nodiscard]] bool is_none(const Nucleus& nucleus) const {
    NucleusShape shape = shape_of(nucleus, mpp_);
    shape.inside = mean_inside(memory_.haematoxylin, nucleus.ring);
    return shape.inside < settings_.least_nucleus_h ||
           (settings_.clear_nucleus_h > 0 && is_stroma_island(nucleus, shape, settings_.clear_nucleus_h, memory_.dab));
  }

  // All planes, piece by piece.
  Result<void> read_all(const AreaPixels& pixels) {
    const OdTable table = od_table(settings_.white);
    const HalvedUnmixing halved(table, settings_.unmixing);
    const int reach = cell_reach(settings_).stain;
    const auto width = static_cast<int>(frame_.box.width);
    const auto height = static_cast<int>(frame_.box.height);
    for (auto* plane : {&memory_.haematoxylin, &memory_.dab, &memory_.signal}) {
      plane->reshape(width / zoom_, height / zoom_);
    }
    memory_.labels.reshape(width / zoom_, height / zoom_);
    memory_.fine_dab.reshape(width, height);
    constexpr int kAcross = 2048, kDown = 128;
    for (int y = 0; y < height; y += kDown) {
      for (int x = 0; x < width; x += kAcross) {
        const Box part{frame_.box.x + x, frame_.box.y + y, std::min(kAcross, width - x), std::min(kDown, height - y)};
        if (auto read = pixels(part, memory_.rgb); !read) {
          return read;
        }
        if (zoom_ == 2) {
          take_halved(halved, reach, x, y);
        } else {
          take(table, x, y);
        }
      }
    }
    if (zoom_ == 1) {
      box_mean(memory_.dab, 1, memory_.fine_dab);
    }
    return {};
  }

  // Unmixes the piece that was read, whose corner is at (x, y) of the area; DAB as fine as the image in as many rows as
  // the core's cells can depend on.
  void take_halved(const HalvedUnmixing& unmixing, int reach, int x, int y) {
    AreaMemory& m = memory_;
    const auto top = static_cast<int>(frame_.core.y - frame_.box.y) - reach - y;
    const auto bottom = static_cast<int>(frame_.core.bottom() - frame_.box.y) + reach - y;
    const int width = m.rgb.width() / 2;
    const int left = x / 2;
    m.sum.resize(static_cast<std::size_t>(width));
    for (int row = 0; row + 1 < m.rgb.height(); row += 2) {
      const int down = (y + row) / 2;
      std::int16_t* h = m.haematoxylin.row(down) + left;
      std::int16_t* d = m.dab.row(down) + left;
      const bool fine = row + 1 >= top && row < bottom;
      unmixing.rows(m.rgb.row(row), m.rgb.row(row + 1), width, {h, d, m.sum.data()},
                    fine ? m.fine_dab.row(y + row) + x : nullptr, fine ? m.fine_dab.row(y + row + 1) + x : nullptr);
      finish({h, d, m.sum.data()}, width, left, down);
    }
  }
  void take(const OdTable& table, int x, int y) {
    AreaMemory& m = memory_;
    unmix(m.rgb, table, settings_.unmixing, m.part);
    for (int row = 0; row < m.rgb.height(); ++row) {
      const StainRow from{m.part.haematoxylin.row(row), m.part.dab.row(row), m.part.sum.row(row)};
      std::copy_n(from.haematoxylin, m.rgb.width(), m.haematoxylin.row(y + row) + x);
      std::copy_n(from.dab, m.rgb.width(), m.dab.row(y + row) + x);
      finish(from, m.rgb.width(), x, y + row);
    }
  }
  // Signal and labels of stains that begin at (x, y).
  void finish(const StainRow& stains, int count, int x, int y) {
    const auto n = static_cast<std::size_t>(count);
    const NuclearSignal signal = settings_.nuclear_marker ? NuclearSignal::any : NuclearSignal::membrane;
    nuclear_signal(stains, n, signal, memory_.signal.row(y) + x);
    kernels::glass_row(stains.sum, n, settings_.glass, memory_.labels.row(y) + x);
  }

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
    cell.nucleus_h = static_cast<std::int16_t>(mean_inside(memory_.haematoxylin, nucleus.ring));
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
        mean_inside(memory_.dab, nucleus.ring, [&](int x, int y) { return memory_.labels.at(x, y) == label; }));
    // The cytoplasm: where the star shrunk to 13/16 is, without any nucleus.
    std::array<SubPoint, kRays> inner{};
    for (std::size_t i = 0; i < kRays; ++i) {
      const SubPoint c = nucleus.centroid;
      inner[i] = {c.x + (boundary.ring[i].x - c.x) * 13 / 16, c.y + (boundary.ring[i].y - c.y) * 13 / 16};
    }
    cell.cytoplasm_dab = static_cast<std::int16_t>(
        mean_inside(memory_.dab, inner, [&](int x, int y) { return memory_.labels.at(x, y) <= 0; }));
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
  double mpp_;  // of the coarse planes
  AreaMemory& memory_;
  std::vector<Nucleus> nuclei_;
};

// Reads from an image that covers frame.box.
AreaPixels pixels_of(const RgbImage& rgb, const AreaFrame& frame) {
  return [&](const Box& part, RgbImage& out) -> Result<void> {
    out.reshape(static_cast<int>(part.width), static_cast<int>(part.height));
    for (int y = 0; y < out.height(); ++y) {
      const auto* from = rgb.at(static_cast<int>(part.x - frame.box.x), static_cast<int>(part.y - frame.box.y) + y);
      std::copy_n(from, out.stride(), out.row(y));
    }
    return {};
  };
}

}  // namespace

struct AreaMeter::State {
  explicit State(const AreaSettings& with) : settings(with) {}

  // Calls work(memory) with memory that nobody else uses meanwhile.
  template <class Work>
  Result<void> with_memory(const Work& work) {
    std::unique_lock lock(mutex);
    std::unique_ptr<AreaMemory> memory;
    if (!spare.empty()) {
      memory = std::move(spare.back());
      spare.pop_back();
    }
    lock.unlock();
    if (!memory) {
      memory = std::make_unique<AreaMemory>(settings.work_mpp * nucleus_zoom(settings), settings.nuclei);
    }
    auto done = work(*memory);
    lock.lock();
    spare.push_back(std::move(memory));
    return done;
  }

  const AreaSettings settings;
  std::mutex mutex;  // of what follows
  std::vector<std::unique_ptr<AreaMemory>> spare;
};

AreaMeter::AreaMeter(const AreaSettings& settings) : state_(std::make_unique<State>(settings)) {}
AreaMeter::~AreaMeter() = default;

Result<std::vector<NucleusLook>> AreaMeter::look(const AreaPixels& pixels, const AreaFrame& frame) {
  std::vector<NucleusLook> out;
  auto done = state_->with_memory([&](AreaMemory& memory) -> Result<void> {
    Area area(frame, state_->settings, memory);
    auto found = area.find(pixels, 0);
    if (found) {
      out = area.looks();
    }
    return found;
  });
  return done ? Result<std::vector<NucleusLook>>(std::move(out)) : tl::unexpected(done.error());
}

Result<void> AreaMeter::measure(const AreaPixels& pixels, const AreaFrame& frame, CellTable& out) {
  return state_->with_memory([&](AreaMemory& memory) -> Result<void> {
    Area area(frame, state_->settings, memory);
    auto found = area.find(pixels, cell_reach(state_->settings).labels);
    if (found) {
      area.measure(out);
    }
    return found;
  });
}

std::vector<NucleusLook> look_at_nuclei(const RgbImage& rgb, const AreaFrame& frame, const AreaSettings& settings) {
  return *AreaMeter(settings).look(pixels_of(rgb, frame), frame);  // memory is read without an error
}

void measure_area(const RgbImage& rgb, const AreaFrame& frame, const AreaSettings& settings, CellTable& out) {
  static_cast<void>(AreaMeter(settings).measure(pixels_of(rgb, frame), frame, out));  // likewise
}

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

int look_halo(const AreaSettings& settings) {
  const int zoom = nucleus_zoom(settings);
  return nucleus_view(settings.work_mpp * zoom, settings.nuclei) * zoom + zoom;
}

void classify_cells(CellTable& table) {
  std::vector<int> inside;
  inside.reserve(table.cells.size());
  for (const MeasuredCell& cell : table.cells) {
    inside.push_back(cell.nucleus_h);
  }
  const int usual = median_of(inside);
  for (MeasuredCell& cell : table.cells) {
    const NucleusShape shape{cell.nucleus_area, cell.roundness, cell.elongation, cell.nucleus_h};
    const CellKindCall call = classify(shape, usual);
    cell.kind = call.kind;
    cell.confidence = call.confidence;
  }
}

}  // namespace her2
