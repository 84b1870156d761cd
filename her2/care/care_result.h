// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace her2 {

// What a model says of a case, with everything that led to it: every face prints this and nothing else.

enum class CareState : std::uint8_t {
  answered,  // one value
  open,      // an interval, or several groups: `unknown` says what would settle it; without numbers when too little is
             // known
  refused,   // outside the range or the patients that the model is for; `says` has the range
};

// A fact that was used.
struct CareInput {
  std::string fact, label;
  std::string value;  // as value_text writes it; "unknown" where nothing is recorded
  bool known = true;  // false: every possible value was tried
};

// A number, or the interval over all possible values of what is not known.
struct CareNumber {
  std::string id, label;  // "npi", "Nottingham Prognostic Index"
  std::string unit;       // "%", "" for a plain number
  double low = 0, high = 0;
  int digits = 1;  // behind the point, for showing
};

struct CareResult {
  std::string id, title;  // "npi"
  CareState state = CareState::open;
  std::string says;  // one sentence: why refused or open, or what the value means
  std::vector<CareNumber> numbers;
  std::vector<std::string> groups;  // possible groups, from low to high; one when answered
  std::string valid;                // for whom and in which range
  std::vector<CareInput> inputs;
  std::vector<std::string> unknown;      // names of facts that would narrow or settle it
  std::vector<std::string> assumes;      // what was taken as given without a record
  std::vector<std::string> sources;      // as one cites them
  std::vector<std::string> unconfirmed;  // what its sources leave open
};

// "21.3" or "18.0 to 25.4" with the unit.
[[nodiscard]] std::string number_text(const CareNumber& number);

}  // namespace her2
