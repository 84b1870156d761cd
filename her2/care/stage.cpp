// SPDX-License-Identifier: Apache-2.0
#include "her2/care/stage.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr unsigned kNone = 9;
// Rows T0 to T4 (all of T1 together), columns N0, N1mi, N1, N2, N3; index into kStageNames.
constexpr std::array<std::array<unsigned, 5>, 5> kGroups{{{kNone, 2, 3, 5, 7},  // T0: - IB IIA IIIA IIIC
                                                          {1, 2, 3, 5, 7},      // T1: IA IB IIA IIIA IIIC
                                                          {3, 4, 4, 5, 7},      // T2: IIA IIB IIB IIIA IIIC
                                                          {4, 5, 5, 5, 7},      // T3: IIB IIIA IIIA IIIA IIIC
                                                          {6, 6, 6, 6, 7}}};    // T4: IIIB IIIB IIIB IIIB IIIC
constexpr unsigned kTis = 1, kStage4 = 8;

TnmMask bit(unsigned index) { return static_cast<TnmMask>(1U << index); }
constexpr TnmMask kT0 = 1U << 0U, kIs = 1U << 1U, k1mi = 1U << 2U, k1a = 1U << 3U, k1b = 1U << 4U, k1c = 1U << 5U,
                  k2 = 1U << 6U, k3 = 1U << 7U, k4 = 1U << 8U, kAllT = (1U << 9U) - 1, kAllN = (1U << 5U) - 1;

// The size as staged: whole millimetres.
Rational staged_size(const Rational& size_mm) {
  if (size_mm > Rational(1) && size_mm < Rational(2)) {
    return 2;
  }
  return size_mm <= 1 ? size_mm : floor(size_mm + Rational(1, 2));
}

struct FactNames {
  std::string_view t, n, size, nodes, deposit;
};
FactNames names_of(StageBasis basis) {
  switch (basis) {
    case StageBasis::clinical: return {"ct", "cn", "size_clinical_mm", "", ""};
    case StageBasis::after_treatment: return {"ypt", "ypn", "", "yp_nodes", "yp_deposit_mm"};
    case StageBasis::pathological: break;
  }
  return {"pt", "pn", "size_mm", "positive_nodes", "node_deposit_mm"};
}

class Finder {
 public:
  Finder(const Dictionary& dictionary, const FactValues& facts, StageBasis basis)
      : dictionary_(dictionary), facts_(facts), names_(names_of(basis)) {}

  TnmSet run() {
    find_t();
    find_n();
    find_m();
    return std::move(out_);
  }

 private:
  const Value* find(std::string_view name) const {
    const auto id = dictionary_.find(name);
    const auto found = id ? facts_.find(*id) : facts_.end();
    return found == facts_.end() || found->second.is_missing() ? nullptr : &found->second;
  }
  void use(std::string_view name, const Value& value) {
    const auto id = *dictionary_.find(name);
    const bool known = value.state != Value::State::unknown;
    out_.inputs.push_back({std::string(name), dictionary_[id].label, value_text(dictionary_[id], value), known});
    if (!value.is_exact()) {
      out_.unknown.emplace_back(name);
    }
  }
  // The choice as a mask of `all`; the dictionary's values stand in the order of our names.
  TnmMask mask_of(std::string_view name, TnmMask all) {
    const Value* value = find(name);
    if (value == nullptr) {
      return 0;
    }
    use(name, *value);
    return value->state == Value::State::choice ? static_cast<TnmMask>(value->choices & all) : all;
  }

  void find_t() {
    out_.t = mask_of(names_.t, kAllT);
    const Value* size = names_.size.empty() ? nullptr : find(names_.size);
    if (out_.t != 0 || size == nullptr || size->state != Value::State::number) {
      return;
    }
    use(names_.size, *size);
    out_.t = t_between(*size);
    add_t4();
  }

  // All categories from the smallest to the largest size.
  static TnmMask t_between(const Value& size) {
    static const std::array<Rational, 8> kProbes{0, 1, 2, 6, 11, 21, 51, 1000};
    const Rational low = size.low ? size.low->at : Rational(0), high = size.high ? size.high->at : Rational(1000);
    auto out = static_cast<TnmMask>(t_of_size(low) | t_of_size(high));
    for (const Rational& probe : kProbes) {
      if (probe > low && probe < high) {
        out = static_cast<TnmMask>(out | t_of_size(probe));
      }
    }
    return out;
  }

  // Chest wall, skin and inflammatory carcinoma: T4 whatever the size.
  void add_t4() {
    for (const auto& [name, negative] : {std::pair("t4_features", "none"), std::pair("inflammatory", "no")}) {
      const Value* value = find(name);
      if (value == nullptr) {
        continue;
      }
      use(name, *value);
      const auto none = dictionary_[*dictionary_.find(name)].index_of(negative).value_or(0);
      const bool any = value->state != Value::State::choice;
      const bool may_not = any || (value->choices >> none & 1U) != 0;
      const bool may = any || (value->choices & ~(std::uint64_t{1} << none)) != 0;
      out_.t = static_cast<TnmMask>((may_not ? out_.t : 0) | (may ? k4 : 0));
    }
  }

  void find_n() {
    out_.n = mask_of(names_.n, kAllN);
    const Value* nodes = names_.nodes.empty() ? nullptr : find(names_.nodes);
    if (out_.n != 0 || nodes == nullptr || nodes->state != Value::State::number) {
      return;
    }
    use(names_.nodes, *nodes);
    const Value* deposit = find(names_.deposit);
    const bool measured = deposit != nullptr && deposit->state == Value::State::number;
    if (measured) {
      use(names_.deposit, *deposit);
    }
    const auto whole = [](const Rational& at) { return static_cast<unsigned>(floor(at).convert_to<double>()); };
    const unsigned first = nodes->low ? whole(nodes->low->at) + (nodes->low->open ? 1 : 0) : 0;
    const unsigned last = nodes->high ? whole(nodes->high->at) : 100;
    for (unsigned count = first; count <= std::min(last, 100U); ++count) {
      if (!measured) {
        out_.n = static_cast<TnmMask>(out_.n | n_of_nodes(count, std::nullopt));
        continue;
      }
      for (const auto& bound : {deposit->low, deposit->high}) {
        out_.n = static_cast<TnmMask>(out_.n | n_of_nodes(count, bound ? std::optional(bound->at) : std::nullopt));
      }
    }
    if (!measured && (out_.n & (out_.n - 1)) != 0) {
      out_.unknown.emplace_back(names_.deposit);
    }
  }

  void find_m() {
    out_.m = mask_of("m_category", 3);
    if (out_.m == 0) {
      out_.m = 1;
      out_.assumes.push_back(say("prognosis.taken_as_m0"));
    }
  }

  const Dictionary& dictionary_;
  const FactValues& facts_;
  FactNames names_;
  TnmSet out_;
};

std::vector<std::string> names_of_mask(std::uint16_t stages) {
  std::vector<std::string> out;
  for (unsigned i = 0; i < kStageNames.size(); ++i) {
    if ((stages >> i & 1U) != 0) {
      out.emplace_back(kStageNames[i]);
    }
  }
  return out;
}

// No invasive tumour in breast and nodes is possible.
bool may_be_complete(const TnmSet& tnm) { return (tnm.t & (kT0 | kIs)) != 0 && (tnm.n & 1U) != 0 && (tnm.m & 1U) != 0; }

}  // namespace

std::optional<unsigned> anatomic_stage(unsigned t, unsigned n, unsigned m) {
  if (m == 1) {
    return kStage4;
  }
  if (t == kTis) {
    return n == 0 ? std::optional(0U) : std::nullopt;
  }
  const unsigned row = t == 0 ? 0 : t <= 5 ? 1 : t - 4;
  const unsigned stage = kGroups[row][n];
  return stage == kNone ? std::nullopt : std::optional(stage);
}

TnmMask t_of_size(const Rational& size_mm) {
  const Rational mm = staged_size(size_mm);
  if (mm <= 0) {
    return kT0 | kIs;
  }
  return mm <= 1 ? k1mi : mm <= 5 ? k1a : mm <= 10 ? k1b : mm <= 20 ? k1c : mm <= 50 ? k2 : k3;
}

TnmMask n_of_nodes(unsigned nodes, const std::optional<Rational>& deposit_mm) {
  constexpr TnmMask kN0 = 1, kN1mi = 2;
  if (nodes == 0 || (deposit_mm && *deposit_mm <= Rational(1, 5))) {
    return kN0;  // isolated tumour cells are N0(i+)
  }
  const TnmMask by_count = bit(nodes <= 3 ? 2 : nodes <= 9 ? 3 : 4);
  if (!deposit_mm) {
    return nodes <= 3 ? static_cast<TnmMask>(by_count | kN1mi) : by_count;
  }
  if (*deposit_mm > 2) {
    return by_count;
  }
  return nodes <= 3 ? kN1mi
                    : static_cast<TnmMask>(by_count | kN1mi);  // many nodes, all micrometastases: not in the source
}

TnmSet tnm_of(const Dictionary& dictionary, const FactValues& facts, StageBasis basis) {
  return Finder(dictionary, facts, basis).run();
}

StageSet anatomic_stages(const TnmSet& tnm) {
  StageSet out;
  const TnmMask t_all = tnm.t != 0 ? tnm.t : kAllT, n_all = tnm.n != 0 ? tnm.n : kAllN;
  for (unsigned t = 0; t < kTNames.size(); ++t) {
    for (unsigned n = 0; n < kNNames.size(); ++n) {
      for (unsigned m = 0; m < kMNames.size(); ++m) {
        if ((t_all & bit(t)) == 0 || (n_all & bit(n)) == 0 || (tnm.m & bit(m)) == 0) {
          continue;
        }
        const auto stage = anatomic_stage(t, n, m);
        out.stages = static_cast<std::uint16_t>(out.stages | (stage ? 1U << *stage : 0U));
        out.unstaged = out.unstaged || !stage;
      }
    }
  }
  return out;
}

CareResult stage_result(const Dictionary& dictionary, const FactValues& facts, StageBasis basis) {
  CareResult out;
  const bool after = basis == StageBasis::after_treatment;
  out.id = basis == StageBasis::clinical ? "stage_clinical" : after ? "stage_yp" : "stage_pathological";
  out.title = basis == StageBasis::clinical ? say("prognosis.stage_clinical_title")
              : after                       ? say("prognosis.stage_yp_title")
                                            : say("prognosis.stage_pathological_title");
  out.valid = say("prognosis.stage_valid");
  out.sources = {say("prognosis.stage_source_1")};
  const TnmSet tnm = tnm_of(dictionary, facts, basis);
  out.inputs = tnm.inputs;
  out.assumes = tnm.assumes;
  if (tnm.t == 0 && tnm.n == 0 && tnm.m == 1) {
    out.says = say("prognosis.neither_t_nor_n");
    out.assumes.clear();
    return out;
  }
  const FactNames names = names_of(basis);
  const StageSet stages = anatomic_stages(tnm);
  out.groups = names_of_mask(stages.stages);
  if (after && may_be_complete(tnm)) {
    out.groups.erase(std::remove(out.groups.begin(), out.groups.end(), "0"), out.groups.end());
    out.groups.insert(out.groups.begin(), "complete response");
  } else if (stages.unstaged && out.groups.empty()) {
    out.state = CareState::refused;
    out.says = say("prognosis.no_anatomic_stage");
    return out;
  }
  out.state = out.groups.size() == 1 ? CareState::answered : CareState::open;
  if (out.state == CareState::open) {
    out.unknown = tnm.unknown;
    for (const auto& [mask, name] : {std::pair(tnm.t, names.t), std::pair(tnm.n, names.n)}) {
      if (mask == 0) {
        out.unknown.emplace_back(name);
      }
    }
  }
  return out;
}

FactValues with_stage_facts(const Dictionary& dictionary, FactValues facts) {
  const auto put = [&](std::string_view name, std::uint64_t mask, std::uint64_t all) {
    const auto id = dictionary.find(name);
    const bool recorded =
        id && facts.contains(*id) && !facts.at(*id).is_missing() && facts.at(*id).state != Value::State::unknown;
    if (id && !recorded && mask != 0 && mask != all) {
      facts[*id] = Value::of_choices(mask);
    }
  };
  const TnmSet clinical = tnm_of(dictionary, facts, StageBasis::clinical);
  const TnmSet at_surgery = tnm_of(dictionary, facts, StageBasis::pathological);
  const TnmSet after = tnm_of(dictionary, facts, StageBasis::after_treatment);
  TnmSet best = at_surgery;
  best.t = best.t != 0 ? best.t : clinical.t;
  best.n = best.n != 0 ? best.n : clinical.n;
  constexpr std::uint64_t kAllStages = (1U << 9U) - 1;
  put("t_for_stage", best.t, kAllT);
  put("n_for_stage", best.n, kAllN);
  const auto stages = [&](std::string_view name, const TnmSet& tnm) {
    if (tnm.t != 0 || tnm.n != 0 || tnm.m != 1) {
      put(name, anatomic_stages(tnm).stages, kAllStages);
    }
  };
  stages("anatomic_stage", best);
  stages("clinical_stage", clinical);
  if (after.t != 0 && after.n != 0) {
    const bool complete = may_be_complete(after);
    put("yp_stage", anatomic_stages(after).stages | (complete ? 1U : 0U), kAllStages);
  }
  return facts;
}

}  // namespace her2
