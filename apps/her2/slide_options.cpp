// SPDX-License-Identifier: Apache-2.0
#include "slide_options.h"

#include <utility>

namespace her2::app {

void SlideOptions::add_to(CLI::App& command, const std::string& regions_help) {
  command.add_option("--regions", regions, regions_help);
  command.add_option("--mpp", mpp, "um per pixel, where the file does not say or says it wrong")
      ->check(CLI::Range(0.02, 20.0));
  command.add_option("--threads", threads, "threads (0: all that are allowed)")->capture_default_str();
  command.add_option("--area", area, "size of the areas worked on, in pixels; changes no result")
      ->check(CLI::Range(0, 8192))
      ->group("");
  command.add_option("--origin", origin, "where the grid of areas begins; changes no result")->group("");
}

Result<std::optional<Regions>> SlideOptions::load_regions() const {
  if (regions.empty()) {
    return std::optional<Regions>();
  }
  auto read = read_regions(regions);
  if (!read) {
    return tl::unexpected(located(read.error(), regions));
  }
  return std::optional<Regions>(std::move(*read));
}

}  // namespace her2::app
