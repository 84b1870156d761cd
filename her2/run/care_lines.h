// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "her2/run/care_row.h"
#include "her2/run/cohort.h"

namespace her2 {

// How a row of `her2 care` on a table is written. Immutable; threads share it.
class CareLines {
 public:
  CareLines(RowFormat format, bool prognostic) : format_(format), prognostic_(prognostic) {}

  [[nodiscard]] std::string header() const;  // empty for JSON Lines
  void append(std::string& out, const MappedRow& row, std::string_view subtype, const CareRow& care) const;
  // The line of a row that is refused as a whole.
  void append_refused(std::string& out, const MappedRow& row, std::string_view column, std::string_view text,
                      std::string_view reason) const;

 private:
  void put(std::string& out, std::string_view name, std::string_view text) const;
  void put(std::string& out, std::string_view name, bool has, const CareRow::Span& span) const;

  RowFormat format_;
  bool prognostic_;
};

// A number of percent or points with four digits, or "low-high".
void append_span(std::string& out, const CareRow::Span& span);

}  // namespace her2
