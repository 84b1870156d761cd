// SPDX-License-Identifier: Apache-2.0
#include "her2/care/cts5.h"

#include <algorithm>
#include <array>

#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, 3> kGroups{"low", "intermediate", "high"};

// 10^6 x CTS5: a whole number for whole inputs.
double millionths(double age, double size_mm, int grade, double nodes) {
  const double s = std::min(size_mm, 30.0);
  const int n = nodes < 1 ? 0 : nodes < 2 ? 1 : nodes < 4 ? 2 : nodes < 10 ? 3 : 4;
  return 438'000.0 * n + 988.0 * (93 * s - s * s + 375.0 * grade + 17 * age);
}

}  // namespace

double cts5(double age, double size_mm, int grade, double nodes) {
  return millionths(age, size_mm, grade, nodes) / 1e6;
}

int cts5_group(double age, double size_mm, int grade, double nodes) {
  const double at = millionths(age, size_mm, grade, nodes);
  return at < 3'130'000 ? 0 : at <= 3'860'000 ? 1 : 2;
}

CareResult cts5_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "cts5";
  out.title = say("prognosis.cts5_title");
  out.valid = say("prognosis.cts5_valid");
  out.numbers = {{"cts5", say("prognosis.score"), "", 0, 0, 2}};
  out.sources = {say("prognosis.cts5_source_1"), say("prognosis.cts5_source_2")};
  CareResult scratch;
  ModelInputs conditions(dictionary, facts, scratch);
  ModelInputs inputs(dictionary, facts, out);
  conditions.receptor("er", "er_status", "er_percent");
  if (conditions.inputs().front().known && conditions.inputs().front().values.back() == 0) {
    inputs.refuse(say("prognosis.cts5_refused"));
  }
  static constexpr std::array<ModelInputs::Code, 2> kMenopause{{{"pre", 0}, {"post", 1}}};
  conditions.choice("meno", "menopausal_status", kMenopause);
  if (conditions.inputs().back().known && conditions.inputs().back().values.back() == 0) {
    inputs.refuse(say("prognosis.cts5_refused_2"));
  }
  inputs.number("age", "age_years", 18, 120);
  inputs.number("size", "size_mm", 0.1, 500);
  inputs.grade();
  inputs.number("nodes", "positive_nodes", 0, 100);
  out.assumes.push_back(say("prognosis.cts5_assumes"));
  evaluate(out, inputs, kGroups, [](std::span<const double> x) {
    const int grade = static_cast<int>(x[2]);
    return ModelValue{{cts5(x[0], x[1], grade, x[3])}, cts5_group(x[0], x[1], grade, x[3])};
  });
  return out;
}

}  // namespace her2
