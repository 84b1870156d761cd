// SPDX-License-Identifier: Apache-2.0
#include "her2/care/magee.h"

#include <algorithm>

#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, 3> kGroups{"low score expected", "the test would tell", "high score expected"};
constexpr std::array<double, 3> kHer2First{0, 0.77681, 11.58134}, kHer2Second{0, 1.82921, 11.51378},
    kHer2Third{0, 1.46495, 12.75525};

}  // namespace

std::array<double, 3> magee(const MageeInputs& in) {
  const auto h = static_cast<std::size_t>(in.her2);
  return {15.31385 + 1.4055 * in.nottingham_score - 0.01924 * in.er_h - 0.02925 * in.pgr_h + kHer2First[h] +
              0.78677 * in.size_cm + 0.13269 * in.ki67_percent,
          18.8042 + 2.34123 * in.nottingham_score - 0.03749 * in.er_h - 0.03065 * in.pgr_h + kHer2Second[h] +
              0.04267 * in.size_cm,
          24.30812 - 0.02177 * in.er_h - 0.02884 * in.pgr_h + kHer2Third[h] + 0.18649 * in.ki67_percent};
}

int magee_decision(const std::array<double, 3>& equations, int mitotic_score) {
  const double lowest = *std::min_element(equations.begin(), equations.end());
  const double highest = *std::max_element(equations.begin(), equations.end());
  if (highest < 18 || (highest <= 25 && mitotic_score == 1)) {
    return 0;
  }
  return lowest >= 31 ? 2 : 1;
}

CareResult magee_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "magee";
  out.title = say("prognosis.magee_title");
  out.valid = say("prognosis.magee_valid");
  out.numbers = {{"magee_1", say("prognosis.label_magee_1"), "", 0, 0, 1},
                 {"magee_2", say("prognosis.label_magee_2"), "", 0, 0, 1},
                 {"magee_3", say("prognosis.label_magee_3"), "", 0, 0, 1}};
  out.sources = {say("prognosis.magee_source_1"), say("prognosis.magee_source_2")};
  out.unconfirmed = {say("prognosis.magee_unconfirmed_1"), say("prognosis.magee_unconfirmed_2")};
  CareResult scratch;
  ModelInputs conditions(dictionary, facts, scratch);
  ModelInputs inputs(dictionary, facts, out);
  conditions.receptor("er", "er_status", "er_percent");
  if (conditions.inputs().front().known && conditions.inputs().front().values.back() == 0) {
    inputs.refuse(say("prognosis.magee_refused"));
  }
  conditions.her2(0.5);
  if (conditions.inputs().back().known && conditions.inputs().back().values.front() == 1) {
    inputs.refuse(say("prognosis.magee_refused_2"));
  }
  inputs.nottingham_score();
  inputs.number("er", "er_h_score", 0, 300);
  inputs.number("pgr", "pgr_h_score", 0, 300);
  inputs.her2(0.5);
  inputs.number("size", "size_mm", 0.1, 500);
  inputs.number("ki67", "ki67_percent", 0, 100);
  inputs.number("mitoses", "mitotic_score", 1, 3);
  evaluate(out, inputs, kGroups, [](std::span<const double> x) {
    const auto equations = magee({x[0], x[1], x[2], static_cast<int>(2 * x[3]), x[4] / 10, x[5]});
    return ModelValue{{equations.begin(), equations.end()}, magee_decision(equations, static_cast<int>(x[6]))};
  });
  return out;
}

}  // namespace her2
