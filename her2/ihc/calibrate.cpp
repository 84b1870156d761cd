// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "her2/ihc/score.h"
#include "her2/stats/random.h"

namespace her2 {
namespace {

constexpr double kBlockUm = 250;
constexpr std::size_t kLeastBlocks = 8;
constexpr std::size_t kLeastCells = 50;        // of each score
constexpr std::size_t kUnstainedPercent = 95;  // of the cells of fields scored 0; up to 10 % may be stained
constexpr int kReplays = 200;
constexpr int kLeastSd = 5;         // mOD: between two steps of the ladder all is interpolated
constexpr int kControlMargin = 15;  // of H-score: own

using Cells = std::vector<const MeasuredCell*>;

// The highest contrast at which at least `share` (1/1000) of the boundary is stained, linear between the ladder's
// steps; 0 when not even its lowest is reached.
int reached(const MeasuredCell& cell, int share) {
  for (std::size_t i = kLadderMod.size(); i-- > 0;) {
    const int here = cell.ladder[i].completeness;
    if (here >= share) {
      if (i + 1 == kLadderMod.size()) {
        return kLadderMod[i];
      }
      const int next = cell.ladder[i + 1].completeness;
      return kLadderMod[i] + (here - share) * (kLadderMod[i + 1] - kLadderMod[i]) / std::max(1, here - next);
    }
  }
  return 0;
}

struct Parting {
  int value = 0, wrong_low = 0, wrong_high = 0;  // 1/1000
};

// The cut from which on a value counts as high: fewest wrong shares of both, in the middle of the first longest run of
// such cuts.
Parting part(std::vector<int> low, std::vector<int> high) {
  std::sort(low.begin(), low.end());
  std::sort(high.begin(), high.end());
  Parting best;
  std::int64_t least = -1;
  int run = 0;
  int longest = 0;
  for (int cut = 1; cut <= 4000; ++cut) {
    const auto wrong_low = low.end() - std::lower_bound(low.begin(), low.end(), cut);
    const auto wrong_high = std::lower_bound(high.begin(), high.end(), cut) - high.begin();
    const auto share = [](std::int64_t n, std::size_t of) { return n * 1000000 / static_cast<std::int64_t>(of); };
    const std::int64_t wrong = share(wrong_low, low.size()) + share(wrong_high, high.size());
    if (least < 0 || wrong < least) {
      least = wrong;
      run = longest = 0;
    }
    run = wrong == least ? run + 1 : 0;
    if (run > longest) {
      longest = run;
      best = {cut - run / 2, static_cast<int>(share(wrong_low, low.size()) / 1000),
              static_cast<int>(share(wrong_high, high.size()) / 1000)};
    }
  }
  return best;
}

// Fields' tumour cells, drawn anew when asked.
class Sampler {
 public:
  Sampler(const std::vector<ScoredField>& fields, double mpp) : fields_(fields) {
    const auto side = std::max<std::int64_t>(1, static_cast<std::int64_t>(kBlockUm / mpp * kSubpixels));
    for (const ScoredField& field : fields) {
      std::map<std::pair<std::int64_t, std::int64_t>, Cells> squares;
      Cells all;
      for (const MeasuredCell& cell : field.cells) {
        if (cell.kind == CellKind::tumour) {
          squares[{cell.centroid.y / side, cell.centroid.x / side}].push_back(&cell);
          all.push_back(&cell);
        }
      }
      auto& blocks = blocks_.emplace_back();
      if (squares.size() < kLeastBlocks) {
        std::transform(all.begin(), all.end(), std::back_inserter(blocks), [](auto* cell) { return Cells{cell}; });
      } else {
        std::transform(squares.begin(), squares.end(), std::back_inserter(blocks),
                       [](const auto& square) { return square.second; });
      }
    }
  }

  // By score. `random`: blocks are drawn with replacement; nullptr: as they are.
  [[nodiscard]] std::array<Cells, 4> draw(Random* random) const {
    std::array<Cells, 4> out;
    for (std::size_t f = 0; f < blocks_.size(); ++f) {
      Cells& to = out.at(static_cast<std::size_t>(fields_[f].score));
      for (std::size_t b = 0; b < blocks_[f].size(); ++b) {
        const Cells& block = blocks_[f][random == nullptr ? b : random->below(blocks_[f].size())];
        to.insert(to.end(), block.begin(), block.end());
      }
    }
    return out;
  }

 private:
  const std::vector<ScoredField>& fields_;
  std::vector<std::vector<Cells>> blocks_;
};

struct Cuts {
  Parting mem, weak, strong;
  bool mem_fitted = false;
};

std::vector<int> intensities(const Cells& cells, int t_mem, int stained_from) {
  std::vector<int> out;
  for (const MeasuredCell* cell : cells) {
    const MembraneAt at = membrane_at(*cell, t_mem);
    if (at.completeness >= stained_from) {
      out.push_back(at.intensity);
    }
  }
  return out;
}

// nothing: too few stained cells of a score.
std::optional<Cuts> fit(const std::array<Cells, 4>& cells, const Profile& base) {
  Cuts out;
  out.mem.value = base.t_mem;
  out.mem_fitted = cells[0].size() >= kLeastCells;
  if (out.mem_fitted) {
    std::vector<int> low;
    std::vector<int> high;
    for (std::size_t score = 0; score < 4; ++score) {
      for (const MeasuredCell* cell : cells[score]) {
        (score == 0 ? low : high).push_back(reached(*cell, base.stained_from));
      }
    }
    std::vector<int> sorted = low;
    std::sort(sorted.begin(), sorted.end());
    out.mem = part(std::move(low), std::move(high));
    out.mem.value = std::max(out.mem.value, sorted[sorted.size() * kUnstainedPercent / 100] + 1);
    out.mem.value = std::clamp<int>(out.mem.value, kLadderMod.front(), kLadderMod.back());
  }
  std::array<std::vector<int>, 4> seen;
  for (std::size_t score = 1; score < 4; ++score) {
    seen[score] = intensities(cells[score], out.mem.value, base.stained_from);
    if (seen[score].size() < kLeastCells / 2) {
      return std::nullopt;
    }
  }
  out.weak = part(seen[1], seen[2]);
  out.strong = part(seen[2], seen[3]);
  if (!out.mem_fitted) {
    out.mem.value =
        std::clamp<int>(base.t_mem * out.weak.value / std::max(1, base.t_weak), kLadderMod.front(), kLadderMod.back());
  }
  return out;
}

int deviation(const std::vector<int>& values) {
  if (values.empty()) {
    return 0;
  }
  double sum = 0;
  double squares = 0;
  for (const int v : values) {
    sum += v;
    squares += static_cast<double>(v) * v;
  }
  const auto n = static_cast<double>(values.size());
  return static_cast<int>(std::floor(std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n))) + 0.5));
}

int moderate_of(const Cuts& cuts, const Profile& base) {
  const int width = std::max(1, base.t_strong - base.t_weak);
  return cuts.weak.value + (cuts.strong.value - cuts.weak.value) * (base.t_moderate - base.t_weak) / width;
}

void limit_controls(const std::vector<ScoredField>& fields, Profile& profile) {
  profile.control_low = profile.control_high = -1;
  for (const ScoredField& field : fields) {
    if (!field.control) {
      continue;
    }
    ClassCounts counts;
    for (const MeasuredCell& cell : field.cells) {
      if (cell.kind == CellKind::tumour) {
        ++counts.cells.at(static_cast<std::size_t>(membrane_class_of(cell, profile)));
        ++counts.tumour;
      }
    }
    const int h = static_cast<int>(std::floor(h_score_of(counts) + 0.5));
    const int low = std::max(0, h - kControlMargin);
    const int high = std::min(300, h + kControlMargin);
    profile.control_low = profile.control_low < 0 ? low : std::min(profile.control_low, low);
    profile.control_high = std::max(profile.control_high, high);
  }
}

Result<void> enough(const std::array<Cells, 4>& cells) {
  for (std::size_t score = 1; score < 4; ++score) {
    if (cells[score].size() < kLeastCells) {
      return fail(fmt::format("{} tumour cells are of score {}+; at least {} of each of 1+, 2+ and 3+ are needed",
                              cells[score].size(), score, kLeastCells));
    }
  }
  return {};
}

}  // namespace

std::optional<int> score_in_name(std::string_view name) {
  std::set<int> found;
  std::string word;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const char c = i < name.size() ? name[i] : ' ';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
                        c == '.' || static_cast<unsigned char>(c) >= 0x80;
    if (letter) {
      word += c;
      continue;
    }
    if (word == "0" || word == "1+" || word == "2+" || word == "3+") {
      found.insert(word[0] - '0');
    }
    word.clear();
  }
  return found.size() == 1 ? std::optional(*found.begin()) : std::nullopt;
}

Result<Calibration> calibrate(const std::vector<ScoredField>& fields, const Profile& base, double mpp) {
  if (!(mpp > 0)) {
    return fail("the cells have no um per pixel");
  }
  const Sampler sampler(fields, mpp);
  const auto cells = sampler.draw(nullptr);
  if (auto ok = enough(cells); !ok) {
    return tl::unexpected(ok.error());
  }
  const auto cuts = fit(cells, base);
  if (!cuts) {
    return fail("hardly any cell of a field scored 1+, 2+ or 3+ is stained; are the scores those of these regions?");
  }
  if (!(cuts->mem.value <= cuts->weak.value && cuts->weak.value < cuts->strong.value)) {
    return fail(
        fmt::format("the cells of 1+, 2+ and 3+ do not follow each other: 2+ begins at {:.3f} OD and 3+ at "
                    "{:.3f}; are the scores those of these regions?",
                    cuts->weak.value / 1000.0, cuts->strong.value / 1000.0));
  }
  std::array<std::vector<int>, 4> replays;
  for (int r = 0; r < kReplays; ++r) {
    Random random(1, static_cast<std::uint64_t>(r));
    if (const auto again = fit(sampler.draw(&random), base)) {
      replays[0].push_back(again->mem.value);
      replays[1].push_back(again->weak.value);
      replays[2].push_back(moderate_of(*again, base));
      replays[3].push_back(again->strong.value);
    }
  }
  Calibration out;
  const auto cut = [&](const char* key, bool fitted, const Parting& at, std::size_t i) {
    out.cuts.push_back({key, fitted, at.value, deviation(replays[i]), at.wrong_low, at.wrong_high});
  };
  cut("stained_from_od", cuts->mem_fitted, cuts->mem, 0);
  cut("weak_from_od", true, cuts->weak, 1);
  cut("moderate_from_od", false, {moderate_of(*cuts, base), 0, 0}, 2);
  cut("strong_from_od", true, cuts->strong, 3);
  Profile& profile = out.profile;
  profile = base;
  profile.calibrated = true;
  profile.t_mem = out.cuts[0].value;
  profile.t_weak = out.cuts[1].value;
  profile.t_moderate = out.cuts[2].value;
  profile.t_strong = out.cuts[3].value;
  profile.sd_t_mem = kLeastSd;
  for (const FittedCut& one : out.cuts) {
    profile.sd_t_mem = std::max(profile.sd_t_mem, one.sd);
  }
  limit_controls(fields, profile);
  return out;
}

}  // namespace her2
