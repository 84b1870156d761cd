// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/case.h"

namespace her2 {

Value Specimen::value(FactId fact) const {
  const auto found = facts.find(fact);
  return found == facts.end() ? Value::missing() : found->second.value;
}

}  // namespace her2
