// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ihc_result.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/assay/ihc_editions.h"
#include "her2/ihc/heterogeneity.h"
#include "her2/ihc/ihc_evidence.h"
#include "her2/ihc/noise_floor.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, kMembraneClasses> kLabels{
    "unstained",          "faint, incomplete",  "faint, complete",
    "weak, incomplete",   "weak, complete",     "moderate, incomplete",
    "moderate, complete", "strong, incomplete", "strong, complete"};
constexpr int kHistogramBin = 50;  // mOD

std::string od(int mod) { return fmt::format("{:.3g} OD", mod / 1000.0); }

std::string share(int permille) { return fmt::format("{:.3g} %", permille / 10.0); }

IhcProfile profile_words(const Profile& profile) {
  IhcProfile out;
  out.name = profile.name;
  out.sha256 = profile.sha256;
  out.source = profile.source;
  out.calibrated = profile.calibrated;
  out.constants = {{"stained from", od(profile.t_mem)},
                   {"weak from", od(profile.t_weak)},
                   {"moderate from", od(profile.t_moderate)},
                   {"strong from", od(profile.t_strong)},
                   {"complete from", share(profile.complete_from)},
                   {"longest gap of a complete membrane", share(profile.longest_gap)}};
  return out;
}

void fill_histogram(const CellTable& table, const ScoredCells& scored, const Profile& profile, IhcHistogram& out) {
  out.bin_od = kHistogramBin / 1000.0;
  out.cells.assign(24, 0);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    if (scored.removed[i] || scored.kind[i] != CellKind::tumour) {
      continue;
    }
    const int intensity =
        scored.membrane[i] == MembraneClass::unstained ? 0 : membrane_at(table.cells[i], profile.t_mem).intensity;
    ++out.cells[std::min<std::size_t>(out.cells.size() - 1, static_cast<std::size_t>(intensity / kHistogramBin))];
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

}  // namespace

Result<IhcReport> ihc_result(const CellTable& table, const ScoredCells& scored, const IhcReplicates& replicates,
                             const Profile& profile, const QualityFacts& facts, const Catalog& catalog,
                             const std::string& edition) {
  IhcReport out;
  out.software = table.software;
  out.slide.name = table.slide_name;
  out.slide.sha256 = table.slide_sha256;
  out.slide.subsampling = table.subsampling;
  out.slide.mpp = table.mpp;
  out.slide.work_mpp = table.work_mpp;
  out.profile = profile_words(profile);
  out.stain.white = table.white;
  for (std::size_t c = 0; c < 3; ++c) {
    out.stain.haematoxylin[c] = table.stain_vectors[0][c] / 10000.0;
    out.stain.dab[c] = table.stain_vectors[1][c] / 10000.0;
  }
  out.stain.estimated = table.stain_estimated;
  constexpr std::array<std::string_view, 4> kKinds{"tumour-like", "lymphocytes", "stromal", "other"};
  for (std::size_t k = 0; k < kKinds.size(); ++k) {
    out.kinds.push_back(
        {std::string(name_of(static_cast<CellKind>(k))), std::string(kKinds[k]), scored.counts.kinds[k]});
  }
  out.tumour_cells = scored.counts.tumour;
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    const double percent = scored.counts.percent(static_cast<MembraneClass>(c));
    const Interval interval = percent_interval(replicates, static_cast<MembraneClass>(c));
    out.shares.push_back({std::string(name_of(static_cast<MembraneClass>(c))), std::string(kLabels[c]),
                          scored.counts.cells[c], with_interval(percent, interval)});
  }
  out.h_score = with_interval(scored.h_score, h_score_interval(replicates));
  out.conditional_on = replicates.conditional_on;
  out.replicates = replicates.rows.size();
  const NoiseFloor floor = noise_floor(table, scored);
  out.noise_floor_percent = floor.percent();
  fill_histogram(table, scored, profile, out.histogram);
  const bool no_pixels = facts.sums.pixels == 0;
  for (const QualityVerdict& verdict : judge_quality(facts, profile)) {
    const bool from_table = verdict.id == "tumour_cells" || verdict.id == "resolution" || verdict.id == "profile";
    const bool said_anyway = verdict.id == "profile" && !profile.calibrated;  // every face says it beside the score
    if ((from_table || !no_pixels) && !said_anyway) {
      out.qc.push_back(verdict_of(verdict));
    }
  }
  const Heterogeneity spread = heterogeneity(table, scored);
  out.heterogeneity = heterogeneity_words(spread);
  if (!table.regions.empty()) {
    const std::vector<ClassCounts> counts = counts_by_region(table, scored);
    for (std::size_t r = 0; r < table.regions.size() && r < counts.size(); ++r) {
      IhcRegion region;
      region.name = table.regions[r];
      region.role = "measured";
      region.tumour_cells = counts[r].tumour;
      region.h_score = h_score_of(counts[r]);
      for (std::size_t c = 0; c < kMembraneClasses; ++c) {
        region.percent.push_back(counts[r].percent(static_cast<MembraneClass>(c)));
      }
      out.regions.push_back(std::move(region));
    }
  }
  if (table.regions.empty()) {
    out.notes.emplace_back("No regions were given: the denominator is all tumour-like cells; DCIS is not excluded.");
  }
  const bool scorable =
      std::none_of(out.qc.begin(), out.qc.end(), [](const IhcVerdict& v) { return v.severity == Severity::refused; });
  if (scorable) {
    IhcEvidence evidence{table.slide_name, table.software, without_rare(scored.counts), floor, replicates};
    for (ClassCounts& row : evidence.replicates.rows) {
      row = without_rare(row);
    }
    out.notes.push_back(
        fmt::format("Classes with less than {} % of the tumour cells are rarer than the method's own errors: the "
                    "tables count them with "
                    "the next weaker class.",
                    kRarePermille / 10));
    auto specimen = ihc_specimen(evidence, profile, catalog.dictionary);
    if (!specimen) {
      return tl::unexpected(specimen.error());
    }
    Case input;
    input.id = table.slide_name;
    input.specimens.push_back(std::move(*specimen));
    auto editions = ihc_editions(input, catalog, edition);
    if (!editions) {
      return tl::unexpected(editions.error());
    }
    out.editions = std::move(*editions);
  }
  return out;
}

QualityFacts quality_facts(const CellTable& table, const ScoredCells& scored, const SlideMeasurement& measured,
                           bool allow_coarse) {
  QualityFacts out;
  out.sums = measured.look.quality;
  out.tissue_mm2 = measured.tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)];
  out.mpp = table.mpp;
  out.allow_coarse = allow_coarse;
  out.white = table.white;
  out.white_from_glass = measured.white_from_glass;
  out.subsampling = table.subsampling;
  out.tumour_cells = scored.counts.tumour;
  return out;
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
    report.qc.push_back({"slide", Severity::warning, "Slide", warning});
  }
  report.timing.megapixels = measured.megapixels;
  report.timing.parts = {
      {"overview", measured.seconds_overview}, {"sample", measured.seconds_sample}, {"cells", measured.seconds_cells}};
}

}  // namespace her2
