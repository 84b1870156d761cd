// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/care/option.h"
#include "her2/guideline/table.h"
#include "her2/guideline/verify.h"

namespace her2 {

// An option file as decision tables, one an option, so that verify() and smtlib() prove it as they prove guidelines.
// Each table has a row "met" (all criteria), one row "only-N-fails" for each criterion (all others met), and "other".
// By their form the rows exclude each other and leave no gap; what is proved is that each can be reached: the option
// can be met, is not always met, and no criterion is dead, because some case fails by it alone. The guideline is called
// "options-ID".
[[nodiscard]] Guideline option_tables(const OptionFile& file, const Dictionary& dictionary);

// What a table does not show: an alternative ("or") of a criterion through which no case meets the option that does not
// meet it through another; a trial's entry that no case of the option, or each, can meet; a remark of no or every case.
[[nodiscard]] Verification verify_option_parts(const OptionFile& file, const Dictionary& dictionary);

}  // namespace her2
