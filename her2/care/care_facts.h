// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "her2/care/option.h"
#include "her2/evidence/value.h"
#include "her2/guideline/plan.h"
#include "her2/guideline/worlds.h"

namespace her2 {

// The tables and options by which a case is looked at: a HER2 scheme with the small tables of breast-care-facts behind
// it, and the option files. Immutable; safe to share between threads. The catalog must outlive it.
struct CareRules {
  std::unique_ptr<Scheme> scheme;  // the plan points to it
  Plan plan;
  std::vector<OptionFile> options;
  std::vector<FactId> derived;     // facts that tables of the plan give and options or answers read
  std::set<FactId> of_a_specimen;  // facts that the HER2 scheme reads: never taken from another specimen

  [[nodiscard]] const Dictionary& dictionary() const { return plan.dictionary(); }
};

// `base` is a scheme of the catalog. Fails when the catalog lacks the tables.
Result<CareRules> care_rules(const Catalog& catalog, const Scheme& base, std::vector<OptionFile> options);

// Recorded facts that cannot all be right.
struct Contradiction {
  std::string id, says;
  std::vector<FactId> facts;
};

// A case's facts made ready for options and models. A fact that is not recorded exists here, with any value: a
// criterion that asks for it is open, not failed.
struct CareFacts {
  FactValues known;                       // recorded, and what follows from it
  std::map<FactId, std::string> derived;  // facts that follow from others, and from what
  std::vector<Contradiction> contradictions;
  std::set<FactId> contradicted;     // facts of a contradiction: taken as not known
  std::vector<std::string> notices;  // other things to look at
  std::set<FactId> not_recorded;     // facts of options that the case does not state

  // All cases that the facts leave, over these facts alone. Facts in `as_recorded` may be missing.
  [[nodiscard]] Worlds worlds(const Dictionary& dictionary, const std::vector<FactId>& facts,
                              const std::vector<FactId>& as_recorded) const;
};

// Derives and checks. Never fails: what contradicts itself is named and taken as not known.
CareFacts care_facts(const CareRules& rules, const FactValues& recorded);

// Values of a conclusion that a criterion can speak of: of her2_status only positive and negative; equivocal and all
// steps of the work-up leave it open. All values for other facts.
[[nodiscard]] std::uint64_t settled_values(const FactType& type);

}  // namespace her2
