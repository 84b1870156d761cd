// SPDX-License-Identifier: Apache-2.0
#include "her2/care/ihc4.h"

#include "her2/care/elementary.h"
#include "her2/care/model_inputs.h"

namespace her2 {

double ihc4(double er_h, double pgr_percent, double ki67_percent, bool her2_positive, Ki67Unit unit) {
  const double ki67 = unit == Ki67Unit::percent ? ki67_percent : ki67_percent / 100;
  return 94.7 * (-0.100 * (er_h / 30) - 0.079 * (pgr_percent / 10) + 0.586 * (her2_positive ? 1 : 0) +
                 0.240 * log_same(1 + 10 * ki67));
}

CareResult ihc4_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "ihc4";
  out.title = "IHC4 (experimental)";
  out.valid = "ER-positive disease; experimental: laboratories are not comparable, and no limits are given";
  out.numbers = {{"ihc4", "score", "", 0, 0, 1}};
  out.sources = {"coefficients: bhklab/genefu, R/ihc4.R, and three other public programs"};
  out.unconfirmed = {"Ki-67 is taken in percent, as genefu defines it; three public programs take the share",
                     "PgR on a scale of 0 to 10 is taken as percent / 10"};
  ModelInputs inputs(dictionary, facts, out);
  CareResult scratch;
  ModelInputs conditions(dictionary, facts, scratch);
  conditions.receptor("er", "er_status", "er_percent");
  if (conditions.inputs().front().known && conditions.inputs().front().values.back() == 0) {
    inputs.refuse("ER is negative; the score is for ER-positive disease");
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
