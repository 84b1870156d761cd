// SPDX-License-Identifier: Apache-2.0
#include "her2/care/cpseg.h"

#include <array>

#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

using Code = ModelInputs::Code;
constexpr std::array<Code, 7> kClinical{
    {{"IA", 0}, {"IB", 0}, {"IIA", 0}, {"IIB", 1}, {"IIIA", 1}, {"IIIB", 2}, {"IIIC", 2}}};
constexpr std::array<Code, 8> kAfter{
    {{"0", 0}, {"IA", 0}, {"IB", 0}, {"IIA", 1}, {"IIB", 1}, {"IIIA", 1}, {"IIIB", 1}, {"IIIC", 2}}};

template <std::size_t N>
std::optional<int> points(const std::array<Code, N>& codes, std::string_view stage) {
  for (const Code& code : codes) {
    if (code.value == stage || (stage == "I" && code.value == "IA")) {
      return static_cast<int>(code.number);
    }
  }
  return std::nullopt;
}

// 5-year survival from breast cancer by score, percent; Mayo Clinic, 769 patients.
constexpr std::array<double, 7> kSurvival{93.8, 89.9, 90.7, 84.8, 67.7, 43.4, 43.4};
constexpr std::array<std::string_view, 8> kScores{"0", "1", "2", "3", "4", "5", "6", "7"};

void read(ModelInputs& inputs) {
  inputs.choice("clinical", "clinical_stage", kClinical);
  inputs.choice("after", "yp_stage", kAfter);
  inputs.receptor("er", "er_status", "er_percent");
  inputs.grade();
}

int sum(std::span<const double> x) { return static_cast<int>(x[0] + x[1] + (x[2] == 0 ? 1 : 0) + (x[3] == 3 ? 1 : 0)); }

}  // namespace

std::optional<int> cps_eg(std::string_view clinical_stage, std::string_view yp_stage, bool er_positive, int grade) {
  const auto before = points(kClinical, clinical_stage);
  const auto after = points(kAfter, yp_stage);
  if (!before || !after) {
    return std::nullopt;
  }
  return *before + *after + (er_positive ? 0 : 1) + (grade == 3 ? 1 : 0);
}

std::optional<int> neo_bioscore(std::string_view clinical_stage, std::string_view yp_stage, bool er_positive, int grade,
                                bool her2_positive) {
  const auto score = cps_eg(clinical_stage, yp_stage, er_positive, grade);
  return score ? std::optional(*score + (her2_positive ? 0 : 1)) : std::nullopt;
}

CareResult cps_eg_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "cps_eg";
  out.title = say("prognosis.cps_eg_title");
  out.valid = say("prognosis.after_neoadjuvant_valid");
  out.numbers = {{"cps_eg", say("prognosis.score"), say("prognosis.points"), 0, 0, 0},
                 {"cps_eg_survival_5", say("prognosis.label_cps_eg_survival_5"), "%", 0, 0, 1}};
  out.sources = {say("prognosis.cps_eg_source_1"), say("prognosis.cps_eg_source_2")};
  ModelInputs inputs(dictionary, facts, out);
  read(inputs);
  evaluate(out, inputs, std::span(kScores).first(7), [](std::span<const double> x) {
    const int score = sum(x);
    return ModelValue{{static_cast<double>(score), kSurvival[static_cast<std::size_t>(score)]}, score};
  });
  return out;
}

CareResult neo_bioscore_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "neo_bioscore";
  out.title = say("prognosis.neo_bioscore_title");
  out.valid = say("prognosis.after_neoadjuvant_valid");
  out.numbers = {{"neo_bioscore", say("prognosis.score"), say("prognosis.points"), 0, 0, 0}};
  out.sources = {say("prognosis.neo_bioscore_source_1")};
  ModelInputs inputs(dictionary, facts, out);
  read(inputs);
  inputs.her2(std::nullopt);
  evaluate(out, inputs, kScores, [](std::span<const double> x) {
    const int score = sum(x) + (x[4] == 0 ? 1 : 0);
    return ModelValue{{static_cast<double>(score)}, score};
  });
  return out;
}

}  // namespace her2
