// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/record/acts.h"

namespace her2 {

enum class MergeMode : unsigned char {
  add,    // what is recorded stays; another value for the same fact is an error
  amend,  // another value for the same fact takes its place
};

// Adds to `rows` what the document says beyond `now`. Fails on a contradiction that the mode does not allow, naming the
// fact, both values and who stated the recorded one.
Result<void> merge(const CaseRecord& now, const Incoming& document, MergeMode mode, const Dictionary& dictionary,
                   RowIds& ids, CaseRecord& rows);

}  // namespace her2
