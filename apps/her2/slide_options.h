// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "her2/cellfile/regions.h"
#include "her2/core/error.h"

namespace her2::app {

// What every command that walks through a slide takes.
struct SlideOptions {
  std::optional<double> mpp;
  std::string regions;
  int threads = 0, area = 0, origin = 0;

  void add_to(CLI::App& command, const std::string& regions_help);
  // The regions' file, read; nothing when none was given.
  [[nodiscard]] Result<std::optional<Regions>> load_regions() const;
};

}  // namespace her2::app
