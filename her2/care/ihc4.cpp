// SPDX-License-Identifier: Apache-2.0
#include "her2/care/ihc4.h"

#include "her2/care/elementary.h"
#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {

double ihc4(double er_h, double pgr_percent, double ki67_percent, bool her2_positive, Ki67Unit unit) {
  const double ki67 = unit == Ki67Unit::percent ? ki67_percent : ki67_percent / 100;
  return 94.7 * (-0.100 * (er_h / 30) - 0.079 * (pgr_percent / 10) + 0.586 * (her2_positive ? 1 : 0) +
                 0.240 * log_same(1 + 10 * ki67));
}

CareResult ihc4_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "ihc4";
  out.title = say("prognosis.ihc4_title");
  out.valid = say("prognosis.ihc4_valid");
  out.numbers = {{"ihc4", say("prognosis.score"), "", 0, 0, 1}};
  out.sources = {say("prognosis.ihc4_source_1")};
  out.unconfirmed = {say("prognosis.ihc4_unconfirmed_1"), say("prognosis.ihc4_unconfirmed_2")};
  ModelInputs inputs(dictionary, facts, out);
  CareResult scratch;
  ModelInputs conditions(dictionary, facts, scratch);
  conditions.receptor("er", "er_status", "er_percent");
  if (conditions.inputs().front().known && conditions.inputs().front().values.back() == 0) {
    inputs.refuse(say("prognosis.ihc4_refused"));
  }
  inputs.number("er", "er_h_score", 0, 300);
  inputs.number("pgr", "pgr_percent", 0, 100);
  inputs.number("ki67", "ki67_percent", 0, 100);
  inputs.her2(std::nullopt);
  evaluate(out, inputs, {}, [](std::span<const double> x) {
    return ModelValue{{ihc4(x[0], x[1], x[2], x[3] == 1)}, -1};
  });
  return out;
}

}  // namespace her2
