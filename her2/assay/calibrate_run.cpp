// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/calibrate_run.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "her2/assay/ihc_editions.h"
#include "her2/assay/measure_slide.h"
#include "her2/core/sha256.h"
#include "her2/ihc/ihc_evidence.h"
#include "her2/report/ihc_model.h"

namespace her2 {
namespace {

std::string score_text(int score) { return score == 0 ? "0" : fmt::format("{}+", score); }

class CalibratingRun {
 public:
  CalibratingRun(const CalibrationRun& run, const Catalog& catalog) : run_(run), catalog_(catalog) {}

  Result<CalibrationReport> go() {
    if (auto ok = check(); !ok) {
      return tl::unexpected(ok.error());
    }
    for (std::size_t i = 0; i < run_.slides.size(); ++i) {
      if (auto ok = add_slide(i); !ok) {
        return tl::unexpected(located(ok.error(), run_.slides[i]));
      }
    }
    auto calibration = calibrate(fields_, run_.base, mpp_);
    if (!calibration) {
      return tl::unexpected(calibration.error());
    }
    CalibrationReport out;
    out.calibration = std::move(*calibration);
    describe(out.calibration.profile);
    for (const ScoredField& field : fields_) {
      auto got = score(field, out.calibration.profile);
      if (!got) {
        return tl::unexpected(got.error());
      }
      out.fields.push_back({field.name, score_text(field.score), *got, tumour(field)});
    }
    return out;
  }

 private:
  [[nodiscard]] Result<void> check() const {
    if (run_.slides.empty()) {
      return fail("no slide was given");
    }
    if (run_.regions.empty() == run_.scores.empty()) {
      return fail("say the scores either by regions or, of whole slides, by --scores");
    }
    if (run_.regions.size() > 1 && run_.regions.size() != run_.slides.size()) {
      return fail(fmt::format("{} files of regions for {} slides: give one for each, or one for all",
                              run_.regions.size(), run_.slides.size()));
    }
    if (!run_.scores.empty() && run_.scores.size() != run_.slides.size()) {
      return fail(fmt::format("{} scores for {} slides: give one for each", run_.scores.size(), run_.slides.size()));
    }
    return {};
  }

  Result<void> add_slide(std::size_t i) {
    const auto slide = open_slide(run_.slides[i], {run_.mpp});
    if (!slide) {
      return tl::unexpected(slide.error());
    }
    const auto mpp = square_mpp((*slide)->info());
    if (!mpp) {
      return tl::unexpected(mpp.error());
    }
    if (auto ok = key(i, (*slide)->info(), *mpp); !ok) {
      return ok;
    }
    Regions regions;
    if (!run_.regions.empty()) {
      const std::string& path = run_.regions[run_.regions.size() == 1 ? 0 : i];
      auto read = read_regions(path);
      if (!read) {
        return tl::unexpected(located(read.error(), path));
      }
      regions = std::move(*read);
    }
    MeasureOptions options;
    options.profile = run_.base;
    options.regions = run_.regions.empty() ? nullptr : &regions;
    options.allow_coarse = run_.allow_coarse;
    options.threads = run_.threads;
    options.progress = run_.progress;
    const auto measured = measure_slide(**slide, std::string(64, '0'), options);
    if (!measured) {
      return tl::unexpected(measured.error());
    }
    for (const QualityVerdict& verdict : measured->before) {
      if (verdict.level == QualityLevel::refused) {
        return fail(verdict.reason);
      }
    }
    return add_fields(i, *measured, regions);
  }

  // All slides must be of one kind.
  Result<void> key(std::size_t i, const SlideInfo& info, double mpp) {
    if (i == 0) {
      mpp_ = mpp;
      scanner_ = info.scanner;
      subsampling_ = info.subsampling;
      return {};
    }
    if (info.scanner != scanner_ || info.subsampling != subsampling_ || std::abs(mpp - mpp_) > 0.05 * mpp_) {
      return fail(
          fmt::format("is of another kind ({}, {:.3g} um/px, {}) than the first slide ({}, {:.3g} um/px, {}); "
                      "make a profile for each",
                      info.scanner, mpp, info.subsampling, scanner_, mpp_, subsampling_));
    }
    return {};
  }

  Result<void> add_fields(std::size_t i, const SlideMeasurement& measured, const Regions& regions) {
    const std::string slide = std::filesystem::path(run_.slides[i]).filename().string();
    if (run_.regions.empty()) {
      const auto score = score_in_name(run_.scores[i]);
      if (!score) {
        return fail(fmt::format("'{}' is no score; give 0, 1+, 2+ or 3+", run_.scores[i]), "--scores");
      }
      fields_.push_back({slide, *score, false, measured.table.cells});
      return {};
    }
    std::map<int, std::vector<MeasuredCell>> cells;
    for (const CellTable* table : {&measured.table, &measured.controls}) {
      for (const MeasuredCell& cell : table->cells) {
        cells[cell.region].push_back(cell);
      }
    }
    for (std::size_t r = 0; r < regions.regions.size(); ++r) {
      const Region& region = regions.regions[r];
      const auto score = score_in_name(region.name);
      const auto found = cells.find(static_cast<int>(r));
      if (score && region.role != RegionRole::ignore && found != cells.end()) {
        fields_.push_back(
            {slide + ", " + region.name, *score, region.role == RegionRole::control, std::move(found->second)});
      }
    }
    return {};
  }

  static std::size_t tumour(const ScoredField& field) {
    return static_cast<std::size_t>(std::count_if(field.cells.begin(), field.cells.end(), [](const MeasuredCell& cell) {
      return cell.kind == CellKind::tumour;
    }));
  }

  void describe(Profile& profile) const {
    profile.name = run_.name;
    profile.scanner = scanner_;
    profile.subsampling = subsampling_;
    profile.mpp = mpp_;
    std::array<int, 4> of{};
    for (const ScoredField& field : fields_) {
      ++of.at(static_cast<std::size_t>(field.score));
    }
    profile.source = fmt::format("her2 {}: {} scored 0, {} 1+, {} 2+, {} 3+ fields on {} slides; the rest from {}",
                                 HER2_VERSION, of[0], of[1], of[2], of[3], run_.slides.size(), run_.base.name);
  }

  // The score of a field by its shares alone.
  Result<std::string> score(const ScoredField& field, const Profile& profile) const {
    CellTable table;
    table.slide_name = field.name;
    table.mpp = mpp_;
    for (const MeasuredCell& cell : field.cells) {
      table.add(cell, {}, {});
    }
    const auto scored = score_cells(table, {}, profile);
    if (!scored) {
      return tl::unexpected(scored.error());
    }
    if (scored->counts.tumour == 0) {
      return std::string("no tumour cells");
    }
    auto specimen = ihc_specimen({field.name, "her2", scored->counts, noise_floor(table, *scored), {}}, profile,
                                 catalog_.dictionary);
    if (!specimen) {
      return tl::unexpected(specimen.error());
    }
    Case input;
    input.id = field.name;
    input.specimens.push_back(std::move(*specimen));
    const auto editions = ihc_editions(input, catalog_, "2018");
    if (!editions) {
      return tl::unexpected(editions.error());
    }
    const Answer* answer = ihc_score_of(editions->front());
    return answer == nullptr ? std::string("no answer") : score_words(*answer);
  }

  const CalibrationRun& run_;
  const Catalog& catalog_;
  std::vector<ScoredField> fields_;
  double mpp_ = 0;
  std::string scanner_, subsampling_;
};

}  // namespace

Result<CalibrationReport> run_calibration(const CalibrationRun& run, const Catalog& catalog) {
  return CalibratingRun(run, catalog).go();
}

}  // namespace her2
