// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/evidence/reconcile.h"

namespace her2 {

// Recorded facts of the person and the extent that cannot all be right, as reconcile() does for HER2: each is named,
// and the facts are read in every consistent way. A result that is the same in all readings does not depend on them.
//
// t-against-size         T1 with 60 mm (also before and after treatment)
// n-against-nodes        pN0 with 3 positive nodes
// m-against-stage        M1 with stage I, stage IV with M0
// stage-against-tnm      a recorded anatomic stage that T, N and M do not give
// menopause-against-age  premenopausal at 60 or more (dossier: after 60 is after menopause)
// npi-size-term          a recorded NPI whose size term is ten times too small (0.2 x mm / 100), as in METABRIC: no
//                        conflict, the index is computed anew and the recorded one is not used
// npi-differs            a recorded NPI that size, grade and nodes do not give, to 0.01: no conflict either
Reconciled reconcile_care(const Dictionary& dictionary, const FactValues& recorded);

}  // namespace her2
