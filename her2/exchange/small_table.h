// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/exchange/byte_source.h"

// Tables that fit into memory, with a few known columns. Inside of ish_counts.cpp and ish_edits.cpp.
namespace her2 {

// A column and the names that people give it, as letters and digits in lower case.
struct ColumnNames {
  std::string_view name;  // as it is called in messages
  std::array<std::string_view, 6> also;
};

class SmallTable {
 public:
  // Reads all rows that hold anything. Fails on what is no table, on more than kMostRows rows, and when two columns
  // mean the same.
  static Result<SmallTable> read(std::unique_ptr<ByteSource> text, const std::string& name,
                                 std::span<const ColumnNames> columns);
  static constexpr std::size_t kMostRows = 1'000'000;

  [[nodiscard]] std::size_t rows() const { return lines_.size(); }
  [[nodiscard]] bool has(std::size_t column) const { return index_[column].has_value(); }
  // The trimmed field; "" where the table has no such column.
  [[nodiscard]] std::string_view at(std::size_t row, std::size_t column) const;
  // "row 12 (line 13), column cep17", the column as the table calls it.
  [[nodiscard]] std::string place(std::size_t row, std::optional<std::size_t> column = {}) const;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] const std::vector<std::string>& unused() const { return unused_; }

 private:
  std::vector<std::string> names_, unused_;
  std::vector<std::optional<std::size_t>> index_;  // of each known column
  std::vector<std::uint64_t> lines_;
  std::vector<std::string> fields_;  // row by row, of the known columns
};

}  // namespace her2
