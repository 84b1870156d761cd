// SPDX-License-Identifier: Apache-2.0
#include "plans.h"

#include <fmt/format.h>

namespace her2::app {

Result<std::vector<Plan>> plans_for(const Catalog& catalog, const std::string& edition, const std::string& tumour) {
  std::vector<const Scheme*> schemes;
  if (edition == "all") {
    const Scheme* standard = catalog.default_scheme(tumour);
    for (const auto& scheme : catalog.schemes) {  // those that answer the same question
      if (scheme.tumour == tumour && (standard == nullptr || scheme.answers.front() == standard->answers.front())) {
        schemes.push_back(&scheme);
      }
    }
  } else {
    const Scheme* scheme = edition.empty() ? catalog.default_scheme(tumour) : catalog.scheme(edition, tumour);
    if (scheme != nullptr) {
      schemes.push_back(scheme);
    }
  }
  if (schemes.empty()) {
    std::vector<std::string> known;
    for (const auto& scheme : catalog.schemes) {
      known.push_back(scheme.tumour == tumour ? scheme.edition : scheme.id);
    }
    return fail(edition.empty() ? fmt::format("there is no scheme for the tumour '{}'", tumour)
                                : fmt::format("--edition {}: there is no such edition for {}; known are {} and 'all'",
                                              edition, tumour, fmt::join(known, ", ")));
  }
  std::vector<Plan> plans;
  for (const Scheme* scheme : schemes) {
    auto plan = make_plan(catalog, *scheme);
    if (!plan) {
      return tl::unexpected(plan.error());
    }
    plans.push_back(std::move(*plan));
  }
  return plans;
}

}  // namespace her2::app
