// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace her2::test {

// One variant of a row of worked_cases.csv ("0|1+|2+": the row holds for each) in the words of the dictionary.
struct WorkedCase {
  std::string id;
  std::string scheme;
  std::map<std::string, std::string> facts;     // fact -> value as written
  std::map<std::string, std::string> expected;  // fact -> possible values, joined by |
  std::vector<std::string> notices;             // ids of notices expected
  std::string action;                           // a word that some action must hold; may be empty
};

// Reads the file; empty when it is absent. Fails the test on a column or key that is not understood.
std::vector<WorkedCase> worked_cases(const std::string& path);

}  // namespace her2::test
