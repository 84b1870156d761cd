// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "her2/care/care_result.h"
#include "her2/care/stage.h"
#include "her2/core/error.h"

namespace her2 {

// A prognostic stage table of AJCC, which is licensed and not part of this program: the user supplies the file
// (docs/stage.md has its form). Immutable; safe to share between threads.
class StageTable {
 public:
  enum class Kind : std::uint8_t { clinical, pathological };

  // Reads CSV with the columns t, n, m, grade, her2, er, pr, stage, one row a combination ("any" stands for all). Fails
  // with file and line on what is not understood or contradicts another row, and names what is missing when it is not
  // complete: Tis N0, T0 to T4 with N0, N1mi, N1, N2, N3 (without T0 N0) by grade, HER2, ER and PgR, and M1.
  static Result<StageTable> parse(std::string_view text, const std::string& file, Kind kind);

  [[nodiscard]] Kind kind() const { return kind_; }
  // Index into kStageNames, of indices into kTNames, kNNames and kMNames, grade 1 to 3; kNoStage where there is none.
  static constexpr std::uint8_t kNoStage = 255;
  [[nodiscard]] std::uint8_t stage(unsigned t, unsigned n, unsigned m, int grade, bool her2, bool er, bool pgr) const;

 private:
  friend class StageTableReader;
  // [row of T: is, 0, 1, 2, 3, 4][N][grade - 1][HER2, ER, PgR as bits 4, 2, 1]; the stage of M1 apart.
  using Cells = std::array<std::array<std::array<std::array<std::uint8_t, 8>, 3>, 5>, 6>;
  explicit StageTable(Kind kind);

  Kind kind_;
  Cells cells_{};
  std::uint8_t metastatic_ = kNoStage;
};

// Prognostic stage by the user's table; without a table (nullptr) the result says so. Equivocal HER2 counts as
// negative. With a pathological table: not after neoadjuvant therapy; pT1-2 pN0 M0, HER2 negative, ER positive and a
// recurrence score below 11 is IA (NCCN ST-11 as summarised).
[[nodiscard]] CareResult prognostic_stage_result(const Dictionary& dictionary, const FactValues& facts,
                                                 const StageTable* table, StageTable::Kind kind);

}  // namespace her2
