// SPDX-License-Identifier: Apache-2.0
#include "her2/care/contradictions.h"

#include <array>
#include <bit>

#include <fmt/format.h>

#include "her2/care/stage.h"
#include "her2/evidence/reading_set.h"

namespace her2 {
namespace {

// Facts of one occasion.
struct Occasion {
  std::string_view t, n, size, nodes, deposit, stage;
  StageBasis basis;
};
constexpr std::array<Occasion, 3> kOccasions{
    {{"ct", "cn", "size_clinical_mm", "", "", "clinical_stage", StageBasis::clinical},
     {"pt", "pn", "size_mm", "positive_nodes", "node_deposit_mm", "anatomic_stage", StageBasis::pathological},
     {"ypt", "ypn", "", "yp_nodes", "yp_deposit_mm", "yp_stage", StageBasis::after_treatment}}};

class Finder : private ReadingSet {
 public:
  using ReadingSet::ReadingSet;

  Reconciled run() {
    for (const Occasion& occasion : kOccasions) {
      check_t(occasion);
      check_n(occasion);
    }
    const bool metastasis = check_m();
    if (!metastasis) {
      for (const Occasion& occasion : kOccasions) {
        check_stage(occasion);
      }
    }
    check_menopause();
    check_npi();
    return take();
  }

 private:
  [[nodiscard]] std::uint64_t choices(std::string_view name) const {
    const Value* value = name.empty() ? nullptr : find(name);
    return value != nullptr && value->state == Value::State::choice ? value->choices : 0;
  }
  [[nodiscard]] bool is_number(std::string_view name) const {
    const Value* value = name.empty() ? nullptr : find(name);
    return value != nullptr && value->state == Value::State::number;
  }

  // What the measurements alone would give.
  [[nodiscard]] TnmSet measured(const Occasion& occasion) const {
    FactValues facts = recorded();
    for (const auto name : {occasion.t, occasion.n}) {
      if (const auto id = dictionary().find(name)) {
        facts.erase(*id);
      }
    }
    return tnm_of(dictionary(), facts, occasion.basis);
  }

  void contradiction(std::string id, const std::string& says, std::string_view first, std::string_view second) {
    point_out({std::move(id), says, ids({first, second}), true});
    split({{fmt::format("{} {} is right", label(first), written(first)), {second}, {}},
           {fmt::format("{} {} is right", label(second), written(second)), {first}, {}}});
  }

  void check_t(const Occasion& occasion) {
    const std::uint64_t t = choices(occasion.t);
    constexpr std::uint64_t kT4 = 1U << 8U;  // of any size
    if (t == 0 || !is_number(occasion.size) || (t & (measured(occasion).t | kT4)) != 0) {
      return;
    }
    contradiction("t-against-size",
                  fmt::format("{} {} does not go with a size of {} mm.", label(occasion.t), written(occasion.t),
                              written(occasion.size)),
                  occasion.t, occasion.size);
  }

  // Nodes outside of the axilla may make an N higher than the axillary nodes do; none makes it lower.
  void check_n(const Occasion& occasion) {
    const std::uint64_t n = choices(occasion.n);
    if (n == 0 || !is_number(occasion.nodes)) {
      return;
    }
    const TnmMask by_count = measured(occasion).n;
    const auto lowest = static_cast<unsigned>(std::countr_zero(by_count));
    if ((n >> lowest) != 0) {
      return;
    }
    contradiction("n-against-nodes",
                  fmt::format("{} {} does not go with {} positive node(s).", label(occasion.n), written(occasion.n),
                              written(occasion.nodes)),
                  occasion.n, occasion.nodes);
  }

  // M1 is stage IV and no other stage is.
  bool check_m() {
    constexpr std::uint64_t kStage4 = 1U << 8U, kM1 = 2, kM0 = 1;
    const std::uint64_t m = choices("m_category");
    bool found = false;
    for (const std::string_view stage : {"recorded_stage", "anatomic_stage", "clinical_stage", "yp_stage"}) {
      const std::uint64_t stages = choices(stage);
      const bool low_with_metastasis = m == kM1 && stages != 0 && (stages & kStage4) == 0;
      const bool high_without = m == kM0 && stages == kStage4;
      if (low_with_metastasis || high_without) {
        contradiction("m-against-stage",
                      fmt::format("{} {} does not go with {} {}.", label("m_category"), written("m_category"),
                                  label(stage), written(stage)),
                      "m_category", stage);
        found = true;
      }
    }
    return found;
  }

  void check_stage(const Occasion& occasion) {
    const std::uint64_t stages = choices(occasion.stage);
    const TnmSet tnm = tnm_of(dictionary(), recorded(), occasion.basis);
    if (stages == 0 || tnm.t == 0 || tnm.n == 0) {
      return;
    }
    StageSet given = anatomic_stages(tnm);
    if (occasion.basis == StageBasis::after_treatment && (tnm.t & 3U) != 0 && (tnm.n & 1U) != 0) {
      given.stages = static_cast<std::uint16_t>(given.stages | 1U);  // complete response, called 0
    }
    if ((stages & given.stages) != 0 || given.stages == 0) {
      return;
    }
    const auto stage_id = dictionary().find(occasion.stage);
    auto facts = recorded_ids({occasion.t, occasion.n, occasion.size, occasion.nodes, "m_category"});
    facts.insert(facts.begin(), *stage_id);
    point_out({"stage-against-tnm",
               fmt::format("{} {} is recorded, but T, N and M give {}.", label(occasion.stage), written(occasion.stage),
                           value_text(dictionary()[*stage_id], Value::of_choices(given.stages))),
               std::move(facts), true});
    split({{fmt::format("{} {} is right", label(occasion.stage), written(occasion.stage)),
            {occasion.t, occasion.n, occasion.size, occasion.nodes},
            {}},
           {"T, N and M are right", {occasion.stage}, {}}});
  }

  // A recorded index is compared, never used.
  void check_npi() {
    const auto index = number("recorded_npi"), size = number("size_mm"), nodes = number("positive_nodes");
    const std::uint64_t grades = choices("grade");
    if (!index || !size || !nodes || !std::has_single_bit(grades)) {
      return;
    }
    const int grade = std::countr_zero(grades) + 1;
    const Rational rest = grade + (*nodes < 1 ? 1 : *nodes < 4 ? 2 : 3);
    const Rational right = *size / 50 + rest, tenth = *size / 500 + rest;
    const auto near = [&](const Rational& other) {
      const Rational difference = *index - other;
      return difference <= Rational(1, 100) && difference >= Rational(-1, 100);
    };
    if (near(right)) {
      return;
    }
    const bool small = near(tenth);
    point_out(
        {small ? "npi-size-term" : "npi-differs",
         fmt::format("The recorded Nottingham Prognostic Index {} is not 0.2 x cm + grade + nodes, which is {}{}.",
                     written("recorded_npi"), rounded_text(right, 2),
                     small ? "; its size term is ten times too small" : ""),
         ids({"recorded_npi", "size_mm", "grade", "positive_nodes"}), false});
  }

  void check_menopause() {
    constexpr int kAge = 60;
    const Value* age = find("age_years");
    const auto status = dictionary().find("menopausal_status");
    const auto pre = status ? dictionary()[*status].index_of("pre") : std::nullopt;
    if (!pre || choices("menopausal_status") != std::uint64_t{1} << *pre || !is_number("age_years") || !age->low ||
        age->low->at < kAge) {
      return;
    }
    contradiction("menopause-against-age",
                  fmt::format("{} {} does not go with an age of {} years.", label("menopausal_status"),
                              written("menopausal_status"), written("age_years")),
                  "menopausal_status", "age_years");
  }
};

}  // namespace

Reconciled reconcile_care(const Dictionary& dictionary, const FactValues& recorded) {
  return Finder(dictionary, recorded).run();
}

}  // namespace her2
