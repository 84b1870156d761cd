// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/heterogeneity.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "her2/ihc/fields.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr double kExplained = 0.75;
constexpr double kApart = 60;
constexpr double kLeastShare = 0.1;
constexpr std::array<std::uint64_t, kMembraneClasses> kPoints{0, 1, 1, 1, 1, 2, 2, 3, 3};

void count(ClassCounts& counts, CellKind kind, MembraneClass membrane) {
  ++counts.kinds.at(static_cast<std::size_t>(kind));
  if (kind == CellKind::tumour) {
    ++counts.cells.at(static_cast<std::size_t>(membrane));
    ++counts.tumour;
  }
}

// Sum of the cells' points, and of their squares.
std::pair<double, double> points(const ClassCounts& counts) {
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    sum += kPoints.at(c) * counts.cells.at(c);
    squares += kPoints.at(c) * kPoints.at(c) * counts.cells.at(c);
  }
  return {static_cast<double>(sum), static_cast<double>(squares)};
}

// Weights: tumour cells. Fields in rising order of H-score; the cut that leaves the least variance within.
Populations split(const std::vector<Field>& fields) {
  struct One {
    double h = 0, weight = 0;
  };
  std::vector<One> sorted;
  double all = 0;
  double sum = 0;
  for (const Field& field : fields) {
    sorted.push_back({h_score_of(field.counts), static_cast<double>(field.counts.tumour)});
    all += sorted.back().weight;
    sum += sorted.back().h * sorted.back().weight;
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const One& a, const One& b) { return a.h != b.h ? a.h < b.h : a.weight < b.weight; });
  Populations out;
  if (sorted.size() < 2) {
    return out;
  }
  const double mean = sum / all;
  double variance = 0;
  for (const One& one : sorted) {
    variance += one.weight * (one.h - mean) * (one.h - mean);
  }
  double below = 0;
  double below_sum = 0;
  double best = -1;
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
    below += sorted[i].weight;
    below_sum += sorted[i].weight * sorted[i].h;
    const double low = below_sum / below;
    const double high = (sum - below_sum) / (all - below);
    const double between = below * (low - mean) * (low - mean) + (all - below) * (high - mean) * (high - mean);
    if (between > best) {
      best = between;
      out.low = low;
      out.high = high;
      out.high_share = (all - below) / all;
    }
  }
  out.explained = variance > 0 ? std::min(1.0, best / variance) : 0;
  out.discrete = out.explained >= kExplained && out.high - out.low >= kApart && out.high_share >= kLeastShare &&
                 1 - out.high_share >= kLeastShare;
  return out;
}

double intraclass(const std::vector<Field>& fields) {
  if (fields.size() < 2) {
    return 0;
  }
  double n = 0;
  double squared_n = 0;
  double sum = 0;
  double within = 0;
  double between = 0;
  for (const Field& field : fields) {
    const auto [field_sum, squares] = points(field.counts);
    const double cells = field.counts.tumour;
    n += cells;
    squared_n += cells * cells;
    sum += field_sum;
    within += squares - field_sum * field_sum / cells;
    between += field_sum * field_sum / cells;
  }
  const auto groups = static_cast<double>(fields.size());
  between = (between - sum * sum / n) / (groups - 1);
  within /= n - groups;
  const double typical = (n - squared_n / n) / (groups - 1);
  const double whole = between + (typical - 1) * within;
  return whole > 0 ? std::max(0.0, (between - within) / whole) : 0;
}

double simpson(const ClassCounts& counts) {
  if (counts.tumour < 2) {
    return 0;
  }
  double alike = 0;
  for (const std::uint32_t n : counts.cells) {
    alike += 1.0 * n * n;
  }
  return 1 - alike / (1.0 * counts.tumour * counts.tumour);
}

std::string field_words(const Field& field) {
  return say("ihc_quality.h_score_tumour_cells",
             {{"h_score", number_in(h_score_of(field.counts), 0)}, {"tumour", field.counts.tumour}});
}

}  // namespace

Heterogeneity heterogeneity(const CellTable& table, const ScoredCells& scored) {
  Heterogeneity out;
  out.diversity = simpson(scored.counts);
  if (!(table.mpp > 0)) {
    return out;
  }
  const FieldGrid grid(kFieldUm, table.mpp);
  std::map<FieldKey, ClassCounts> fields;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    if (!scored.removed[i]) {
      count(fields[grid.of(table.cells[i].centroid)], scored.kind[i], scored.membrane[i]);
    }
  }
  for (const auto& [key, counts] : fields) {
    if (counts.tumour >= kFieldCells) {
      out.fields.push_back({grid.corner(key), double{1} * grid.side() / kSubpixels, counts});
    }
  }
  if (!out.fields.empty()) {
    const auto less = [](const Field& a, const Field& b) { return h_score_of(a.counts) < h_score_of(b.counts); };
    const auto begin = out.fields.begin();
    out.lowest = static_cast<std::size_t>(std::min_element(begin, out.fields.end(), less) - begin);
    out.highest = static_cast<std::size_t>(std::max_element(begin, out.fields.end(), less) - begin);
  }
  out.populations = split(out.fields);
  out.between_fields = intraclass(out.fields);
  return out;
}

std::vector<std::pair<std::string, std::string>> heterogeneity_words(const Heterogeneity& h) {
  std::vector<std::pair<std::string, std::string>> out;
  out.emplace_back(say("ihc_quality.0_5_mm_fields"), say("ihc_quality.with_at_least_tumour_cells",
                                                         {{"size", h.fields.size()}, {"kfieldcells", kFieldCells}}));
  if (h.lowest && h.highest) {
    out.emplace_back(say("ihc_quality.lowest_field"), field_words(h.fields[*h.lowest]));
    out.emplace_back(say("ihc_quality.highest_field"), field_words(h.fields[*h.highest]));
  }
  if (h.fields.size() >= 2) {
    const Populations& p = h.populations;
    out.emplace_back("populations", p.discrete ? say("ihc_quality.two_h_score_in_of_the_tumour",
                                                     {{"high", number_in(p.high, 0)},
                                                      {"high_share", percent_in(100 * p.high_share, 0)},
                                                      {"low", number_in(p.low, 0)},
                                                      {"low_share", percent_in(100 - 100 * p.high_share, 0)}})
                                               : std::string(say("ihc_quality.one_fields_do_not_fall_into_two")));
    out.emplace_back(say("ihc_quality.variance_between_fields"), percent_in(100 * h.between_fields, 0));
  }
  out.emplace_back(say("ihc_quality.diversity"),
                   say("ihc_quality.how_often_two_tumour_cells_are_of", {{"diversity", number_in(h.diversity, 2)}}));
  return out;
}

std::vector<ClassCounts> counts_by_region(const CellTable& table, const ScoredCells& scored) {
  std::vector<ClassCounts> out(table.regions.size());
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const int region = table.cells[i].region;
    if (!scored.removed[i] && region >= 0 && static_cast<std::size_t>(region) < out.size()) {
      count(out[static_cast<std::size_t>(region)], scored.kind[i], scored.membrane[i]);
    }
  }
  return out;
}

}  // namespace her2
