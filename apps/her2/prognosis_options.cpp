// SPDX-License-Identifier: Apache-2.0
#include "prognosis_options.h"

#include <fmt/format.h>

#include "her2/core/output_file.h"

namespace her2::app {

void PrognosisArguments::add_to(CLI::App& command) {
  command.add_option("--model", model, "Model of survival: predict-2.2, predict-3.1 or predict-3.2")
      ->check(CLI::IsMember({"predict-2.2", "predict-3.1", "predict-3.2"}));
  command.add_option("--stage-table", stage_tables,
                     "Your own table of prognostic stage (CSV): clinical=FILE, pathological=FILE");
}

Result<std::unique_ptr<PrognosisSetup>> PrognosisArguments::load() const {
  auto out = std::make_unique<PrognosisSetup>();
  out->options.model = predict_model(model).value_or(PredictModel::v3_2);
  for (const auto& argument : stage_tables) {
    const auto at = argument.find('=');
    const std::string kind = argument.substr(0, at);
    const bool clinical = kind == "clinical", pathological = kind == "pathological";
    if (at == std::string::npos || (!clinical && !pathological)) {
      return fail(fmt::format("--stage-table {}: write clinical=FILE or pathological=FILE", argument));
    }
    const std::string path = argument.substr(at + 1);
    const auto text = read_file(path, std::size_t{4} << 20);
    if (!text) {
      return tl::unexpected(text.error());
    }
    auto table = StageTable::parse(*text, path, clinical ? StageTable::Kind::clinical : StageTable::Kind::pathological);
    if (!table) {
      return tl::unexpected(table.error());
    }
    (clinical ? out->clinical : out->pathological) = std::move(*table);
  }
  out->options.clinical_table = out->clinical ? &*out->clinical : nullptr;
  out->options.pathological_table = out->pathological ? &*out->pathological : nullptr;
  return out;
}

}  // namespace her2::app
