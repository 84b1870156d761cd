// SPDX-License-Identifier: Apache-2.0
// Lines "number<TAB>rule" in; "1" where the plural rule holds for the number, "0" where not, "?" where it is none. For
// tests/system/messages.py, which asks Babel the same.
#include <iostream>
#include <string>

#include "her2/language/plural_rule.h"

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto tab = line.find('\t');
    const auto rule = her2::PluralRule::parse(std::string_view(line).substr(tab + 1));
    std::cout << (!rule ? '?' : rule->holds_for(std::stoull(line.substr(0, tab))) ? '1' : '0') << '\n';
  }
  return 0;
}
