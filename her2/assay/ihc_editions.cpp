// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ihc_editions.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "her2/assay/slide_score.h"
#include "her2/run/case_status.h"

namespace her2 {
namespace {

// Schemes that score IHC of the breast from shares of cells, the current one first.
constexpr std::array<std::string_view, 5> kSchemes{"breast-2023", "breast-2018", "breast-2013", "breast-2007",
                                                   "breast-five-strata"};

}  // namespace

Result<void> scores_ihc(const Catalog& catalog, const std::string& edition,
                        const std::optional<NuclearMarker>& marker) {
  const Scheme* scheme = catalog.scheme(edition, "breast");
  if (scheme == nullptr) {
    return fail(fmt::format("there is no edition '{}' for breast; see 'her2 guideline list'", edition));
  }
  const std::string_view fact = answer_fact(marker);
  const auto id = catalog.dictionary.find(fact);
  if (!id || std::find(scheme->answers.begin(), scheme->answers.end(), *id) == scheme->answers.end()) {
    return fail(fmt::format("edition '{}' does not give {}; leave --edition out", edition, fact));
  }
  return {};
}

Result<std::vector<CaseStatus>> ihc_editions(const Case& input, const Catalog& catalog, const std::string& edition) {
  std::vector<const Scheme*> schemes;
  if (edition.empty()) {
    for (const std::string_view id : kSchemes) {
      if (const Scheme* scheme = catalog.scheme(id, "breast")) {
        schemes.push_back(scheme);
      }
    }
  } else if (const Scheme* scheme = catalog.scheme(edition, "breast")) {
    schemes.push_back(scheme);
  } else {
    return fail(fmt::format("there is no edition '{}' for breast; see 'her2 guideline list'", edition));
  }
  std::vector<CaseStatus> out;
  for (const Scheme* scheme : schemes) {
    const auto plan = make_plan(catalog, *scheme);
    if (!plan) {
      return tl::unexpected(plan.error());
    }
    out.push_back(case_status(*plan, input, {}));
  }
  return out;
}

}  // namespace her2
