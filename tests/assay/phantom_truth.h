// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "her2/assay/measure_slide.h"
#include "her2/ihc/ensemble.h"
#include "her2/ihc/score.h"
#include "her2/phantom/phantom.h"
#include "her2/slide/slide.h"
#include "her2/slide/tiff_writer.h"

// What was measured on a phantom beside what is true of it: for the tests of accuracy and for bench/slide_accuracy.
namespace her2::test {

// A phantom as a slide of one level, rendered once; with `jpeg`, as it comes out of a JPEG of quality 85.
class RenderedPhantom : public Slide {
 public:
  explicit RenderedPhantom(const PhantomSpec& spec, std::optional<ChromaSubsampling> jpeg = {})
      : phantom_(Phantom::make(spec).value()) {
    constexpr int kTile = 512;
    SlideLevel level;
    level.width = spec.width;
    level.height = spec.height;
    level.tile_width = level.tile_height = kTile;
    level.tiles_across = (spec.width + kTile - 1) / kTile;
    level.tiles_down = (spec.height + kTile - 1) / kTile;
    for (std::int64_t row = 0; row < level.tiles_down; ++row) {
      for (std::int64_t column = 0; column < level.tiles_across; ++column) {
        tiles_.emplace_back();
        phantom_.render(level.tile_box(column, row), tiles_.back());
        if (jpeg && !through_jpeg(85, *jpeg, tiles_.back())) {
          std::abort();
        }
      }
    }
    info_.path = "phantom";
    info_.format = "phantom";
    info_.levels = {level};
    info_.mpp_x = info_.mpp_y = spec.mpp;
    info_.mpp_source = "phantom";
  }

  [[nodiscard]] const SlideInfo& info() const override { return info_; }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override { return std::make_unique<Reader>(*this); }
  [[nodiscard]] const Phantom& phantom() const { return phantom_; }

 private:
  class Reader : public TileReader {
   public:
    explicit Reader(const RenderedPhantom& slide) : slide_(slide) {}
    Result<bool> read(int level, std::int64_t column, std::int64_t row, RgbImage& rgb) override {
      const SlideLevel& at = slide_.info_.levels[static_cast<std::size_t>(level)];
      rgb = slide_.tiles_[static_cast<std::size_t>(row * at.tiles_across + column)];
      return true;
    }

   private:
    const RenderedPhantom& slide_;
  };

  Phantom phantom_;
  SlideInfo info_;
  std::vector<RgbImage> tiles_;
};

// A true cell, and the measured one whose centroid lies within 3 um: nearest first, one to one.
struct CellPair {
  std::size_t truth = 0, cell = 0;
};

struct TruthMatch {
  std::vector<PhantomCell> truth;
  std::vector<bool> truth_counts, cell_counts;  // not at the slide's edge
  std::vector<CellPair> pairs;
};

inline TruthMatch match_truth(const CellTable& table, const Phantom& phantom, double edge_um = 40) {
  constexpr double kNearUm = 3;
  const PhantomSpec& spec = phantom.spec();
  TruthMatch out;
  out.truth = phantom.cells({0, 0, spec.width, spec.height});
  const auto edge = static_cast<std::int64_t>(edge_um / spec.mpp);
  const Box inner{edge, edge, spec.width - 2 * edge, spec.height - 2 * edge};
  const auto counts = [&](SubPoint p) { return inner.contains(p.x / kSubpixels, p.y / kSubpixels); };
  for (const PhantomCell& cell : out.truth) {
    out.truth_counts.push_back(counts(cell.centroid) && !cell.obscured);
  }
  std::multimap<double, CellPair> near;
  for (std::size_t c = 0; c < table.cells.size(); ++c) {
    const SubPoint at = table.cells[c].centroid;
    out.cell_counts.push_back(counts(at));
    for (std::size_t t = 0; t < out.truth.size(); ++t) {  // ordered by y
      const double dx = (out.truth[t].centroid.x - at.x) * spec.mpp / kSubpixels;
      const double dy = (out.truth[t].centroid.y - at.y) * spec.mpp / kSubpixels;
      if (const double d = dx * dx + dy * dy; d <= kNearUm * kNearUm) {
        near.insert({d, {t, c}});
      }
    }
  }
  std::vector<bool> truth_used(out.truth.size());
  std::vector<bool> cell_used(table.cells.size());
  for (const auto& [d, pair] : near) {
    if (!truth_used[pair.truth] && !cell_used[pair.cell]) {
      truth_used[pair.truth] = cell_used[pair.cell] = true;
      out.pairs.push_back(pair);
    }
  }
  return out;
}

// The class that a perfect reader would give a true cell under a profile whose t_mem is the spec's shown_from_mod.
inline MembraneClass true_class(const PhantomCell& cell, const Profile& profile) {
  const double share = cell.shown_completeness * 1000;
  if (cell.contrast_mod < profile.t_mem || share < profile.stained_from) {
    return MembraneClass::unstained;
  }
  const bool complete = share >= profile.complete_from && cell.shown_gap * 1000 <= profile.longest_gap;
  const int grade = cell.contrast_mod >= profile.t_strong     ? 3
                    : cell.contrast_mod >= profile.t_moderate ? 2
                    : cell.contrast_mod >= profile.t_weak     ? 1
                                                              : 0;
  return static_cast<MembraneClass>(1 + 2 * grade + (complete ? 1 : 0));
}

struct Errors {
  double n = 0, sum = 0, absolute = 0, square = 0;
  void add(double error) {
    n += 1;
    sum += error;
    absolute += std::abs(error);
    square += error * error;
  }
  void add(const Errors& other) {
    n += other.n;
    sum += other.sum;
    absolute += other.absolute;
    square += other.square;
  }
  [[nodiscard]] double mean() const { return n > 0 ? sum / n : 0; }
  [[nodiscard]] double mean_absolute() const { return n > 0 ? absolute / n : 0; }
  [[nodiscard]] double deviation() const { return n > 0 ? std::sqrt(std::max(0.0, square / n - mean() * mean())) : 0; }
};

using Counts9 = std::array<double, kMembraneClasses>;

inline constexpr std::array<const char*, 5> kCutNames{"stained", "complete", "weak", "moderate", "strong"};

// Sums over phantoms.
struct Accuracy {
  std::array<double, 3> truth{}, truth_found{};          // by PhantomKind
  std::array<double, 4> cells{}, cells_right{};          // by CellKind: found at all, whatever kind truth has
  std::array<std::array<double, 4>, 3> kinds{};          // pairs by true and measured kind
  double invented_in_nests = 0, invented_in_stroma = 0;  // measured cells without a true one
  // Pairs of tumour cells, by true staining. Completeness and gap: share of the boundary; contrast: relative.
  std::array<Errors, 5> completeness{}, shown{}, gap{}, contrast{}, width_um{};
  std::array<Counts9, kMembraneClasses> classes{};  // by true and measured class
  Counts9 true_cells{}, scored_cells{};             // all tumour cells by class: of truth, of the score

  // Cells farther from a cut than the profile's stated error (kCutNames), below and above it, and those measured so.
  std::array<double, 5> below{}, below_right{}, above{}, above_right{};
  std::array<Errors, 5> asked{};    // of kAsked, percentage points; see ask()
  std::array<double, 5> covered{};  // runs

  [[nodiscard]] double f1() const;
  [[nodiscard]] double tumour_f1() const;
};

inline double sum_of(const auto& values) {
  double out = 0;
  for (const double v : values) {
    out += v;
  }
  return out;
}

inline double Accuracy::f1() const {
  const double recall = sum_of(truth_found) / std::max(1.0, sum_of(truth));
  const double precision = sum_of(cells_right) / std::max(1.0, sum_of(cells));
  return 2 * recall * precision / std::max(1e-9, recall + precision);
}

// Of tumour cells: true ones found as tumour cells, and measured ones that are.
inline double Accuracy::tumour_f1() const {
  const double right = kinds[0][static_cast<std::size_t>(CellKind::tumour)];
  return 2 * right / std::max(1.0, truth[0] + cells[static_cast<std::size_t>(CellKind::tumour)]);
}

// One standard deviation of the profile's is the error that is stated.
inline void judge_cuts(const MembraneAt& at, const PhantomCell& truth, const Profile& p, Accuracy& out) {
  const auto add = [&](std::size_t cut, bool below, bool above, bool measured_above) {
    out.below[cut] += below ? 1 : 0;
    out.below_right[cut] += below && !measured_above ? 1 : 0;
    out.above[cut] += above ? 1 : 0;
    out.above_right[cut] += above && measured_above ? 1 : 0;
  };
  // A contrast of 0: hardly anything is stained, and what shows is what there is to see.
  const bool too_faint = truth.contrast_mod > 0 && truth.contrast_mod < p.t_mem;
  const double share = too_faint ? 0 : truth.shown_completeness * 1000;
  const double gap = truth.shown_gap * 1000;
  const bool stained = at.completeness >= p.stained_from;
  add(0, share<p.stained_from - p.sd_complete, share> p.stained_from + p.sd_complete, stained);
  if (share < p.stained_from || !stained) {
    return;
  }
  add(1, share < p.complete_from - p.sd_complete || gap > p.longest_gap + p.sd_complete,
      share > p.complete_from + p.sd_complete && gap < p.longest_gap - p.sd_complete,
      at.completeness >= p.complete_from && at.longest_gap <= p.longest_gap);
  std::size_t cut = 2;
  for (const int t : {p.t_weak, p.t_moderate, p.t_strong}) {
    const double error = p.sd_t_mem + t * p.sd_contrast / 1000.0;
    add(cut++, truth.contrast_mod<t - error, truth.contrast_mod> t + error, at.intensity >= t);
  }
}

inline void judge_membrane(const MeasuredCell& cell, const PhantomCell& truth, const Profile& profile, Accuracy& out) {
  const auto staining = static_cast<std::size_t>(truth.staining);
  const MembraneAt at = membrane_at(cell, profile.t_mem);
  judge_cuts(at, truth, profile, out);
  out.completeness[staining].add(at.completeness / 1000.0 - truth.completeness);
  out.shown[staining].add(at.completeness / 1000.0 - truth.shown_completeness);
  out.gap[staining].add(at.longest_gap / 1000.0 - truth.longest_gap);
  if (truth.contrast_mod > 0 && truth.completeness >= 0.1 && at.intensity > 0) {
    out.contrast[staining].add(at.intensity / truth.contrast_mod - 1);
    if (cell.width_half > 0) {
      out.width_um[staining].add(cell.width_half / 1000.0 - truth.seen_width_um);
    }
  }
  ++out.classes[static_cast<std::size_t>(true_class(truth, profile))]
               [static_cast<std::size_t>(membrane_class_of(cell, profile))];
}

inline TruthMatch judge(const CellTable& table, const Phantom& phantom, const Profile& profile, Accuracy& out) {
  TruthMatch match = match_truth(table, phantom);
  std::vector<bool> used(table.cells.size());
  for (std::size_t t = 0; t < match.truth.size(); ++t) {
    if (match.truth_counts[t]) {
      ++out.truth[static_cast<std::size_t>(match.truth[t].kind)];
      if (match.truth[t].kind == PhantomKind::tumour) {
        ++out.true_cells[static_cast<std::size_t>(true_class(match.truth[t], profile))];
      }
    }
  }
  for (const auto& [t, c] : match.pairs) {
    used[c] = true;
    const PhantomCell& truth = match.truth[t];
    const MeasuredCell& cell = table.cells[c];
    if (match.truth_counts[t]) {
      ++out.truth_found[static_cast<std::size_t>(truth.kind)];
      ++out.kinds[static_cast<std::size_t>(truth.kind)][static_cast<std::size_t>(cell.kind)];
      if (truth.kind == PhantomKind::tumour && cell.kind == CellKind::tumour) {
        judge_membrane(cell, truth, profile, out);
      }
    }
  }
  for (std::size_t c = 0; c < table.cells.size(); ++c) {
    if (!match.cell_counts[c]) {
      continue;
    }
    const auto kind = static_cast<std::size_t>(table.cells[c].kind);
    ++out.cells[kind];
    out.cells_right[kind] += used[c] ? 1 : 0;
    if (table.cells[c].kind == CellKind::tumour) {
      ++out.scored_cells[static_cast<std::size_t>(membrane_class_of(table.cells[c], profile))];
    }
    if (!used[c]) {
      double nearest = 1e9;
      for (const PhantomCell& cell : match.truth) {
        if (cell.kind == PhantomKind::tumour) {
          nearest = std::min(nearest, std::hypot(cell.centroid.x - table.cells[c].centroid.x,
                                                 cell.centroid.y - table.cells[c].centroid.y));
        }
      }
      ++(nearest * phantom.spec().mpp / kSubpixels < 9 ? out.invented_in_nests : out.invented_in_stroma);
    }
  }
  return match;
}

// What guidelines ask of: sums of classes as bits of MembraneClass.
struct Asked {
  const char* name;
  unsigned classes;
};
inline constexpr std::array<Asked, 5> kAsked{{{"stained", 0b111111110},
                                              {"weak and more", 0b111111000},
                                              {"moderate and more", 0b111100000},
                                              {"complete, weak and more", 0b101010000},
                                              {"strong, complete", 0b100000000}}};

template <class Numbers>
double asked_percent(const Numbers& cells, const Asked& asked) {
  double sum = 0;
  double all = 0;
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    all += static_cast<double>(cells[c]);
    sum += (asked.classes >> c & 1U) != 0 ? static_cast<double>(cells[c]) : 0;
  }
  return all > 0 ? 100 * sum / all : 0;
}

// For each of kAsked: the truth, the score's value, and whether the ensemble's interval holds the truth.
struct AskedResult {
  double truth = 0, scored = 0;
  Interval interval;
  [[nodiscard]] bool covered() const { return interval.low <= truth && truth <= interval.high; }
};

inline std::array<AskedResult, kAsked.size()> ask(const CellTable& table, const Phantom& phantom,
                                                  const Profile& profile) {
  std::array<AskedResult, kAsked.size()> out;
  Counts9 truth{};
  for (const PhantomCell& cell : phantom.cells({0, 0, phantom.spec().width, phantom.spec().height})) {
    if (cell.kind == PhantomKind::tumour) {
      ++truth[static_cast<std::size_t>(true_class(cell, profile))];
    }
  }
  const ScoredCells scored = score_cells(table, {}, profile).value();
  const IhcReplicates replicates = replicate(table, {}, profile).value();
  for (std::size_t i = 0; i < kAsked.size(); ++i) {
    out[i].truth = asked_percent(truth, kAsked[i]);
    out[i].scored = asked_percent(scored.counts.cells, kAsked[i]);
    std::vector<double> values;
    for (const ClassCounts& row : replicates.rows) {
      values.push_back(asked_percent(row.cells, kAsked[i]));
    }
    out[i].interval = central_interval(std::move(values));
  }
  return out;
}

inline SlideMeasurement measured(const Slide& slide, const Profile& profile, int threads = 2) {
  MeasureOptions options;
  options.profile = profile;
  options.threads = threads;
  return std::move(measure_slide(slide, "0", options).value());
}

}  // namespace her2::test
