// SPDX-License-Identifier: Apache-2.0
#include "her2/care/predict_inputs.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "her2/language/say.h"

namespace her2 {
namespace {

using Code = ModelInputs::Code;

// Order of the inputs.
enum Input : std::size_t {
  age,
  size,
  nodes,
  er,
  grade,
  screened,
  her2_at,
  ki67,
  pgr,
  smokes,
  radiotherapy,
  heart,
  endocrine,
  chemotherapy,
  trastuzumab,
  bisphosphonate,
};
constexpr double kModelUnknown = -1;  // the model's own value for what is not known
constexpr std::size_t kMostCases = 5'000;

Known known_of(double value) { return value == 1 ? Known::yes : value == 0 ? Known::no : Known::unknown; }

}  // namespace

PredictInputs::PredictInputs(const Dictionary& dictionary, const FactValues& facts, PredictModel model,
                             PredictWith with, CareResult& result)
    : dictionary_(dictionary),
      facts_(facts),
      model_(model),
      with_(with),
      result_(result),
      inputs_(dictionary, facts, result) {
  inputs_.refuse_metastatic();
  read_tumour();
  read_treatment();
  thin_out();
}

bool PredictInputs::certain(std::size_t input, double value) const {
  const auto& values = inputs_.inputs()[input].values;
  return values.size() == 1 && values.front() == value;
}

// An input for which the model has a value where nothing is recorded.
void PredictInputs::model_unknown(std::string_view name, std::string_view fact, std::vector<double> known_values,
                                  bool known) {
  ModelInput input{std::string(name), known ? std::move(known_values) : std::vector<double>{kModelUnknown}, false,
                   known};
  inputs_.put(std::move(input), fact, known ? inputs_.find(fact) : nullptr);
}

void PredictInputs::read_tumour() {
  inputs_.number("age", "age_years", kPredictAges.low, kPredictAges.high);
  inputs_.number("size", "size_mm", kPredictSizes.low, kPredictSizes.high);
  inputs_.number("nodes", "positive_nodes", kPredictNodes.low, kPredictNodes.high);
  inputs_.receptor("er", "er_status", "er_percent");
  const auto grades = possible_grades(dictionary_, facts_);
  // 2.2 takes an unknown grade of an ER-negative tumour for grade 1: all three are tried there
  if (!grades && model_ == PredictModel::v2_2 && !certain(er, 1)) {
    inputs_.grade();
  } else {
    model_unknown("grade", "grade", grades.value_or(std::vector<double>{}), grades.has_value());
  }
  const auto read = [&](std::string_view name, std::string_view fact, std::span<const Code> codes) {
    CareResult scratch;
    ModelInputs reader(dictionary_, facts_, scratch);
    reader.choice(name, fact, codes);
    model_unknown(name, fact, reader.inputs().front().values, inputs_.find(fact) != nullptr);
  };
  static constexpr std::array<Code, 2> kDetection{{{"clinical", 0}, {"screening", 1}}};
  read("screening", "detection", kDetection);
  {
    CareResult scratch;
    ModelInputs reader(dictionary_, facts_, scratch);
    reader.her2(std::nullopt);
    const auto& now = reader.inputs().front();
    model_unknown("HER2", "her2_status", now.values, now.known && now.values.size() == 1);
  }
  const Value* index = inputs_.find("ki67_percent");
  std::vector<double> ki67_values;
  if (index != nullptr) {
    constexpr int kPositive = 10;  // above
    if (!index->low || index->low->at <= kPositive) {
      ki67_values.push_back(0);
    }
    if (!index->high || index->high->at > kPositive) {
      ki67_values.push_back(1);
    }
  }
  model_unknown("Ki-67", "ki67_percent", ki67_values, index != nullptr);
  {
    CareResult scratch;
    ModelInputs reader(dictionary_, facts_, scratch);
    reader.receptor("PgR", "pgr_status", "pgr_percent");
    const auto& now = reader.inputs().front();
    const std::string_view fact = inputs_.find("pgr_status") != nullptr ? "pgr_status" : "pgr_percent";
    model_unknown("PgR", fact, now.values, now.known);
  }
  static constexpr std::array<Code, 3> kSmoking{{{"never", 0}, {"former", 0}, {"current", 1}}};
  if (model_ == PredictModel::v2_2) {
    inputs_.put({"smoking", {0}, false, true}, "smoking", inputs_.find("smoking"));
  } else {
    inputs_.choice("smoking", "smoking", kSmoking);
  }
}

bool PredictInputs::after_menopause() const {
  const Value* value = inputs_.find("menopausal_status");
  const auto id = dictionary_.find("menopausal_status");
  const auto post = id ? dictionary_[*id].index_of("post") : std::nullopt;
  return value != nullptr && post && value->choices == std::uint64_t{1} << *post;
}

void PredictInputs::read_treatment() {
  // Not recorded: not given, or, to show its benefit, given.
  const auto read = [&](std::string_view name, std::string_view fact, std::span<const Code> codes,
                        double not_recorded) {
    if (inputs_.find(fact) != nullptr) {
      inputs_.choice(name, fact, codes);
      return;
    }
    inputs_.put({std::string(name), {not_recorded}, false, true}, fact, nullptr);
    result_.inputs.back().value =
        not_recorded == 0 ? say("prognosis.taken_as_none") : say("prognosis.shown_as_an_option");
    result_.inputs.back().known = false;
  };
  const bool all = with_ == PredictWith::possible;
  static constexpr std::array<Code, 2> kYes{{{"no", 0}, {"yes", 1}}};
  static constexpr std::array<Code, 3> kEndocrine{{{"no", 0}, {"five-years", 1}, {"ten-years", 1}}};
  static constexpr std::array<Code, 3> kChemo{{{"none", 0}, {"second-generation", 2}, {"third-generation", 3}}};
  read("radiotherapy", "given_radiotherapy", kYes, 0);
  if (certain(radiotherapy, 0) || model_ == PredictModel::v2_2) {
    inputs_.put({"heart dose", {0}, false, true}, "heart_dose_gy", inputs_.find("heart_dose_gy"));
    result_.inputs.pop_back();  // no dose without radiotherapy
    result_.inputs.push_back(
        {"heart_dose_gy", say("prognosis.mean_dose_to_the_heart"), say("prognosis.not_used"), true});
  } else {
    inputs_.number("heart dose", "heart_dose_gy", kPredictHeart.low, kPredictHeart.high);
  }
  read("endocrine", "given_endocrine", kEndocrine, all && !certain(er, 0) ? 1 : 0);
  read("chemotherapy", "given_chemotherapy", kChemo, all ? 3 : 0);
  read("trastuzumab", "given_trastuzumab", kYes, all && certain(her2_at, 1) ? 1 : 0);
  read("bisphosphonate", "given_bisphosphonate", kYes, all && after_menopause() ? 1 : 0);
}

// What is tried of each input: all that can matter, but no more than needed.
void PredictInputs::thin_out() {
  thinned_ = inputs_.inputs();
  const auto fill = [&](std::size_t at, const std::vector<double>& probes) {
    ModelInput& input = thinned_[at];
    if (!input.continuous && input.values.size() <= 12) {
      return;
    }
    const double low = input.values.front(), high = input.values.back();
    input.values = {low};
    for (const double probe : probes) {
      if (probe > low && probe < high) {
        input.values.push_back(probe);
      }
    }
    if (high > low) {
      input.values.push_back(high);
    }
  };
  constexpr double kWide = 15;
  const auto& ages = thinned_[age].values;
  const double step = ages.back() - ages.front() > kWide ? 3 : 1;
  std::vector<double> years;
  for (double year = kPredictAges.low; year <= kPredictAges.high; year += step) {
    years.push_back(year);
  }
  fill(age, years);
  fill(size, {2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 120});
  fill(nodes, {1, 2, 3, 4, 6, 9, 14, 20, 30});
}

bool PredictInputs::for_each(const std::function<void(const PredictTumour&, const PredictTreatment&)>& use) const {
  return for_each_combination(
      thinned_,
      [&](std::span<const double> x) {
        PredictTumour tumour;
        tumour.age = x[age];
        tumour.size_mm = x[size];
        tumour.nodes = x[nodes];
        tumour.grade = x[grade] == kModelUnknown ? 0 : static_cast<int>(x[grade]);
        tumour.er = x[er] == 1;
        tumour.screened = known_of(x[screened]);
        tumour.her2 = known_of(x[her2_at]);
        tumour.ki67 = known_of(x[ki67]);
        tumour.pgr = known_of(x[pgr]);
        tumour.smokes = x[smokes] == 1;
        use(tumour, {x[radiotherapy] == 1, x[heart], x[endocrine] == 1, static_cast<int>(x[chemotherapy]),
                     x[trastuzumab] == 1, x[bisphosphonate] == 1});
      },
      kMostCases);
}

std::vector<std::string> PredictInputs::needed() const {
  std::vector<std::string> out;
  for (const std::size_t at : {age, size, nodes, er}) {
    if (!inputs_.inputs()[at].known) {
      out.push_back(result_.inputs[at].label);
    }
  }
  return out;
}

std::vector<std::string> PredictInputs::open() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < inputs_.inputs().size(); ++i) {
    if (inputs_.inputs()[i].values.size() > 1) {
      out.push_back(result_.inputs[i].fact);
    }
  }
  return out;
}

}  // namespace her2
