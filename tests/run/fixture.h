// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "her2/core/embedded.h"
#include "her2/guideline/catalog.h"
#include "her2/guideline/plan.h"
#include "her2/run/case_status.h"

namespace her2::test {

// The guidelines that are built into the program.
inline const Catalog& real_catalog() {
  static const Catalog catalog = [] {
    GuidelineFiles files;
    for (const auto name : embedded_names("guidelines")) {
      files.emplace(name.substr(name.find('/') + 1), embedded_file(name).value_or(""));
    }
    auto loaded = Catalog::load(files);
    if (!loaded) {
      ADD_FAILURE() << loaded.error().text();
      std::abort();
    }
    return std::move(*loaded);
  }();
  return catalog;
}

inline const Plan& real_plan(const std::string& scheme) {
  static std::map<std::string, Plan> plans;
  const auto found = plans.find(scheme);
  if (found != plans.end()) {
    return found->second;
  }
  const Scheme* wanted = real_catalog().scheme(scheme, "breast");
  if (wanted == nullptr) {
    ADD_FAILURE() << "no scheme " << scheme;
    std::abort();
  }
  return plans.emplace(scheme, *make_plan(real_catalog(), *wanted)).first->second;
}

// A specimen with facts written as a case file has them: "2+", ">=4.0&<6.0".
inline Specimen specimen(const std::map<std::string, std::string>& facts) {
  const Dictionary& dictionary = real_catalog().dictionary;
  Specimen out;
  for (const auto& [name, text] : facts) {
    const auto id = dictionary.find(name);
    if (!id) {
      ADD_FAILURE() << "no fact " << name;
      continue;
    }
    const auto value = parse_value(dictionary[*id], text);
    if (!value) {
      ADD_FAILURE() << name << "=" << text << ": " << value.error().text();
      continue;
    }
    out.facts[*id] = Fact{*id, *value, {}, {}};
  }
  return out;
}

// The possible values of an answer, joined by |; "" when there is none.
inline std::string answer(const SpecimenStatus& status, const std::string& fact) {
  for (const auto& one : status.answers) {
    if (one.fact != fact) {
      continue;
    }
    std::string out;
    for (const auto& value : one.values) {
      out += (out.empty() ? "" : "|") + value.value;
    }
    return out;
  }
  return "(not an answer)";
}

inline SpecimenStatus decided(const std::string& scheme, const std::map<std::string, std::string>& facts,
                              bool explain = false) {
  return specimen_status(real_plan(scheme), specimen(facts), {SpecimenPolicy::each, explain});
}

// A folder that the environment names at run time, or the build's default.
inline std::string folder_of(const char* variable, const char* standard) {
  const char* named = std::getenv(variable);
  return named != nullptr && *named != '\0' ? named : standard;
}

}  // namespace her2::test
