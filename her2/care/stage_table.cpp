// SPDX-License-Identifier: Apache-2.0
#include "her2/care/stage_table.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "her2/evidence/text.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, 6> kRows{"Tis", "T0", "T1", "T2", "T3", "T4"};
constexpr std::array<std::string_view, 5> kColumns{"N0", "N1mi", "N1", "N2", "N3"};
constexpr std::array<std::string_view, 8> kNames{"t", "n", "m", "grade", "her2", "er", "pr", "stage"};
constexpr std::size_t kMostBytes = 4U << 20U, kMostLines = 100'000;

std::vector<std::string> fields_of(std::string_view line, char separator) {
  std::vector<std::string> out;
  for (;;) {
    const auto end = line.find(separator);
    std::string_view field = trimmed(line.substr(0, end));
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
      field = field.substr(1, field.size() - 2);
    }
    out.emplace_back(field);
    if (end == std::string_view::npos) {
      return out;
    }
    line.remove_prefix(end + 1);
  }
}

// Index in a list of names, or all of them for "any"; empty: no such name.
template <std::size_t N>
std::vector<unsigned> indices(const std::array<std::string_view, N>& names, std::string_view text) {
  std::vector<unsigned> out;
  for (unsigned i = 0; i < N; ++i) {
    if (equal_ignoring_case(text, "any") || equal_ignoring_case(text, names[i])) {
      out.push_back(i);
    }
  }
  return out;
}

std::vector<unsigned> signs(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kShort{"neg", "pos"}, kLong{"negative", "positive"}, kMath{"-", "+"};
  for (const auto& names : {kShort, kLong, kMath}) {
    if (auto found = indices(names, text); !found.empty()) {
      return found;
    }
  }
  return {};
}

unsigned row_of(unsigned t) { return t == 0 ? 1 : t == 1 ? 0 : t <= 5 ? 2 : t - 3; }

bool needed(std::size_t row, std::size_t column) { return row == 0 ? column == 0 : row != 1 || column != 0; }

std::string cell_text(std::size_t row, std::size_t column, std::size_t grade, std::size_t signs_of) {
  const auto sign = [&](std::size_t bit) { return (signs_of & bit) != 0 ? "positive" : "negative"; };
  return row == 0 ? "Tis N0 M0"
                  : fmt::format("{} {} M0, grade {}, HER2 {}, ER {}, PgR {}", kRows[row], kColumns[column], grade + 1,
                                sign(4), sign(2), sign(1));
}

}  // namespace

class StageTableReader {
 public:
  StageTableReader(std::string_view text, const std::string& file, StageTable::Kind kind)
      : text_(text), file_(file), table_(kind) {}

  Result<StageTable> read() {
    if (text_.size() > kMostBytes) {
      return fail("the file is larger than 4 MiB; a stage table has some hundred lines", {}, file_);
    }
    if (const auto bad = find_bad_utf8(text_); bad != std::string_view::npos) {
      return fail("the file is not UTF-8 text; save it as CSV in UTF-8", {}, file_);
    }
    if (text_.starts_with("\xEF\xBB\xBF")) {
      text_.remove_prefix(3);
    }
    while (!text_.empty()) {
      const auto end = std::min(text_.find('\n'), text_.size());
      const std::string_view line = trimmed(text_.substr(0, end));
      text_.remove_prefix(std::min(end + 1, text_.size()));
      if (++line_ > kMostLines) {
        return fail("the file has more lines than a stage table can have", {}, file_);
      }
      if (line.empty() || line.front() == '#') {
        continue;
      }
      if (auto read = columns_.empty() ? header(line) : row(line); !read) {
        return tl::unexpected(located(read.error(), file_, fmt::format("line {}", line_)));
      }
    }
    if (auto whole = complete(); !whole) {
      return tl::unexpected(located(whole.error(), file_));
    }
    return std::move(table_);
  }

 private:
  Result<void> header(std::string_view line) {
    separator_ = line.find('\t') != std::string_view::npos  ? '\t'
                 : line.find(';') != std::string_view::npos ? ';'
                                                            : ',';
    const auto names = fields_of(line, separator_);
    for (const auto wanted : kNames) {
      std::size_t found = names.size();
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (equal_ignoring_case(names[i], wanted)) {
          if (found != names.size()) {
            return fail(fmt::format("column {} stands twice", in_quotes(wanted)));
          }
          found = i;
        }
      }
      if (found == names.size()) {
        return fail(fmt::format("there is no column {}; a stage table has the columns {}", in_quotes(wanted),
                                fmt::join(kNames, ", ")));
      }
      columns_.push_back(found);
    }
    fields_ = names.size();
    return {};
  }

  Result<void> row(std::string_view line) {
    const auto fields = fields_of(line, separator_);
    if (fields.size() != fields_) {
      return fail(fmt::format("{} fields where the line of names has {}", fields.size(), fields_));
    }
    const auto text = [&](std::size_t i) -> const std::string& { return fields[columns_[i]]; };
    static constexpr std::array<std::string_view, 3> kGrades{"G1", "G2", "G3"}, kDigits{"1", "2", "3"};
    static constexpr std::array<std::string_view, 2> kM{"M0", "M1"};
    const auto rows = indices(kRows, text(0));
    const auto columns = indices(kColumns, text(1));
    const auto m = indices(kM, text(2));
    auto grades = indices(kGrades, text(3));
    grades = grades.empty() ? indices(kDigits, text(3)) : grades;
    const auto her2 = signs(text(4)), er = signs(text(5)), pgr = signs(text(6));
    const auto stage = indices(kStageNames, text(7));
    const std::array<std::size_t, 8> found{rows.size(), columns.size(), m.size(),   grades.size(),
                                           her2.size(), er.size(),      pgr.size(), stage.size()};
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i] == 0 || (i == 7 && found[i] != 1)) {
        return fail(
            fmt::format("{} is not understood in column {}; expected {}", in_quotes(text(i)), kNames[i], expected(i)));
      }
    }
    for (const unsigned one : m) {
      if (one == 1) {
        if (auto put = set(table_.metastatic_, stage.front(), "M1"); !put) {
          return put;
        }
        continue;
      }
      for (const unsigned r : rows) {
        for (const unsigned c : columns) {
          if (auto put = set_cell(r, c, grades, her2, er, pgr, stage.front()); !put) {
            return put;
          }
        }
      }
    }
    return {};
  }

  static std::string expected(std::size_t column) {
    static constexpr std::array<std::string_view, 8> kExpected{"Tis, T0, T1 (with T1mi), T2, T3, T4 or any",
                                                               "N0, N1mi, N1, N2, N3 or any",
                                                               "M0 or M1",
                                                               "G1, G2, G3 or any",
                                                               "pos, neg or any",
                                                               "pos, neg or any",
                                                               "pos, neg or any",
                                                               "0, IA, IB, IIA, IIB, IIIA, IIIB, IIIC or IV"};
    return std::string(kExpected[column]);
  }

  Result<void> set_cell(unsigned r, unsigned c, const std::vector<unsigned>& grades, const std::vector<unsigned>& her2,
                        const std::vector<unsigned>& er, const std::vector<unsigned>& pgr, unsigned stage) {
    for (const unsigned grade : grades) {
      for (const unsigned h : her2) {
        for (const unsigned e : er) {
          for (const unsigned p : pgr) {
            const unsigned bits = h << 2U | e << 1U | p;
            if (auto put = set(table_.cells_[r][c][grade][bits], stage, cell_text(r, c, grade, bits)); !put) {
              return put;
            }
          }
        }
      }
    }
    return {};
  }

  static Result<void> set(std::uint8_t& cell, unsigned stage, const std::string& what) {
    if (cell != StageTable::kNoStage && cell != stage) {
      return fail(
          fmt::format("{} is stage {} here but {} in a line before", what, kStageNames[stage], kStageNames[cell]));
    }
    cell = static_cast<std::uint8_t>(stage);
    return {};
  }

  [[nodiscard]] Result<void> complete() const {
    if (columns_.empty()) {
      return fail(fmt::format("the file is empty; a stage table begins with the columns {}", fmt::join(kNames, ", ")));
    }
    std::size_t missing = table_.metastatic_ == StageTable::kNoStage ? 1 : 0;
    std::string first = missing == 0 ? "" : "M1";
    for (std::size_t row = 0; row < kRows.size(); ++row) {
      for (std::size_t column = 0; column < kColumns.size(); ++column) {
        std::size_t here = 0;
        for (std::size_t cell = 0; needed(row, column) && cell < 24; ++cell) {
          if (table_.cells_[row][column][cell / 8][cell % 8] == StageTable::kNoStage) {
            first = first.empty() ? cell_text(row, column, cell / 8, cell % 8) : first;
            ++here;
          }
        }
        missing +=
            row == 0 ? std::min<std::size_t>(here, 1) : here;  // of carcinoma in situ grade and receptors do not count
      }
    }
    if (missing > 0) {
      return fail(fmt::format("the table is not complete: {} of 578 combinations have no stage, the first is {}",
                              missing, first));
    }
    return {};
  }

  std::string_view text_;
  const std::string& file_;
  StageTable table_;
  std::vector<std::size_t> columns_;  // of the file, in the order of kNames
  std::size_t fields_ = 0, line_ = 0;
  char separator_ = ',';
};

StageTable::StageTable(Kind kind) : kind_(kind) {
  for (auto& row : cells_) {
    for (auto& column : row) {
      for (auto& grade : column) {
        grade.fill(kNoStage);
      }
    }
  }
}

Result<StageTable> StageTable::parse(std::string_view text, const std::string& file, Kind kind) {
  return StageTableReader(text, file, kind).read();
}

std::uint8_t StageTable::stage(unsigned t, unsigned n, unsigned m, int grade, bool her2, bool er, bool pgr) const {
  if (m == 1) {
    return metastatic_;
  }
  const unsigned bits = (her2 ? 4U : 0U) | (er ? 2U : 0U) | (pgr ? 1U : 0U);
  return cells_[row_of(t)][n][static_cast<std::size_t>(grade - 1)][bits];
}

}  // namespace her2
