// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/spelling_table.h"
#include "her2/exchange/table_reader.h"

namespace her2 {

// A fact of a row in small: what Value says, without memory of its own.
struct RowValue {
  enum class Kind : std::uint8_t {
    missing,
    unknown,
    choice,   // `choices`
    decimal,  // `number`, exactly as written
    full,     // MappedRow::full[index]: an interval or a quotient
  };
  static constexpr std::uint16_t kNoColumn = 0xFFFF;

  FactId fact = 0;
  Kind kind = Kind::missing;
  std::uint16_t column = kNoColumn;  // where it was read, an index of TableShape::names
  std::uint32_t index = 0;
  std::uint64_t choices = 0;
  Decimal number;
};

// About one value of a row. As a refusal: it could not be taken over, and the fact is unknown. As a note: what was
// taken over is contradicted.
struct RowRemark {
  std::string column;  // empty: the whole row
  std::string text;    // as it stood there
  std::string reason;
};

// One row as facts. Reused: map_row clears it. The views hold as long as those of the TableRow.
struct MappedRow {
  std::uint64_t line = 0;
  std::string_view id;
  std::string_view edition;  // empty: none stated
  std::string_view specimen_id, kind, site, date;
  std::vector<RowValue> values;  // one for each of BoundMap::facts(), in that order
  std::vector<Value> full;
  std::vector<RowRemark> refusals;
  std::vector<RowRemark> notes;
  const std::string_view* fields = nullptr;
};

// A column map bound to the columns of one table. Immutable; threads share it, each with its own MappedRow. The map,
// vocabulary and dictionary may go; the dictionary's types are copied.
class BoundMap {
 public:
  // Fails when there is no id column, a required column is absent, a used column stands twice, or nothing of the table
  // is used.
  static Result<BoundMap> bind(const ColumnMap& map, const Vocabulary& shared, const Dictionary& dictionary,
                               const TableShape& shape);

  // The facts that a row can tell, without doubles.
  [[nodiscard]] const std::vector<FactId>& facts() const { return facts_; }
  // Columns of the map that the table does not have (their facts are missing), and columns of the table that are not
  // used: to be told to the user.
  [[nodiscard]] const std::vector<std::string>& absent_columns() const { return absent_; }
  [[nodiscard]] const std::vector<std::string>& unused_columns() const { return unused_; }
  [[nodiscard]] bool several_specimens() const { return several_specimens_; }

  // Reads one row. Never fails: what cannot be read is in row.refusals. No memory is taken for a row of plain values.
  void map_row(const TableRow& row, MappedRow& out) const;

  // For readers that remember what a field says: the column of the id, and all columns that are read for a fact.
  // Nothing where a row is not just the sum of its fields: two columns are for one fact, or more than facts is read.
  struct SeparateFields {
    struct Field {
      std::size_t column = 0;
      FactId fact = 0;
      bool bare_numbers = false;  // digits, with or without a point, are a number and nothing else
    };
    std::size_t id_column = 0;
    std::vector<Field> fields;
  };
  [[nodiscard]] std::optional<SeparateFields> separate_fields() const;
  // What the i-th of these fields says with this text; nothing when it is refused or tells of other facts as well.
  [[nodiscard]] std::optional<Value> separate_value(std::size_t i, std::string_view text) const;

  // The fact as a Value.
  [[nodiscard]] static Value value(const MappedRow& row, const RowValue& small);
  // The row as a specimen with sources; facts that are missing because the table says so are listed, too.
  [[nodiscard]] Specimen specimen(const MappedRow& row) const;

 private:
  static constexpr auto kNone = static_cast<std::size_t>(-1);

  struct Column {
    std::size_t index = 0;  // in the table
    std::size_t slot = 0;   // in facts_
    bool alone = true;      // nothing else gives this fact
    FactType type;
    FactType unscaled;  // type without range, for numbers that are multiplied
    SpellingTable spellings;
    bool decimal_comma = false;
    std::optional<Decimal> factor;
    std::optional<Decimal> min, max;  // of the type, when they are decimals
    bool plain = false;               // a number that can be read without more ado: see plain_number
    bool empty_is_missing = false;
  };
  struct Words {
    std::size_t index = kNone;
    std::map<std::string, std::string> known;
  };

  static Result<BoundMap> bind_columns(BoundMap bound, const ColumnMap& map, const Vocabulary& shared,
                                       const Dictionary& dictionary);
  Result<std::size_t> find_column(const std::string& name) const;
  Result<void> bind_subject(const CaseColumns& subject);
  Result<void> bind_words(const std::string& name, const std::map<std::string, std::string>& known, Words& out);
  Result<void> add_column(const ColumnRule& rule, std::size_t index, const ColumnMap& map, const Vocabulary& shared,
                          const Dictionary& dictionary);
  std::size_t slot_of(FactId fact, const Dictionary& dictionary);
  void find_shared_slots(const ColumnMap& map, const Dictionary& dictionary);

  void map_subject(MappedRow& out) const;
  std::string_view word(const Words& words, const char* what, MappedRow& out) const;
  static bool plain_number(const Column& column, std::string_view text, RowValue& out);
  static bool plain_word(const Column& column, std::string_view text, RowValue& out);
  void map_field(const Column& column, std::string_view text, MappedRow& out) const;
  void take(const Column& column, const Meaning& meaning, std::string_view text, MappedRow& out) const;
  static Result<Value> read_value(const Column& column, std::string_view text);
  void put(std::size_t slot, std::size_t column, const Value& value, MappedRow& out) const;
  void merge(std::size_t slot, const RowValue& value, MappedRow& out) const;
  void refuse(std::size_t column, std::string_view text, std::string reason, MappedRow& out) const;

  std::string file_;
  std::vector<std::string> names_;
  std::vector<bool> used_;
  std::vector<FactId> facts_;
  std::vector<std::size_t> own_slot_;  // by column: the slot of the fact that it is for, or kNone
  std::vector<std::string> fact_names_;
  std::vector<Column> columns_;
  std::vector<RowValue> blank_;  // a row without columns: the constants
  std::vector<std::string> absent_, unused_;
  std::size_t id_ = kNone;
  Words edition_, specimen_id_, kind_, site_, date_;
  std::vector<std::pair<FactId, std::size_t>> slots_;  // sorted by fact
  bool several_specimens_ = false;
};

}  // namespace her2
