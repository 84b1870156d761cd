// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/phantom.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "her2/phantom/nucleus.h"
#include "her2/phantom/optics.h"
#include "her2/phantom/paint.h"
#include "her2/phantom/truth.h"

namespace her2 {

using phantom::EpithelialCell;

std::string_view name_of(Staining staining) {
  constexpr std::array<std::string_view, 5> kNames{"unstained", "faint", "weak", "moderate", "strong"};
  return kNames[static_cast<std::size_t>(staining)];
}

std::string_view name_of(PhantomKind kind) {
  constexpr std::array<std::string_view, 3> kNames{"tumour", "lymphocyte", "stromal"};
  return kNames[static_cast<std::size_t>(kind)];
}

struct Phantom::State {
  explicit State(const PhantomSpec& wanted)
      : spec(wanted),
        layout(spec),
        table(spec),
        artefacts(spec),
        sharp(spec, artefacts.ink_colour(), spec.psf_um),
        blurred(spec, artefacts.ink_colour(), spec.psf_um + phantom::kBlurUm),
        painter(spec, layout, table, artefacts) {}

  PhantomSpec spec;
  phantom::Layout layout;
  phantom::OpticsTable table;
  phantom::Artefacts artefacts;
  phantom::Optics sharp, blurred;
  phantom::Painter painter;
};

namespace {

Result<void> check(std::string_view what, double value, double low, double high) {
  if (value >= low && value <= high) {
    return {};
  }
  return fail(fmt::format("{} is {}; it must lie from {} to {}", what, value, low, high));
}

Result<void> check(const PhantomSpec& s) {
  struct Bound {
    std::string_view what;
    double value, low, high;
  };
  for (const Bound& b : std::initializer_list<Bound>{
           {"width", static_cast<double>(s.width), 1, 2e6},
           {"height", static_cast<double>(s.height), 1, 2e6},
           {"mpp", s.mpp, 0.1, 2},
           {"clustering", s.clustering, 0, 1},
           {"cell_um", s.cell_um, 8, 40},
           {"nest_um", s.nest_um, 4 * s.cell_um, 5000},
           {"stroma", s.stroma, 0, 0.9},
           {"lymphocytes", s.lymphocytes, 0, 1},
           {"lumen", s.lumen, 0, 0.5},
           {"tissue_share", s.tissue_share, 0.01, 1},
           {"rows of cores", static_cast<double>(s.array.rows), 0, 100},
           {"columns of cores", static_cast<double>(s.array.columns), s.array.rows > 0 ? 1.0 : 0.0, 100},
           {"core_um", s.array.core_um, 100, 5000},
           {"pitch_um", s.array.pitch_um, 1.15 * s.array.core_um, 20000},
           {"slope of the rows", s.array.slope, -0.5, 0.5},
           {"missing cores", s.array.missing, 0, 0.9},
           {"pen_marks", static_cast<double>(s.pen_marks), 0, 100},
           {"folds", static_cast<double>(s.folds), 0, 100},
           {"blurs", static_cast<double>(s.blurs), 0, 100},
           {"debris", s.debris, 0, 1},
           {"haematoxylin_gain", s.stain.haematoxylin_gain, 0, 5},
           {"dab_background_mod", s.stain.dab_background_mod, 0, 500},
           {"psf_um", s.psf_um, 0, 2},
           {"noise", s.noise, 0, 20},
       }) {
    if (auto ok = check(b.what, b.value, b.low, b.high); !ok) {
      return ok;
    }
  }
  return {};
}

}  // namespace

Result<Phantom> Phantom::make(const PhantomSpec& spec) {
  if (auto ok = check(spec); !ok) {
    return tl::unexpected(ok.error());
  }
  return Phantom(std::make_unique<State>(spec));
}

Phantom::Phantom(std::unique_ptr<State> state) : state_(std::move(state)) {}
Phantom::Phantom(Phantom&&) noexcept = default;
Phantom& Phantom::operator=(Phantom&&) noexcept = default;
Phantom::~Phantom() = default;

const PhantomSpec& Phantom::spec() const { return state_->spec; }

void Phantom::render(const Box& box, RgbImage& out) const {
  const State& s = *state_;
  const double mpp = s.spec.mpp;
  const bool blurred =
      s.artefacts.blurred(static_cast<double>(box.x) * mpp, static_cast<double>(box.y) * mpp,
                          static_cast<double>(box.right()) * mpp, static_cast<double>(box.bottom()) * mpp);
  const int margin = blurred ? std::max(s.sharp.halo(), s.blurred.halo()) : s.sharp.halo();
  const phantom::Planes planes = s.painter.paint(box.grown(margin));
  s.sharp.expose(planes, margin, box, out);
  if (!blurred) {
    return;
  }
  RgbImage soft;
  s.blurred.expose(planes, margin, box, soft);
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      const double place_x = (static_cast<double>(box.x + x) + 0.5) * mpp;
      const double place_y = (static_cast<double>(box.y + y) + 0.5) * mpp;
      const int share = static_cast<int>(s.artefacts.blur(place_x, place_y) * 256);
      for (int c = 0; c < 3 && share > 0; ++c) {
        std::uint8_t& level = out.at(x, y)[c];
        level = static_cast<std::uint8_t>((level * (256 - share) + soft.at(x, y)[c] * share + 128) / 256);
      }
    }
  }
}

void Phantom::density(const Box& box, Plane<std::uint16_t>& haematoxylin, Plane<std::uint16_t>& dab,
                      Plane<std::uint16_t>& membrane) const {
  phantom::Planes planes = state_->painter.paint(box);
  haematoxylin = std::move(planes.haematoxylin);
  dab = std::move(planes.dab);
  membrane = std::move(planes.membrane);
}

std::vector<PhantomCell> Phantom::cells(const Box& box) const {
  const PhantomSpec& spec = state_->spec;
  const Box within = intersection(box, {0, 0, spec.width, spec.height});
  std::vector<PhantomCell> out;
  if (within.empty()) {
    return out;
  }
  const auto owned = [&](SubPoint p) {
    return within.contains(p.x >= 0 ? p.x / kSubpixels : -1, p.y >= 0 ? p.y / kSubpixels : -1);
  };
  const double x0 = static_cast<double>(within.x) * spec.mpp, y0 = static_cast<double>(within.y) * spec.mpp;
  const double x1 = static_cast<double>(within.right()) * spec.mpp,
               y1 = static_cast<double>(within.bottom()) * spec.mpp;
  constexpr double kNeighbours = 25;  // um: their membranes' ends may reach over
  auto epithelium = phantom::epithelium(spec, state_->layout, state_->table, x0 - kNeighbours, y0 - kNeighbours,
                                        x1 + kNeighbours, y1 + kNeighbours);
  const phantom::Ends ends(epithelium);
  for (EpithelialCell& cell : epithelium) {
    if (cell.lumen || cell.contour.size() < 3) {
      continue;
    }
    phantom::Nucleus nucleus = phantom::nucleus_of(spec, cell);
    if (!owned(nucleus.centroid)) {
      continue;
    }
    PhantomCell truth;
    truth.centroid = nucleus.centroid;
    truth.nucleus = std::move(nucleus.contour);
    truth.staining = cell.staining;
    truth.complete = cell.complete;
    measure(spec, cell, ends, state_->table, truth);
    truth.membrane = std::move(cell.contour);
    out.push_back(std::move(truth));
  }
  constexpr double kNear = phantom::kStromalReachUm;
  for (phantom::Nucleus& nucleus :
       phantom::stromal_nuclei(spec, state_->layout, x0 - kNear, y0 - kNear, x1 + kNear, y1 + kNear)) {
    if (owned(nucleus.centroid)) {
      PhantomCell truth;
      truth.centroid = nucleus.centroid;
      truth.kind = nucleus.kind;
      truth.nucleus = std::move(nucleus.contour);
      out.push_back(std::move(truth));
    }
  }
  for (PhantomCell& cell : out) {
    cell.obscured =
        state_->artefacts.obscured(cell.centroid.x * spec.mpp / kSubpixels, cell.centroid.y * spec.mpp / kSubpixels);
  }
  std::sort(out.begin(), out.end(), [](const PhantomCell& a, const PhantomCell& b) {
    return a.centroid.y != b.centroid.y ? a.centroid.y < b.centroid.y : a.centroid.x < b.centroid.x;
  });
  return out;
}

bool Phantom::has_tissue(const Box& box) const {
  const PhantomSpec& spec = state_->spec;
  if (spec.tissue_share >= 1 || spec.array.rows > 0 || spec.pen_marks > 0) {
    return true;
  }
  // The depth changes by at most 3.2 um a um: a piece whose middle is farther out than that has no tissue.
  const double half = static_cast<double>(std::max(box.width, box.height)) * spec.mpp / 2;
  return state_->layout.tissue((static_cast<double>(box.x) + static_cast<double>(box.width) / 2) * spec.mpp,
                               (static_cast<double>(box.y) + static_cast<double>(box.height) / 2) * spec.mpp) >
         -(4.6 * half + 1);
}

}  // namespace her2
