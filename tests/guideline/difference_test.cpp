// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.h"
#include "her2/guideline/decide.h"
#include "her2/guideline/holds.h"

namespace her2::test {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

// Two guidelines of the small dictionary, each a scheme of its own.
struct Two {
  Catalog catalog;
  std::vector<Plan> plans;
};

Two two(const std::string& first, const std::string& second) {
  GuidelineFiles files{{"facts.toml", kSmallFacts}};
  for (const auto& [id, table] : {std::pair<std::string, std::string>{"g", first}, {"h", second}}) {
    std::string text = guideline_text(table);
    text.replace(text.find("\"g\""), 3, "\"" + id + "\"");
    files[id + ".toml"] = text;
  }
  files["schemes.toml"] = "";
  for (const std::string id : {"g", "h"}) {
    files["schemes.toml"] += "[[scheme]]\nid = \"" + id + "\"\nedition = \"" + id +
                             "\"\ntumour = \"t\"\ntitle = \"s\"\nguidelines = [\"" + id +
                             "\"]\nanswers = [\"result\"]\n";
  }
  Two out;
  auto loaded = Catalog::load(files);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().text());
  out.catalog = std::move(*loaded);
  return out;
}

PlanDifference compare(Two& both) {
  both.plans = {*make_plan(both.catalog, both.catalog.schemes[0]), *make_plan(both.catalog, both.catalog.schemes[1])};
  auto found = difference(both.plans[0], both.plans[1]);
  EXPECT_TRUE(found);
  return found ? std::move(*found) : PlanDifference{};
}

const std::string kInputs = "inputs = { a = \"%\", colour = \"red | green | blue\" }\ngives = [\"result\"]\n";

TEST(Difference, FindsASinglePointAndNothingElse) {
  Two both = two(kInputs + row("high", "a > 2") + row("low", "a <= 2", "y"),
                 kInputs + row("high", "a >= 2") + row("low", "a < 2", "y"));
  const PlanDifference found = compare(both);
  ASSERT_EQ(found.facts.size(), 1U);
  ASSERT_EQ(found.facts[0].regions.size(), 1U);
  const ChangedRegion& region = found.facts[0].regions[0];
  EXPECT_EQ(region.before, 1);
  EXPECT_EQ(region.after, 0);
  EXPECT_THAT(region.where, ElementsAre("a <= 2", "a >= 2"));
  EXPECT_THAT(region.rows_before, ElementsAre("g t/low"));
  EXPECT_THAT(region.rows_after, ElementsAre("h t/high"));
  for (const auto& [id, value] : region.example) {
    if (id == *both.catalog.dictionary.find("a")) {
      EXPECT_EQ(value.exact_number(), Rational(2));
    }
  }
}

TEST(Difference, SameRulesInOtherWordsAreTheSame) {
  Two both = two(kInputs + row("x", "a > 2 and colour == red") + row("y", "a <= 2 or colour != red", "y"),
                 kInputs + row("x", "not (a <= 2 or colour in {green, blue})") +
                     row("y", "colour in {green, blue} or a < 2 or a == 2", "y"));
  const PlanDifference found = compare(both);
  ASSERT_EQ(found.facts.size(), 1U);
  EXPECT_TRUE(found.facts[0].regions.empty());
  EXPECT_GT(found.facts[0].compared, 5U);
}

TEST(Difference, MergesChoicesIntoBoxes) {
  Two both = two(kInputs + row("x", "colour == red") + row("y", "colour != red", "y"),
                 kInputs + row("x", "colour in {red, green, blue} and a >= 0") + row("y", "a < 0", "y"));
  const PlanDifference found = compare(both);
  ASSERT_EQ(found.facts[0].regions.size(), 1U);
  const FactId colour = *both.catalog.dictionary.find("colour");
  EXPECT_THAT(found.facts[0].regions[0].choices, ElementsAre(ChoiceBox{{colour, 0b110}}));
}

// ---- the real editions ---------------------------------------------------------------------------------------

const Plan& plan_of(const std::string& scheme) {
  static std::map<std::string, Plan> plans;
  const auto found = plans.find(scheme);
  return found != plans.end()
             ? found->second
             : plans.emplace(scheme, *make_plan(real_catalog(), *real_catalog().scheme(scheme, "breast")))
                   .first->second;
}

const Condition& parsed(const std::string& text) {
  static std::map<std::string, Condition> known;
  const auto found = known.find(text);
  return found != known.end()
             ? found->second
             : known.emplace(text, *parse_condition(text, real_catalog().dictionary, {})).first->second;
}

FactId real(const std::string& name) { return *real_catalog().dictionary.find(name); }

std::string value_of(FactId fact, int index) {
  return index == kNoValue ? "none" : real_catalog().dictionary[fact].values[static_cast<std::size_t>(index)];
}

const FactDifference& of(const PlanDifference& all, const std::string& fact) {
  const auto found =
      std::find_if(all.facts.begin(), all.facts.end(), [&](const auto& one) { return one.fact == real(fact); });
  EXPECT_NE(found, all.facts.end()) << fact;
  return *found;
}

// Whether a case lies in one of the regions. A box may name what a table concludes (enough cells counted), alike in
// both editions: the engine says which.
bool lies_in_a_region(const FactDifference& fact, const FactValues& facts, const Plan& plan) {
  const Dictionary& dictionary = real_catalog().dictionary;
  const auto mask = [&](FactId id) {
    const auto at = facts.find(id);
    return at != facts.end() ? at->second.choices
                             : decide(plan, worlds_of(dictionary, facts), {{id}, true}).possible(id);
  };
  const auto met = [&](const std::string& text) { return holds(dictionary, parsed(text), facts); };
  const auto in = [&](const ChoiceBox& box) {
    return std::all_of(box.begin(), box.end(), [&](const auto& part) { return (mask(part.first) & part.second) != 0; });
  };
  return std::any_of(fact.regions.begin(), fact.regions.end(), [&](const ChangedRegion& region) {
    return std::all_of(region.where.begin(), region.where.end(), met) &&
           std::any_of(region.choices.begin(), region.choices.end(), in);
  });
}

// The cross-edition matrix of dual-probe ISH: IHC 2+, at least 20 cells, a recount that falls in the same group.
const char* const kMatrix =
    "ihc_result == equivocal and probe == dual and not ish_acceptance == reject and ish_count == enough"
    " and recount_count == enough and ish_reported is missing"
    " and (ish_group in {1, 5} or ish_group == 2 and recount_group == 2 or ish_group == 3 and recount_group == 3"
    " or ish_group == 4 and recount_group == 4)";

TEST(Difference, OfTheMatrixFrom2013To2018) {
  const auto where = parse_condition(kMatrix, real_catalog().dictionary, {});
  ASSERT_TRUE(where) << where.error().text();
  const auto found = difference(plan_of("breast-2013"), plan_of("breast-2018"), {*where});
  ASSERT_TRUE(found) << found.error().text();
  const FactId status = real("her2_status");
  std::vector<std::vector<std::string>> changes;
  for (const ChangedRegion& region : of(*found, "her2_status").regions) {
    std::vector<std::string> line{value_of(status, region.before), value_of(status, region.after)};
    for (const std::string& text : region.where) {
      if (text.find("recount") == std::string::npos) {
        line.push_back(text);
      }
    }
    changes.push_back(line);
  }
  EXPECT_THAT(changes, UnorderedElementsAre(
                           ElementsAre("positive", "negative", "ratio >= 2.0", "copies < 4.0"),
                           ElementsAre("equivocal", "negative", "ratio < 2.0", "4.0 <= copies", "copies < 6.0")));
}

TEST(Difference, OfTheMatrixFrom2007To2013) {
  const auto where = parse_condition(
      "ihc_result == equivocal and probe == dual and ish_reported is missing and not ish_acceptance == reject"
      " and not ish_count == too-few",
      real_catalog().dictionary, {});
  ASSERT_TRUE(where) << where.error().text();
  const auto found = difference(plan_of("breast-2007"), plan_of("breast-2013"), {*where});
  ASSERT_TRUE(found) << found.error().text();
  const Dictionary& dictionary = real_catalog().dictionary;
  // Both read so many numbers for the ISH result that the status is compared from it on, and changes only with it.
  EXPECT_TRUE(of(*found, "her2_status").regions.empty());
  std::size_t differ = 0;
  // ratio 1.8 to below 2.0 and copies decide: brute force over a fine grid of means says the same.
  for (int cells = 20, her2 = 20; her2 <= 140; her2 += 7) {
    for (int cep17 = 0; cep17 <= 80; cep17 += 3) {
      const FactValues facts{{real("ihc_score"), Value::of_choice(*dictionary[real("ihc_score")].index_of("2+"))},
                             {real("probe"), Value::of_choice(*dictionary[real("probe")].index_of("dual"))},
                             {real("cells"), number(cells)},
                             {real("her2_total"), number(her2)},
                             {real("cep17_total"), number(cep17)}};
      const auto decided = [&](const char* scheme) {
        return decide(plan_of(scheme), worlds_of(dictionary, facts), {{real("ish_result")}, true})
            .possible(real("ish_result"));
      };
      const FactDifference& ish = of(*found, "ish_result");
      const bool listed = lies_in_a_region(ish, facts, plan_of("breast-2007"));
      differ += listed ? 1U : 0U;
      ASSERT_EQ(decided("breast-2007") != decided("breast-2013"), listed) << her2 << " / " << cep17;
    }
  }
  EXPECT_GT(differ, 20U);
}

TEST(Difference, AffirmedEditionsAreTheSame) {
  const auto found = difference(plan_of("breast-2018"), plan_of("breast-2023"));
  ASSERT_TRUE(found);
  for (const FactDifference& fact : found->facts) {
    EXPECT_TRUE(fact.regions.empty()) << real_catalog().dictionary[fact.fact].name;
  }
  EXPECT_TRUE(found->only_before.empty());
  EXPECT_TRUE(found->only_after.empty());
}

// Every example is decided by the engine as the region says; every random case that changes lies in some region.
TEST(Difference, ExamplesAndRandomCasesAgreeWithTheEngine) {
  const auto found = difference(plan_of("breast-2013"), plan_of("breast-2018"));
  ASSERT_TRUE(found);
  const Dictionary& dictionary = real_catalog().dictionary;
  std::size_t examples = 0;
  for (const FactDifference& fact : found->facts) {
    for (const ChangedRegion& region : fact.regions) {
      FactValues facts;
      for (const auto& [id, value] : region.example) {
        facts[id] = value;
      }
      const auto bit = [](int value) { return value == kNoValue ? kMissingBit : std::uint64_t{1} << value; };
      for (const bool after : {false, true}) {
        const Outcome outcome =
            decide(plan_of(after ? "breast-2018" : "breast-2013"), worlds_of(dictionary, facts), {{fact.fact}, true});
        EXPECT_EQ(outcome.possible(fact.fact), bit(after ? region.after : region.before))
            << dictionary[fact.fact].name << (after ? " after" : " before");
      }
      ++examples;
    }
  }
  EXPECT_GT(examples, 40U);
  Dice dice(7);
  const FactDifference& status = of(*found, "her2_status");
  std::size_t changed = 0;
  for (int round = 0; round < 600; ++round) {
    FactValues facts;
    for (const FactId id : status.inputs) {
      const FactType& type = dictionary[id];
      if (type.kind == FactKind::choice && type.name != "probe" && dice.chance(40)) {
        const auto value = static_cast<unsigned>(dice.roll(0, static_cast<int>(type.values.size()) - 1));
        facts[id] = Value::of_choice(value);
      }
    }
    facts[real("ihc_result")] = Value::of_choice(
        static_cast<unsigned>(dice.roll(0, static_cast<int>(dictionary[real("ihc_result")].values.size()) - 1)));
    for (const std::string prefix : {"", "recount_"}) {
      if (dice.chance(70)) {
        facts[real(prefix + "cells")] = number(20);
        facts[real(prefix + "her2_total")] = number(dice.roll(30, 140));
        facts[real(prefix + "cep17_total")] = number(dice.roll(0, 70));
      }
    }
    const auto value = [&](const char* scheme) {
      return decide(plan_of(scheme), worlds_of(dictionary, facts), {{status.fact}, true}).possible(status.fact);
    };
    const bool differs = value("breast-2013") != value("breast-2018");
    const bool listed = lies_in_a_region(status, facts, plan_of("breast-2013"));
    EXPECT_EQ(differs, listed) << round;
    changed += differs ? 1U : 0U;
  }
  EXPECT_GT(changed, 40U);
}

}  // namespace
}  // namespace her2::test
