// SPDX-License-Identifier: Apache-2.0
#include "her2/report/cohort_words.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "her2/language/data_text.h"
#include "her2/language/retold.h"
#include "her2/language/say.h"
#include "her2/report/words.h"

namespace her2 {

bool is_no_value(const std::string& value) { return value == "not recorded" || value == "refused"; }

std::string cohort_value_words(const std::string& fact, const std::string& value) {
  if (is_no_value(value)) {
    return value == "refused" ? say("cohort.refused_value") : say("cohort.not_recorded");
  }
  constexpr std::ptrdiff_t kMostNamed = 4;
  const auto several = std::count(value.begin(), value.end(), '|') + 1;
  if (several > kMostNamed) {
    return say("cohort.values_possible", {{"values", several}});
  }
  std::string out;
  for (std::size_t begin = 0; begin <= value.size();) {
    const auto end = std::min(value.find('|', begin), value.size());
    const std::string one = value.substr(begin, end - begin);
    const std::string words = one == "missing" ? say("cohort.none") : value_words(fact, one);
    out = out.empty() ? words : say("cohort.either", {{"list", out}, {"last", words}});
    begin = end + 1;
  }
  return out;
}

std::string rate_title(const CohortRate& rate) { return data_text(fmt::format("rate.{}.title", rate.id), rate.title); }

std::string edition_title(const CohortEdition& edition) {
  return data_text(fmt::format("scheme.{}.title", edition.scheme), edition.title);
}

std::string refusal_words(const std::string& reason) {
  constexpr std::string_view kColumn = "column ", kValue = ": a value that cannot be";
  if (reason.starts_with(kColumn) && reason.ends_with(kValue)) {
    const std::string column = reason.substr(kColumn.size(), reason.size() - kColumn.size() - kValue.size());
    return say("cohort.value_that_cannot_be", {{"column", column}});
  }
  std::string name = name_in("refusal", reason);
  if (name != reason) {
    return name;
  }
  return retold(reason);  // what facts of a row contradict
}

std::string group_name(const CohortGroup& group) { return group.name.empty() ? say("cohort.not_stated") : group.name; }

}  // namespace her2
