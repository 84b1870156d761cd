// SPDX-License-Identifier: Apache-2.0
// her2 ish: from counted HER2 and CEP17 signals to ratio, group and what to do next.
#include <fmt/format.h>

#include "common.h"
#include "her2/core/output_file.h"
#include "her2/exchange/case_json.h"
#include "her2/language/say.h"
#include "her2/report/ish_text.h"
#include "her2/run/ish_run.h"
#include "language_options.h"
#include "paper_file.h"
#ifdef HER2_IMAGING
#include "her2/assay/ish_case.h"
#include "her2/cellfile/ish_edits_geojson.h"
#include "her2/core/parallel.h"
#include "progress_bar.h"
#endif

namespace her2::app {
namespace {

struct IshArguments {
  std::vector<std::string> fields, counts, edits;
  std::string out, author, ihc, specimen, case_id, edition;
  std::string assay = "fish", regions, nuclei_channel, her2_channel, cep17_channel;
  std::optional<double> mpp;
  int threads = 0;
  double level = 0.05;
  bool blinded = false, same_area = false, pdf = false;
  PaperArguments paper;
  LanguageOptions speech;
  CatalogOptions catalog;
};

// "--ihc 2+" or "--ihc case.json".
Result<void> join_ihc(const IshArguments& arguments, const Catalog& catalog, IshRun& run) {
  if (!arguments.ihc.ends_with(".json")) {
    run.ihc_score = arguments.ihc;
    return {};
  }
  const auto text = read_file(arguments.ihc, std::size_t{64} << 20U);
  if (!text) {
    return tl::unexpected(text.error());
  }
  auto joined = parse_case(*text, catalog.dictionary, arguments.ihc);
  if (!joined) {
    return tl::unexpected(located(joined.error(), arguments.ihc));
  }
  run.joined = std::move(*joined);
  run.joined_file = arguments.ihc;
  return {};
}

Result<void> read_tables(const IshArguments& arguments, IshRun& run) {
  for (const std::string& path : arguments.counts) {
    auto file = read_counts(path);
    if (!file) {
      return tl::unexpected(file.error());
    }
    run.unused.insert(run.unused.end(), file->unused.begin(), file->unused.end());
    for (ReaderCounts& reader : file->readers) {
      run.readers.push_back(std::move(reader));
    }
  }
  return {};
}

Result<void> read_edits(const IshArguments& arguments, IshRun& run) {
  for (const std::string& path : arguments.edits) {
#ifdef HER2_IMAGING
    const bool drawn = path.ends_with(".geojson") || path.ends_with(".geojson.gz");
    auto edits = drawn ? read_ish_geojson_edits(path, arguments.author) : read_ish_edits(path);
#else
    auto edits = read_ish_edits(path);
#endif
    if (!edits) {
      return tl::unexpected(edits.error());
    }
    for (IshEdit& edit : *edits) {
      edit.author = edit.author.empty() ? arguments.author : edit.author;
      run.edits.push_back(std::move(edit));
    }
  }
  return {};
}

#ifdef HER2_IMAGING
Result<void> measure(const IshArguments& arguments, IshImages& images, Regions& regions, IshRun& run) {
  images.inputs = arguments.fields;
  images.options.assay = arguments.assay == "fish" ? IshAssay::fish : IshAssay::dual_ish;
  images.options.mpp = arguments.mpp;
  images.options.roles = {arguments.nuclei_channel, arguments.her2_channel, arguments.cep17_channel};
  images.options.threads = thread_count(arguments.threads);
  if (!arguments.regions.empty()) {
    auto read = read_regions(arguments.regions);
    if (!read) {
      return tl::unexpected(located(read.error(), arguments.regions));
    }
    regions = std::move(*read);
    images.options.regions = &regions;
  }
  ProgressBar bar(is_terminal(2));
  images.options.progress = [&bar](const WalkProgress& progress) { bar.show(progress); };
  auto done = read_images(images, run);
  images.options.progress = {};
  return done;
}

void add_image_options(CLI::App& command, IshArguments& arguments) {
  command.add_option("fields", arguments.fields,
                     "FISH or dual-ISH pictures of one case: JPEG, PNG, TIFF; or one slide");
  command.add_option("--assay", arguments.assay, "fish (fluorescence) or dual-ish (bright field)")
      ->capture_default_str()
      ->check(CLI::IsMember({"fish", "dual-ish"}));
  command.add_option("--mpp", arguments.mpp, "um per pixel, where the file does not say or says it wrong")
      ->check(CLI::Range(0.01, 2.0));
  command.add_option("--regions", arguments.regions, "GeoJSON of the areas of tumour, as QuPath writes it");
  command.add_option("--nuclei-channel", arguments.nuclei_channel,
                     "FISH: red, green, blue, a channel's name or number");
  command.add_option("--her2-channel", arguments.her2_channel, "the same for HER2");
  command.add_option("--cep17-channel", arguments.cep17_channel, "the same for CEP17");
  command.add_option("--threads", arguments.threads, "threads (0: all that are allowed)")->capture_default_str();
}
#endif

int finish(const IshArguments& arguments, IshReport& report) {
  if (!arguments.out.empty()) {
    if (auto written = write_ish(report, arguments.out); !written) {
      return complain(written.error());
    }
  }
  if (arguments.pdf) {
    const auto bytes = on_paper(arguments.paper,
                                {say("paper.her2_ish"), say("paper.case", {{"case", report.table.name}}),
                                 ish_headline(report).group, report.software, true},
                                [&](ReportPage& page) { write_ish(page, report); });
    const auto written = bytes ? write_text(arguments.out + "/report.pdf", *bytes) : tl::unexpected(bytes.error());
    if (!written) {
      return complain(written.error());
    }
  }
  TextStyle style;
  style.colour = wants_colour(1);
  style.width = terminal_width();
  fmt::print("{}", ish_text(report, style));
  if (!arguments.out.empty()) {
    fmt::print("Written to {}/: begin with report.html.\n", arguments.out);
  }
  return report.refused() ? kRefused : kDone;
}

int count(const IshArguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  if (arguments.fields.empty() == arguments.counts.empty()) {
    return complain({{}, {}, "give pictures of fields, or counts with --counts; see 'her2 ish --help'"});
  }
  if (arguments.pdf && arguments.out.empty()) {
    return complain({{}, {}, "--pdf writes report.pdf into the folder of --out; give one"});
  }
  IshRun run;
  run.edition = arguments.edition;
  run.level = arguments.level;
  run.specimen = arguments.specimen;
  run.case_id = arguments.case_id;
  run.recount.blinded = arguments.blinded ? std::optional(true) : std::nullopt;
  run.recount.in_ihc_2_area = arguments.same_area ? std::optional(true) : std::nullopt;
  auto ready = join_ihc(arguments, *catalog, run);
  if (ready) {
    ready = read_tables(arguments, run);
  }
#ifdef HER2_IMAGING
  IshImages images;
  Regions regions;
  if (ready && !arguments.fields.empty()) {
    ready = measure(arguments, images, regions, run);
  }
#endif
  if (ready) {
    ready = read_edits(arguments, run);
  }
  if (!ready) {
    return complain(ready.error());
  }
  auto report = ish_report(run, *catalog);
  if (!report) {
    return complain(report.error());
  }
#ifdef HER2_IMAGING
  if (!arguments.fields.empty() && !arguments.out.empty()) {
    if (auto drawn = add_contact_sheets(images, *report); !drawn) {
      return complain(drawn.error());
    }
    if (auto written = write_fields_geojson(*report, arguments.out); !written) {
      return complain(written.error());
    }
  }
#endif
  return finish(arguments, *report);
}

}  // namespace

void add_ish(CLI::App& app, int& code) {
  CLI::App& command =
      *app.add_subcommand("ish", "HER2 and CEP17 signals: ratio, ISH group, and whether enough is counted");
  auto arguments = std::make_shared<IshArguments>();
#ifdef HER2_IMAGING
  add_image_options(command, *arguments);
#endif
  command.add_option("--counts", arguments->counts,
                     "counts made by a person: CSV or TSV, a nucleus a row; twice for two readers");
  command.add_option("--out", arguments->out, "folder for result.json, report.html, nuclei.csv, case.json");
  command.add_flag("--pdf", arguments->pdf, "also report.pdf, to print and sign");
  arguments->paper.add_to(command);
  command.add_option("--edits", arguments->edits,
                     "a person's corrections: CSV, JSON, or a field's GeoJSON as changed in QuPath (docs/ish.md); "
                     "may be given for each field");
  command.add_option("--author", arguments->author, "who made those corrections, where the file does not say");
  command.add_option("--ihc", arguments->ihc, "IHC of the same tissue: a score such as 2+, or a case file (*.json)");
  command.add_option("--specimen", arguments->specimen, "which specimen of that case was counted");
  command.add_option("--case", arguments->case_id, "pseudonym for the case that is written");
  command.add_option("-e,--edition", arguments->edition, "decide by this edition only: 2007, 2013, 2018, 2023 (all)");
  command.add_flag("--blinded", arguments->blinded, "the second reader did not know the first result");
  command.add_flag("--ihc-2-area", arguments->same_area, "the second reader counted where IHC is 2+");
  command.add_option("--level", arguments->level, "chance of a wrong group that is low enough")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 0.5));
  arguments->speech.add_to(command);
  arguments->catalog.add_to(command);
  command.footer(
      "\nA table needs the columns her2 and cep17; nucleus, area and reader are understood too (docs/ish.md).\n"
      "\nExamples:\n"
      "  her2 ish fields/*.jpg --mpp 0.0645 --out ish/         FISH fields of one case; open ish/report.html\n"
      "  her2 ish slide.svs --assay dual-ish --regions r.geojson --out ish/\n"
      "  her2 ish --counts nuclei.csv                          means, ratio, interval, group, nuclei still needed\n"
      "  her2 ish --counts nuclei.csv --ihc 2+ --out ish/      with IHC: the HER2 status; open ish/report.html\n"
      "  her2 ish --counts first.csv --counts second.csv --blinded --ihc 2+\n"
      "  her2 ish --counts nuclei.csv --edits corrections.csv --out again/\n"
      "  her2 status ish/case.json                             the same case in full\n"
      "\nFor research use only. A count is a measurement; it prescribes nothing.");
  command.callback(
      [arguments, &code] { code = in_language(arguments->speech, {}, [&] { return count(*arguments); }); });
}

}  // namespace her2::app
