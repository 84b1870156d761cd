// SPDX-License-Identifier: Apache-2.0
// A condition. What is read is met or not met in a known case, and its complement is the other; an error names the
// column.
#include "her2/guideline/condition.h"

#include <algorithm>

#include "fuzz/dictionary.h"
#include "her2/guideline/worlds.h"

namespace {

using namespace her2;

// A case in which every fact is known.
Worlds known_case() {
  const Dictionary& dictionary = fuzz::dictionary();
  Worlds out(dictionary);
  for (FactId fact = 0; fact < dictionary.size(); ++fact) {
    const FactType& type = dictionary[fact];
    if (type.kind == FactKind::choice) {
      out.set(fact, Value::of_choice(static_cast<unsigned>(type.values.size() - 1)));
    } else if (type.kind == FactKind::number) {
      out.set(fact, Value::of_number(Rational(type.min.value_or(0) + 2)));
    }
  }
  return out;
}

void check(const Condition& condition) {
  static const Worlds nothing(fuzz::dictionary());
  static const Worlds known = known_case();
  const Condition opposite = complement(condition, fuzz::dictionary());
  for (const Worlds* worlds : {&nothing, &known}) {
    const Truth met = truth(*worlds, condition);
    fuzz::require(met != Truth::open);
    fuzz::require((truth(*worlds, opposite) == Truth::met) == (met == Truth::not_met));
  }
  const auto read = facts_read(condition, fuzz::dictionary());
  fuzz::require(std::is_sorted(read.begin(), read.end()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  ConditionNames names;
  names.parameters["cut"] = Rational(3, 2);
  names.sums["both"].add(*fuzz::dictionary().find("weak_complete"), 1);
  names.sums["both"].add(*fuzz::dictionary().find("strong_complete"), 1);
  if (const auto condition = parse_condition(text, fuzz::dictionary(), names)) {
    check(*condition);
  } else {
    fuzz::require(!condition.error().reason.empty());
    fuzz::require(condition.error().place.starts_with("column ") || text.size() > 10'000);
  }
  if (const auto sum = parse_sum(text, fuzz::dictionary(), names)) {
    fuzz::require(std::is_sorted(sum->terms.begin(), sum->terms.end()));
  }
  return 0;
}
