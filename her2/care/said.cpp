// SPDX-License-Identifier: Apache-2.0
#include "her2/care/said.h"

#include <fmt/format.h>

#include "her2/language/data_text.h"

namespace her2 {

std::string guideline_key(std::string_view id, std::string_view part, std::string_view what) {
  return part.empty() ? fmt::format("guideline.{}.{}", id, what) : fmt::format("guideline.{}.{}.{}", id, part, what);
}

std::string flag_part(const Flag& flag) { return "flag/" + flag.id; }

std::string guideline_said(const Guideline& guideline, std::string_view part, std::string_view what,
                           const std::string& text) {
  const std::string& from = guideline.based_on;
  return data_text(guideline_key(guideline.id, part, what),
                   from.empty() ? std::string() : guideline_key(from, part, what), text);
}

std::string flag_says(const Guideline& guideline, const Flag& flag) {
  return guideline_said(guideline, flag_part(flag), "says", flag.says);
}

}  // namespace her2
