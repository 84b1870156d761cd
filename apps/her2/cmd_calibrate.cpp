// SPDX-License-Identifier: Apache-2.0
// her2 calibrate: a laboratory's own profile.
#include <filesystem>

#include <fmt/format.h>

#include "common.h"
#include "her2/assay/calibrate_run.h"
#include "her2/assay/ihc_run.h"
#include "her2/core/parallel.h"
#include "progress_bar.h"

namespace her2::app {
namespace {

struct CalibrateArguments {
  CalibrationRun run;
  std::string base = "generic-uncalibrated", out;
  int threads = 0;
  CatalogOptions catalog;
};

void print_report(const CalibrationReport& report, const Profile& base) {
  fmt::print("Thresholds, OD                 was    now    sd      wrong side, % of lower / higher\n");
  const std::array<int, 4> was{base.t_mem, base.t_weak, base.t_moderate, base.t_strong};
  for (std::size_t i = 0; i < report.calibration.cuts.size(); ++i) {
    const FittedCut& cut = report.calibration.cuts[i];
    fmt::print("  {:<26} {:6.3f} {:6.3f} {:6.3f}  {}\n", cut.key, was.at(i) / 1000.0, cut.value / 1000.0,
               cut.sd / 1000.0,
               cut.fitted ? fmt::format("{:.1f} / {:.1f}", cut.wrong_low / 10.0, cut.wrong_high / 10.0)
                          : "not fitted: carried over in proportion");
  }
  std::size_t right = 0;
  fmt::print("\nFields                         cells  given  now\n");
  for (const CalibratedField& field : report.fields) {
    right += field.got == field.given ? 1U : 0U;
    fmt::print("  {:<26} {:>7}  {:<5}  {}\n", field.name, field.tumour_cells, field.given, field.got);
  }
  fmt::print("\n{} of {} fields have their score (2018), on the fields that the profile was made from.\n", right,
             report.fields.size());
  const Profile& profile = report.calibration.profile;
  if (profile.control_low >= 0) {
    fmt::print("Controls must have an H-score of {} to {}.\n", profile.control_low, profile.control_high);
  }
}

int make_profile(CalibrateArguments& arguments) {
  auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  auto base = find_profile(arguments.base);
  if (!base) {
    return complain(base.error());
  }
  CalibrationRun& run = arguments.run;
  run.base = std::move(*base);
  run.name = std::filesystem::path(arguments.out).stem().string();
  run.threads = thread_count(arguments.threads);
  ProgressBar bar(is_terminal(2));
  run.progress = [&bar](const WalkProgress& progress) { bar.show(progress); };
  const auto report = run_calibration(run, *catalog);
  bar.clear();
  if (!report) {
    return complain(report.error());
  }
  if (auto written = write_text(arguments.out, profile_toml(report->calibration.profile)); !written) {
    return complain(written.error());
  }
  print_report(*report, run.base);
  fmt::print("Written to {}; use it with --profile {}.\n", arguments.out, arguments.out);
  return kDone;
}

}  // namespace

void add_calibrate(CLI::App& app, int& code) {
  CLI::App& command = *app.add_subcommand("calibrate", "A laboratory's own profile, from controls or scored regions");
  auto arguments = std::make_shared<CalibrateArguments>();
  CalibrationRun& run = arguments->run;
  command.add_option("slides", run.slides, "slides of one scanner and one staining")->required();
  auto* regions = command.add_option("--regions", run.regions,
                                     "GeoJSON of regions with their score in name or class (2+), of class Tumor or "
                                     "Control; one for each slide, or one for all");
  command.add_option("--scores", run.scores, "of whole slides instead: 0,1+,2+,3+; one for each")
      ->delimiter(',')
      ->excludes(regions);
  command.add_option("--out", arguments->out, "profile to write; its name is the profile's")->required();
  command.add_option("--profile", arguments->base, "what is not calibrated is taken from this one")
      ->capture_default_str();
  command.add_option("--mpp", run.mpp, "um per pixel, where the files do not say or say it wrong")
      ->check(CLI::Range(0.02, 20.0));
  command.add_flag("--allow-coarse", run.allow_coarse, "slides that are too coarse to measure well");
  command.add_option("--threads", arguments->threads, "threads (0: all that are allowed)")->capture_default_str();
  arguments->catalog.add_to(command);
  command.footer(
      "\nExamples:\n"
      "  her2 calibrate controls.svs --regions scored.geojson --out mylab.toml\n"
      "  her2 calibrate zero.svs one.svs two.svs three.svs --scores 0,1+,2+,3+ --out mylab.toml\n"
      "  her2 ihc slide.svs --profile mylab.toml");
  command.callback([arguments, &code] { code = make_profile(*arguments); });
}

}  // namespace her2::app
