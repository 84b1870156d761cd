// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "her2/core/decimal.h"
#include "her2/evidence/dictionary.h"
#include "her2/guideline/condition.h"

namespace her2 {

// One row of a decision table.
struct Row {
  std::string id;
  Condition when;
  std::string when_text;                          // as it stands in the file
  std::vector<std::pair<FactId, unsigned>> then;  // facts given: choice, index of its value
  std::string action;                             // what the guideline requires next; may be empty
  std::string comment;                            // what a report should say; may be empty
  std::vector<std::string> cite;                  // keys of Guideline::sources, at least one
  bool unconfirmed = false;                       // rests on a recalled or derived statement
};

// A decision table: every possible input meets exactly one row (verify.h proves it).
struct Table {
  std::string name;
  std::string title;
  std::vector<FactId> inputs;      // ascending
  std::vector<FactId> missing_ok;  // inputs for which missing is a value; the others are required
  std::optional<Condition> enter;  // where the table applies at all
  std::string enter_text;
  std::vector<Condition> space;  // what inputs obey by definition
  std::vector<std::string> space_text;
  std::vector<std::pair<std::string, std::string>> sums;  // name, text
  std::vector<FactId> gives;
  std::vector<Row> rows;

  [[nodiscard]] bool is_required(FactId input) const;
};

// Something to look at in a case; changes no conclusion.
struct Flag {
  std::string id;
  Condition when;
  std::string when_text;
  std::string says;
  std::vector<std::string> cite;
};

// A number that a policy may change.
struct Parameter {
  std::string name;
  Rational value;
  std::string unit;
  std::string meaning;
  std::vector<std::string> cite;
  bool changed = false;  // differs from the file
};

// One guideline in one edition: the content of one file.
struct Guideline {
  std::string id, title, body, edition, tumour;
  std::string summary;                         // what the file covers; may be empty
  std::string based_on;                        // id of the guideline whose tables it takes over; may be empty
  std::vector<std::string> affirms;            // keys of sources by which every row taken over is cited too
  std::vector<std::string> unconfirmed;        // what the sources leave open, a sentence each
  std::map<std::string, std::string> sources;  // key -> citation
  std::vector<Parameter> parameters;
  std::vector<Table> tables;
  std::vector<Flag> flags;
  std::string hash;  // SHA-256 of the file and of every file it is based on, 64 hex digits

  [[nodiscard]] const Table* table(std::string_view name) const;
};

// Which guidelines decide a case together, and which facts are its answers.
struct Scheme {
  std::string id, edition, tumour, title;
  std::vector<std::string> guidelines;
  std::vector<FactId> answers;  // most important first
  bool is_default = false;      // for its tumour
};

// A tumour for which no scheme is chosen, and the reason.
struct RefusedTumour {
  std::string tumour;
  std::string why;                // one or two sentences: what is lacking, and what can be asked instead
  std::vector<std::string> cite;  // sources as printed
};

}  // namespace her2
