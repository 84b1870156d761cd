// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"
#include "her2/guideline/condition.h"
#include "her2/guideline/worlds.h"
#include "her2/record/case_store.h"

namespace her2 {

// One case of a list.
struct ListedCase {
  std::string id, tumour;
  std::string overall, edition;        // of the latest finding; empty: none, or its specimens differ
  std::string signed_by, signed_at;    // of the last signature; empty: none
  bool amended = false;                // since it was signed
  std::string last_at;                 // of its last entry
  Truth truth = Truth::met;            // whether the condition is met by one of its specimens
  std::vector<std::string> specimens;  // those that meet it; where none does, those that may
};

struct CaseList {
  std::vector<ListedCase> cases;  // met, and with `open` those that may be
  std::uint64_t asked = 0, not_met = 0, open = 0;
};

// The condition of `--where`: the condition language of the guidelines (docs/guideline-files.md) over the facts of the
// dictionary, where "=" may stand for "==". Fails with the column and what was expected.
Result<Condition> parse_where(const std::string& text, const Dictionary& dictionary);

// What is known of each specimen for a condition: its recorded facts, and the answers of the latest finding where
// nothing is recorded. An answer with several possible values is the set of them.
struct KnownSpecimen {
  std::string id;
  FactValues recorded, concluded;  // no fact in both
};
Result<std::vector<KnownSpecimen>> known_specimens(const CaseRecord& record, const Dictionary& dictionary);

// Every specimen is asked on its own, in every consistent reading of its facts (her2/evidence/reconcile.h): what the
// readings disagree on, or facts that cannot be, leave it open. A case is listed when one of its specimens meets the
// condition, with `open` also when one may. Cases in the order in which they were recorded.
Result<CaseList> list_cases(CaseStore& store, const Dictionary& dictionary, const std::optional<Condition>& where,
                            bool open);

}  // namespace her2
