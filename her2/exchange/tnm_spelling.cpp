// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/tnm_spelling.h"

#include <algorithm>
#include <array>

namespace her2 {
namespace {

struct TnmFact {
  std::string_view name, prefix;
  char letter;
};
constexpr std::array<TnmFact, 7> kFacts{{{"ct", "c", 't'},
                                         {"cn", "c", 'n'},
                                         {"pt", "p", 't'},
                                         {"pn", "p", 'n'},
                                         {"ypt", "yp", 't'},
                                         {"ypn", "yp", 'n'},
                                         {"m_category", "", 'm'}}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// What may stand in brackets behind a category without changing its value.
bool is_suffix(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kSuffixes{"sn", "f", "m", "i+", "i-", "mol+"};
  return std::find(kSuffixes.begin(), kSuffixes.end(), text) != kSuffixes.end();
}

}  // namespace

std::optional<std::string> tnm_value(std::string_view name, std::string_view text) {
  const auto fact = std::find_if(kFacts.begin(), kFacts.end(), [&](const TnmFact& f) { return f.name == name; });
  if (fact == kFacts.end()) {
    return std::nullopt;
  }
  std::string rest;
  for (const char c : text) {
    if (c != ' ') {
      rest.push_back(lower(c));
    }
  }
  while (!rest.empty() && rest.back() == ')') {
    const std::size_t open = rest.rfind('(');
    if (open == std::string::npos || !is_suffix(std::string_view(rest).substr(open + 1, rest.size() - open - 2))) {
      return std::nullopt;
    }
    rest.resize(open);
  }
  const bool either = fact->letter == 'm' && (rest.starts_with("cm") || rest.starts_with("pm"));
  if (either) {
    rest.erase(0, 1);
  } else if (rest.starts_with(fact->prefix)) {
    rest.erase(0, fact->prefix.size());
  }
  if (rest.size() < 2 || rest.front() != fact->letter) {
    return std::nullopt;
  }
  rest.erase(0, 1);
  if (rest == "x") {
    return "unknown";
  }
  if (fact->letter == 't' && rest.size() == 2 && rest[0] == '4' && rest[1] >= 'a' && rest[1] <= 'd') {
    return "4";  // T4a to T4d
  }
  const bool sub =
      fact->letter == 'n' && rest.size() == 2 && rest[0] >= '1' && rest[0] <= '3' && rest[1] >= 'a' && rest[1] <= 'c';
  return sub ? rest.substr(0, 1) : rest;
}

}  // namespace her2
