// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/run/agreement.h"

namespace her2 {

// Judges the second rater by a rule, the first being the reference. Values are positive (positive, 3+, yes), negative
// (negative, 0, 0+, 1+, no) or neither (equivocal, 2+ and the rest), and neither is left out of shares, as are cases in
// which the second rater's value is neither. Proficiency counts every case, equal values being correct.
RuleResult judged(const AgreementRule& rule, const PairAgreement& pair, int events);

}  // namespace her2
