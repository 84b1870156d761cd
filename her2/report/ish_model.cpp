// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "her2/core/decimal.h"
#include "her2/language/say.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

bool known(const Interval& interval) { return interval.high > 0; }

std::string reader_name(const std::string& name, const std::string& otherwise) {
  return name.empty() ? otherwise : name;
}

std::string nuclei_words(std::uint64_t n) { return say("ish.nuclei_counted_in_words", {{"nuclei", grouped(n)}}); }

// A number of nuclei to count, as exact as it can be meant: 7, 20, 120, 1,300.
std::string about(std::uint64_t n) {
  const std::uint64_t step = n < 10 ? 1 : n < 100 ? 5 : n < 1000 ? 10 : 100;
  return with_commas((n + step - 1) / step * step);
}

const Answer* status_of(const CaseStatus& status) {
  return status.specimens.empty() || status.specimens[0].answers.empty() ? nullptr : &status.specimens[0].answers[0];
}

double probability(const PossibleValue& value) {
  return parse_rational(value.probability).value_or(Rational(0)).convert_to<double>();
}

std::string edition_name(const CaseStatus& status) { return status.edition.empty() ? status.scheme : status.edition; }

}  // namespace

bool IshReport::refused() const {
  return std::any_of(verdicts.begin(), verdicts.end(),
                     [](const IhcVerdict& v) { return v.severity == Severity::refused; });
}

std::string share_words(double share) {
  const double percent = 100 * share;
  if (percent > 0 && percent < 1) {
    return "< 1 %";
  }
  if (percent > 99 && percent < 100) {
    return "> 99 %";
  }
  return percent_in(percent, 0);
}

std::string mean_words(double value, const Interval& interval) {
  return known(interval) ? say("ish.mean_with_limits", {{"value", number_in(value, 2)},
                                                        {"low", number_in(interval.low, 2)},
                                                        {"high", number_in(interval.high, 2)}})
                         : number_in(value, 2);
}

std::string ratio_words(const IshScore& score) {
  const CountSums& s = score.count.sums;
  return s.cep17 == 0 ? say("ish.none")
                      : mean_words(static_cast<double>(s.her2) / static_cast<double>(s.cep17), score.ratio);
}

std::string groups_words(const IshScore& score) {
  if (!score.groups) {
    return {};
  }
  std::vector<std::pair<double, int>> order;
  for (std::size_t g = 0; g < kIshGroups; ++g) {
    order.emplace_back(-(*score.groups)[g], static_cast<int>(g) + 1);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::string> parts;
  for (const auto& [share, group] : order) {
    if (-share >= 0.005 || parts.empty()) {
      parts.push_back(say("ish.group_and_share", {{"group", group}, {"share", share_words(-share)}}));
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string further_words(const IshScore& score) {
  if (!score.groups) {
    return {};
  }
  const FurtherNuclei& f = score.further;
  const std::string wrong = share_words(f.wrong);
  const std::string level = share_words(score.level);
  switch (f.verdict) {
    case FurtherNuclei::Verdict::enough: return say("ish.enough_was_counted_the_chance_that", {{"wrong", wrong}});
    case FurtherNuclei::Verdict::count_more:
      return say("ish.count_more", {{"wrong", wrong}, {"about", about(f.further)}, {"level", level}});
    case FurtherNuclei::Verdict::not_by_counting:
      return say("ish.not_by_counting", {{"wrong", wrong}, {"about", about(f.further)}, {"most", kBiasNuclei}});
    case FurtherNuclei::Verdict::not_by_doubtful: break;
  }
  return say("ish.not_by_doubtful", {{"chance", wrong}});
}

std::string way_words(const CountingWay& way) {
  const auto [her2, cep17] = way.doubtful;
  std::string out = her2 && cep17 ? say("ish.all_doubtful_signals_counted")
                    : her2        ? say("ish.doubtful_her2_signals_counted")
                    : cep17       ? say("ish.doubtful_cep17_signals_counted")
                                  : say("ish.clear_signals_only");
  if (way.clusters == ClusterReading::integrated) {
    out = say("ish.clusters_by_intensity", {{"reading", out}});
  } else if (way.clusters == ClusterReading::greedy) {
    out = say("ish.clusters_by_fitting", {{"reading", out}});
  }
  return out;
}

std::string second_population_words(const IshScore& score) {
  const SecondPopulation& p = score.second;
  if (!p.tested) {
    return say("ish.not_looked_for_at_least_nuclei_with", {{"nuclei", kPopulationNuclei}});
  }
  if (!p.found) {
    return say("ish.none_found_one_with_five_times_the");
  }
  const double share = 100.0 * static_cast<double>(p.members) / static_cast<double>(score.count.sums.nuclei);
  std::string out = say("ish.second_population_is", {{"members", p.members},
                                                     {"nuclei", nuclei_words(score.count.sums.nuclei)},
                                                     {"share", percent_in(share, 0)},
                                                     {"low", number_in(100 * p.share.low, 0)},
                                                     {"high", percent_in(100 * p.share.high, 0)},
                                                     {"her2_mean", number_in(p.second.her2_mean(), 1)},
                                                     {"her2_mean2", number_in(p.first.her2_mean(), 1)},
                                                     {"p", number_in(p.p, 3)}});
  out += ' ';
  if (p.pattern == SecondPopulation::Pattern::together) {
    out += say("ish.they_lie_together");
    out += ' ';
  } else if (p.pattern == SecondPopulation::Pattern::intermingled) {
    out += say("ish.they_lie_among_the_others");
    out += ' ';
  }
  if (10 * p.members > score.count.sums.nuclei) {
    out += p.members >= 20 ? say("ish.that_is_more_than_10_count_at") : say("ish.that_is_more_than_10_count_more");
  } else {
    out += say("ish.that_is_not_more_than_10");
  }
  return out;
}

std::string readers_words(const IshReport& report) {
  if (!report.second) {
    return {};
  }
  const IshReader& second = *report.second;
  const ReaderComparison& c = second.comparison;
  std::string out =
      fmt::format("{}: {}; {}: {}. ", reader_name(report.reader, say("ish.first_reader")), ratio_words(report.score),
                  reader_name(second.name, say("ish.second_reader")), ratio_words(second.score));
  if (c.ratio_factor) {
    out += say("ish.the_second_ratio_is_times_the_first",
               {{"ratio_factor", number_in(*c.ratio_factor, 2)},
                {"low", number_in(c.ratio_limits.low, 2)},
                {"high", number_in(c.ratio_limits.high, 2)},
                {"verdict", c.ratio_differs ? say("ish.they_differ") : say("ish.no_difference_beyond_chance")}});
    out += ' ';
  }
  if (c.paired) {
    out += say("ish.paired_nuclei", {{"pairs", c.pairs},
                                     {"her2_equal", c.her2.equal},
                                     {"her2_mean", number_in(fmt::format("{:+.2f}", c.her2.mean))},
                                     {"her2_low", number_in(fmt::format("{:+.1f}", c.her2.limits.low))},
                                     {"her2_high", number_in(fmt::format("{:+.1f}", c.her2.limits.high))},
                                     {"cep17_equal", c.cep17.equal},
                                     {"cep17_mean", number_in(fmt::format("{:+.2f}", c.cep17.mean))},
                                     {"cep17_low", number_in(fmt::format("{:+.1f}", c.cep17.limits.low))},
                                     {"cep17_high", number_in(fmt::format("{:+.1f}", c.cep17.limits.high))}});
    out += ' ';
  }
  const auto group = [](const std::optional<int>& g) {
    return g ? say("ish.group_number", {{"group", *g}}) : say("ish.no_group");
  };
  out += c.groups_differ ? say("ish.they_land_in_different_groups_and",
                               {{"group", group(c.first_group)}, {"group2", group(c.second_group)}})
                         : say("ish.both_land_in", {{"group", group(c.first_group)}});
  return out;
}

std::string likely_words(const IshEdition& edition) {
  std::vector<std::string> parts;
  for (const PossibleValue& value : edition.likely) {
    parts.push_back(fmt::format("{} ({})", value_words("her2_status", value.value), share_words(probability(value))));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string status_surer_words(const IshReport& report) {
  const FurtherNuclei& further = report.score.further;
  if (report.primary >= report.editions.size() || report.editions[report.primary].likely.empty() ||
      further.verdict == FurtherNuclei::Verdict::enough) {
    return {};
  }
  const PossibleValue& first = report.editions[report.primary].likely.front();
  const double likely = probability(first);
  if (first.value == "open" || 1 - likely > report.score.level) {
    return {};
  }
  return say("ish.the_her2_status_hangs_little_on_it",
             {{"value", value_words("her2_status", first.value)}, {"share", share_words(likely)}});
}

std::vector<std::pair<std::string, std::string>> ish_actions(const IshReport& report) {
  std::vector<std::pair<std::string, std::string>> out;
  if (report.primary < report.editions.size() && !report.editions[report.primary].counted.specimens.empty()) {
    for (const auto& action : report.editions[report.primary].counted.specimens[0].actions) {
      if (action.second.find("-her2-") != std::string::npos) {
        out.push_back(action);
      }
    }
  }
  return out;
}

IshHeadline ish_headline(const IshReport& report) {
  IshHeadline out;
  const IshScore& score = report.score;
  const CountSums& s = score.count.sums;
  out.group = s.nuclei == 0 ? say("ish.no_nucleus_counted") : say("ish.no_ratio");
  if (score.count.group) {
    const int group = *score.count.group;
    out.group =
        score.groups
            ? say("ish.group_with_probability",
                  {{"group", group}, {"share", share_words((*score.groups)[static_cast<std::size_t>(group - 1)])}})
            : say("ish.ish_group", {{"group", group}});
  }
  const std::string ratio = ratio_words(score);
  const std::string copies = mean_words(s.her2_mean(), score.her2);
  const std::string nuclei = nuclei_words(s.nuclei);
  out.detail = score.tally.at_least > 0 ? say("ish.ratio_at_least_her2_copies_per_nucleus",
                                              {{"ratio", ratio}, {"copies", copies}, {"nuclei", nuclei}})
                                        : say("ish.ratio_her2_copies_per_nucleus",
                                              {{"ratio", ratio}, {"copies", copies}, {"nuclei", nuclei}});
  if (report.primary < report.editions.size()) {
    const CaseStatus& status = report.editions[report.primary].counted;
    if (const Answer* answer = status_of(status)) {
      out.status = say("ish.her2_status_under", {{"answer", answer_words(*answer)}, {"edition", edition_name(status)}});
      out.positive = answer->state == AnswerState::decided && answer->values[0].value == "positive";
      out.negative = answer->state == AnswerState::decided && answer->values[0].value == "negative";
    }
  }
  return out;
}

}  // namespace her2
