// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// One input of a model: the numbers that the recorded facts leave possible.
struct ModelInput {
  std::string name;            // of the model's input: "size"
  std::vector<double> values;  // ascending; the two ends of an interval when `continuous`
  bool continuous = false;     // every number between the first and the last is possible, too
  bool known = true;           // recorded, if only as an interval; false: all that the model takes
};

// Reads the inputs of one model from facts, and writes down what was used, what is not known and what was assumed.
// A fact that is not recorded is unknown here: a model must have a value.
class ModelInputs {
 public:
  ModelInputs(const Dictionary& dictionary, const FactValues& facts, CareResult& result)
      : dictionary_(dictionary), facts_(facts), result_(result) {}

  // A number between low and high, which is the model's range: outside of it the model is refused. An interval that
  // reaches beyond is cut, and said so. With `known_only`, the input is nothing when the fact is not recorded.
  void number(std::string_view name, std::string_view fact, double low, double high);
  // A choice as numbers: values of the fact and what each stands for; values not listed are refused.
  struct Code {
    std::string_view value;
    double number = 0;
  };
  void choice(std::string_view name, std::string_view fact, std::span<const Code> codes);
  // Inputs that rest on several facts: histological grade 1 to 3 (grade, else the Nottingham score or its three parts),
  // ER and PgR 0 or 1 (status, else percent from 1), HER2 0 or 1 (status; `equivocal` counts as given there).
  void grade();
  void nottingham_score();  // recorded, else the sum of its three parts
  void receptor(std::string_view name, std::string_view status, std::string_view percent);
  void her2(std::optional<double> equivocal);
  // Refuses M1: the model is for disease that can be operated on.
  void refuse_metastatic();
  // Any other.
  void put(ModelInput input, std::string_view fact, const Value* value);

  [[nodiscard]] const std::vector<ModelInput>& inputs() const { return inputs_; }
  [[nodiscard]] bool refused() const { return result_.state == CareState::refused; }
  // How many are recorded, if only as an interval.
  [[nodiscard]] std::size_t known() const;

  [[nodiscard]] const Value* find(std::string_view fact) const;
  void refuse(std::string says);

 private:
  const Dictionary& dictionary_;
  const FactValues& facts_;
  CareResult& result_;
  std::vector<ModelInput> inputs_;
};

// Possible values of the grade, 1 to 3, by what is recorded; nullopt: nothing is.
[[nodiscard]] std::optional<std::vector<double>> possible_grades(const Dictionary& dictionary, const FactValues& facts);
// The same for the Nottingham score, 3 to 9.
[[nodiscard]] std::optional<std::vector<double>> possible_nottingham(const Dictionary& dictionary,
                                                                     const FactValues& facts);

// Calls use(values) for every combination of the inputs' values. False when there are more than `most`.
bool for_each_combination(std::span<const ModelInput> inputs, const std::function<void(std::span<const double>)>& use,
                          std::size_t most = 2'000'000);

// A model that gives numbers and a group from its inputs and rises or falls with each of them between the ends of an
// interval, so that the ends tell the whole interval.
struct ModelValue {
  std::vector<double> numbers;
  int group = -1;  // -1: no groups
};
// Fills result.numbers (low, high), groups, unknown, state. `groups` from low to high.
void evaluate(CareResult& result, const ModelInputs& inputs, std::span<const std::string_view> groups,
              const std::function<ModelValue(std::span<const double>)>& model);

}  // namespace her2
