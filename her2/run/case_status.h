// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "her2/evidence/case.h"
#include "her2/guideline/plan.h"
#include "her2/report/status_model.h"

namespace her2 {

// Which of several specimens of a case counts. No guideline names one for all purposes, so it is chosen by name.
enum class SpecimenPolicy : std::uint8_t {
  each,         // none: every specimen is reported, and the case has a status only when all agree
  most_recent,  // the latest date of collection
  highest,      // the most positive status of any specimen of the same tumour (as registries count)
};

// "each", "most-recent", "highest"; nullopt: no such policy.
std::optional<SpecimenPolicy> specimen_policy(std::string_view name);
std::string_view name_of(SpecimenPolicy policy);

struct StatusOptions {
  SpecimenPolicy policy = SpecimenPolicy::each;
  bool explain = true;  // find out what would change or settle the answers (milliseconds a case)
};

// Decides a case under a plan. Never fails: facts that cannot be are a refusal inside the result. Thread-safe.
CaseStatus case_status(const Plan& plan, const Case& input, const StatusOptions& options);

// One specimen's facts under a plan: for tables of cases.
SpecimenStatus specimen_status(const Plan& plan, const Specimen& specimen, const StatusOptions& options);

}  // namespace her2
