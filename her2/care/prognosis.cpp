// SPDX-License-Identifier: Apache-2.0
#include "her2/care/prognosis.h"

#include <algorithm>
#include <array>
#include <functional>

#include "her2/care/contradictions.h"
#include "her2/care/cpseg.h"
#include "her2/care/cts5.h"
#include "her2/care/ihc4.h"
#include "her2/care/magee.h"
#include "her2/care/nottingham.h"
#include "her2/care/npi.h"
#include "her2/care/pepi.h"
#include "her2/care/rcb.h"
#include "her2/care/registry_survival.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

// A score, and the facts of which one must be recorded for it to be worth a line.
struct Score {
  CareResult (*of)(const Dictionary&, const FactValues&);
  std::vector<std::string_view> own;
};

const std::vector<Score>& scores() {
  static const std::vector<Score> kAll{
      {npi_result, {"size_mm", "positive_nodes"}},
      {cts5_result, {"size_mm", "positive_nodes"}},
      {nottingham_result, {"tubule_score", "tubule_percent", "pleomorphism_score", "mitotic_score", "mitoses_10_hpf"}},
      {magee_result, {"er_h_score", "pgr_h_score"}},
      {ihc4_result, {"er_h_score"}},
      {cps_eg_result, {"yp_stage", "ypt", "ypn"}},
      {neo_bioscore_result, {"yp_stage", "ypt", "ypn"}},
      {rcb_result, {"bed_length_mm", "bed_width_mm", "bed_cellularity_percent"}},
      {pepi_result, {"yp_ki67_percent", "yp_allred"}}};
  return kAll;
}

bool recorded(const Dictionary& dictionary, const FactValues& facts, std::string_view name) {
  const auto id = dictionary.find(name);
  const auto found = id ? facts.find(*id) : facts.end();
  return found != facts.end() &&
         (found->second.state == Value::State::choice || found->second.state == Value::State::number);
}

void unite(PredictSpread& spread, const PredictSpread& other) {
  const auto merge = [](auto& low, auto& high, const auto& other_low, const auto& other_high) {
    for (std::size_t arm = 0; arm < kPredictArms; ++arm) {
      for (std::size_t t = 0; t < kPredictYears; ++t) {
        low[arm][t] = std::min(low[arm][t], other_low[arm][t]);
        high[arm][t] = std::max(high[arm][t], other_high[arm][t]);
      }
    }
  };
  merge(spread.low.alive, spread.high.alive, other.low.alive, other.high.alive);
  merge(spread.low.breast, spread.high.breast, other.low.breast, other.high.breast);
  merge(spread.low.other, spread.high.other, other.low.other, other.high.other);
  merge(spread.benefit_low, spread.benefit_high, other.benefit_low, other.benefit_high);
}

void add_new(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const auto& word : from) {
    if (std::find(to.begin(), to.end(), word) == to.end()) {
      to.push_back(word);
    }
  }
}

class Teller {
 public:
  Teller(const Dictionary& dictionary, const std::vector<Reading>& readings) : dictionary_(dictionary) {
    for (const Reading& reading : readings) {
      readings_.push_back(with_stage_facts(dictionary, reading.facts));
    }
  }

  CareResult tell(const std::function<CareResult(const FactValues&)>& model) const {
    std::vector<CareResult> results;
    for (const auto& facts : readings_) {
      results.push_back(model(facts));
    }
    return united(results);
  }

  PredictAnswer predict(const PrognosisOptions& options, PredictOutcome outcome) const {
    std::vector<CareResult> results;
    PredictAnswer out;
    bool curves = false;
    for (const auto& facts : readings_) {
      PredictAnswer answer = predict_answer(dictionary_, facts, options.model, outcome, options.with);
      results.push_back(answer.result);
      if (!answer.has_curves) {
        continue;
      }
      if (!curves) {
        curves = true;
        out = std::move(answer);
        continue;
      }
      unite(out.curves, answer.curves);
      for (std::size_t arm = 0; arm < kPredictArms; ++arm) {
        out.arms[arm] = out.arms[arm] || answer.arms[arm];
      }
    }
    out.result = united(results);
    out.has_curves = curves;
    return out;
  }

  [[nodiscard]] bool any_recorded(const std::vector<std::string_view>& names) const {
    return std::any_of(readings_.begin(), readings_.end(), [&](const auto& facts) {
      return std::any_of(names.begin(), names.end(), [&](auto name) { return recorded(dictionary_, facts, name); });
    });
  }

 private:
  const Dictionary& dictionary_;
  std::vector<FactValues> readings_;
};

void tell_stages(const Dictionary& dictionary, const Teller& teller, const PrognosisOptions& options, Prognosis& out) {
  struct Named {
    StageBasis basis;
    std::vector<std::string_view> own;
  };
  const std::array<Named, 3> bases{{{StageBasis::clinical, {"ct", "cn", "size_clinical_mm"}},
                                    {StageBasis::pathological, {"pt", "pn", "size_mm", "positive_nodes"}},
                                    {StageBasis::after_treatment, {"ypt", "ypn", "yp_nodes"}}}};
  const bool metastasis_only =
      !std::any_of(bases.begin(), bases.end(), [&](const Named& named) { return teller.any_recorded(named.own); });
  for (const Named& named : bases) {
    if (teller.any_recorded(named.own) || (metastasis_only && named.basis == StageBasis::clinical)) {
      out.stages.push_back(
          teller.tell([&](const FactValues& facts) { return stage_result(dictionary, facts, named.basis); }));
    }
  }
  const auto prognostic = [&](StageTable::Kind kind, const StageTable* table) {
    out.stages.push_back(
        teller.tell([&](const FactValues& facts) { return prognostic_stage_result(dictionary, facts, table, kind); }));
  };
  if (teller.any_recorded(bases[0].own)) {
    prognostic(StageTable::Kind::clinical, options.clinical_table);
  }
  if (teller.any_recorded(bases[1].own)) {
    prognostic(StageTable::Kind::pathological, options.pathological_table);
  }
}

}  // namespace

CareResult united(const std::vector<CareResult>& readings) {
  const auto is_refused = [](const CareResult& one) { return one.state == CareState::refused; };
  const auto first = std::find_if_not(readings.begin(), readings.end(), is_refused);
  CareResult out = first != readings.end() ? *first : readings.front();
  bool same = true;
  for (const CareResult& other : readings) {
    same = same && other.state == out.state && other.groups == out.groups &&
           std::equal(out.numbers.begin(), out.numbers.end(), other.numbers.begin(), other.numbers.end(),
                      [](const auto& a, const auto& b) { return a.low == b.low && a.high == b.high; });
  }
  if (same) {
    return out;
  }
  for (const CareResult& other : readings) {
    if (is_refused(other)) {
      out.says += (out.says.empty() ? "" : "; ") + say("prognosis.in_one_reading", {{"says", other.says}});
      continue;
    }
    out.numbers = out.numbers.empty() ? other.numbers : out.numbers;
    for (std::size_t k = 0; k < out.numbers.size() && k < other.numbers.size(); ++k) {
      out.numbers[k].low = std::min(out.numbers[k].low, other.numbers[k].low);
      out.numbers[k].high = std::max(out.numbers[k].high, other.numbers[k].high);
    }
    add_new(out.groups, other.groups);
    add_new(out.unknown, other.unknown);
  }
  out.state = CareState::open;
  out.says += (out.says.empty() ? "" : "; ") + say("prognosis.depends_on_contradictions");
  return out;
}

Prognosis prognosis(const Dictionary& dictionary, const FactValues& facts, const PrognosisOptions& options) {
  Prognosis out;
  const Reconciled reconciled = reconcile_care(dictionary, facts);
  out.discrepancies = reconciled.discrepancies;
  if (reconciled.readings.size() > 1) {
    for (const auto& reading : reconciled.readings) {
      out.readings.push_back(reading.assumes);
    }
  }
  const Teller teller(dictionary, reconciled.readings);
  tell_stages(dictionary, teller, options, out);
  out.predict = teller.predict(options, PredictOutcome::death);
  out.predict_later = teller.predict(options, PredictOutcome::death_after_five_years);
  out.predict_recurrence = teller.predict(options, PredictOutcome::recurrence);
  for (const Score& score : scores()) {
    if (teller.any_recorded(score.own)) {
      out.scores.push_back(teller.tell([&](const FactValues& reading) { return score.of(dictionary, reading); }));
    }
  }
  out.registry = teller.tell([&](const FactValues& reading) { return registry_survival_result(dictionary, reading); });
  return out;
}

}  // namespace her2
