// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "her2/care/prognosis.h"

namespace her2::app {

// The user's stage tables, and the options that point to them; it must stay where it is.
struct PrognosisSetup {
  std::optional<StageTable> clinical, pathological;
  PrognosisOptions options;
};

// What `her2 care` asks of stage and prognosis, of a case as of a table.
struct PrognosisArguments {
  std::string model = "predict-3.2";
  std::vector<std::string> stage_tables;  // "clinical=FILE", "pathological=FILE"

  void add_to(CLI::App& command);
  [[nodiscard]] Result<std::unique_ptr<PrognosisSetup>> load() const;
};

}  // namespace her2::app
