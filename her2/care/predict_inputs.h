// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "her2/care/model_inputs.h"
#include "her2/care/predict_facts.h"

namespace her2 {

// Every case that the facts leave possible, as PREDICT's inputs. Inside of predict_facts.cpp and of the cohort.
class PredictInputs {
 public:
  // Fills result.inputs, assumes, unknown, and refuses what is outside the range.
  PredictInputs(const Dictionary& dictionary, const FactValues& facts, PredictModel model, PredictWith with,
                CareResult& result);

  // Calls use(tumour, treatment) for every possible case; false: there are too many, too little is known.
  bool for_each(const std::function<void(const PredictTumour&, const PredictTreatment&)>& use) const;
  // Which of the four inputs without which there is no answer are not known: labels.
  [[nodiscard]] std::vector<std::string> needed() const;
  // Facts of which several values were tried.
  [[nodiscard]] std::vector<std::string> open() const;

 private:
  void thin_out();
  void read_tumour();
  void read_treatment();
  void model_unknown(std::string_view name, std::string_view fact, std::vector<double> known_values, bool known);
  [[nodiscard]] bool certain(std::size_t input, double value) const;
  [[nodiscard]] bool after_menopause() const;

  const Dictionary& dictionary_;
  const FactValues& facts_;
  PredictModel model_;
  PredictWith with_;
  CareResult& result_;
  ModelInputs inputs_;
  std::vector<ModelInput> thinned_;
};

}  // namespace her2
