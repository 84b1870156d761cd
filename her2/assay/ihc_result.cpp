// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ihc_result.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/assay/ihc_cores.h"
#include "her2/assay/ihc_editions.h"
#include "her2/ihc/heterogeneity.h"
#include "her2/ihc/noise_floor.h"
#include "her2/language/data_text.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, kMembraneClasses> kLabels{
    "unstained",          "faint, incomplete",  "faint, complete",
    "weak, incomplete",   "weak, complete",     "moderate, incomplete",
    "moderate, complete", "strong, incomplete", "strong, complete"};
constexpr int kHistogramBin = 50;  // mOD

std::string od(int mod) { return fmt::format("{:.3g} OD", mod / 1000.0); }

std::string share(int permille) { return fmt::format("{:.3g} %", permille / 10.0); }

// The classes that a result speaks of, the palest first.
std::vector<MembraneClass> classes_of(const std::optional<NuclearMarker>& marker) {
  std::vector<MembraneClass> out;
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    const auto membrane = static_cast<MembraneClass>(c);
    if (!marker || as_membrane(as_nuclear(membrane)) == membrane) {
      out.push_back(membrane);
    }
  }
  return out;
}

IhcProfile profile_words(const Profile& profile, bool nuclear) {
  IhcProfile out;
  out.name = profile.name;
  out.sha256 = profile.sha256;
  out.source = profile.source;
  out.calibrated = profile.calibrated;
  if (nuclear) {
    out.constants = {{"weak from", od(profile.nuclear_weak)},
                     {"moderate from", od(profile.nuclear_moderate)},
                     {"strong from", od(profile.nuclear_strong)}};
    return out;
  }
  out.constants = {{"stained from", od(profile.t_mem)},
                   {"weak from", od(profile.t_weak)},
                   {"moderate from", od(profile.t_moderate)},
                   {"strong from", od(profile.t_strong)},
                   {"complete from", share(profile.complete_from)},
                   {"longest gap of a complete membrane", share(profile.longest_gap)}};
  return out;
}

void fill_histogram(const CellTable& table, const SlideScore& score, const Profile& profile, IhcHistogram& out) {
  const ScoredCells& scored = score.cells;
  out.bin_od = kHistogramBin / 1000.0;
  out.cells.assign(24, 0);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    if (scored.removed[i] || scored.kind[i] != CellKind::tumour) {
      continue;
    }
    const int intensity = score.marker ? std::max<int>(0, table.cells[i].nucleus_dab)
                          : scored.membrane[i] == MembraneClass::unstained
                              ? 0
                              : membrane_at(table.cells[i], profile.t_mem).intensity;
    ++out.cells[std::min<std::size_t>(out.cells.size() - 1, static_cast<std::size_t>(intensity / kHistogramBin))];
  }
  if (score.marker) {
    out.cuts = {{profile.nuclear_weak / 1000.0, "weak"},
                {profile.nuclear_moderate / 1000.0, "moderate"},
                {profile.nuclear_strong / 1000.0, "strong"}};
    return;
  }
  out.cuts = {{profile.t_mem / 1000.0, "faint"},
              {profile.t_weak / 1000.0, "weak"},
              {profile.t_moderate / 1000.0, "moderate"},
              {profile.t_strong / 1000.0, "strong"}};
}

// A measured value is always within its interval, as far as one draws it.
IhcInterval with_interval(double value, const Interval& interval) {
  const bool none = interval.low == 0 && interval.high == 0;
  return none ? IhcInterval{value, value, value}
              : IhcInterval{value, std::min(value, interval.low), std::max(value, interval.high)};
}

IhcVerdict verdict_of(const QualityVerdict& verdict) {
  return {verdict.id, static_cast<Severity>(verdict.level), verdict.label, verdict.reason};
}

void start(const CellTable& table, const SlideScore& score, const Profile& profile, IhcReport& out) {
  out.marker = score.marker ? name_of(*score.marker) : "HER2";
  out.answer_fact = answer_fact(score.marker);
  out.software = table.software;
  out.slide.name = table.slide_name;
  out.slide.sha256 = table.slide_sha256;
  out.slide.subsampling = table.subsampling;
  out.slide.mpp = table.mpp;
  out.slide.work_mpp = table.work_mpp;
  out.profile = profile_words(profile, score.marker.has_value());
  out.stain.white = table.white;
  for (std::size_t c = 0; c < 3; ++c) {
    out.stain.haematoxylin[c] = table.stain_vectors[0][c] / 10000.0;
    out.stain.dab[c] = table.stain_vectors[1][c] / 10000.0;
  }
  out.stain.estimated = table.stain_estimated;
  out.stain.says = !table.stain_says.empty() ? table.stain_says
                   : table.stain_estimated   ? "estimated from this slide"
                                             : "of the profile";
  constexpr std::array<std::string_view, 4> kKinds{"tumour-like", "lymphocytes", "stromal", "other"};
  for (std::size_t k = 0; k < kKinds.size(); ++k) {
    out.kinds.push_back(
        {std::string(name_of(static_cast<CellKind>(k))), std::string(kKinds[k]), score.cells.counts.kinds[k]});
  }
  out.tumour_cells = score.cells.counts.tumour;
  if (table.regions.empty()) {
    out.notes.emplace_back(say("ihc.no_regions_were_given_the_denominator"));
  } else if (table.microarray) {
    out.notes.emplace_back(say("ihc.the_denominator_of_each_core_is_its"));
  }
  if (!score.marker) {
    out.noise_floor_percent = noise_floor(table, score.cells).percent();
  }
}

void fill_nuclear(const SlideScore& score, const Interval& percent, IhcReport& out) {
  static constexpr std::array<const char*, 3> kFacts{"er_percent", "pgr_percent", "ki67_percent"};
  const NuclearScore& nuclear = score.nuclear;
  IhcNuclear& to = out.nuclear.emplace();
  to.fact = kFacts.at(static_cast<std::size_t>(*score.marker));
  to.percent = with_interval(nuclear.counts.percent(), percent);
  if (*score.marker != NuclearMarker::ki67) {
    const Allred points = allred(nuclear.counts);
    to.proportion = points.proportion;
    to.intensity = points.intensity;
  }
  if (nuclear.hot_spot) {
    to.hot_spot = true;
    to.x = double{1} * nuclear.hot_spot->corner.x / kSubpixels;
    to.y = double{1} * nuclear.hot_spot->corner.y / kSubpixels;
    to.side_um = kHotSpotUm;
    to.hot_percent = nuclear.hot_spot->counts.percent();
    to.hot_cells = nuclear.hot_spot->counts.tumour();
  }
}

void fill_shares(const SlideScore& score, IhcReport& out) {
  for (const MembraneClass c : classes_of(score.marker)) {
    const std::string label(kLabels.at(static_cast<std::size_t>(c)));
    const std::string name(score.marker ? name_of(as_nuclear(c)) : name_of(c));
    out.shares.push_back({name, score.marker ? name : label, score.cells.counts.cells.at(static_cast<std::size_t>(c)),
                          with_interval(score.cells.counts.percent(c), percent_interval(score.replicates, c))});
  }
  out.h_score = with_interval(score.cells.h_score, h_score_interval(score.replicates));
  out.conditional_on = score.replicates.conditional_on;
  out.replicates = score.replicates.rows.size();
  if (score.marker) {
    const Interval negative = percent_interval(score.replicates, MembraneClass::unstained);
    const bool none = negative.low == 0 && negative.high == 0 && out.replicates == 0;
    fill_nuclear(score, none ? Interval{} : Interval{100 - negative.high, 100 - negative.low}, out);
  }
}

void add_verdicts(const QualityFacts& facts, const Profile& profile, IhcReport& out) {
  const bool no_pixels = facts.sums.pixels == 0;
  for (const QualityVerdict& verdict : judge_quality(facts, profile)) {
    const bool from_table = verdict.id == "tumour_cells" || verdict.id == "resolution" || verdict.id == "profile" ||
                            (verdict.id == "controls" && facts.control_h_score);
    const bool said_anyway = verdict.id == "profile" && !profile.calibrated;  // every face says it beside the score
    if ((from_table || !no_pixels) && !said_anyway) {
      out.qc.push_back(verdict_of(verdict));
    }
  }
}

void fill_percents(const CellTable& table, const SlideScore& score, IhcReport& out) {
  const std::vector<ClassCounts> counts = counts_by_region(table, score.cells);
  for (std::size_t r = 0; r < out.regions.size() && r < counts.size(); ++r) {
    for (const MembraneClass c : classes_of(score.marker)) {
      out.regions[r].percent.push_back(counts[r].percent(c));
    }
  }
}

void fill_regions(const CellTable& table, const SlideScore& score, IhcReport& out) {
  const std::vector<ClassCounts> counts = counts_by_region(table, score.cells);
  for (std::size_t r = 0; r < table.regions.size() && r < counts.size(); ++r) {
    IhcRegion region;
    region.name = table.regions[r];
    region.role = table.microarray ? "core" : "measured";
    region.tumour_cells = counts[r].tumour;
    region.h_score = h_score_of(counts[r]);
    out.regions.push_back(std::move(region));
  }
  fill_percents(table, score, out);
}

}  // namespace

Result<IhcOutcome> ihc_result(const CellTable& table, const SlideScore& score, const Profile& profile,
                              const QualityFacts& facts, const Catalog& catalog, const std::string& edition) {
  IhcOutcome outcome;
  IhcReport& out = outcome.report;
  start(table, score, profile, out);
  fill_shares(score, out);
  fill_histogram(table, score, profile, out.histogram);
  add_verdicts(facts, profile, out);
  out.heterogeneity = heterogeneity_words(heterogeneity(table, score.cells));
  if (out.refused_by_quality()) {
    fill_regions(table, score, out);
    return outcome;
  }
  if (table.microarray) {
    auto cores = score_cores(table, score, profile, catalog, edition);
    if (!cores) {
      return tl::unexpected(cores.error());
    }
    out.microarray = true;
    out.regions = std::move(*cores);
    fill_percents(table, score, out);
    return outcome;
  }
  fill_regions(table, score, out);
  auto input = evidence_of(table, score, profile, catalog.dictionary);
  if (!input) {
    return tl::unexpected(input.error());
  }
  if (!score.marker) {
    out.notes.push_back(say("ihc.classes_with_less_than_of_the_tumour", {{"krarepermille", kRarePermille / 10}}));
  }
  auto editions = ihc_editions(*input, catalog, score.marker && edition.empty() ? "2023" : edition);
  if (!editions) {
    return tl::unexpected(editions.error());
  }
  out.editions = std::move(*editions);
  if (!speaks_english()) {
    const Speaking english(english_messages());
    out.english_editions = *ihc_editions(*input, catalog, score.marker && edition.empty() ? "2023" : edition);
  }
  outcome.evidence = std::move(*input);
  return outcome;
}

QualityFacts quality_facts(const CellTable& table, const ScoredCells& scored, const SlideMeasurement& measured,
                           bool allow_coarse) {
  QualityFacts out;
  out.sums = measured.look.quality;
  out.tissue_mm2 = measured.tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)];
  out.mpp = table.mpp;
  out.allow_coarse = allow_coarse;
  out.nuclear_marker = nuclear_marker(table.marker).has_value();
  out.white = table.white;
  out.white_from_glass = measured.white_from_glass;
  out.subsampling = table.subsampling;
  out.tumour_cells = scored.counts.tumour;
  return out;
}

Result<void> add_controls(const CellTable& controls, const Profile& profile, QualityFacts& facts,
                          std::vector<IhcRegion>& regions) {
  if (controls.cells.empty()) {
    return {};
  }
  const auto score = score_slide(controls, {}, profile);
  if (!score) {
    return tl::unexpected(score.error());
  }
  facts.control_h_score = score->cells.h_score;
  facts.control_cells = score->cells.counts.tumour;
  const std::vector<ClassCounts> counts = counts_by_region(controls, score->cells);
  for (std::size_t r = 0; r < controls.regions.size() && r < counts.size(); ++r) {
    if (counts[r].kinds != std::array<std::uint32_t, 4>{}) {
      IhcRegion region;
      region.name = controls.regions[r];
      region.role = "control";
      region.tumour_cells = counts[r].tumour;
      region.h_score = h_score_of(counts[r]);
      for (const MembraneClass c : classes_of(score->marker)) {
        region.percent.push_back(counts[r].percent(c));
      }
      regions.push_back(std::move(region));
    }
  }
  return {};
}

void add_second_opinion(const ConnectivitySums& sums, const Profile& profile, IhcReport& report) {
  const ConnectivityOpinion opinion = connectivity_opinion(sums, profile);
  report.second.measured = !opinion.likely.empty();
  report.second.connectivity = sums.connectivity();
  report.second.score = opinion.likely;
  report.second.says = opinion.says;
  const Answer* score = report.editions.empty() ? nullptr : ihc_score_of(report.editions[report.primary]);
  report.second.agrees = score == nullptr || opinion.agrees(likeliest(*score));
}

void add_measurement(const SlideMeasurement& measured, const SlideInfo& info, IhcReport& report) {
  report.slide.format = info.format;
  report.slide.compression = info.compression;
  report.slide.scanner = info.scanner;
  report.slide.width = info.levels[0].width;
  report.slide.height = info.levels[0].height;
  report.slide.mpp_source = info.mpp_source;
  report.slide.objective = info.objective.value_or(0);
  report.slide.left_out = info.left_out;
  for (std::size_t g = 0; g < kGrounds; ++g) {
    const auto ground = static_cast<Ground>(g);
    if (measured.tissue.area_mm2[g] > 0) {
      report.areas.push_back(
          {ground == Ground::tissue ? "measured" : std::string(name_of(ground)), measured.tissue.area_mm2[g]});
    }
  }
  for (const std::string& warning : info.warnings) {
    report.qc.push_back({"slide", Severity::warning, say("ihc.slide_head"), warning});
  }
  report.timing.megapixels = measured.megapixels;
  report.timing.parts = {
      {"overview", measured.seconds_overview}, {"sample", measured.seconds_sample}, {"cells", measured.seconds_cells}};
}

}  // namespace her2
