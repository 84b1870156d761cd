// SPDX-License-Identifier: Apache-2.0
#include "her2/care/pepi.h"

#include <array>

#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

using Code = ModelInputs::Code;
constexpr std::array<std::string_view, 3> kGroups{"0", "1 to 3", "4 and more"};
constexpr std::array<Code, 9> kT{
    {{"0", 0}, {"is", 0}, {"1mi", 0}, {"1a", 0}, {"1b", 0}, {"1c", 0}, {"2", 0}, {"3", 1}, {"4", 1}}};
constexpr std::array<Code, 5> kN{{{"0", 0}, {"1mi", 1}, {"1", 1}, {"2", 1}, {"3", 1}}};

}  // namespace

int pepi(bool t3_or_4, bool node_positive, double ki67_percent, int allred) {
  const int ki67 = ki67_percent <= 2.7 ? 0 : ki67_percent <= 19.7 ? 1 : ki67_percent <= 53.1 ? 2 : 3;
  return (t3_or_4 ? 3 : 0) + (node_positive ? 3 : 0) + ki67 + (allred <= 2 ? 3 : 0);
}

CareResult pepi_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "pepi";
  out.title = say("prognosis.pepi_title");
  out.valid = say("prognosis.pepi_valid");
  out.numbers = {{"pepi", say("prognosis.score"), say("prognosis.points"), 0, 0, 0}};
  out.sources = {say("prognosis.pepi_source_1")};
  out.unconfirmed = {say("prognosis.pepi_unconfirmed_1"), say("prognosis.pepi_unconfirmed_2"),
                     say("prognosis.pepi_unconfirmed_3")};
  ModelInputs inputs(dictionary, facts, out);
  inputs.choice("t", "ypt", kT);
  if (inputs.find("ypn") == nullptr && inputs.find("yp_nodes") != nullptr) {
    inputs.number("nodes", "yp_nodes", 0, 100);
  } else {
    inputs.choice("n", "ypn", kN);
  }
  inputs.number("ki67", "yp_ki67_percent", 0, 100);
  inputs.number("allred", "yp_allred", 0, 8);
  evaluate(out, inputs, kGroups, [](std::span<const double> x) {
    const int score = pepi(x[0] > 0, x[1] > 0, x[2], static_cast<int>(x[3]));
    return ModelValue{{static_cast<double>(score)}, score == 0 ? 0 : score <= 3 ? 1 : 2};
  });
  return out;
}

}  // namespace her2
