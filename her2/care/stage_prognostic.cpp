// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "her2/care/model_inputs.h"
#include "her2/care/stage_table.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

// T, N and M as inputs of the table.
ModelInput mask_input(std::string name, TnmMask mask, unsigned size) {
  ModelInput out{std::move(name), {}, false, mask != 0};
  for (unsigned i = 0; i < size; ++i) {
    if (mask == 0 || (mask >> i & 1U) != 0) {
      out.values.push_back(i);
    }
  }
  return out;
}

bool is_yes(const ModelInputs& inputs, const Dictionary& dictionary, std::string_view fact) {
  const Value* value = inputs.find(fact);
  const auto id = dictionary.find(fact);
  const auto yes = id ? dictionary[*id].index_of("yes") : std::nullopt;
  return value != nullptr && yes && value->choices == std::uint64_t{1} << *yes;
}

// A recurrence score below 11 is there, is not, or may be.
enum class Low { no, yes, open };
Low low_score(const ModelInputs& inputs) {
  const Value* score = inputs.find("recurrence_score");
  constexpr int kLimit = 11;
  if (score == nullptr) {
    return Low::no;
  }
  const bool may = !score->low || score->low->at < kLimit;
  const bool must = score->high && (score->high->at < kLimit || (score->high->at == kLimit && score->high->open));
  return must ? Low::yes : may ? Low::open : Low::no;
}

}  // namespace

CareResult prognostic_stage_result(const Dictionary& dictionary, const FactValues& facts, const StageTable* table,
                                   StageTable::Kind kind) {
  const bool pathological = kind == StageTable::Kind::pathological;
  CareResult out;
  out.id = pathological ? "stage_prognostic_pathological" : "stage_prognostic_clinical";
  out.title =
      pathological ? say("prognosis.prognostic_pathological_title") : say("prognosis.prognostic_clinical_title");
  out.valid =
      pathological ? say("prognosis.prognostic_pathological_valid") : say("prognosis.prognostic_clinical_valid");
  out.sources = {say("prognosis.prognostic_stage_source_1")};
  if (table == nullptr) {
    out.says = say("prognosis.stage_table_needed");
    return out;
  }
  const TnmSet tnm = tnm_of(dictionary, facts, pathological ? StageBasis::pathological : StageBasis::clinical);
  ModelInputs inputs(dictionary, facts, out);
  if (pathological && is_yes(inputs, dictionary, "neoadjuvant_chemo")) {
    inputs.refuse(say("prognosis.prognostic_stage_refused"));
    return out;
  }
  if (tnm.t == 0 && tnm.n == 0 && tnm.m == 1) {
    out.says = say("prognosis.neither_t_nor_n");
    return out;
  }
  inputs.put(mask_input("t", tnm.t, kTNames.size()), pathological ? "pt" : "ct", nullptr);
  inputs.put(mask_input("n", tnm.n, kNNames.size()), pathological ? "pn" : "cn", nullptr);
  inputs.put(mask_input("m", tnm.m, kMNames.size()), "m_category", nullptr);
  inputs.grade();
  inputs.her2(0.5);  // equivocal counts as negative
  inputs.receptor("er", "er_status", "er_percent");
  inputs.receptor("pgr", "pgr_status", "pgr_percent");
  const Low low = pathological ? low_score(inputs) : Low::no;
  bool unstaged = false;
  evaluate(out, inputs, kStageNames, [&](std::span<const double> x) {
    const auto t = static_cast<unsigned>(x[0]), n = static_cast<unsigned>(x[1]), m = static_cast<unsigned>(x[2]);
    const bool her2 = x[4] == 1, er = x[5] == 1;
    const std::uint8_t stage = table->stage(t, n, m, static_cast<int>(x[3]), her2, er, x[6] == 1);
    constexpr int kStageIa = 1;
    const bool small = t >= 2 && t <= 6 && n == 0 && m == 0 && er && !her2;
    unstaged = unstaged || stage == StageTable::kNoStage;
    return ModelValue{{}, stage == StageTable::kNoStage ? -1 : small && low == Low::yes ? kStageIa : int{stage}};
  });
  if (low == Low::open && std::find(out.groups.begin(), out.groups.end(), "IA") == out.groups.end()) {
    out.groups.insert(out.groups.begin(), "IA");
    out.unknown.emplace_back("recurrence_score");
    out.state = CareState::open;
  }
  // the categories as they were read, in place of "unknown"
  out.inputs.erase(out.inputs.begin(), out.inputs.begin() + 3);
  out.inputs.insert(out.inputs.begin(), tnm.inputs.begin(), tnm.inputs.end());
  out.assumes.insert(out.assumes.end(), tnm.assumes.begin(), tnm.assumes.end());
  if (out.groups.empty() && unstaged) {
    out.state = CareState::refused;
    out.says = say("prognosis.no_stage");
  } else if (out.state == CareState::open) {
    out.says = say("prognosis.stage_not_assignable");
  }
  return out;
}

}  // namespace her2
