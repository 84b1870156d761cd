// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// Where a fact comes from, so that a result can be followed back.
struct Source {
  std::string file;     // file, message or database the value was read from; empty: not stated
  std::string place;    // "row 12, column her2_ihc_score", "/specimens/0/facts/ihc_score", "cell 881"
  std::string text;     // the value as it stood there
  std::string author;   // person or program that stated it; empty: not stated
  std::string profile;  // measuring profile (name and hash); empty: none
};

// One typed fact of one specimen.
struct Fact {
  FactId id = 0;
  Value value;
  Source source;
  std::vector<std::string> derived_from;  // names of the facts it was derived from; empty: recorded as such
};

// Joint replicates of facts that belong together (bootstrap replicates of counts, perturbed shares of cells): in
// replicate r fact ids[i] has the value rows[r][i]. Used in place of those facts' single values.
struct Ensemble {
  std::vector<FactId> ids;
  std::vector<std::vector<Decimal>> rows;  // of a choice: the position of its value in the dictionary
  std::string conditional_on;              // what the replicates hold fixed, in words
};

// A piece of tissue with its facts. Facts not listed are missing.
struct Specimen {
  std::string id;    // unique in its case; never a patient's name
  std::string kind;  // core | excision | metastasis | cytology | biopsy | resection | other
  std::string site;  // primary | recurrence | metastasis | node | other; empty: not stated
  std::string date;  // YYYY-MM-DD of collection; empty: not stated
  std::map<FactId, Fact> facts;
  std::vector<Ensemble> ensembles;
  std::vector<std::string> notes;  // what a reader of the source should know; carried to the report

  // The fact's value, missing when not listed.
  [[nodiscard]] Value value(FactId fact) const;
};

// A patient's tumour. Specimens are kept apart; a policy (run/policy.h) says which one counts.
struct Case {
  std::string id;  // pseudonym
  std::string tumour = "breast";
  std::vector<Specimen> specimens;
};

}  // namespace her2
