// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ihc_run.h"

#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "her2/assay/ihc_pictures.h"
#include "her2/assay/ihc_result.h"
#include "her2/cellfile/cells_geojson.h"
#include "her2/cellfile/edits_file.h"
#include "her2/cellfile/h5ad.h"
#include "her2/core/embedded.h"
#include "her2/core/output_file.h"
#include "her2/core/sha256.h"
#include "her2/ihc/ensemble.h"
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
    auto ready = run_.from_table ? load() : measure();
    if (!ready) {
      return tl::unexpected(ready.error());
    }
    auto scored = score();
    if (!scored) {
      return tl::unexpected(scored.error());
    }
    const auto replicates = replicate(measured_.table, edits_, run_.measure.profile);
    if (!replicates) {
      return tl::unexpected(replicates.error());
    }
    QualityFacts facts = quality_facts(measured_.table, *scored, measured_, run_.measure.allow_coarse);
    if (!measured_.controls.cells.empty()) {
      const auto controls = score_cells(measured_.controls, {}, run_.measure.profile);
      if (!controls) {
        return tl::unexpected(controls.error());
      }
      facts.control_h_score = controls->h_score;
      facts.control_cells = controls->counts.tumour;
    }
    auto report =
        ihc_result(measured_.table, *scored, *replicates, run_.measure.profile, facts, catalog_, run_.edition);
    if (!report) {
      return report;
    }
    report->edits = edits_.size();
    std::set<std::string> authors;
    for (const Edit& edit : edits_) {
      authors.insert(edit.author.empty() ? "not stated" : edit.author);
    }
    report->edit_authors.assign(authors.begin(), authors.end());
    if (slide_) {
      add_measurement(measured_, slide_->info(), *report);
      add_second_opinion(measured_.look.connectivity, run_.measure.profile, *report);
      if (auto drawn = add_pictures(*slide_, measured_, *scored, *report); !drawn) {
        return tl::unexpected(drawn.error());
      }
    }
    report->timing.threads = run_.measure.threads;
    report->timing.seconds = seconds() - begun;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    report->timing.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
    if (!run_.out.empty()) {
      if (auto written = write(*scored, *report); !written) {
        return tl::unexpected(written.error());
      }
    }
    return report;
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
    measured_.table.software = "her2 " HER2_VERSION;
    return {};
  }

  Result<void> load() {
    auto table = read_h5ad(run_.slide);
    if (!table) {
      return tl::unexpected(located(table.error(), run_.slide));
    }
    measured_.table = std::move(*table);
    return {};
  }

  Result<ScoredCells> score() {
    if (!run_.edits.empty()) {
      auto edits = read_edits(run_.edits, measured_.table);
      if (!edits) {
        return tl::unexpected(located(edits.error(), run_.edits));
      }
      edits_ = std::move(*edits);
    }
    return score_cells(measured_.table, edits_, run_.measure.profile);
  }

  // result.json goes last: where it stands, everything stands.
  Result<void> write(const ScoredCells& scored, IhcReport& report) const {
    std::error_code error;
    std::filesystem::create_directories(run_.out, error);
    if (error) {
      return fail("this folder cannot be made: " + error.message(), {}, run_.out);
    }
    const auto in = [this](const std::string& name) { return (std::filesystem::path(run_.out) / name).string(); };
    if (auto ok = write_h5ad(measured_.table, scored, run_.measure.profile, in("cells.h5ad")); !ok) {
      return ok;
    }
    report.files.emplace_back("cells.h5ad");
    if (run_.geojson) {
      if (auto ok = write_cells_geojson(measured_.table, scored, run_.measure.profile, in("cells.geojson.gz")); !ok) {
        return ok;
      }
      report.files.emplace_back("cells.geojson.gz");
    }
    for (const IhcPicture& picture : report.pictures) {
      const std::string name = (picture.id == "heatmap" ? "overlay" : picture.id) + ".png";
      if (auto ok = write_whole(in(name), picture.png); !ok) {
        return ok;
      }
      report.files.push_back(name);
    }
    report.files.emplace_back("report.html");
    report.files.emplace_back("result.json");
    if (auto ok = write_whole(in("report.html"), ihc_html(report)); !ok) {
      return ok;
    }
    return write_whole(in("result.json"), ihc_json(report));
  }

  const IhcRun& run_;
  const Catalog& catalog_;
  std::unique_ptr<Slide> slide_;
  SlideMeasurement measured_;
  std::vector<Edit> edits_;
};

}  // namespace

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
