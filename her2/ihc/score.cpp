// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/score.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

namespace her2 {
namespace {

// Between a at `low` and b at `high`, rounded to the nearest, half up. All are >= 0.
int between(int a, int b, int at, int low, int high) {
  const int width = high - low;
  return (2 * (a * (high - at) + b * (at - low)) + width) / (2 * width);
}

MembraneAt at_step(const LadderStep& step) { return {step.completeness, step.longest_gap, step.intensity}; }

// Finds the cells that edits name.
class CellFinder {
 public:
  explicit CellFinder(const CellTable& table) : table_(table) {}

  std::optional<std::size_t> find(const Edit& edit) {
    if (!edit.cell.empty()) {
      if (const auto exact = at_centroid(edit)) {
        return exact;
      }
      index_ids();
      if (const auto found = ids_.find(edit.cell); found != ids_.end()) {
        return found->second;
      }
    }
    return covering(edit.centroid);
  }

 private:
  // The usual case: the same table, so the centroid leads to the cell and only its id is made.
  [[nodiscard]] std::optional<std::size_t> at_centroid(const Edit& edit) const {
    const auto before = [](const MeasuredCell& cell, SubPoint p) {
      return cell.centroid.y != p.y ? cell.centroid.y < p.y : cell.centroid.x < p.x;
    };
    const auto found = std::lower_bound(table_.cells.begin(), table_.cells.end(), edit.centroid, before);
    if (found == table_.cells.end() || found->centroid != edit.centroid) {
      return std::nullopt;
    }
    const auto index = static_cast<std::size_t>(found - table_.cells.begin());
    return table_.id(index) == edit.cell ? std::optional(index) : std::nullopt;
  }

  void index_ids() {
    if (!indexed_) {
      ids_.reserve(table_.cells.size());
      for (std::size_t i = 0; i < table_.cells.size(); ++i) {
        ids_.emplace(table_.id(i), i);
      }
      indexed_ = true;
    }
  }

  // The cell whose nucleus covers the point; of several the one with the nearest centroid, then the first.
  [[nodiscard]] std::optional<std::size_t> covering(SubPoint point) const {
    std::optional<std::size_t> best;
    std::int64_t nearest = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < table_.cells.size(); ++i) {
      const std::int64_t dx = std::int64_t{table_.cells[i].centroid.x} - point.x;
      const std::int64_t dy = std::int64_t{table_.cells[i].centroid.y} - point.y;
      constexpr std::int64_t kFar = std::int64_t{kSubpixels} * 1000;  // no nucleus is 2,000 pixels wide
      const bool near = std::abs(dx) < kFar && std::abs(dy) < kFar && dx * dx + dy * dy < nearest;
      if (near && contains(table_.outlines.read(i).nucleus(), point)) {
        nearest = dx * dx + dy * dy;
        best = i;
      }
    }
    return best;
  }

  const CellTable& table_;
  std::unordered_map<std::string, std::size_t> ids_;
  bool indexed_ = false;
};

Result<void> apply(const std::vector<Edit>& edits, const CellTable& table, ScoredCells& scored) {
  CellFinder finder(table);
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const Edit& edit = edits[i];
    const std::string place = fmt::format("edit {}", i + 1);
    if (!edit.slide_sha256.empty() && edit.slide_sha256 != table.slide_sha256) {
      return fail(fmt::format("is of a slide with SHA-256 {}, but the cells are of {} with SHA-256 {}; give the edits "
                              "that belong to this slide",
                              edit.slide_sha256, table.slide_name, table.slide_sha256),
                  place);
    }
    const auto cell = finder.find(edit);
    if (!cell) {
      return fail(fmt::format("the cell {} at pixel ({:.1f}, {:.1f}) is not in the table of {}; make the edits again "
                              "from its own cells file",
                              edit.cell.empty() ? "without id" : edit.cell, double{1} * edit.centroid.x / kSubpixels,
                              double{1} * edit.centroid.y / kSubpixels, table.slide_name),
                  place);
    }
    scored.removed[*cell] = edit.action == Edit::Action::remove;
    if (edit.action == Edit::Action::kind) {
      scored.kind[*cell] = edit.kind;
      scored.kind_edited[*cell] = true;
    } else if (edit.action == Edit::Action::membrane) {
      scored.membrane[*cell] = edit.membrane;
      scored.membrane_edited[*cell] = true;
    }
  }
  return {};
}

}  // namespace

MembraneAt membrane_at(const MeasuredCell& cell, int t_mem) {
  const auto* const above = std::lower_bound(kLadderMod.begin(), kLadderMod.end(), t_mem);
  if (above == kLadderMod.end()) {
    return at_step(cell.ladder.back());
  }
  const auto step = static_cast<std::size_t>(above - kLadderMod.begin());
  if (step == 0 || *above == t_mem) {
    return at_step(cell.ladder[step]);
  }
  const LadderStep& a = cell.ladder[step - 1];
  const LadderStep& b = cell.ladder[step];
  const int low = kLadderMod[step - 1];
  const int high = kLadderMod[step];
  MembraneAt out;
  out.completeness = between(a.completeness, b.completeness, t_mem, low, high);
  out.longest_gap = between(a.longest_gap, b.longest_gap, t_mem, low, high);
  const int beyond = b.intensity > 0 ? b.intensity : a.intensity;
  out.intensity = a.intensity > 0 ? std::max(between(a.intensity, beyond, t_mem, low, high), t_mem) : 0;
  return out;
}

MembraneCuts::MembraneCuts(const Profile& profile)
    : t_mem_(profile.t_mem),
      t_weak_(profile.t_weak),
      t_moderate_(profile.t_moderate),
      t_strong_(profile.t_strong),
      complete_from_(profile.complete_from),
      longest_gap_(profile.longest_gap),
      stained_from_(profile.stained_from) {
  const auto* const above = std::lower_bound(kLadderMod.begin(), kLadderMod.end(), t_mem_);
  next_ = std::min(static_cast<std::size_t>(above - kLadderMod.begin()), kLadderMod.size() - 1);
  step_ = next_;
  if (next_ > 0 && kLadderMod[next_] > t_mem_) {
    step_ = next_ - 1;
    share_ = static_cast<unsigned>(t_mem_ - kLadderMod[step_]);
    of_ = static_cast<unsigned>(kLadderMod[next_] - kLadderMod[step_]);
  }
}

MembraneClass MembraneCuts::operator()(const MeasuredCell& cell) const {
  const LadderStep& a = cell.ladder[step_];
  const LadderStep& b = cell.ladder[next_];
  const auto at = [this](unsigned low, unsigned high) {  // as membrane_at() rounds
    return static_cast<int>((2 * (low * (of_ - share_) + high * share_) + of_) / (2 * of_));
  };
  if (at(a.completeness, b.completeness) < stained_from_) {
    return MembraneClass::unstained;
  }
  const bool complete =
      at(a.completeness, b.completeness) >= complete_from_ && at(a.longest_gap, b.longest_gap) <= longest_gap_;
  int intensity = a.intensity;
  if (share_ > 0 && a.intensity > 0) {
    intensity = std::max(at(a.intensity, b.intensity > 0 ? b.intensity : a.intensity), t_mem_);
  }
  if (intensity < t_weak_) {
    return complete ? MembraneClass::faint_complete : MembraneClass::faint_incomplete;
  }
  if (intensity < t_moderate_) {
    return complete ? MembraneClass::weak_complete : MembraneClass::weak_incomplete;
  }
  if (intensity < t_strong_) {
    return complete ? MembraneClass::moderate_complete : MembraneClass::moderate_incomplete;
  }
  return complete ? MembraneClass::strong_complete : MembraneClass::strong_incomplete;
}

MembraneClass membrane_class_of(const MeasuredCell& cell, const Profile& profile) {
  return MembraneCuts(profile)(cell);
}

double ClassCounts::percent(MembraneClass c) const {
  return tumour == 0 ? 0 : 100.0 * cells.at(static_cast<std::size_t>(c)) / tumour;
}

ClassCounts without_rare(const ClassCounts& counts) {
  ClassCounts out = counts;
  const auto fold = [&](MembraneClass from, MembraneClass to) {
    std::uint32_t& few = out.cells[static_cast<std::size_t>(from)];
    if (std::uint64_t{few} * 1000 < std::uint64_t{out.tumour} * kRarePermille) {
      out.cells[static_cast<std::size_t>(to)] += few;
      few = 0;
    }
  };
  fold(MembraneClass::strong_complete, MembraneClass::moderate_complete);
  fold(MembraneClass::moderate_complete, MembraneClass::weak_complete);
  fold(MembraneClass::weak_complete, MembraneClass::faint_complete);
  fold(MembraneClass::faint_complete, MembraneClass::faint_incomplete);
  fold(MembraneClass::strong_incomplete, MembraneClass::moderate_incomplete);
  fold(MembraneClass::moderate_incomplete, MembraneClass::weak_incomplete);
  fold(MembraneClass::weak_incomplete, MembraneClass::faint_incomplete);
  return out;
}

double h_score_of(const ClassCounts& counts) {
  static constexpr std::array<std::uint64_t, kMembraneClasses> kWeight{0, 1, 1, 1, 1, 2, 2, 3, 3};
  std::uint64_t sum = 0;
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    sum += kWeight[c] * counts.cells[c];
  }
  return counts.tumour == 0 ? 0 : 100.0 * static_cast<double>(sum) / counts.tumour;
}

Result<ScoredCells> score_cells(const CellTable& table, const std::vector<Edit>& edits, const Profile& profile) {
  ScoredCells out;
  const std::size_t count = table.cells.size();
  out.membrane.reserve(count);
  out.kind.reserve(count);
  out.removed.assign(count, false);
  out.kind_edited.assign(count, false);
  out.membrane_edited.assign(count, false);
  const MembraneCuts cuts(profile);
  for (const MeasuredCell& cell : table.cells) {
    out.membrane.push_back(cuts(cell));
    out.kind.push_back(cell.kind);
  }
  if (auto applied = apply(edits, table, out); !applied) {
    return tl::unexpected(applied.error());
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (out.removed[i]) {
      continue;
    }
    ++out.counts.kinds.at(static_cast<std::size_t>(out.kind[i]));
    if (out.kind[i] == CellKind::tumour) {
      ++out.counts.cells.at(static_cast<std::size_t>(out.membrane[i]));
      ++out.counts.tumour;
    }
  }
  out.h_score = h_score_of(out.counts);
  return out;
}

}  // namespace her2
