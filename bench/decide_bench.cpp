// SPDX-License-Identifier: Apache-2.0
// What the parts of a decision cost, one by one, with the tables of this repository.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "her2/guideline/decide.h"
#include "her2/guideline/point.h"
#include "her2/guideline/verify.h"
#include "her2/run/decided.h"
#include "her2/run/row_classes.h"

namespace her2 {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

const Texts kPlainCase{{"ihc_score", "2+"},  {"cells", "20"},       {"her2_total", "104"},   {"cep17_total", "48"},
                       {"er_percent", "90"}, {"pgr_percent", "40"}, {"ki67_percent", "22.5"}};
const Texts kIntervalCase{{"ihc_score", "0-1+"},  {"cells", "20"},         {"her2_total", "104"},
                          {"cep17_total", "48"},  {"er_percent", ">= 90"}, {"pgr_percent", "10-19%"},
                          {"ki67_percent", "<14"}};

template <class T>
T needed(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().text().c_str());
    std::exit(1);
  }
  return std::move(*result);
}

const Catalog& catalog() {
  static const Catalog loaded = needed(Catalog::load(needed(read_guideline_folder(HER2_SOURCE "/guidelines"))));
  return loaded;
}

const Plan& plan() {
  static const Plan made = needed(make_plan(catalog(), *catalog().default_scheme("breast")));
  return made;
}

FactValues facts_of(const Texts& texts) {
  FactValues out;
  for (const auto& [name, written] : texts) {
    const auto fact = catalog().dictionary.find(name).value();
    out[fact] = needed(parse_value(catalog().dictionary[fact], written));
  }
  return out;
}

void PlainCase_AsPoint(benchmark::State& state) {
  PointDecider decider(plan());
  PointFacts point(catalog().dictionary);
  const FactValues facts = facts_of(kPlainCase);
  for (auto _ : state) {
    point.clear();
    for (const auto& [fact, value] : facts) {
      if (value.state == Value::State::choice) {
        point.set_choice(fact, static_cast<unsigned>(__builtin_ctzll(value.choices)));
      } else {
        benchmark::DoNotOptimize(point.set_number(fact, *value.written));
      }
    }
    benchmark::DoNotOptimize(decider.decide(point));
  }
}
BENCHMARK(PlainCase_AsPoint);

void decide_texts(benchmark::State& state, const Texts& texts) {
  const FactValues facts = facts_of(texts);
  const FactId status = plan().scheme->answers.front();
  for (auto _ : state) {
    const Worlds worlds = worlds_of(catalog().dictionary, facts);
    benchmark::DoNotOptimize(decide(plan(), worlds, {{status}, true}));
  }
}
void PlainCase_AsSet(benchmark::State& state) { decide_texts(state, kPlainCase); }
BENCHMARK(PlainCase_AsSet)->Unit(benchmark::kMicrosecond);
void IntervalCase_AsSet(benchmark::State& state) { decide_texts(state, kIntervalCase); }
BENCHMARK(IntervalCase_AsSet)->Unit(benchmark::kMicrosecond);

void IntervalCase_EveryAnswer(benchmark::State& state) {
  const FactValues facts = facts_of(kIntervalCase);
  for (auto _ : state) {
    benchmark::DoNotOptimize(decide_facts(plan(), facts, plan().scheme->answers));
  }
}
BENCHMARK(IntervalCase_EveryAnswer)->Unit(benchmark::kMicrosecond);

void Tests_OfOneCount(benchmark::State& state) {
  const auto fact = [](const char* name) { return catalog().dictionary.find(name).value(); };
  const ExactTests tests(plan(), {{fact("cells"), fact("cells_counted")}, {fact("her2_total")}, {fact("cep17_total")}});
  const std::array<std::int64_t, 3> millionths{20'000'000, 104'000'000, 48'000'000};
  for (auto _ : state) {
    benchmark::DoNotOptimize(tests.met(millionths.data(), 7));
  }
}
BENCHMARK(Tests_OfOneCount);

void Condition_Parse(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        parse_condition("ratio >= 2.0 and copies >= 4.0 and not ihc_score in {0, 1+}", catalog().dictionary, {}));
  }
}
BENCHMARK(Condition_Parse)->Unit(benchmark::kMicrosecond);

void Guideline_Verify(benchmark::State& state) {
  const Guideline& guideline = *catalog().guideline("breast-her2-2018");
  for (auto _ : state) {
    benchmark::DoNotOptimize(verify(catalog(), guideline));
  }
}
BENCHMARK(Guideline_Verify)->Unit(benchmark::kMillisecond);

void Decimal_Parse(benchmark::State& state) {
  for (auto _ : state) {
    std::string_view written = "104.25";
    benchmark::DoNotOptimize(written);
    benchmark::DoNotOptimize(Decimal::parse(written));
  }
}
BENCHMARK(Decimal_Parse);

}  // namespace
}  // namespace her2
