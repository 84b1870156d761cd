// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/care_model.h"

namespace her2 {

// The sections of a care page on stage, survival and scores, each result with what it used and where it comes from.
std::string prognosis_html(const CareReport& report);

}  // namespace her2
