// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ihc_run.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "her2/assay/ihc_cores.h"
#include "her2/assay/ihc_editions.h"
#include "her2/assay/ihc_pictures.h"
#include "her2/assay/ihc_result.h"
#include "her2/assay/result_folder.h"
#include "her2/cellfile/cells_geojson.h"
#include "her2/cellfile/edits_file.h"
#include "her2/cellfile/h5ad.h"
#include "her2/core/embedded.h"
#include "her2/core/output_file.h"
#include "her2/core/parallel.h"
#include "her2/core/sha256.h"
#include "her2/exchange/case_json.h"
#include "her2/report/ihc_html.h"
#include "her2/report/ihc_json.h"

namespace her2 {
namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Result<void> write_whole(const std::string& path, const std::string& bytes) {
  auto file = OutputFile::open(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  if (auto written = file->write(bytes); !written) {
    return written;
  }
  return file->commit();
}

class Run {
 public:
  Run(const IhcRun& run, const Catalog& catalog) : run_(run), catalog_(catalog) {}

  Result<IhcReport> go() {
    const double begun = seconds();
    if (auto possible = check_run(run_, catalog_); !possible) {
      return tl::unexpected(possible.error());
    }
    auto ready = run_.from_table ? load() : measure();
    if (!ready) {
      return tl::unexpected(ready.error());
    }
    const auto score = this->score();
    if (!score) {
      return tl::unexpected(score.error());
    }
    auto outcome = answer(*score);
    if (!outcome) {
      return tl::unexpected(outcome.error());
    }
    IhcReport& report = outcome->report;
    report.timing.threads = run_.measure.threads;
    report.timing.seconds = seconds() - begun;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    report.timing.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
    if (!run_.out.empty()) {
      if (auto written = write(*score, *outcome); !written) {
        return tl::unexpected(written.error());
      }
    }
    return std::move(report);
  }

 private:
  Result<void> measure() {
    auto slide = open_slide(run_.slide, {run_.mpp});
    if (!slide) {
      return tl::unexpected(located(slide.error(), run_.slide));
    }
    slide_ = std::move(*slide);
    const auto sha256 = sha256_of_file(run_.slide);
    if (!sha256) {
      return tl::unexpected(sha256.error());
    }
    auto measured = measure_slide(*slide_, *sha256, run_.measure);
    if (!measured) {
      return tl::unexpected(located(measured.error(), run_.slide));
    }
    measured_ = std::move(*measured);
    measured_.table.software = measured_.controls.software = "her2 " HER2_VERSION;
    return {};
  }

  Result<void> load() {
    auto table = read_h5ad(run_.slide, &measured_.controls);
    if (!table) {
      return tl::unexpected(located(table.error(), run_.slide));
    }
    measured_.table = std::move(*table);
    const bool nuclear = nuclear_marker(measured_.table.marker).has_value();
    if (run_.marker && run_.marker->empty() == nuclear) {
      return fail(fmt::format("was measured for {}, not for {}: nuclei were looked for in another way; measure the "
                              "slide again with --marker {}",
                              nuclear ? "a nuclear marker" : "HER2", run_.marker->empty() ? "HER2" : *run_.marker,
                              run_.marker->empty() ? "her2" : *run_.marker),
                  {}, run_.slide);
    }
    if (run_.marker && nuclear) {
      measured_.table.marker = measured_.controls.marker = *run_.marker;
    }
    if (run_.measure.microarray && measured_.table.regions.empty()) {
      return fail("was measured without cores; measure the slide again with --tma", {}, run_.slide);
    }
    measured_.table.microarray = measured_.table.microarray || run_.measure.microarray;
    return {};
  }

  Result<SlideScore> score() {
    if (!run_.edits.empty()) {
      auto edits = read_edits(run_.edits, measured_.table);
      if (!edits) {
        return tl::unexpected(located(edits.error(), run_.edits));
      }
      edits_ = std::move(*edits);
    }
    auto score = score_slide(measured_.table, edits_, run_.measure.profile);
    if (!score && !edits_.empty()) {  // corrections are all that can be wrong with it
      return tl::unexpected(located(score.error(), run_.edits));
    }
    return score;
  }

  Result<IhcOutcome> answer(const SlideScore& score) {
    QualityFacts facts = quality_facts(measured_.table, score.cells, measured_, run_.measure.allow_coarse);
    std::vector<IhcRegion> controls;
    if (auto done = add_controls(measured_.controls, run_.measure.profile, facts, controls); !done) {
      return tl::unexpected(done.error());
    }
    auto outcome = ihc_result(measured_.table, score, run_.measure.profile, facts, catalog_, run_.edition);
    if (!outcome) {
      return outcome;
    }
    IhcReport& report = outcome->report;
    add_regions(std::move(controls), report);
    report.edits = edits_.size();
    std::set<std::string> authors;
    for (const Edit& edit : edits_) {
      authors.insert(edit.author.empty() ? "not stated" : edit.author);
    }
    report.edit_authors.assign(authors.begin(), authors.end());
    if (slide_) {
      add_measurement(measured_, slide_->info(), report);
      if (!score.marker && !report.microarray) {
        add_second_opinion(measured_.look.connectivity, run_.measure.profile, report);
      }
      if (auto drawn = add_pictures(*slide_, measured_, score, run_.measure.threads, report); !drawn) {
        return tl::unexpected(drawn.error());
      }
    }
    return outcome;
  }

  // Areas of the regions, and the controls among them.
  void add_regions(std::vector<IhcRegion> controls, IhcReport& report) const {
    for (std::size_t r = 0; r < report.regions.size() && r < measured_.region_mm2.size(); ++r) {
      report.regions[r].mm2 = measured_.region_mm2[r];
    }
    for (IhcRegion& control : controls) {
      const auto there = std::find_if(report.regions.begin(), report.regions.end(), [&](const IhcRegion& region) {
        return region.name == control.name && region.tumour_cells == 0;
      });
      if (there != report.regions.end()) {
        control.mm2 = there->mm2;
        *there = std::move(control);
      } else {
        report.regions.push_back(std::move(control));
      }
    }
  }

  // All files are made in a folder of their own first and then moved to their places, result.json last: where it
  // stands, everything stands, and what fails leaves nothing behind.
  Result<void> write(const SlideScore& score, IhcOutcome& outcome) const {
    auto folder = ResultFolder::make(run_.out);
    if (!folder) {
      return tl::unexpected(folder.error());
    }
    IhcReport& report = outcome.report;
    if (auto ok = write_cells(score, *folder); !ok) {
      return told(ok);
    }
    for (const IhcPicture& picture : report.pictures) {
      const std::string name = (picture.id == "heatmap" ? "overlay" : picture.id) + ".png";
      if (auto ok = write_whole(folder->add(name), picture.png); !ok) {
        return told(ok);
      }
    }
    if (outcome.evidence) {
      if (auto ok = write_whole(folder->add("case.json"), case_json(*outcome.evidence, catalog_.dictionary)); !ok) {
        return told(ok);
      }
    }
    if (report.microarray) {
      if (auto ok = write_whole(folder->add("cores.csv"), cores_csv(report, measured_.table, score)); !ok) {
        return told(ok);
      }
    }
    const std::string page = folder->add("report.html");
    const std::string result = folder->add("result.json");
    report.files = folder->names();
    if (auto ok = write_whole(page, ihc_html(report)); !ok) {
      return told(ok);
    }
    if (auto ok = write_whole(result, ihc_json(report)); !ok) {
      return told(ok);
    }
    return folder->commit();
  }

  // The two files that hold every cell, side by side when there are threads.
  Result<void> write_cells(const SlideScore& score, ResultFolder& folder) const {
    const Profile& profile = run_.measure.profile;
    const CellTable* controls = measured_.controls.cells.empty() ? nullptr : &measured_.controls;
    const std::string table = folder.add("cells.h5ad");
    const std::string outlines = run_.geojson ? folder.add("cells.geojson.gz") : "";
    return parallel_for(run_.geojson ? 2 : 1, run_.measure.threads, [&](std::size_t file, int) {
      return file == 0 ? write_h5ad(measured_.table, score.cells, profile, table, controls)
                       : write_cells_geojson(measured_.table, score.cells, profile, outlines);
    });
  }

  // An error in a file of the working folder, told of the file that it was to become.
  [[nodiscard]] Result<void> told(const Result<void>& failed) const {
    Error error = failed.error();
    const std::filesystem::path path(error.file);
    error.file = (std::filesystem::path(run_.out) / path.filename()).string();
    return tl::unexpected(std::move(error));
  }

  const IhcRun& run_;
  const Catalog& catalog_;
  std::unique_ptr<Slide> slide_;
  SlideMeasurement measured_;
  std::vector<Edit> edits_;
};

}  // namespace

Result<void> check_run(const IhcRun& run, const Catalog& catalog) {
  if (!run.edition.empty()) {
    const bool by_table = run.from_table && !run.marker;  // what it was measured for is not known yet
    const Scheme* scheme = catalog.scheme(run.edition, "breast");
    if (auto known = scores_ihc(catalog, run.edition, run.measure.marker); !known && !(by_table && scheme != nullptr)) {
      return known;
    }
  }
  if (!run.edits.empty()) {
    if (std::error_code error; !std::filesystem::exists(run.edits, error) && run.edits != "-") {
      return fail("there is no such file of corrections", {}, run.edits);
    }
  }
  if (!run.out.empty()) {
    return can_be_folder(run.out);
  }
  return {};
}

Result<IhcReport> run_ihc(const IhcRun& run, const Catalog& catalog) { return Run(run, catalog).go(); }

Result<Profile> find_profile(const std::string& name_or_path) {
  if (const auto built_in = embedded_file("profiles/" + name_or_path + ".toml")) {
    return read_profile(*built_in, name_or_path + ".toml (built in)");
  }
  if (!std::filesystem::exists(name_or_path)) {
    std::string names;
    for (const std::string_view path : embedded_names("profiles")) {
      names += names.empty() ? "" : ", ";
      names += std::filesystem::path(path).stem().string();
    }
    return fail(fmt::format("there is no profile of this name built in ({}) and no such file", names), {},
                name_or_path);
  }
  const auto text = read_file(name_or_path);
  if (!text) {
    return tl::unexpected(text.error());
  }
  return read_profile(*text, name_or_path);
}

}  // namespace her2
