// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// Anatomic stage, AJCC 8th edition (public UICC material), from T, N and M as recorded or, where they are not, as they
// follow from measurements. What is not known exactly is a set of categories, and the answer the set of their stages.

// Values of the facts ct, cn, m_category in their order; a set of them is a mask.
inline constexpr std::array<std::string_view, 9> kTNames{"0", "is", "1mi", "1a", "1b", "1c", "2", "3", "4"};
inline constexpr std::array<std::string_view, 5> kNNames{"0", "1mi", "1", "2", "3"};
inline constexpr std::array<std::string_view, 2> kMNames{"0", "1"};
inline constexpr std::array<std::string_view, 9> kStageNames{"0",    "IA",   "IB",   "IIA", "IIB",
                                                             "IIIA", "IIIB", "IIIC", "IV"};
using TnmMask = std::uint16_t;

// Index into kStageNames; nullopt: there is no such stage (T0 N0 M0, Tis with nodes).
[[nodiscard]] std::optional<unsigned> anatomic_stage(unsigned t, unsigned n, unsigned m);

// T of an invasive tumour of this size that reaches neither chest wall nor skin: mm, rounded to whole millimetres, but
// 1.0 to 2.0 mm count as 2. 0 mm: T0 or Tis.
[[nodiscard]] TnmMask t_of_size(const Rational& size_mm);

// pN of this many positive axillary nodes whose largest deposit is as given (mm; nullopt: not known).
[[nodiscard]] TnmMask n_of_nodes(unsigned nodes, const std::optional<Rational>& deposit_mm);

// Which T and N: before treatment, at surgery that came first, or at surgery after treatment.
enum class StageBasis : std::uint8_t { clinical, pathological, after_treatment };

// The categories that the facts leave possible.
struct TnmSet {
  TnmMask t = 0, n = 0, m = 0;  // 0: nothing is recorded
  std::vector<CareInput> inputs;
  std::vector<std::string> assumes;  // "no metastasis is recorded: M0"
  std::vector<std::string> unknown;  // facts that would narrow it
};
[[nodiscard]] TnmSet tnm_of(const Dictionary& dictionary, const FactValues& facts, StageBasis basis);

// Mask over kStageNames of the possible anatomic stages; `unstaged`: some combination has no stage.
struct StageSet {
  std::uint16_t stages = 0;
  bool unstaged = false;
};
[[nodiscard]] StageSet anatomic_stages(const TnmSet& tnm);

// id "stage_clinical", "stage_pathological" or "stage_yp". After treatment, no invasive tumour in breast and nodes is a
// complete response, which has no stage group; CPS+EG calls it 0.
[[nodiscard]] CareResult stage_result(const Dictionary& dictionary, const FactValues& facts, StageBasis basis);

// The facts with what follows from them and is not recorded: t_for_stage, n_for_stage (pathological where there is one,
// else clinical), anatomic_stage, clinical_stage, yp_stage. Sets where several are possible.
[[nodiscard]] FactValues with_stage_facts(const Dictionary& dictionary, FactValues facts);

}  // namespace her2
