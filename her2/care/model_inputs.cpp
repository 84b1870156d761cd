// SPDX-License-Identifier: Apache-2.0
#include "her2/care/model_inputs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "her2/care/nottingham.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr double kMostWhole = 200;  // whole numbers of an interval that are tried one by one

double as_double(const Rational& number) { return number.convert_to<double>(); }

std::string range_text(double low, double high, const std::string& unit) {
  const std::string range =
      say("care.range", {{"low", number_in(fmt::format("{:g}", low))}, {"high", number_in(fmt::format("{:g}", high))}});
  return range + (unit.empty() ? "" : " ") + unit;
}

// Whole numbers from low to high, or its two ends.
void fill(ModelInput& input, double low, double high, bool whole) {
  if (low == high) {
    input.values = {low};
    return;
  }
  if (whole && high - low <= kMostWhole) {
    for (double at = std::ceil(low); at <= high; ++at) {
      input.values.push_back(at);
    }
    return;
  }
  input.values = {low, high};
  input.continuous = true;
}

}  // namespace

std::string number_text(const CareNumber& number) {
  const std::string low = number_in(number.low, number.digits);
  const std::string high = number_in(number.high, number.digits);
  const std::string text = low == high ? low : say("care.range", {{"low", low}, {"high", high}});
  return number.unit == "%" ? percent_in(text) : text + (number.unit.empty() ? "" : " ") + number.unit;
}

const Value* ModelInputs::find(std::string_view fact) const {
  const auto id = dictionary_.find(fact);
  const auto found = id ? facts_.find(*id) : facts_.end();
  const bool tells = found != facts_.end() &&
                     (found->second.state == Value::State::choice || found->second.state == Value::State::number);
  return tells ? &found->second : nullptr;
}

void ModelInputs::refuse(std::string says) {
  if (!refused()) {
    result_.state = CareState::refused;
    result_.says = std::move(says);
  }
}

void ModelInputs::refuse_metastatic() {
  const Value* value = find("m_category");
  if (value != nullptr &&
      value->choices == std::uint64_t{1} << dictionary_[*dictionary_.find("m_category")].index_of("1").value_or(0)) {
    refuse(say("prognosis.early_disease_only"));
  }
}

void ModelInputs::put(ModelInput input, std::string_view fact, const Value* value) {
  const auto id = dictionary_.find(fact);
  const std::string label = id ? dictionary_[*id].label : std::string(fact);
  const std::string text = id && value != nullptr ? value_text(dictionary_[*id], *value) : say("prognosis.unknown");
  result_.inputs.push_back({std::string(fact), label, text, input.known});
  inputs_.push_back(std::move(input));
}

void ModelInputs::number(std::string_view name, std::string_view fact, double low, double high) {
  const Value* value = find(fact);
  ModelInput input{std::string(name), {}, false, value != nullptr};
  const auto id = dictionary_.find(fact);
  const bool whole = id && dictionary_[*id].integer;
  const std::string unit = id ? dictionary_[*id].unit : "";
  double from = low, to = high;
  if (value != nullptr) {
    const FactType& type = dictionary_[*id];
    const double first = value->low ? as_double(value->low->at) : type.min ? as_double(*type.min) : -HUGE_VAL;
    const double last = value->high ? as_double(value->high->at) : type.max ? as_double(*type.max) : HUGE_VAL;
    if (first > high || last < low) {
      refuse(say("prognosis.outside_the_range",
                 {{"fact", type.label}, {"value", value_text(type, *value)}, {"range", range_text(low, high, unit)}}));
    } else if (first < low || last > high) {
      result_.assumes.push_back(
          say("prognosis.only_within_the_range", {{"fact", type.label}, {"range", range_text(low, high, unit)}}));
    }
    const auto step = [&](const std::optional<Bound>& bound, double by) {
      return bound && bound->open && whole && is_integer(bound->at) ? by : 0;
    };
    from = std::clamp(first + step(value->low, 1), low, high);
    to = std::clamp(last - step(value->high, 1), from, high);
  }
  fill(input, from, to, whole);
  put(std::move(input), fact, value);
}

void ModelInputs::choice(std::string_view name, std::string_view fact, std::span<const Code> codes) {
  const Value* value = find(fact);
  ModelInput input{std::string(name), {}, false, value != nullptr};
  const auto id = dictionary_.find(fact);
  for (const Code& code : codes) {
    const auto index = id ? dictionary_[*id].index_of(code.value) : std::nullopt;
    const bool possible = value == nullptr || (index && (value->choices >> *index & 1U) != 0);
    if (possible && std::find(input.values.begin(), input.values.end(), code.number) == input.values.end()) {
      input.values.push_back(code.number);
    }
  }
  if (input.values.empty()) {
    std::vector<std::string> names;
    for (const Code& code : codes) {
      names.emplace_back(code.value);
    }
    refuse(say("prognosis.not_of_those_it_is_for", {{"fact", dictionary_[*id].label},
                                                    {"value", value_text(dictionary_[*id], *value)},
                                                    {"values", fmt::format("{}", fmt::join(names, ", "))}}));
    input.values = {codes.front().number};
  }
  std::sort(input.values.begin(), input.values.end());
  put(std::move(input), fact, value);
}

std::optional<std::vector<double>> possible_nottingham(const Dictionary& dictionary, const FactValues& facts) {
  CareResult scratch;
  ModelInputs reader(dictionary, facts, scratch);
  if (reader.find("nottingham_score") != nullptr) {
    reader.number("score", "nottingham_score", 3, 9);
    return reader.inputs().front().values;
  }
  for (const std::string_view part : {"tubule_score", "pleomorphism_score", "mitotic_score"}) {
    if (reader.find(part) == nullptr) {
      return std::nullopt;
    }
    reader.number(part, part, 1, 3);
  }
  std::set<double> sums;
  for_each_combination(reader.inputs(),
                       [&](std::span<const double> points) { sums.insert(points[0] + points[1] + points[2]); });
  return std::vector<double>(sums.begin(), sums.end());
}

std::optional<std::vector<double>> possible_grades(const Dictionary& dictionary, const FactValues& facts) {
  CareResult scratch;
  ModelInputs reader(dictionary, facts, scratch);
  static constexpr std::array<ModelInputs::Code, 3> kGrades{{{"1", 1}, {"2", 2}, {"3", 3}}};
  if (reader.find("grade") != nullptr) {
    reader.choice("grade", "grade", kGrades);
    return reader.inputs().front().values;
  }
  const auto scores = possible_nottingham(dictionary, facts);
  if (!scores) {
    return std::nullopt;
  }
  std::set<double> grades;
  for (const double score : *scores) {
    grades.insert(nottingham_grade(static_cast<int>(score)));
  }
  return std::vector<double>(grades.begin(), grades.end());
}

void ModelInputs::grade() {
  const auto grades = possible_grades(dictionary_, facts_);
  const bool own = find("grade") != nullptr || !grades;
  const std::string_view fact = own                                   ? "grade"
                                : find("nottingham_score") != nullptr ? "nottingham_score"
                                                                      : "mitotic_score";
  put({"grade", grades.value_or(std::vector<double>{1, 2, 3}), false, grades.has_value()}, fact, find(fact));
}

void ModelInputs::nottingham_score() {
  const auto scores = possible_nottingham(dictionary_, facts_);
  const bool own = find("nottingham_score") != nullptr || !scores;
  const std::string_view fact = own ? "nottingham_score" : "mitotic_score";
  put({"score", scores.value_or(std::vector<double>{3, 4, 5, 6, 7, 8, 9}), false, scores.has_value()}, fact,
      find(fact));
}

void ModelInputs::receptor(std::string_view name, std::string_view status, std::string_view percent) {
  static constexpr std::array<Code, 3> kCodes{{{"negative", 0}, {"low-positive", 1}, {"positive", 1}}};
  const Value* value = find(status);
  const auto id = dictionary_.find(status);
  if (value != nullptr) {
    const auto doubtful = dictionary_[*id].index_of("indeterminate");
    const bool any = doubtful && (value->choices >> *doubtful & 1U) != 0;
    if (!any) {
      choice(name, status, kCodes);
      return;
    }
    value = nullptr;
  }
  if (const Value* share = find(percent)) {
    const bool may_be_negative = !share->low || share->low->at < 1;
    const bool may_be_positive = !share->high || share->high->at > 1 || (share->high->at == 1 && !share->high->open);
    ModelInput input{std::string(name), {}, false, true};
    for (const double code : {0.0, 1.0}) {
      if (code == 0 ? may_be_negative : may_be_positive) {
        input.values.push_back(code);
      }
    }
    put(std::move(input), percent, share);
    return;
  }
  put({std::string(name), {0, 1}, false, false}, status, nullptr);
}

void ModelInputs::her2(std::optional<double> equivocal) {
  const Value* value = find("her2_status");
  const auto id = dictionary_.find("her2_status");
  ModelInput input{"her2", {0, 1}, false, value != nullptr};
  if (value != nullptr && id) {
    const FactType& type = dictionary_[*id];
    const auto may_be = [&](std::string_view name) {
      const auto index = type.index_of(name);
      return index && (value->choices >> *index & 1U) != 0;
    };
    input.values.clear();
    bool open = false;
    for (unsigned i = 0; i < type.values.size(); ++i) {
      const std::string& name = type.values[i];
      open = open || ((value->choices >> i & 1U) != 0 && name != "negative" && name != "positive" &&
                      !(name == "equivocal" && equivocal));
    }
    for (const double code : {0.0, 1.0}) {
      if (open || may_be(code == 0 ? "negative" : "positive")) {
        input.values.push_back(code);
      }
    }
    if (may_be("equivocal") && equivocal &&
        std::find(input.values.begin(), input.values.end(), *equivocal) == input.values.end()) {
      input.values.push_back(*equivocal);
    }
    std::sort(input.values.begin(), input.values.end());
    input.known = !open;
  } else if (equivocal) {
    input.values = {0, *equivocal, 1};
    std::sort(input.values.begin(), input.values.end());
  }
  put(std::move(input), "her2_status", value);
}

std::size_t ModelInputs::known() const {
  return static_cast<std::size_t>(
      std::count_if(inputs_.begin(), inputs_.end(), [](const auto& input) { return input.known; }));
}

bool for_each_combination(std::span<const ModelInput> inputs, const std::function<void(std::span<const double>)>& use,
                          std::size_t most) {
  std::size_t all = 1;
  for (const auto& input : inputs) {
    all *= input.values.size();
    if (all > most || all == 0) {
      return false;
    }
  }
  std::vector<std::size_t> at(inputs.size(), 0);
  std::vector<double> values(inputs.size());
  for (std::size_t n = 0; n < all; ++n) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      values[i] = inputs[i].values[at[i]];
    }
    use(values);
    for (std::size_t i = 0; i < inputs.size() && ++at[i] == inputs[i].values.size(); ++i) {
      at[i] = 0;
    }
  }
  return true;
}

void evaluate(CareResult& result, const ModelInputs& inputs, std::span<const std::string_view> groups,
              const std::function<ModelValue(std::span<const double>)>& model) {
  if (inputs.refused()) {
    return;
  }
  for (std::size_t i = 0; i < inputs.inputs().size(); ++i) {
    if (inputs.inputs()[i].values.size() > 1) {
      result.unknown.push_back(result.inputs[i].fact);
    }
  }
  if (inputs.known() == 0) {
    result.state = CareState::open;
    std::vector<std::string> labels;
    for (const auto& input : result.inputs) {
      labels.push_back(input.label);
    }
    result.says = say("prognosis.nothing_recorded", {{"facts", fmt::format("{}", fmt::join(labels, ", "))}});
    result.numbers.clear();
    return;
  }
  const bool continuous =
      std::any_of(inputs.inputs().begin(), inputs.inputs().end(), [](const auto& input) { return input.continuous; });
  std::vector<bool> possible(groups.size(), false);
  bool first = true;
  for_each_combination(inputs.inputs(), [&](std::span<const double> values) {
    const ModelValue value = model(values);
    for (std::size_t i = 0; i < result.numbers.size() && i < value.numbers.size(); ++i) {
      CareNumber& number = result.numbers[i];
      number.low = first ? value.numbers[i] : std::min(number.low, value.numbers[i]);
      number.high = first ? value.numbers[i] : std::max(number.high, value.numbers[i]);
    }
    if (value.group >= 0) {
      possible[static_cast<std::size_t>(value.group)] = true;
    }
    first = false;
  });
  const auto lowest = std::find(possible.begin(), possible.end(), true);
  const auto highest = std::find(possible.rbegin(), possible.rend(), true).base();
  for (auto at = lowest; at < highest; ++at) {
    if (*at || continuous) {  // between the ends of an interval every group is passed
      result.groups.emplace_back(groups[static_cast<std::size_t>(at - possible.begin())]);
    }
  }
  const bool one = std::all_of(result.numbers.begin(), result.numbers.end(),
                               [](const auto& number) { return number.low == number.high; });
  result.state = one && result.groups.size() <= 1 ? CareState::answered : CareState::open;
  if (result.state == CareState::answered) {
    result.unknown.clear();
  }
}

}  // namespace her2
