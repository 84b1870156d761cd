// SPDX-License-Identifier: Apache-2.0
// What must hold for every case, tried on random cases on and beside the thresholds.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "her2/exchange/case_json.h"
#include "her2/report/status_json.h"
#include "her2/run/decided.h"
#include "random_table.h"

namespace her2::test {
namespace {

using Facts = std::map<std::string, std::string>;

const Dictionary& dictionary() { return real_catalog().dictionary; }

// A random case as facts that can be read; `odd` percent of the values are bounds, sets or not to hand.
Facts random_facts(RandomTable& random) {
  Facts out;
  const auto row = random.row();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& name = RandomTable::columns()[i];
    if (!row[i].empty() && parse_value(dictionary()[*dictionary().find(name)], row[i])) {
      out[name] = row[i];
    }
  }
  return out;
}

// Without facts that say the same thing twice, and so may contradict each other.
Facts without_doubles(Facts facts) {
  const bool totals = facts.contains("her2_total") || facts.contains("cep17_total");
  for (const char* name : {"ratio", "copies"}) {
    if (totals) {
      facts.erase(name);
    }
  }
  for (const char* name : {"cep17_copies", "ihc_reported", "ish_reported", "er_status"}) {
    facts.erase(name);
  }
  return facts;
}

FactValues values_of(const Facts& facts) {
  FactValues out;
  for (const auto& [id, fact] : specimen(facts).facts) {
    out[id] = fact.value;
  }
  return out;
}

std::string text_of(const Facts& facts) {
  std::string out;
  for (const auto& [name, value] : facts) {
    out += name + "=" + value + " ";
  }
  return out;
}

bool contradicts(const Decided& decided) {
  return std::any_of(decided.discrepancies.begin(), decided.discrepancies.end(),
                     [](const auto& d) { return d.conflict; });
}

bool one_bit(std::uint64_t mask) { return mask != 0 && (mask & (mask - 1)) == 0; }

// The order in which a case file lists facts changes nothing.
TEST(Properties, OrderOfFactsChangesNothing) {
  RandomTable random(1, 15);
  for (int round = 0; round < 60; ++round) {
    const Facts facts = random_facts(random);
    std::vector<std::string> items;
    for (const auto& [name, value] : facts) {
      items.push_back("\"" + name + "\": \"" + value + "\"");
    }
    std::string first;
    for (int order = 0; order < 3; ++order) {
      std::string json;
      for (const auto& item : items) {
        json += (json.empty() ? "" : ", ") + item;
      }
      const auto parsed =
          parse_case(R"({"schema": "her2-case/1", "id": "a", "facts": {)" + json + "}}", dictionary(), "case.json");
      ASSERT_TRUE(parsed) << parsed.error().text();
      const std::string status =
          status_json(case_status(real_plan("breast-2018"), *parsed, {SpecimenPolicy::each, order == 0}));
      if (order > 0) {  // without what would change: it takes long and is the first's
        const std::string again =
            status_json(case_status(real_plan("breast-2018"), *parsed, {SpecimenPolicy::each, false}));
        EXPECT_EQ(status, again);
        first = order == 1 ? status : first;
        EXPECT_EQ(status, first) << text_of(facts);
      }
      random.dice().shuffle(items);
    }
  }
}

// One of the values that `value` leaves possible; unknown stays unknown half of the time.
Value refined(Dice& dice, const FactType& type, const Value& value) {
  if (value.state == Value::State::choice) {
    std::vector<unsigned> members;
    for (unsigned i = 0; i < type.values.size(); ++i) {
      if ((value.choices >> i & 1U) != 0) {
        members.push_back(i);
      }
    }
    return Value::of_choice(dice.of(members));
  }
  if (value.state != Value::State::number || value.is_exact()) {
    return value;
  }
  const Rational low = value.low ? value.low->at : Rational(0);
  const Rational high = value.high ? value.high->at : Rational(low + 20);
  Rational at = low + (high - low) * dice.roll(1, 9) / 10;
  at = type.integer ? ceil(at) : at;
  const bool inside =
      (at > low || !(value.low && value.low->open)) && (at < high || (at == high && !(value.high && value.high->open)));
  return inside ? Value::of_number(at) : value;
}

TEST(Properties, RefiningNeverFlipsAnAnswer) {
  RandomTable random(2, 30);
  int settled = 0;
  for (int round = 0; round < 500; ++round) {
    Facts facts = random_facts(random);
    facts.erase("cep17_copies");  // three rounded means narrow each other
    const FactValues wide = values_of(facts);
    FactValues narrow = wide;
    for (auto& [fact, value] : narrow) {
      value = random.dice().chance(60) ? refined(random.dice(), dictionary()[fact], value) : value;
    }
    const Plan& plan = real_plan(round % 2 == 0 ? "breast-2018" : "breast-2007");
    const std::vector<FactId> asked{*dictionary().find("ihc_result"), *dictionary().find("surrogate_subtype")};
    const Decided before = decide_facts(plan, wide, asked);
    const Decided after = decide_facts(plan, narrow, asked);
    if (!before.refusal.empty()) {
      continue;
    }
    if (!after.refusal.empty() || contradicts(before)) {
      continue;  // the values chosen exclude each other
    }
    for (const auto& [fact, outcome] : before.outcomes) {
      const std::uint64_t was = outcome.merged.possible(fact);
      const std::uint64_t is = after.possible(fact);
      settled += one_bit(was) && narrow != wide ? 1 : 0;
      if (contradicts(after)) {
        EXPECT_NE(was & is, 0U) << text_of(facts);
      } else {
        EXPECT_EQ(is & ~was, 0U) << dictionary()[fact].name << " got new values: " << text_of(facts);
      }
    }
  }
  EXPECT_GT(settled, 100);
}

// 2023 affirms 2018: every answer is the same.
TEST(Properties, Edition2023DecidesAs2018) {
  RandomTable random(3, 10);
  for (int round = 0; round < 150; ++round) {
    const Facts facts = random_facts(random);
    const auto old_status = decided("breast-2018", facts);
    const auto new_status = decided("breast-2023", facts);
    ASSERT_EQ(old_status.refusal.empty(), new_status.refusal.empty());
    ASSERT_EQ(old_status.answers.size(), new_status.answers.size());
    for (std::size_t i = 0; i < old_status.answers.size(); ++i) {
      const std::string& fact = old_status.answers[i].fact;
      EXPECT_EQ(answer(old_status, fact), answer(new_status, fact)) << text_of(facts);
    }
  }
}

TEST(Properties, EditionsDiffer) {
  struct Row {
    Facts facts;
    std::map<std::string, std::string> status;  // scheme -> HER2 status
  };
  const std::vector<Row> rows{
      {{{"cells", "20"}, {"her2_total", "84"}, {"cep17_total", "40"}},
       {{"breast-2007", "equivocal"},
        {"breast-2013", "positive"},
        {"breast-2018", "positive"},
        {"breast-fda-ratio", "positive"}}},
      {{{"cells", "20"}, {"her2_total", "100"}, {"cep17_total", "60"}, {"ihc_score", "1+"}},
       {{"breast-2007", "negative"},
        {"breast-2013", "negative"},
        {"breast-2018", "negative"},
        {"breast-fda-ratio", "negative"}}},
      {{{"cells", "20"}, {"her2_total", "76"}, {"cep17_total", "38"}, {"ihc_score", "1+"}},
       {{"breast-2007", "equivocal"},
        {"breast-2013", "positive"},
        {"breast-2018", "negative"},
        {"breast-fda-ratio", "positive"}}},
      {{{"pattern_intensity", "strong"}, {"pattern_completeness", "complete"}, {"pattern_percent", "20"}},
       {{"breast-2007", "equivocal"},
        {"breast-2013", "positive"},
        {"breast-2018", "positive"},
        {"breast-five-strata", "positive"}}},
  };
  for (const Row& row : rows) {
    for (const auto& [scheme, status] : row.status) {
      EXPECT_EQ(answer(decided(scheme, row.facts), "her2_status"), status) << scheme << ": " << text_of(row.facts);
    }
  }
}

// The rule that gives the first answer.
std::string rule_of(const SpecimenStatus& status) {
  return status.answers.front().rows.empty() ? "" : status.answers.front().rows.back().id();
}

// A number one step nearer to where it came from.
Rational one_step_back(const Rational& to, const Rational& from) { return Rational(to > from ? -1 : 1) + to; }

TEST(Properties, WhatWouldChangeTheAnswerDoes) {
  RandomTable random(4, 0);
  int tried = 0, steps = 0;
  for (int round = 0; round < 120; ++round) {
    const Facts facts = without_doubles(random_facts(random));
    const auto now = decided("breast-2018", facts, true);
    for (const WhatIf& change : now.changes) {
      SCOPED_TRACE(text_of(facts) + ": " + change.fact + " to " + change.to);
      const FactType& type = dictionary()[*dictionary().find(change.fact)];
      auto to = parse_value(type, change.to);
      ASSERT_TRUE(to);
      Facts then = facts;
      if (to->state == Value::State::number && !to->is_exact()) {  // no smallest change: a little beyond the bound
        const Rational at =
            to->low ? Rational(to->low->at + Rational(1, 1000)) : Rational(to->high->at - Rational(1, 1000));
        to = Value::of_number(at);
      }
      then[change.fact] = value_text(type, *to);
      const auto changed = decided("breast-2018", then);
      EXPECT_EQ(answer(changed, "her2_status"), change.gives);
      EXPECT_NE(rule_of(changed), rule_of(now));
      EXPECT_TRUE(change.row.empty() || changed.answers.front().state != AnswerState::decided ||
                  rule_of(changed) == change.row)
          << rule_of(changed) << " is not " << change.row;
      ++tried;
      if (type.integer && to->is_exact()) {
        const Rational from = *specimen(facts).value(*dictionary().find(change.fact)).exact_number();
        const Rational back = one_step_back(*to->exact_number(), from);
        then[change.fact] = value_text(type, Value::of_number(back));
        EXPECT_EQ(rule_of(decided("breast-2018", then)), rule_of(now)) << "one step less changes it already";
        ++steps;
      }
    }
  }
  EXPECT_GT(tried, 100);
  EXPECT_GT(steps, 30);
}

// Any value of a fact that what is recorded leaves possible.
std::string any_value(Dice& dice, const FactType& type, const Value& recorded) {
  if (type.kind == FactKind::choice) {
    const std::uint64_t mask =
        recorded.state == Value::State::choice ? recorded.choices : type.all_values() & ~type.computed_only;
    return value_text(type, refined(dice, type, Value::of_choices(mask)));
  }
  if (recorded.state == Value::State::number) {
    return value_text(type, refined(dice, type, recorded));
  }
  const std::string number = type.unit == "%" ? std::to_string(dice.roll(0, 100)) : std::to_string(dice.roll(1, 9));
  return type.integer || type.unit == "%" ? number : number + "." + std::to_string(dice.roll(0, 9));
}

TEST(Properties, SettlingFactsSettle) {
  std::map<std::string, std::string> names;  // by label
  for (FactId id = 0; id < dictionary().size(); ++id) {
    names[dictionary()[id].label] = dictionary()[id].name;
  }
  RandomTable random(5, 40);
  int settled = 0;
  for (int round = 0; round < 150; ++round) {
    const Facts facts = without_doubles(random_facts(random));
    const auto now = decided("breast-2018", facts, true);
    if (!now.refusal.empty() || now.answers.front().state != AnswerState::open) {
      continue;
    }
    for (const auto& set : now.answers.front().settled_by) {
      for (int attempt = 0; attempt < 4; ++attempt) {
        Facts then = facts;
        for (const auto& label : set) {
          ASSERT_TRUE(names.contains(label)) << label;
          const std::string& name = names.at(label);
          const FactType& type = dictionary()[*dictionary().find(name)];
          then[name] = any_value(random.dice(), type, specimen(facts).value(*dictionary().find(name)));
        }
        const Decided got = decide_facts(real_plan("breast-2018"), values_of(then), {});
        if (!got.refusal.empty() || contradicts(got)) {
          continue;  // the values drawn cannot be
        }
        EXPECT_TRUE(one_bit(got.possible(*dictionary().find("her2_status"))))
            << text_of(facts) << "\n  then " << text_of(then);
        ++settled;
      }
    }
  }
  EXPECT_GT(settled, 40);
}

// With several readings the answer lists what each of them leads to, and under which it holds.
TEST(Properties, ConflictsNameTheirReadings) {
  RandomTable random(6, 5);
  int conflicts = 0;
  for (int round = 0; round < 400; ++round) {
    const Facts facts = random_facts(random);
    const Decided general = decide_facts(real_plan("breast-2018"), values_of(facts), {});
    if (general.readings.size() < 2) {
      continue;
    }
    const auto status = decided("breast-2018", facts);
    EXPECT_EQ(status.readings.size(), general.readings.size());
    const Answer& first = status.answers.front();
    const FactId fact = *dictionary().find(first.fact);
    for (std::size_t i = 0; i < general.readings.size(); ++i) {
      const Outcome alone =
          decide(real_plan("breast-2018"), worlds_of(dictionary(), general.readings[i].facts), {{fact}, true});
      for (const auto& value : first.values) {
        const auto index = dictionary()[fact].index_of(value.value);
        const bool possible = index && (alone.possible(fact) >> *index & 1U) != 0;
        const auto& assumes = value.assumes;
        const bool named = std::find(assumes.begin(), assumes.end(), general.readings[i].assumes) != assumes.end();
        EXPECT_TRUE(!index || possible == named)
            << text_of(facts) << value.value << " under " << general.readings[i].assumes;
      }
    }
    const bool differ = general.is_conflict(fact);
    EXPECT_EQ(first.state == AnswerState::conflict, differ && first.values.size() > 1) << text_of(facts);
    conflicts += differ ? 1 : 0;
  }
  EXPECT_GT(conflicts, 10);
}

}  // namespace
}  // namespace her2::test
