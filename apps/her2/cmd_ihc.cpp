// SPDX-License-Identifier: Apache-2.0
// her2 ihc: from an IHC slide to its score.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "common.h"
#include "her2/assay/ihc_run.h"
#include "her2/core/parallel.h"
#include "her2/language/say.h"
#include "her2/report/ihc_text.h"
#include "language_options.h"
#include "paper_file.h"
#include "progress_bar.h"
#include "slide_options.h"

namespace her2::app {
namespace {

struct IhcArguments {
  std::vector<std::string> slides;
  std::string from, out = "result", edits, profile = "generic-uncalibrated", edition, marker;
  PaperArguments paper;
  LanguageOptions speech;
  bool pdf = false, allow_coarse = false, no_geojson = false, tma = false;
  SlideOptions slide;
  CatalogOptions catalog;
};

Result<void> write_pdf(const IhcArguments& arguments, const IhcReport& report, const std::string& folder) {
  const auto bytes =
      on_paper(arguments.paper,
               {say("paper.marker_ihc", {{"marker", report.marker}}),
                say("paper.slide", {{"slide", report.slide.name}}), ihc_headline(report).score, report.software, true},
               [&](ReportPage& page) { write_ihc(page, report); });
  return bytes ? write_text((std::filesystem::path(folder) / "report.pdf").string(), *bytes)
               : tl::unexpected(bytes.error());
}

int run_one(const IhcArguments& arguments, const Catalog& catalog, IhcRun run) {
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
  if (arguments.pdf) {
    if (auto written = write_pdf(arguments, *report, run.out); !written) {
      return complain(written.error());
    }
  }
  if (!run.out.empty()) {
    fmt::print("Written to {}/: begin with report.html.\n", run.out);
  }
  return report->refused() ? kRefused : kDone;
}

int score_one(const IhcArguments& arguments, const Catalog& catalog, IhcRun& run) {
  run.slide = arguments.slides.front();
  run.out = arguments.out;
  return run_one(arguments, catalog, run);
}

// Each slide gets a folder of its name; one that fails does not keep the others from being done.
int score_many(const IhcArguments& arguments, const Catalog& catalog, IhcRun& run) {
  std::set<std::string> taken;
  std::array<std::size_t, 3> ended{};  // by exit code
  for (std::size_t i = 0; i < arguments.slides.size(); ++i) {
    const std::filesystem::path slide(arguments.slides[i]);
    std::string name = slide.stem().string();
    for (int n = 1; !taken.insert(name).second; ++n) {  // a.svs and a.tiff, or one of this name in another folder
      name = n == 1 ? slide.filename().string() : fmt::format("{}-{}", slide.filename().string(), n);
    }
    run.slide = slide.string();
    run.out = (std::filesystem::path(arguments.out) / name).string();
    fmt::print("{}Slide {} of {}: {}\n", i == 0 ? "" : "\n", i + 1, arguments.slides.size(), run.slide);
    std::fflush(stdout);
    ++ended.at(static_cast<std::size_t>(run_one(arguments, catalog, run)));
  }
  fmt::print("\n{} of {} slides scored, {} refused, {} failed.\n", ended[kDone], arguments.slides.size(),
             ended[kRefused], ended[kBadInput]);
  return ended[kBadInput] > 0 ? kBadInput : ended[kRefused] > 0 ? kRefused : kDone;
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
  const auto regions = arguments.slide.load_regions();
  if (!regions) {
    return complain(regions.error());
  }
  run.measure.regions = *regions ? &**regions : nullptr;
  run.measure.marker = nuclear_marker(arguments.marker);
  if (!arguments.marker.empty()) {
    run.marker = arguments.marker == "her2" ? "" : arguments.marker;
  }
  run.measure.microarray = arguments.tma;
  run.measure.allow_coarse = arguments.allow_coarse;
  run.measure.threads = thread_count(arguments.slide.threads);
  run.measure.area = arguments.slide.area;
  run.measure.origin_x = run.measure.origin_y = arguments.slide.origin;
  run.mpp = arguments.slide.mpp;
  run.edits = arguments.edits;
  run.edition = arguments.edition;
  run.geojson = !arguments.no_geojson;
  if (!arguments.from.empty()) {
    run.slide = arguments.from;
    run.from_table = true;
    run.out = arguments.out;
    return run_one(arguments, *catalog, run);
  }
  if (arguments.slides.empty()) {
    return complain({{}, {}, "no slide was given; see 'her2 ihc --help'"});
  }
  run.out = arguments.out;
  if (auto possible = check_run(run, *catalog); !possible) {
    return complain(possible.error());
  }
  return arguments.slides.size() == 1 ? score_one(arguments, *catalog, run) : score_many(arguments, *catalog, run);
}

}  // namespace

void add_ihc(CLI::App& app, int& code) {
  CLI::App& command =
      *app.add_subcommand("ihc", "HER2 IHC score of a slide (or ER, PgR, Ki-67), cell by cell, with a report");
  auto arguments = std::make_shared<IhcArguments>();
  command.add_option("slides", arguments->slides, "slides or images: SVS, TIFF, DICOM, NDPI, MRXS, PNG, JPEG ...");
  command
      .add_option("--out", arguments->out,
                  "folder for the results (one below it for each slide when there are several)")
      ->capture_default_str();
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
  arguments->slide.add_to(command, "GeoJSON of regions to measure, to ignore, or controls, as QuPath writes it");
  command.add_option("--from", arguments->from, "score a cells.h5ad again, without pixels");
  command.add_option("--edits", arguments->edits,
                     "corrections: cells.geojson.gz as changed in QuPath, or our own records");
  command.add_flag("--allow-coarse", arguments->allow_coarse,
                   "measure a slide that is too coarse; the result is marked");
  command.add_flag("--pdf", arguments->pdf, "also report.pdf, to print and sign");
  arguments->paper.add_to(command);
  command.add_flag("--no-geojson", arguments->no_geojson, "leave out cells.geojson.gz");
  arguments->speech.add_to(command);
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
  command.callback(
      [arguments, &code] { code = in_language(arguments->speech, {}, [&] { return score_slides(*arguments); }); });
}

}  // namespace her2::app
