// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "her2/care/care_answer.h"
#include "her2/core/embedded.h"

namespace her2::test {

inline GuidelineFiles embedded_guidelines() {
  GuidelineFiles files;
  for (const auto name : embedded_names("guidelines")) {
    files.emplace(name.substr(name.find('/') + 1), embedded_file(name).value_or(""));
  }
  return files;
}

inline const Catalog& care_catalog() {
  static const Catalog catalog = [] {
    auto loaded = Catalog::load(embedded_guidelines());
    if (!loaded) {
      ADD_FAILURE() << loaded.error().text();
      std::abort();
    }
    return std::move(*loaded);
  }();
  return catalog;
}

// The options and tables that are built into the program.
inline const CareRules& real_rules() {
  static const CareRules rules = [] {
    auto options = load_options(embedded_guidelines(), care_catalog().dictionary);
    if (!options) {
      ADD_FAILURE() << options.error().text();
      std::abort();
    }
    auto made = care_rules(care_catalog(), *care_catalog().default_scheme("breast"), std::move(*options));
    if (!made) {
      ADD_FAILURE() << made.error().text();
      std::abort();
    }
    return std::move(*made);
  }();
  return rules;
}

// Facts as a case file has them.
inline FactValues facts_of(const std::map<std::string, std::string>& texts) {
  const Dictionary& dictionary = care_catalog().dictionary;
  FactValues out;
  for (const auto& [name, text] : texts) {
    const auto id = dictionary.find(name);
    const auto value = id ? parse_value(dictionary[*id], text) : fail("no such fact");
    if (!value) {
      ADD_FAILURE() << name << "=" << text << ": " << value.error().text();
      continue;
    }
    out[*id] = *value;
  }
  return out;
}

inline const OptionAnswer& answer_of(const CareAnswer& answer, const std::string& id) {
  for (const auto& one : answer.options) {
    if (one.option->id == id) {
      return one;
    }
  }
  ADD_FAILURE() << "no option " << id;
  return answer.options.front();
}

inline std::vector<std::string> needed(const OptionAnswer& answer) {
  std::vector<std::string> out;
  for (const auto& fact : answer.settled_by) {
    out.push_back(care_catalog().dictionary[fact.fact].name);
  }
  return out;
}

inline std::vector<std::string> failed(const OptionAnswer& answer) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < answer.criteria.size(); ++i) {
    if (answer.criteria[i] == Truth::not_met) {
      out.push_back(answer.option->criteria[i].when_text);
    }
  }
  return out;
}

}  // namespace her2::test
