// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/care/prognosis.h"
#include "her2/evidence/dictionary.h"
#include "her2/exchange/row_mapper.h"

namespace her2 {

// Stage, NPI and PREDICT of one row of a table, as few numbers and words as a line needs.
struct CareRow {
  struct Span {
    double low = 0, high = 0;
  };
  // alive at 5, 10, 15 years with the recorded treatments; alive at 10 with surgery alone; dead at 10 of breast cancer
  // and of other causes, with the recorded treatments. Percent.
  static constexpr std::size_t kChances = 6;

  std::string t, n, stage, prognostic_stage;  // "1c", "0", "IA"; several joined by |; "" where nothing is recorded
  bool has_npi = false;
  Span npi, npi_survival;
  std::string npi_group;
  bool has_chances = false;
  std::array<Span, kChances> chances{};
  CareState predict = CareState::open;
  std::string unknown;  // facts of PREDICT of which several values were tried, joined by ;
  std::string notices;  // ids of discrepancies, joined by ;
  std::string refused;  // why PREDICT is refused

  void clear();
};

// How rows are told. One per thread; the map and the dictionary must outlive it.
class CareRowTeller {
 public:
  CareRowTeller(const Dictionary& dictionary, const BoundMap& map, const PrognosisOptions& options);

  // `her2` is the row's HER2 status as decided: "positive", "negative" or anything else for neither. Both ways give the
  // same; `quick` says whether the quick one could be taken, which needs plain values in plain columns.
  bool quick(const MappedRow& row, std::string_view her2, CareRow& out);
  void slow(const MappedRow& row, std::string_view her2, CareRow& out) const;

 private:
  struct Plain;
  [[nodiscard]] bool read(const MappedRow& row, Plain& plain) const;
  void tell_chances(const Plain& x, PredictTumour tumour, PredictTreatment with, CareRow& out) const;
  static bool take_number(const RowValue& value, double& out);

  const Dictionary& dictionary_;
  const PrognosisOptions& options_;
  std::vector<std::uint8_t> meaning_;    // of each slot of the map: a Meaning, or kIgnored, or kSlow
  std::vector<std::vector<int>> codes_;  // of each slot: what the values of a choice stand for; -1: not plain
};

// Words with a separator between.
[[nodiscard]] std::string joined_words(const std::vector<std::string>& words, char separator);

}  // namespace her2
