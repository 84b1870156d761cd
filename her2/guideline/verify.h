// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/guideline/catalog.h"
#include "her2/guideline/verify_cells.h"

namespace her2 {

// Something that a proof found wrong, or (a note) worth a look.
struct Finding {
  enum class Kind : std::uint8_t {
    gap,          // an input meets no row
    overlap,      // an input meets two rows
    unreachable,  // no input meets the row; without rows: no input enters the table
    uncited,      // the row cites nothing, or a key that [sources] does not explain
    unread,       // no condition reads the input
    refused,      // a value that another table gives breaks a law (`space`) of this table, whatever else is recorded
    dead_value,   // a value that only a table can give, and none of the scheme does, though conditions look for it
    silent,       // a row leaves out a fact that the table says it gives
    given_twice,  // two tables of a scheme give the same fact to the same case, and may differ
    circle,       // tables feed each other in a circle, or one feeds itself
    no_answer,    // no table of the scheme gives the answer
    flag_never,   // no case raises the flag
  };

  Kind kind = Kind::gap;
  bool note = false;      // does not make the guideline wrong
  std::string guideline;  // or the scheme
  std::string table;      // empty for what concerns a whole guideline or scheme
  std::vector<std::string> rows;
  Example example;           // a case that shows it: a value for every input of the table; may be empty
  std::string example_text;  // "her2_total = 40, cells = 20 (copies = 2)"
  std::string what;          // one sentence
};

// "guideline, table: sentence Example: ..."
[[nodiscard]] std::string text(const Finding& finding);

// What was proved of one table. A row met by no case, or a gap, is also a Finding.
struct Proof {
  std::string guideline, table;
  std::size_t rows = 0, inputs = 0;
  std::size_t cells = 0;   // parts into which the input space was cut, in each of which every row is decided
  bool complete = false;   // no input meets no row
  bool exclusive = false;  // no input meets two rows
  bool reachable = false;  // every row is met by some input
  bool cited = false;      // every row cites a source
};

struct Verification {
  std::vector<Proof> proofs;      // one a table
  std::vector<Finding> findings;  // faults and notes, by table

  [[nodiscard]] bool ok() const;  // no fault
  void append(Verification other);
};

// Proves in exact arithmetic, over every input that a table can have (required inputs present, each value within the
// dictionary's range, `enter` and `space` met), that exactly one row is met; that every row is reached and cited and
// every input read. With the values that the catalog's parameters have now.
[[nodiscard]] Verification verify(const Dictionary& dictionary, const Guideline& guideline, const Table& table);
// All tables, and that each flag can be raised.
[[nodiscard]] Verification verify(const Catalog& catalog, const Guideline& guideline);
// That the tables of a scheme agree with each other: order, answers, values that one gives and another reads.
[[nodiscard]] Verification verify(const Catalog& catalog, const Scheme& scheme);
// Everything.
[[nodiscard]] Verification verify(const Catalog& catalog);

// The values of an example as text, with every quotient whose two parts it names.
[[nodiscard]] std::string text(const Dictionary& dictionary, const Example& example);

}  // namespace her2
