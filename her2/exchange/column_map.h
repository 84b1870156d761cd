// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"
#include "her2/exchange/table_reader.h"
#include "her2/exchange/vocabulary.h"

namespace her2 {

// What one column of a table says. Names of columns are compared exactly, then without regard to case.
struct ColumnRule {
  std::string column;
  FactId fact = 0;
  Spellings values;               // before the vocabularies
  bool decimal_comma = false;     // "2,1" is 2.1
  std::optional<Decimal> factor;  // the number times this is in the fact's unit, exactly
  bool required = false;          // a table without the column is refused
  unsigned line = 0;              // in the map
};

// Where a row's case and specimen stand; empty: in no column.
struct CaseColumns {
  std::vector<std::string> id = {"id"};  // the first that the table has
  std::string edition;
  std::map<std::string, std::string> editions;  // value (lower case) -> edition id; empty: as it stands
  std::string specimen_id, kind, site, date;
  std::map<std::string, std::string> kinds, sites;  // value (lower case) -> that of her2/evidence/case.h
};

// How a table is read: docs/tables.md. Immutable; safe to share between threads.
struct ColumnMap {
  std::string name;  // file name without .toml
  std::string title;
  TableFormat format;
  CaseColumns subject;
  bool several_specimens = false;  // rows of one case follow each other and are its specimens; else ids must differ
  bool automatic = false;          // every column named like a fact is that fact
  std::vector<ColumnRule> columns;
  std::vector<std::pair<FactId, Value>> constants;  // facts that every row has
  Vocabulary own;                                   // before the shared one

  // Reads a map. Fails with file, line and key: TOML, unknown keys, facts and values, options that do not fit the fact.
  static Result<ColumnMap> parse(std::string_view toml, const std::string& file, const Dictionary& dictionary);
};

}  // namespace her2
