// SPDX-License-Identifier: Apache-2.0
// Every row of worked_cases.csv, bounds and alternatives as such. The file is not part of the project: without it the
// test is skipped, and tests/cases holds the project's own.
#include <set>

#include <gtest/gtest.h>

#include "fixture.h"
#include "her2/run/decided.h"
#include "tests/places.h"
#include "worked_case.h"

namespace her2::test {
namespace {

// Rows that print what a named source says where the guideline says otherwise, as the file's own `why` column notes:
// IHC 2+ in groups 2 to 4 needs the blinded recount first, and in single-probe 4 to 6 the dual-probe test.
struct Exception {
  std::string id, ihc_score, fact, value;
};
const std::vector<Exception> kPrintedOtherwise{
    {"P03", "2+", "her2_status", "recount"}, {"P04", "2+", "her2_status", "recount"},
    {"P07", "2+", "her2_status", "recount"}, {"P12", "2+", "her2_status", "need-dual"},
    {"P21", "2+", "her2_status", "recount"}, {"P22b", "2+", "her2_status", "recount"},
    {"P34", "", "ihc_score", "0+"},  // printed as 0: 0+ is the same score with its staining named
};

std::string expected_value(const WorkedCase& worked, const std::string& fact, const std::string& printed) {
  const auto score = worked.facts.find("ihc_score");
  for (const auto& exception : kPrintedOtherwise) {
    if (exception.id == worked.id && exception.fact == fact &&
        (score == worked.facts.end() ? "" : score->second) == exception.ihc_score) {
      return exception.value;
    }
  }
  return printed;
}

// The possible values of any fact that the tables give, reported or not.
std::set<std::string> possible_values(const WorkedCase& worked, const std::string& fact) {
  const Dictionary& dictionary = real_catalog().dictionary;
  const auto id = dictionary.find(fact);
  std::set<std::string> out;
  if (!id) {
    ADD_FAILURE() << worked.id << ": no fact " << fact;
    return out;
  }
  FactValues facts;
  for (const auto& [name, one] : specimen(worked.facts).facts) {
    facts[name] = one.value;
  }
  const std::uint64_t mask = decide_facts(real_plan(worked.scheme), facts, {*id}).possible(*id);
  for (unsigned i = 0; i < dictionary[*id].values.size(); ++i) {
    if ((mask >> i & 1U) != 0) {
      out.insert(dictionary[*id].values[i]);
    }
  }
  if ((mask & kMissingBit) != 0) {
    out.insert("missing");
  }
  return out;
}

std::set<std::string> values_of(const std::string& joined) {
  std::set<std::string> out;
  std::string one;
  for (const char c : joined + "|") {
    if (c != '|') {
      one += c;
    } else {
      out.insert(one);
      one.clear();
    }
  }
  return out;
}

TEST(WorkedCases, EveryRow) {
  const std::string path = dossier_folder() + "/worked_cases.csv";
  const auto cases = worked_cases(path);
  if (cases.empty()) {
    GTEST_SKIP() << path << " is absent";
  }
  std::set<std::string> ids;
  for (const auto& worked : cases) {
    ids.insert(worked.id);
    const SpecimenStatus status = decided(worked.scheme, worked.facts);
    EXPECT_EQ(status.refusal, "") << worked.id;
    std::string facts;
    for (const auto& [name, value] : worked.facts) {
      facts += name + "=" + value + " ";
    }
    for (const auto& [fact, printed] : worked.expected) {
      EXPECT_EQ(possible_values(worked, fact), values_of(expected_value(worked, fact, printed)))
          << worked.id << " " << fact << " of " << facts;
    }
    for (const auto& notice : worked.notices) {
      EXPECT_FALSE(status.notices.empty()) << worked.id << " expects a notice: " << notice;
    }
    if (!worked.action.empty()) {
      EXPECT_FALSE(status.actions.empty()) << worked.id << " expects an action: " << worked.action;
    }
  }
  EXPECT_GE(ids.size(), 100U);
}

}  // namespace
}  // namespace her2::test
