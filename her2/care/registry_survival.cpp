// SPDX-License-Identifier: Apache-2.0
#include "her2/care/registry_survival.h"

#include <array>

#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

using Code = ModelInputs::Code;
constexpr std::array<std::string_view, 4> kSubtypes{"HR+/HER2-", "triple-negative", "HR+/HER2+", "HR-/HER2+"};
// Percent: all stages, localized, regional, distant.
constexpr std::array<std::array<double, 4>, 4> kSurvival{
    {{95.1, 100.0, 90.3, 34.0}, {78.0, 91.8, 66.2, 12.8}, {91.5, 99.1, 89.8, 45.6}, {85.7, 97.2, 84.0, 39.5}}};

// The subtypes that ER, PgR and HER2 leave possible.
ModelInput subtypes_of(const Dictionary& dictionary, const FactValues& facts) {
  CareResult scratch;
  ModelInputs receptors(dictionary, facts, scratch);
  receptors.receptor("er", "er_status", "er_percent");
  receptors.receptor("pgr", "pgr_status", "pgr_percent");
  receptors.her2(std::nullopt);
  std::array<bool, 4> possible{};
  for_each_combination(receptors.inputs(), [&](std::span<const double> x) {
    const bool hormones = x[0] == 1 || x[1] == 1;
    const bool her2 = x[2] == 1;
    possible[hormones ? (her2 ? 2 : 0) : (her2 ? 3 : 1)] = true;
  });
  ModelInput out{"subtype", {}, false, receptors.known() > 0};
  for (std::size_t i = 0; i < possible.size(); ++i) {
    if (possible[i]) {
      out.values.push_back(static_cast<double>(i));
    }
  }
  return out;
}

}  // namespace

CareResult registry_survival_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "registry_survival_5";
  out.title = say("prognosis.registry_title");
  out.valid = say("prognosis.registry_valid");
  out.numbers = {{"registry_survival_5", say("prognosis.label_registry_survival_5"), "%", 0, 0, 1}};
  out.sources = {say("prognosis.registry_source_1"), say("prognosis.registry_source_2")};
  ModelInputs inputs(dictionary, facts, out);
  static constexpr std::array<Code, 4> kCodes{
      {{kSubtypes[0], 0}, {kSubtypes[1], 1}, {kSubtypes[2], 2}, {kSubtypes[3], 3}}};
  const Value* recorded = inputs.find("receptor_subtype");
  const auto id = dictionary.find("receptor_subtype");
  const auto doubtful = id ? dictionary[*id].index_of("undetermined") : std::nullopt;
  if (recorded != nullptr && doubtful && (recorded->choices >> *doubtful & 1U) == 0) {
    inputs.choice("subtype", "receptor_subtype", kCodes);
  } else {
    inputs.put(subtypes_of(dictionary, facts), "receptor_subtype", nullptr);
  }
  const bool staged = inputs.find("seer_stage") != nullptr;
  if (staged) {
    static constexpr std::array<Code, 3> kStages{{{"localized", 1}, {"regional", 2}, {"distant", 3}}};
    inputs.choice("stage", "seer_stage", kStages);
  }
  evaluate(out, inputs, kSubtypes, [&](std::span<const double> x) {
    const auto subtype = static_cast<std::size_t>(x[0]);
    const auto stage = staged ? static_cast<std::size_t>(x[1]) : 0;
    return ModelValue{{kSurvival[subtype][stage]}, static_cast<int>(subtype)};
  });
  if (out.says.empty()) {
    out.says = staged ? say("prognosis.registry_by_stage") : say("prognosis.registry_all_stages");
  }
  return out;
}

}  // namespace her2
