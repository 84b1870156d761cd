// SPDX-License-Identifier: Apache-2.0
#include "her2/run/agreement_rules.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "her2/evidence/toml_text.h"
#include "her2/guideline/toml_reader.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

enum class Side { positive, negative, neither };

Side side_of(const std::string& category) {
  static const std::set<std::string> kPositive{"positive", "3+", "yes"};
  static const std::set<std::string> kNegative{"negative", "0", "0+", "1+", "no"};
  return kPositive.contains(category) ? Side::positive : kNegative.contains(category) ? Side::negative : Side::neither;
}

struct Counts {
  std::uint64_t positive = 0, negative = 0, positive_same = 0, negative_same = 0, left_out = 0;
};

Counts counts_of(const PairAgreement& pair) {
  Counts out;
  for (std::size_t a = 0; a < pair.categories.size(); ++a) {
    for (std::size_t b = 0; b < pair.categories.size(); ++b) {
      const Side reference = side_of(pair.categories[a]), test = side_of(pair.categories[b]);
      const std::uint64_t cases = pair.table.at(a, b);
      if (reference == Side::neither || test == Side::neither) {
        out.left_out += cases;
      } else if (reference == Side::positive) {
        out.positive += cases;
        out.positive_same += test == Side::positive ? cases : 0;
      } else {
        out.negative += cases;
        out.negative_same += test == Side::negative ? cases : 0;
      }
    }
  }
  return out;
}

// successes / trials >= percent / 100, in whole numbers as far as the rule gives whole per cent.
bool reaches(std::uint64_t successes, std::uint64_t trials, double percent) {
  return 100.0 * static_cast<double>(successes) >= percent * static_cast<double>(trials);
}

// Which cases a clause of a rule is about.
enum class Among { positive, negative, either, graded, all };

std::string whole(double number) { return fmt::format("{:.0f}", number); }

class Judge {
 public:
  Judge(const AgreementRule& rule, RuleResult& out) : rule_(rule), out_(out) {}

  void note(bool good, std::string sentence) { (good ? out_.met : out_.failed).push_back(std::move(sentence)); }

  void number(Among what, std::uint64_t there, double least) {
    if (least >= 0) {
      const std::string asked = whole(least);
      note(static_cast<double>(there) >= least,
           what == Among::positive   ? say("agree.positive_cases", {{"cases", there}, {"least", asked}})
           : what == Among::negative ? say("agree.negative_cases", {{"cases", there}, {"least", asked}})
                                     : say("agree.positive_or_negative_cases", {{"cases", there}, {"least", asked}}));
    }
  }

  void share(Among what, std::uint64_t same, std::uint64_t all, double percent) {
    if (percent < 0) {
      return;
    }
    if (all == 0) {
      note(false, nobody(what, whole(percent)));
      return;
    }
    const bool few = rule_.perfect_below >= 0 && static_cast<double>(all) < rule_.perfect_below;
    const std::string agree = agreeing(what, same, all);
    if (few) {
      note(same == all, say("agree.all_must", {{"agree", agree}, {"cases", whole(rule_.perfect_below)}}));
    } else {
      note(reaches(same, all, percent), say("agree.at_least_must", {{"agree", agree}, {"percent", whole(percent)}}));
    }
  }

 private:
  static std::string nobody(Among what, const std::string& percent) {
    switch (what) {
      case Among::positive: return say("agree.no_positive_cases", {{"percent", percent}});
      case Among::negative: return say("agree.no_negative_cases", {{"percent", percent}});
      case Among::graded: return say("agree.no_graded_cases", {{"percent", percent}});
      case Among::either:
      case Among::all: break;
    }
    return say("agree.no_cases_at_all", {{"percent", percent}});
  }

  static std::string agreeing(Among what, std::uint64_t same, std::uint64_t all) {
    const double low = clopper_pearson(same, all, 0.90).low;  // 95 % to one side
    const std::string share = percent_in(100 * static_cast<double>(same) / static_cast<double>(all), 1);
    const std::string bound = percent_in(100 * low, 1);
    switch (what) {
      case Among::positive:
        return say("agree.positive_agree", {{"same", same}, {"all", all}, {"share", share}, {"bound", bound}});
      case Among::negative:
        return say("agree.negative_agree", {{"same", same}, {"all", all}, {"share", share}, {"bound", bound}});
      case Among::graded:
        return say("agree.graded_agree", {{"same", same}, {"all", all}, {"share", share}, {"bound", bound}});
      case Among::either:
      case Among::all: break;
    }
    return say("agree.cases_agree", {{"same", same}, {"all", all}, {"share", share}, {"bound", bound}});
  }

  const AgreementRule& rule_;
  RuleResult& out_;
};

}  // namespace

RuleResult judged(const AgreementRule& rule, const PairAgreement& pair, int events) {
  RuleResult out;
  out.id = rule.id;
  out.title = rule.title;
  out.note = rule.note;
  out.cite = rule.cite;
  Judge judge(rule, out);
  if (rule.kind == "proficiency") {
    judge.share(Among::graded, pair.overall.successes, pair.overall.trials, rule.overall_percent);
    if (rule.min_events >= 0) {
      const std::string least = whole(rule.min_events);
      judge.note(events >= rule.min_events, events < 0 ? say("agree.events_not_stated", {{"least", least}})
                                                       : say("agree.events", {{"events", events}, {"least", least}}));
    }
  } else {
    const Counts counts = counts_of(pair);
    const std::uint64_t all = counts.positive + counts.negative;
    judge.number(Among::positive, counts.positive, rule.min_positive);
    judge.number(Among::negative, counts.negative, rule.min_negative);
    judge.number(Among::either, all, rule.min_cases);
    if (rule.max_cases >= 0 && static_cast<double>(all) > rule.max_cases) {
      out.met.push_back(say("agree.more_cases_than_asked", {{"cases", all}, {"most", whole(rule.max_cases)}}));
    }
    judge.share(Among::all, counts.positive_same + counts.negative_same, all, rule.overall_percent);
    judge.share(Among::positive, counts.positive_same, counts.positive, rule.positive_percent);
    judge.share(Among::negative, counts.negative_same, counts.negative, rule.negative_percent);
    if (counts.left_out > 0) {
      out.met.push_back(say("agree.neither_left_out", {{"cases", counts.left_out}}));
    }
  }
  out.passed = out.failed.empty();
  return out;
}

Result<std::vector<AgreementRule>> parse_agreement_rules(std::string_view toml, const std::string& file) {
  const auto parsed = parse_toml(std::string(toml), file);
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  TomlReader reader(*parsed, "");
  reader.only({"rule"});
  const toml::table* rules = reader.sub("rule");
  if (rules == nullptr) {
    return fail("there are no rules ([rule.ID])", {}, file);
  }
  std::vector<AgreementRule> out;
  for (const auto& [name, node] : *rules) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      return fail(fmt::format("rule '{}' must be a table", name.str()), {}, file);
    }
    TomlReader own(*table, fmt::format("rule {}", name.str()));
    own.only({"title", "kind", "note", "cite", "min_positive", "min_negative", "min_cases", "max_cases", "min_events",
              "perfect_below", "overall_percent", "positive_percent", "negative_percent"});
    AgreementRule rule;
    rule.id = name.str();
    rule.title = own.text("title", true);
    rule.kind = own.text("kind", true);
    rule.note = own.text("note", false);
    rule.cite = own.texts("cite", true);
    const std::pair<const char*, double*> numbers[] = {{"min_positive", &rule.min_positive},
                                                       {"min_negative", &rule.min_negative},
                                                       {"min_cases", &rule.min_cases},
                                                       {"max_cases", &rule.max_cases},
                                                       {"min_events", &rule.min_events},
                                                       {"perfect_below", &rule.perfect_below},
                                                       {"overall_percent", &rule.overall_percent},
                                                       {"positive_percent", &rule.positive_percent},
                                                       {"negative_percent", &rule.negative_percent}};
    for (const auto& [key, number] : numbers) {
      if (table->contains(key)) {
        *number = static_cast<double>(own.number(key).value_or(0));
      }
    }
    if (rule.kind != "validation" && rule.kind != "proficiency") {
      own.wrong("'kind' is validation or proficiency");
    }
    if (!own.ok()) {
      return tl::unexpected(located(*own.error(), file));
    }
    out.push_back(std::move(rule));
  }
  return out;
}

}  // namespace her2
