// SPDX-License-Identifier: Apache-2.0
// her2 ihc: from an IHC slide to its score.
#include <filesystem>

#include <fmt/format.h>

#include "common.h"
#include "her2/assay/ihc_run.h"
#include "her2/core/parallel.h"
#include "her2/report/ihc_text.h"
#include "progress_bar.h"

namespace her2::app {
namespace {

struct IhcArguments {
  std::vector<std::string> slides;
  std::string from, out = "result", regions, edits, profile = "generic-uncalibrated", edition;
  std::optional<double> mpp;
  std::string marker;
  bool allow_coarse = false, no_geojson = false, tma = false;
  int threads = 0, area = 0, origin = 0;
  CatalogOptions catalog;
};

int run_one(const Catalog& catalog, IhcRun run) {
  ProgressBar bar(is_terminal(2));
  run.measure.progress = [&bar](const WalkProgress& progress) { bar.show(progress); };
  const auto report = run_ihc(run, catalog);
  bar.clear();
  if (!report) {
    return complain(report.error());
  }
  TextStyle style;
  style.colour = wants_colour(1);
  style.width = terminal_width();
  fmt::print("{}", ihc_text(*report, style));
  if (!run.out.empty()) {
    fmt::print("Written to {}/: begin with report.html.\n", run.out);
  }
  return report->refused() ? kRefused : kDone;
}

int score_slides(const IhcArguments& arguments) {
  auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  IhcRun run;
  auto profile = find_profile(arguments.profile);
  if (!profile) {
    return complain(profile.error());
  }
  run.measure.profile = std::move(*profile);
  Regions regions;
  if (!arguments.regions.empty()) {
    auto read = read_regions(arguments.regions);
    if (!read) {
      return complain(located(read.error(), arguments.regions));
    }
    regions = std::move(*read);
    run.measure.regions = &regions;
  }
  run.measure.marker = nuclear_marker(arguments.marker);
  if (!arguments.marker.empty()) {
    run.marker = arguments.marker == "her2" ? "" : arguments.marker;
  }
  run.measure.microarray = arguments.tma;
  run.measure.allow_coarse = arguments.allow_coarse;
  run.measure.threads = thread_count(arguments.threads);
  run.measure.area = arguments.area;
  run.measure.origin_x = run.measure.origin_y = arguments.origin;
  run.mpp = arguments.mpp;
  run.edits = arguments.edits;
  run.edition = arguments.edition;
  run.geojson = !arguments.no_geojson;
  if (!arguments.from.empty()) {
    run.slide = arguments.from;
    run.from_table = true;
    run.out = arguments.out;
    return run_one(*catalog, run);
  }
  if (arguments.slides.empty()) {
    return complain({{}, {}, "no slide was given; see 'her2 ihc --help'"});
  }
  int worst = kDone;
  for (const std::string& slide : arguments.slides) {
    run.slide = slide;
    run.out = arguments.slides.size() == 1
                  ? arguments.out
                  : (std::filesystem::path(arguments.out) / std::filesystem::path(slide).stem()).string();
    if (arguments.slides.size() > 1) {
      fmt::print("{}\n", slide);
    }
    worst = std::max(worst, run_one(*catalog, run));
  }
  return worst;
}

}  // namespace

void add_ihc(CLI::App& app, int& code) {
  CLI::App& command = *app.add_subcommand("ihc", "HER2 IHC score of a slide (or ER, PgR, Ki-67), cell by cell, with a report");
  auto arguments = std::make_shared<IhcArguments>();
  command.add_option("slides", arguments->slides, "slides or images: SVS, TIFF, DICOM, NDPI, MRXS, PNG, JPEG ...");
  command
      .add_option("--out", arguments->out,
                  "folder for the results (one below it for each slide when there are several)")
      ->capture_default_str();
  command.add_option("--regions", arguments->regions,
                     "GeoJSON of regions to measure, to ignore, or controls, as QuPath writes it");
  command
      .add_option("--profile", arguments->profile, "a laboratory's constants: a name or a TOML file (docs/profiles.md)")
      ->capture_default_str();
  command
      .add_option("--marker", arguments->marker,
                  "what is stained: her2 (membranes; the default), er, pgr or ki67 (nuclei)")
      ->check(CLI::IsMember({"her2", "er", "pgr", "ki67"}));
  command.add_flag("--tma", arguments->tma,
                   "a tissue microarray: a score for each core; cores are found, or are the --regions");
  command.add_option("--edition", arguments->edition, "decide by this edition only: 2007, 2013, 2018, 2023 (all)");
  command.add_option("--mpp", arguments->mpp, "um per pixel, where the file does not say or says it wrong")
      ->check(CLI::Range(0.02, 20.0));
  command.add_option("--from", arguments->from, "score a cells.h5ad again, without pixels");
  command.add_option("--edits", arguments->edits,
                     "corrections: cells.geojson.gz as changed in QuPath, or our own records");
  command.add_flag("--allow-coarse", arguments->allow_coarse,
                   "measure a slide that is too coarse; the result is marked");
  command.add_flag("--no-geojson", arguments->no_geojson, "leave out cells.geojson.gz");
  command.add_option("--threads", arguments->threads, "threads (0: all that are allowed)")->capture_default_str();
  command.add_option("--area", arguments->area, "size of the areas worked on, in pixels; changes no result")
      ->capture_default_str()
      ->check(CLI::Range(0, 8192))
      ->group("");
  command.add_option("--origin", arguments->origin, "where the grid of areas begins; changes no result")->group("");
  arguments->catalog.add_to(command);
  command.footer(
      "\nExamples:\n"
      "  her2 ihc slide.svs --out result/                     score a slide; open result/report.html\n"
      "  her2 ihc *.svs --regions tumour.geojson --threads 8  several slides, only what was drawn\n"
      "  her2 ihc field.png --mpp 0.25                        a camera picture\n"
      "  her2 ihc ki67.svs --marker ki67 --out ki67/          Ki-67 index and hot spot\n"
      "  her2 ihc tma.svs --tma --out cores/                  a score for each core: A1, A2 ...\n"
      "  her2 status result/case.json                         the whole HER2 status from the measured facts\n"
      "  her2 ihc --from result/cells.h5ad --edits corrected.geojson --out again/\n"
      "\nFor research use only. A score is a measurement; it prescribes nothing.");
  command.callback([arguments, &code] { code = score_slides(*arguments); });
}

}  // namespace her2::app
