// SPDX-License-Identifier: Apache-2.0
// her2 cells: nuclei of any stain.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "common.h"
#include "her2/assay/find_cells.h"
#include "her2/core/parallel.h"
#include "her2/core/sha256.h"
#include "progress_bar.h"

namespace her2::app {
namespace {

struct CellsArguments {
  std::string image, out = "nuclei.geojson", stain = "auto", regions;
  std::optional<double> mpp;
  int threads = 0, area = 0, origin = 0;
};

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::optional<NuclearSignal> signal_of(const std::string& stain) {
  if (stain == "haematoxylin") {
    return NuclearSignal::haematoxylin;
  }
  if (stain == "membrane") {
    return NuclearSignal::membrane;
  }
  return stain == "auto" ? std::nullopt : std::optional(NuclearSignal::any);
}

void print_summary(const FoundCells& found, const CellsArguments& arguments, double took) {
  fmt::print("{} nuclei in {:.3g} mm2 of tissue, {:.0f} per mm2\n", found.nuclei.size(), found.tissue_mm2,
             static_cast<double>(found.nuclei.size()) / found.tissue_mm2);
  if (!found.nuclei.empty()) {
    std::vector<std::uint32_t> areas;
    for (const FoundNucleus& nucleus : found.nuclei) {
      areas.push_back(nucleus.area);
    }
    const auto quantile = [&](std::size_t percent) {
      const auto at = areas.begin() + static_cast<std::ptrdiff_t>((areas.size() - 1) * percent / 100);
      std::nth_element(areas.begin(), at, areas.end());
      return *at / 100.0;
    };
    const double low = quantile(5);
    const double middle = quantile(50);
    fmt::print("  area      {:.0f} um2 (middle; 5 to 95 %: {:.0f} to {:.0f})\n", middle, low, quantile(95));
  }
  const bool guessed = arguments.stain == "auto";
  fmt::print("  stain     {}{}\n", name_of(found.signal),
             guessed ? " (chosen; see --stain)" : "");
  fmt::print("  scale     {:.3g} um/px, looked at with {:.3g} um/px\n", found.mpp, found.work_mpp);
  fmt::print("  written   {}\n{:.1f} s\n", arguments.out, took);
}

int find(const CellsArguments& arguments) {
  const double begun = seconds();
  const auto slide = open_slide(arguments.image, {arguments.mpp});
  if (!slide) {
    return complain(located(slide.error(), arguments.image));
  }
  const auto sha256 = sha256_of_file(arguments.image);
  if (!sha256) {
    return complain(sha256.error());
  }
  FindCellsOptions options;
  Regions regions;
  if (!arguments.regions.empty()) {
    auto read = read_regions(arguments.regions);
    if (!read) {
      return complain(located(read.error(), arguments.regions));
    }
    regions = std::move(*read);
    options.regions = &regions;
  }
  ProgressBar bar(is_terminal(2));
  options.signal = signal_of(arguments.stain);
  options.threads = thread_count(arguments.threads);
  options.area = arguments.area;
  options.origin_x = options.origin_y = arguments.origin;
  options.progress = [&bar](const WalkProgress& progress) { bar.show(progress); };
  const auto found = find_cells(**slide, options);
  bar.clear();
  if (!found) {
    return complain(located(found.error(), arguments.image));
  }
  if (auto written = write_nuclei_geojson(found->nuclei, *sha256, arguments.out); !written) {
    return complain(located(written.error(), arguments.out));
  }
  print_summary(*found, arguments, seconds() - begun);
  return kDone;
}

}  // namespace

void add_cells(CLI::App& app, int& code) {
  CLI::App& command = *app.add_subcommand("cells", "Nuclei of a slide or picture of any stain, for QuPath");
  auto arguments = std::make_shared<CellsArguments>();
  command.add_option("image", arguments->image, "slide or picture: SVS, TIFF, DICOM, NDPI, PNG, JPEG ...")->required();
  command.add_option("--out", arguments->out, "GeoJSON to write; packed when the name ends in .gz")
      ->capture_default_str();
  command.add_option("--mpp", arguments->mpp, "um per pixel, where the file does not say or says it wrong")
      ->check(CLI::Range(0.02, 20.0));
  command
      .add_option("--stain", arguments->stain,
                  "in what nuclei are dark: haematoxylin (H&E too), any (DAB or other colours stain nuclei; dab says "
                  "the same), membrane (DAB stains membranes or cytoplasm)")
      ->check(CLI::IsMember({"auto", "haematoxylin", "any", "dab", "membrane"}))
      ->capture_default_str();
  command.add_option("--regions", arguments->regions, "GeoJSON of regions to look at or to ignore");
  command.add_option("--threads", arguments->threads, "threads (0: all that are allowed)")->capture_default_str();
  command.add_option("--area", arguments->area, "size of the areas worked on, in pixels; changes no result")
      ->check(CLI::Range(0, 8192))
      ->group("");
  command.add_option("--origin", arguments->origin, "where the grid of areas begins; changes no result")->group("");
  command.footer(
      "\nExamples:\n"
      "  her2 cells slide.svs --out nuclei.geojson.gz\n"
      "  her2 cells field.png --mpp 0.25 --out nuclei.geojson\n"
      "  her2 cells ki67.png --mpp 0.5 --stain any --out nuclei.geojson");
  command.callback([arguments, &code] { code = find(*arguments); });
}

}  // namespace her2::app
