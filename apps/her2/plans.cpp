// SPDX-License-Identifier: Apache-2.0
#include "plans.h"

#include <fmt/format.h>

namespace her2::app {
namespace {

// Those that answer the same question as the standard one; all, where each asks a question of its own.
std::vector<const Scheme*> all_schemes(const Catalog& catalog, const std::string& tumour) {
  const Scheme* standard = catalog.default_scheme(tumour);
  std::vector<const Scheme*> same, all;
  for (const auto& scheme : catalog.schemes) {
    if (scheme.tumour == tumour) {
      all.push_back(&scheme);
      if (standard == nullptr || scheme.answers.front() == standard->answers.front()) {
        same.push_back(&scheme);
      }
    }
  }
  return same.size() > 1 ? same : all;
}

}  // namespace

Result<std::vector<Plan>> plans_for(const Catalog& catalog, const std::string& edition, const std::string& tumour) {
  std::vector<const Scheme*> schemes;
  if (edition == "all") {
    schemes = all_schemes(catalog, tumour);
  } else {
    const Scheme* scheme = edition.empty() ? catalog.default_scheme(tumour) : catalog.scheme(edition, tumour);
    if (scheme != nullptr) {
      schemes.push_back(scheme);
    }
  }
  if (schemes.empty()) {
    if (const RefusedTumour* refused = catalog.refusal(tumour); refused != nullptr && edition.empty()) {
      return fail(fmt::format("no scheme is chosen for the tumour '{}'. {}", tumour, refused->why));
    }
    std::vector<std::string> known, tumours;
    for (const auto& scheme : catalog.schemes) {
      known.push_back(scheme.tumour == tumour ? scheme.edition : scheme.id);
      if (scheme.is_default) {
        tumours.push_back(scheme.tumour);
      }
    }
    return fail(edition.empty() ? fmt::format("there is no scheme for the tumour '{}'; known are {}", tumour,
                                              fmt::join(tumours, ", "))
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
