// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/ish_model.h"

namespace her2 {

// `report.html`: one self-contained file without script, pictures within, for the screen, a phone and paper. The same
// report gives the same bytes (timing is not in it).
std::string ish_html(const IshReport& report);

}  // namespace her2
