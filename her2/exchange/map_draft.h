// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"
#include "her2/exchange/column_map.h"

// A first column map for a table that nobody described yet: a draft for a person to check, not a reading of the table.
namespace her2 {

// How tables call their columns: maps/column-names.toml.
struct ColumnNamesBook {
  std::vector<std::string> id;                                     // normalised, see normal_column_name
  std::vector<std::pair<FactId, std::vector<std::string>>> facts;  // in the order of the file

  // Fails with file, line and key on what is no fact or no list of names.
  static Result<ColumnNamesBook> parse(std::string_view toml, const std::string& file, const Dictionary& dictionary);
};

// "HER2 IHC (Score)" and "her2_ihc_score" are "her2 ihc score"; "ER %" is "er percent".
std::string normal_column_name(std::string_view name);

// What the draft takes one column for, from its name and the values of the rows that were looked at.
struct DraftedColumn {
  std::string column;
  FactId fact = 0;
  std::uint64_t filled = 0, understood = 0;   // values that are not empty; of them, those that the fact can have
  bool decimal_comma = false, share = false;  // "2,1"; numbers from 0 to 1 where percent belong
  std::vector<std::string> odd;               // some values that were not understood, the most frequent first
  std::vector<std::string> only_positive;  // er_status: spellings of "positive" (in any case), which today may be low
};

struct MapDraft {
  std::string id;  // empty: no column is called like an id and none holds a different text in each row
  bool id_by_values = false;
  std::vector<DraftedColumn> columns;
  std::vector<std::string> unused;
  std::uint64_t rows = 0;  // that were looked at
  char delimiter = ',';
  std::string comment;  // lines that begin so are no rows; empty: none
};

// Looks at the first rows (at most 5,000 and 8 MiB). A column is taken for a fact when its name is one of the fact's
// and at least half of its values can be; two columns for one fact: the one that is understood better. A table
// whose first name begins with "#" is read again with such lines as comments. Fails as
// BlockReader.
Result<MapDraft> draft_map(const std::string& path, const TableFormat& format, const ColumnNamesBook& book,
                           const Vocabulary& vocabulary, const Dictionary& dictionary);

// The same of a table that is open.
Result<MapDraft> draft_map(BlockReader& reader, const ColumnNamesBook& book, const Vocabulary& vocabulary,
                           const Dictionary& dictionary);

// The draft as a column map with remarks; ColumnMap::parse reads it. `title`: of the table.
std::string draft_toml(const MapDraft& draft, const std::string& title, const Dictionary& dictionary);

}  // namespace her2
