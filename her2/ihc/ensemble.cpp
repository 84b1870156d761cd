// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/ensemble.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "her2/stats/random.h"

namespace her2 {
namespace {

constexpr double kBlockUm = 250;
constexpr std::size_t kLeastBlocks = 8;
constexpr std::int32_t kOne = 65536;  // a standard deviation
constexpr int kShifts = 13;           // thresholds: every half standard deviation from -3 to 3
constexpr int kGains = 7;             // gain: every standard deviation from -3 to 3
constexpr int kShares = 7;            // completeness: the same
constexpr std::size_t kFirstShare = std::size_t{kShifts} * kGains;  // of their nodes, after those of the grid
constexpr std::size_t kBins = 5;                                    // of confidence
constexpr std::array<std::int32_t, kBins + 1> kBinEnds{0, kOne / 2, kOne, kOne * 3 / 2, 2 * kOne, 3 * kOne};
// A confidence up to this belongs to the bin: the normal distribution at the bin's end, in percent. Surer never flips.
constexpr std::array<int, kBins> kBinMost{69, 84, 93, 97, 99};

using Classes = std::array<std::uint32_t, kMembraneClasses>;

// Counts of one block of cells at one node of the grid.
struct NodeCounts {
  Classes tumour{}, other{};                        // all of them
  std::array<Classes, kBins + 1> leave{}, enter{};  // the first i bins' tumour cells and others, after close()
  std::uint32_t floor_faint = 0, floor_cells = 0;

  void close() {
    for (std::size_t bin = 1; bin <= kBins; ++bin) {
      for (std::size_t c = 0; c < kMembraneClasses; ++c) {
        leave[bin][c] += leave[bin - 1][c];
        enter[bin][c] += enter[bin - 1][c];
      }
    }
  }
};

// What is drawn for one replicate.
struct Draw {
  std::size_t node = 0;                          // lower corner on the grid
  std::int64_t along_shift = 0, along_gain = 0;  // 0 to 256 towards the next node
  std::size_t share = 0;                         // the same for completeness
  std::int64_t along_share = 0;
  bool leaving = false;   // tumour cells leave, else others enter
  std::size_t bins = 0;   // that change sides altogether
  std::int64_t part = 0;  // ... of the next bin, 0 to 256
  double others = 0;      // share of the denominator that comes in from others, or goes
  double found = 1;       // strongly stained cells that there are, of those that were found
};

// Sums of one replicate, in 2^-24 cells.
struct Sums {
  std::array<std::int64_t, kMembraneClasses> tumour{}, other{};
  std::int64_t floor_faint = 0, floor_cells = 0;
};

constexpr std::size_t node_at(int shift, int gain) {
  return static_cast<std::size_t>(shift) * kGains + static_cast<std::size_t>(gain);
}

// Splits a deviate into a node and how far it is towards the next one.
std::pair<int, std::int64_t> on_axis(std::int32_t deviate, std::int32_t step, int nodes) {
  const std::int32_t from_first = std::clamp(deviate, -3 * kOne, 3 * kOne) + 3 * kOne;
  const int node = std::min(from_first / step, nodes - 2);
  return {node, std::int64_t{from_first - node * step} * 256 / step};
}

Draw draw(Random& random, Random& of_shares, Random& of_finding, const Profile& profile) {
  Draw out;
  const auto [share, along_share] = on_axis(of_shares.normal(), kOne, kShares);
  out.share = kFirstShare + static_cast<std::size_t>(share);
  out.along_share = along_share;
  const auto [shift, along_shift] = on_axis(random.normal(), kOne / 2, kShifts);
  const auto [gain, along_gain] = on_axis(random.normal(), kOne, kGains);
  out.node = node_at(shift, gain);
  out.along_shift = along_shift;
  out.along_gain = along_gain;
  const std::int32_t border = random.normal();
  out.leaving = border < 0;
  const std::int32_t far = std::abs(border);
  while (out.bins < kBins && far >= kBinEnds.at(out.bins + 1)) {
    ++out.bins;
  }
  if (out.bins < kBins) {
    const std::int32_t from = kBinEnds.at(out.bins);
    out.part = std::int64_t{far - from} * 256 / (kBinEnds.at(out.bins + 1) - from);
  }
  out.others = static_cast<double>(random.normal()) / kOne * profile.sd_kind / 1000;
  out.found = std::max(0.0, 1 + static_cast<double>(of_finding.normal()) / kOne * profile.sd_found / 1000);
  return out;
}

// Adds a block that was drawn `times` times. What a shift of completeness changes is taken at the grid's middle and
// added to what the thresholds change.
void add_block(const std::vector<NodeCounts>& nodes, const Draw& draw, std::int64_t times, Sums& out) {
  const std::array<std::pair<std::size_t, std::int64_t>, 7> corners{
      {{draw.node, (256 - draw.along_shift) * (256 - draw.along_gain)},
       {draw.node + 1, (256 - draw.along_shift) * draw.along_gain},
       {draw.node + kGains, draw.along_shift * (256 - draw.along_gain)},
       {draw.node + kGains + 1, draw.along_shift * draw.along_gain},
       {draw.share, (256 - draw.along_share) * 256},
       {draw.share + 1, draw.along_share * 256},
       {node_at(kShifts / 2, kGains / 2), -256 * 256}}};
  const std::size_t next = std::min(draw.bins + 1, kBins);
  const std::int64_t sign = draw.leaving ? -1 : 1;
  for (const auto& [node, share] : corners) {
    if (share == 0) {
      continue;
    }
    const NodeCounts& counts = nodes[node];
    const auto& moved = draw.leaving ? counts.leave : counts.enter;
    const std::int64_t weight = share * times;
    for (std::size_t c = 0; c < kMembraneClasses; ++c) {
      const std::int64_t flips = moved[draw.bins][c] * (256 - draw.part) + moved[next][c] * draw.part;
      out.tumour[c] += weight * (counts.tumour[c] * std::int64_t{256} + sign * flips);
      out.other[c] += weight * 256 * counts.other[c];
    }
    out.floor_faint += weight * 256 * counts.floor_faint;
    out.floor_cells += weight * 256 * counts.floor_cells;
  }
}

std::uint32_t whole(double cells) { return static_cast<std::uint32_t>(std::floor(std::max(0.0, cells) + 0.5)); }

constexpr bool is_strong(std::size_t membrane) {
  return membrane == static_cast<std::size_t>(MembraneClass::strong_incomplete) ||
         membrane == static_cast<std::size_t>(MembraneClass::strong_complete);
}

// Counts of a replicate. Others that are in the denominator, or missing from it, look like the other cells do.
ClassCounts counts_of(const Sums& sums, double others, double found) {
  constexpr double kUnit = 1.0 / (1 << 24);
  double tumour = 0;
  double other = 0;
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    tumour += std::max(0.0, static_cast<double>(sums.tumour[c]) * kUnit);
    other += std::max(0.0, static_cast<double>(sums.other[c]) * kUnit);
  }
  const double scale = other > 0 ? others * tumour / other : 0;
  ClassCounts out;
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    const double cells = static_cast<double>(sums.tumour[c]) + scale * static_cast<double>(sums.other[c]);
    out.cells[c] = whole(cells * (is_strong(c) ? found : 1) * kUnit);
    out.tumour += out.cells[c];
  }
  return out;
}

// The thresholds at every node, first those of the grid, then of completeness: contrasts with gain g are stained from
// (t + d) / (1 + g) of what was measured.
std::vector<MembraneCuts> node_cuts(const CellTable& table, const Profile& profile) {
  const std::int64_t gain_step = gain_sd(table, profile);
  std::vector<MembraneCuts> out;
  for (int shift = 0; shift < kShifts; ++shift) {
    for (int gain = 0; gain < kGains; ++gain) {
      const int moved = (shift - kShifts / 2) * profile.sd_t_mem;  // in halves
      const std::int64_t scale = 1'000'000 + std::max<std::int64_t>(-750'000, (gain - kGains / 2) * gain_step);
      const auto at = [&](int threshold) {
        const std::int64_t twice = std::max(2, 2 * threshold + moved) * std::int64_t{1'000'000};
        return static_cast<int>((twice + scale) / (2 * scale));
      };
      Profile node = profile;
      node.t_mem = at(profile.t_mem);
      node.t_weak = at(profile.t_weak);
      node.t_moderate = at(profile.t_moderate);
      node.t_strong = at(profile.t_strong);
      out.emplace_back(node);
    }
  }
  // A completeness that is read too high by e: gaps are read too short by as much.
  for (int share = 0; share < kShares; ++share) {
    const int moved = (share - kShares / 2) * profile.sd_complete;
    Profile node = profile;
    node.complete_from = std::clamp(profile.complete_from + moved, 1, 1000);
    node.longest_gap = std::clamp(profile.longest_gap - moved, 0, 1000);
    node.stained_from = std::max(1, profile.stained_from + moved);
    out.emplace_back(node);
  }
  return out;
}

class Replicator {
 public:
  Replicator(const CellTable& table, const ScoredCells& scored, const Profile& profile)
      : table_(table), scored_(scored), profile_(profile), reference_(cannot_be_stained(table, scored)) {
    make_blocks();
  }

  [[nodiscard]] bool by_cells() const { return by_cells_; }

  void run(int replicates, std::uint64_t seed, IhcReplicates& out) {
    const auto rows = static_cast<std::size_t>(replicates);
    const std::size_t blocks = begins_.size() - 1;
    std::vector<Draw> draws;
    std::vector<std::uint16_t> times(blocks * rows);  // of block b in replicate r: [b * rows + r]
    for (std::size_t r = 0; r < rows; ++r) {
      Random random(seed, r);
      Random of_shares(seed ^ 0x5348415245ULL, r);
      Random of_finding(seed ^ 0x464f554e44ULL, r);
      draws.push_back(draw(random, of_shares, of_finding, profile_));
      for (std::size_t b = 0; b < blocks; ++b) {
        ++times[random.below(blocks) * rows + r];
      }
    }
    std::vector<Sums> sums(rows);
    const std::vector<MembraneCuts> cuts = node_cuts(table_, profile_);
    std::vector<NodeCounts> nodes;
    for (std::size_t b = 0; b < blocks; ++b) {
      count(b, cuts, nodes);
      for (std::size_t r = 0; r < rows; ++r) {
        if (const auto n = times[b * rows + r]; n > 0) {
          add_block(nodes, draws[r], n, sums[r]);
        }
      }
    }
    constexpr double kUnit = 1.0 / (1 << 24);
    for (std::size_t r = 0; r < rows; ++r) {
      out.rows.push_back(counts_of(sums[r], draws[r].others, draws[r].found));
      out.floors.push_back({whole(static_cast<double>(sums[r].floor_faint) * kUnit),
                            whole(static_cast<double>(sums[r].floor_cells) * kUnit)});
    }
  }

 private:
  void make_blocks() {
    const std::int64_t side =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(kBlockUm / table_.mpp * kSubpixels + 0.5)));
    std::vector<std::pair<std::uint64_t, std::size_t>> keyed;
    for (std::size_t i = 0; i < table_.cells.size(); ++i) {
      if (!scored_.removed[i]) {
        const auto column = [side](std::int64_t at) {
          return static_cast<std::uint32_t>((at >= 0 ? at : at - side + 1) / side);
        };
        const SubPoint at = table_.cells[i].centroid;
        keyed.emplace_back(std::uint64_t{column(at.y)} << 32U | column(at.x), i);
      }
    }
    std::sort(keyed.begin(), keyed.end());
    for (std::size_t i = 0; i < keyed.size(); ++i) {
      if (i == 0 || keyed[i].first != keyed[i - 1].first) {
        begins_.push_back(i);
      }
      order_.push_back(keyed[i].second);
    }
    by_cells_ = begins_.size() < kLeastBlocks;
    if (by_cells_) {
      begins_.clear();
      for (std::size_t i = 0; i < order_.size(); ++i) {
        begins_.push_back(i);
      }
    }
    begins_.push_back(order_.size());
  }

  void count(std::size_t block, const std::vector<MembraneCuts>& cuts, std::vector<NodeCounts>& nodes) const {
    nodes.assign(cuts.size(), {});
    for (std::size_t k = begins_[block]; k < begins_[block + 1]; ++k) {
      const std::size_t i = order_[k];
      const bool tumour = scored_.kind[i] == CellKind::tumour;
      const bool sure = scored_.kind_edited[i] || scored_.membrane_edited[i];
      const auto bin = static_cast<std::size_t>(
          std::lower_bound(kBinMost.begin(), kBinMost.end(), int{table_.cells[i].confidence}) - kBinMost.begin());
      if (sure && !tumour && !reference_[i]) {
        continue;
      }
      for (std::size_t n = 0; n < cuts.size(); ++n) {
        const auto c =
            static_cast<std::size_t>(scored_.membrane_edited[i] ? scored_.membrane[i] : cuts[n](table_.cells[i]));
        NodeCounts& node = nodes[n];
        if (tumour || !sure) {
          ++(tumour ? node.tumour : node.other).at(c);
        }
        if (!sure && bin < kBins) {
          ++(tumour ? node.leave : node.enter).at(bin + 1).at(c);
        }
        if (reference_[i] && c <= static_cast<std::size_t>(MembraneClass::faint_complete)) {
          ++node.floor_cells;
          node.floor_faint += c == static_cast<std::size_t>(MembraneClass::unstained) ? 0U : 1U;
        }
      }
    }
    for (NodeCounts& node : nodes) {
      node.close();
    }
  }

  const CellTable& table_;
  const ScoredCells& scored_;
  const Profile& profile_;
  std::vector<bool> reference_;
  std::vector<std::size_t> order_, begins_;  // cells by block; where each block begins in order_
  bool by_cells_ = false;
};

std::array<double, 3> stain_vector(const CellTable& table, const Profile& profile, std::size_t stain) {
  const auto& measured = table.stain_vectors.at(stain);
  if (measured != std::array<int, 3>{}) {
    return {static_cast<double>(measured[0]), static_cast<double>(measured[1]), static_cast<double>(measured[2])};
  }
  return profile.stain_vectors.at(stain);
}

std::string held_fixed(const Profile& p, bool by_cells) {
  return fmt::format(
      "the cells that were found, their boundaries, and profile {}; what is moved: the sample ({}), all contrast "
      "thresholds together (standard deviation {}.{:03} OD), I0 ({} grey levels), the stain vectors ({}.{} degrees), "
      "all contrasts ({}.{} %), completeness ({}.{} % of the boundary), which cells are tumour (their confidence, and "
      "{}.{} % of the denominator), how many strongly stained cells were not found ({}.{} %)",
      p.name, by_cells ? "single cells, because there is too little tissue for squares of 250 um" : "squares of 250 um",
      p.sd_t_mem / 1000, p.sd_t_mem % 1000, p.sd_white, p.sd_stain_degrees10 / 10, p.sd_stain_degrees10 % 10,
      p.sd_contrast / 10, p.sd_contrast % 10, p.sd_complete / 10, p.sd_complete % 10, p.sd_kind / 10, p.sd_kind % 10,
      p.sd_found / 10, p.sd_found % 10);
}

template <class Number>
Interval interval_over(const IhcReplicates& replicates, const Number& number) {
  std::vector<double> values;
  for (const ClassCounts& row : replicates.rows) {
    if (row.tumour > 0) {
      values.push_back(number(row));
    }
  }
  return central_interval(std::move(values));
}

}  // namespace

std::int64_t gain_sd(const CellTable& table, const Profile& profile) {
  constexpr double kShoulder = 0.7;                     // of I0
  constexpr double kRadians = 3.14159265358979 / 1800;  // of a tenth of a degree
  constexpr double kLeastSine = 0.17;                   // 10 degrees
  const double white = (table.white[0] + table.white[1] + table.white[2]) / 3.0;
  const double from_white = profile.sd_white / (kShoulder * std::max(1.0, white));
  const auto h = stain_vector(table, profile, 0);
  const auto d = stain_vector(table, profile, 1);
  const double hd = h[0] * d[0] + h[1] * d[1] + h[2] * d[2];
  const double hh = h[0] * h[0] + h[1] * h[1] + h[2] * h[2];
  const double dd = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  const double of_itself = profile.sd_contrast / 1000.0;
  double from_stain = 0;
  if (hh > 0 && dd > 0) {
    const double cosine = std::min(1.0, std::max(0.0, hd / std::sqrt(hh * dd)));
    const double sine = std::max(kLeastSine, std::sqrt(1 - cosine * cosine));
    from_stain = profile.sd_stain_degrees10 * kRadians * cosine / sine;
  }
  return static_cast<std::int64_t>(
      std::floor(std::sqrt(from_white * from_white + from_stain * from_stain + of_itself * of_itself) * 1e6 + 0.5));
}

Result<IhcReplicates> replicate(const CellTable& table, const std::vector<Edit>& edits, const Profile& profile,
                                int replicates, std::uint64_t seed) {
  if (!(table.mpp > 0)) {
    return fail("the cell table states no um per pixel; measure the slide again, with --mpp if its file has none",
                "cell table", table.slide_name);
  }
  const auto scored = score_cells(table, edits, profile);
  if (!scored) {
    return tl::unexpected(scored.error());
  }
  IhcReplicates out;
  Replicator replicator(table, *scored, profile);
  out.conditional_on = held_fixed(profile, replicator.by_cells());
  if (scored->counts.tumour > 0) {
    replicator.run(std::max(0, replicates), seed, out);
  }
  return out;
}

Interval percent_interval(const IhcReplicates& replicates, MembraneClass c) {
  return interval_over(replicates, [c](const ClassCounts& row) { return row.percent(c); });
}

Interval h_score_interval(const IhcReplicates& replicates) {
  return interval_over(replicates, [](const ClassCounts& row) { return h_score_of(row); });
}

}  // namespace her2
