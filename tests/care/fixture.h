// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "her2/care/care_result.h"
#include "her2/core/embedded.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2::test {

inline const Dictionary& real_dictionary() {
  static const Dictionary dictionary = [] {
    auto parsed = Dictionary::parse(embedded_file("guidelines/facts.toml").value_or(""), "facts.toml");
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().text());
    return std::move(*parsed);
  }();
  return dictionary;
}

// Facts written as a case file has them.
inline FactValues facts(const std::map<std::string, std::string>& texts) {
  FactValues out;
  for (const auto& [name, text] : texts) {
    const auto id = real_dictionary().find(name);
    if (!id) {
      ADD_FAILURE() << "no fact " << name;
      continue;
    }
    const auto value = parse_value(real_dictionary()[*id], text);
    if (!value) {
      ADD_FAILURE() << name << "=" << text << ": " << value.error().text();
      continue;
    }
    out[*id] = *value;
  }
  return out;
}

// "answered npi=3.40 npi_survival_10=91 [GPG]", "open ... ?grade", "refused: ...".
inline std::string short_text(const CareResult& result) {
  if (result.state == CareState::refused) {
    return "refused: " + result.says;
  }
  std::string out = result.state == CareState::answered ? "answered" : "open";
  for (const auto& number : result.numbers) {
    out += " " + number.id + "=" + number_text(number);
  }
  std::string groups;
  for (const auto& group : result.groups) {
    groups += (groups.empty() ? "" : "|") + group;
  }
  out += groups.empty() ? "" : " [" + groups + "]";
  for (const auto& name : result.unknown) {
    out += " ?" + name;
  }
  return out;
}

}  // namespace her2::test
