// SPDX-License-Identifier: Apache-2.0
// What several lines share is said once.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "her2/report/words.h"

namespace her2 {

bool Origins::any() const {
  return std::any_of(each.begin(), each.end(), [](const std::string& origin) { return !origin.empty(); });
}

Origins origins(const SpecimenStatus& specimen) {
  Origins result;
  std::set<std::string> files;
  for (const UsedFact& fact : specimen.facts) {
    if (!fact.source.empty()) {
      files.insert(fact.source.substr(0, fact.source.find(", ")));
    }
  }
  if (files.size() == 1) {
    result.shared = *files.begin();
  }
  for (UsedFact fact : specimen.facts) {
    if (!result.shared.empty() && !fact.source.empty()) {
      const std::string place = fact.source.substr(std::min(fact.source.size(), result.shared.size() + 2));
      fact.source = place.starts_with("/specimens/") && place.ends_with("/facts/" + fact.name) ? "" : place;
    }
    result.each.push_back(source_words(fact));
  }
  return result;
}

std::vector<std::pair<std::string, std::vector<std::string>>> unconfirmed_by_guideline(const CaseStatus& status) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const std::string& point : status.unconfirmed) {
    const std::size_t colon = point.find(": ");
    std::string guideline = colon == std::string::npos ? "" : point.substr(0, colon);
    const bool known = std::any_of(status.guidelines.begin(), status.guidelines.end(),
                                   [&](const auto& g) { return g.first == guideline; });
    if (!known) {
      guideline.clear();
    }
    if (groups.empty() || groups.back().first != guideline) {
      groups.push_back({guideline, {}});
    }
    groups.back().second.push_back(guideline.empty() ? point : point.substr(colon + 2));
  }
  return groups;
}

std::string shared_guideline(const std::vector<WhatIf>& changes) {
  std::set<std::string> names;
  for (const WhatIf& change : changes) {
    names.insert(change.row.substr(0, change.row.find(' ')));
  }
  return names.size() == 1 ? *names.begin() : std::string();
}

std::string row_without(const std::string& row, const std::string& guideline) {
  const bool has = !guideline.empty() && row.starts_with(guideline + " ");
  return has ? row.substr(guideline.size() + 1) : row;
}

}  // namespace her2
