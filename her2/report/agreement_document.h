// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/agreement_model.h"
#include "her2/report/status_text.h"

namespace her2 {

std::string agreement_text(const AgreementReport& report, const TextStyle& style);
std::string agreement_json(const AgreementReport& report);

}  // namespace her2
