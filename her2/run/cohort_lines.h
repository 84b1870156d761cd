// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "her2/exchange/row_mapper.h"
#include "her2/run/cohort.h"
#include "her2/run/verdict.h"

namespace her2 {

// How results of a table are written: one line a row, docs/tables.md. Immutable; threads share it.
class CohortLines {
 public:
  CohortLines(RowFormat format, const BoundMap& map, const TableShape& shape, const std::vector<const Plan*>& plans,
              const std::vector<std::vector<FactId>>& answers);

  // The line of names; empty for JSON Lines.
  [[nodiscard]] std::string header() const;
  // Writes verdict.tail: everything a plan says, with leading separators.
  void finish(std::size_t plan, Verdict& verdict) const;
  // One whole line. `row.refusals` and the verdicts' own reasons become the refusal columns.
  void append(std::string& out, const MappedRow& row, const std::vector<Verdict*>& verdicts) const;
  // The line of a row that is refused as a whole.
  void append_refused(std::string& out, const MappedRow& row, std::string_view column, std::string_view text,
                      std::string_view reason) const;

 private:
  void field(std::string& out, std::string_view text) const;
  void json_text(std::string& out, std::string_view text) const;
  [[nodiscard]] std::string_view clean_end() const;
  void append_start(std::string& out, const MappedRow& row) const;
  void append_end(std::string& out, const std::vector<RowRemark>& refusals) const;
  [[nodiscard]] std::vector<RowRemark> refusals_of(const MappedRow& row, const std::vector<Verdict*>& verdicts) const;
  [[nodiscard]] std::string key(std::size_t plan, std::string_view name) const;

  RowFormat format_;
  char separator_;
  const BoundMap& map_;
  const TableShape& shape_;
  const std::vector<const Plan*>& plans_;
  const std::vector<std::vector<FactId>>& answers_;
};

}  // namespace her2
