// SPDX-License-Identifier: Apache-2.0
// PREDICT 3.2 with all seven arms and fifteen years, one core: at least 200,000 cases a second are wanted.
#include <vector>

#include <benchmark/benchmark.h>

#include "her2/care/predict.h"
#include "her2/stats/random.h"

namespace her2 {
namespace {

// Every treatment, so that no arm is the same as the one before it.
constexpr PredictTreatment kAll{true, 2, true, 3, true, true};

std::vector<PredictTumour> cohort() {
  std::vector<PredictTumour> out;
  Random random(1, 1);
  const auto draw = [&](std::uint64_t n) { return static_cast<double>(random.below(n)); };
  for (int i = 0; i < 4096; ++i) {
    PredictTumour tumour{25 + draw(61), 1 + draw(80), draw(12), 1 + static_cast<int>(random.below(3)), true};
    tumour.her2 = Known::yes;
    tumour.ki67 = static_cast<Known>(random.below(3));
    tumour.pgr = static_cast<Known>(random.below(3));
    tumour.smokes = random.below(2) == 1;
    out.push_back(tumour);
  }
  return out;
}

void all_arms(benchmark::State& state, PredictModel model) {
  const auto cases = cohort();
  std::int64_t done = 0;
  for (auto _ : state) {
    for (const auto& tumour : cases) {
      benchmark::DoNotOptimize(predict(model, PredictOutcome::death, tumour, kAll));
    }
    done += static_cast<std::int64_t>(cases.size());
  }
  state.counters["cases"] = benchmark::Counter(static_cast<double>(done), benchmark::Counter::kIsRate);
}

void Predict32_AllArms(benchmark::State& state) { all_arms(state, PredictModel::v3_2); }
void Predict22_AllArms(benchmark::State& state) { all_arms(state, PredictModel::v2_2); }
BENCHMARK(Predict32_AllArms);
BENCHMARK(Predict22_AllArms);

}  // namespace
}  // namespace her2
