// SPDX-License-Identifier: Apache-2.0
#include "her2/care/rcb.h"

#include <array>
#include <cmath>

#include "her2/care/elementary.h"
#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, 4> kClasses{"RCB-0", "RCB-I", "RCB-II", "RCB-III"};
constexpr double kPower = 0.17;

double power(double base, int n) {
  double out = 1;
  for (int i = 0; i < n; ++i) {
    out *= base;
  }
  return out;
}

}  // namespace

double rcb(const RcbInputs& in) {
  const double invasive = (1 - in.in_situ_percent / 100) * (in.cellularity_percent / 100);
  const double diameter = std::sqrt(in.d1_mm * in.d2_mm);
  const double nodes = 4 * (1 - power(0.75, static_cast<int>(in.nodes))) * in.deposit_mm;
  return 1.4 * pow_same(invasive * diameter, kPower) + pow_same(nodes, kPower);
}

int rcb_class(double index) { return index <= 0 ? 0 : index <= 1.36 ? 1 : index <= 3.28 ? 2 : 3; }

std::string_view rcb_class_name(int rcb_class) { return kClasses[static_cast<std::size_t>(rcb_class)]; }

CareResult rcb_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "rcb";
  out.title = say("prognosis.rcb_title");
  out.valid = say("prognosis.rcb_valid");
  out.numbers = {{"rcb", say("prognosis.index"), "", 0, 0, 2}};
  out.sources = {say("prognosis.rcb_source_1")};
  ModelInputs inputs(dictionary, facts, out);
  inputs.number("d1", "bed_length_mm", 0, 500);
  inputs.number("d2", "bed_width_mm", 0, 500);
  inputs.number("cellularity", "bed_cellularity_percent", 0, 100);
  inputs.number("in situ", "bed_in_situ_percent", 0, 100);
  inputs.number("nodes", "yp_nodes", 0, 100);
  inputs.number("deposit", "yp_deposit_mm", 0, 200);
  evaluate(out, inputs, kClasses, [](std::span<const double> x) {
    const double index = rcb({x[0], x[1], x[2], x[3], x[4], x[5]});
    return ModelValue{{index}, rcb_class(index)};
  });
  return out;
}

}  // namespace her2
