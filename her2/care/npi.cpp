// SPDX-License-Identifier: Apache-2.0
#include "her2/care/npi.h"

#include <algorithm>
#include <array>

#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, 6> kGroups{"EPG", "GPG", "MPG I", "MPG II", "PPG", "VPPG"};
constexpr double kLowest = 2.0, kHighest = 6.9;  // of the survival formula

int node_stage(double nodes) { return nodes < 1 ? 1 : nodes < 4 ? 2 : 3; }

// 50 x NPI: whole where the size is a whole number of millimetres.
double fiftieths(double size_mm, int grade, double nodes) { return size_mm + 50.0 * (grade + node_stage(nodes)); }

}  // namespace

double npi(double size_mm, int grade, double nodes) { return fiftieths(size_mm, grade, nodes) / 50; }

int npi_group(double size_mm, int grade, double nodes) {
  static constexpr std::array<double, 5> kLimits{120, 170, 220, 270, 320};
  const double at = fiftieths(size_mm, grade, nodes);
  return static_cast<int>(std::count_if(kLimits.begin(), kLimits.end(), [&](double limit) { return at > limit; }));
}

std::string_view npi_group_name(int group) { return kGroups[static_cast<std::size_t>(group)]; }

double npi_survival(double index) { return -3.0079 * (index * index) + 12.30 * index + 83.84; }

CareResult npi_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "npi";
  out.title = say("prognosis.npi_title");
  out.valid = say("prognosis.npi_valid");
  out.numbers = {{"npi", say("prognosis.index"), "", 0, 0, 2},
                 {"npi_survival_10", say("prognosis.label_npi_survival_10"), "%", 0, 0, 0}};
  out.sources = {say("prognosis.npi_source_1"), say("prognosis.npi_source_2")};
  ModelInputs inputs(dictionary, facts, out);
  inputs.refuse_metastatic();
  inputs.number("size", "size_mm", 0.1, 500);
  inputs.grade();
  inputs.number("nodes", "positive_nodes", 0, 100);
  bool beyond = false;
  evaluate(out, inputs, kGroups, [&](std::span<const double> x) {
    const int grade = static_cast<int>(x[1]);
    const double index = npi(x[0], grade, x[2]);
    beyond = beyond || index < kLowest || index > kHighest;
    return ModelValue{{index, npi_survival(std::clamp(index, kLowest, kHighest))}, npi_group(x[0], grade, x[2])};
  });
  if (beyond && !out.groups.empty()) {
    out.assumes.push_back(say("prognosis.npi_assumes"));
  }
  return out;
}

}  // namespace her2
