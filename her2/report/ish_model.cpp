// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "her2/report/words.h"

namespace her2 {
namespace {

bool known(const Interval& interval) { return interval.high > 0; }

std::string reader_name(const std::string& name, const char* otherwise) { return name.empty() ? otherwise : name; }

std::string nuclei_words(std::uint64_t n) {
  return fmt::format("{} {}", with_commas(n), n == 1 ? "nucleus" : "nuclei");
}

// A number of nuclei to count, as exact as it can be meant: 7, 20, 120, 1,300.
std::string about(std::uint64_t n) {
  const std::uint64_t step = n < 10 ? 1 : n < 100 ? 5 : n < 1000 ? 10 : 100;
  return with_commas((n + step - 1) / step * step);
}

const Answer* status_of(const CaseStatus& status) {
  return status.specimens.empty() || status.specimens[0].answers.empty() ? nullptr : &status.specimens[0].answers[0];
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
  return fmt::format("{:.0f} %", percent);
}

std::string mean_words(double value, const Interval& interval) {
  return known(interval) ? fmt::format("{:.2f} ({:.2f} to {:.2f})", value, interval.low, interval.high)
                         : fmt::format("{:.2f}", value);
}

std::string ratio_words(const IshScore& score) {
  const CountSums& s = score.count.sums;
  return s.cep17 == 0 ? "none" : mean_words(static_cast<double>(s.her2) / static_cast<double>(s.cep17), score.ratio);
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
      parts.push_back(fmt::format("group {} ({})", group, share_words(-share)));
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string further_words(const IshScore& score) {
  if (!score.groups) {
    return {};
  }
  const FurtherNuclei& f = score.further;
  const std::string wrong = fmt::format("The chance that another group is the true one is {}", share_words(f.wrong));
  const std::string level = share_words(score.level);
  switch (f.verdict) {
    case FurtherNuclei::Verdict::enough: return fmt::format("Enough was counted. {}.", wrong);
    case FurtherNuclei::Verdict::count_more:
      return fmt::format("{}. Count about {} more nuclei to bring it to {}.", wrong, about(f.further), level);
    case FurtherNuclei::Verdict::not_by_counting:
      return fmt::format(
          "{}. Counting more will not settle it: about {} more nuclei would be needed, and beyond {} nuclei what the "
          "counts leave out or add decides, not their number.",
          wrong, about(f.further), kBiasNuclei);
    case FurtherNuclei::Verdict::not_by_doubtful: break;
  }
  return fmt::format(
      "{}. Counting more will not settle it: how doubtful signals and clusters are read decides. Look at "
      "them again.",
      wrong);
}

std::string way_words(const CountingWay& way) {
  const auto [her2, cep17] = way.doubtful;
  std::string out = her2 && cep17 ? "all doubtful signals counted"
                    : her2        ? "doubtful HER2 signals counted"
                    : cep17       ? "doubtful CEP17 signals counted"
                                  : "clear signals only";
  if (way.clusters == ClusterReading::integrated) {
    out += ", clusters by intensity";
  } else if (way.clusters == ClusterReading::greedy) {
    out += ", clusters by fitting";
  }
  return out;
}

std::string second_population_words(const IshScore& score) {
  const SecondPopulation& p = score.second;
  if (!p.tested) {
    return fmt::format("Not looked for: at least {} nuclei with different HER2 counts are needed.", kPopulationNuclei);
  }
  if (!p.found) {
    return "None found. A small second population may be missed: with 60 nuclei one of 20 % with three times the "
           "signals "
           "is found nearly always, one of 10 % often not.";
  }
  const double share = 100.0 * static_cast<double>(p.members) / static_cast<double>(score.count.sums.nuclei);
  std::string out = fmt::format(
      "{} of {} ({:.0f} %, {:.0f} to {:.0f} %) have {:.1f} HER2 signals on average, the others {:.1f} (p {:.3f}). ",
      p.members, nuclei_words(score.count.sums.nuclei), share, 100 * p.share.low, 100 * p.share.high,
      p.second.her2_mean(), p.first.her2_mean(), p.p);
  if (p.pattern == SecondPopulation::Pattern::together) {
    out += "They lie together. ";
  } else if (p.pattern == SecondPopulation::Pattern::intermingled) {
    out += "They lie among the others. ";
  }
  if (10 * p.members > score.count.sums.nuclei) {
    out += fmt::format("That is more than 10 %: count at least 20 nuclei of it separately{}, and report it separately.",
                       p.members >= 20 ? " (so many were counted here)" : "");
  } else {
    out += "That is not more than 10 %.";
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
      fmt::format("{}: {}; {}: {}. ", reader_name(report.reader, "First reader"), ratio_words(report.score),
                  reader_name(second.name, "Second reader"), ratio_words(second.score));
  if (c.ratio_factor) {
    out += fmt::format("The second ratio is {:.2f} times the first (95 % limits {:.2f} to {:.2f}): {}. ",
                       *c.ratio_factor, c.ratio_limits.low, c.ratio_limits.high,
                       c.ratio_differs ? "they differ" : "no difference beyond chance");
  }
  if (c.paired) {
    out += fmt::format(
        "Of {} nuclei counted by both, HER2 is equal in {} (difference {:+.2f}, limits of agreement {:+.1f} to "
        "{:+.1f}), "
        "CEP17 in {} ({:+.2f}, {:+.1f} to {:+.1f}). ",
        c.pairs, c.her2.equal, c.her2.mean, c.her2.limits.low, c.her2.limits.high, c.cep17.equal, c.cep17.mean,
        c.cep17.limits.low, c.cep17.limits.high);
  }
  const auto group = [](const std::optional<int>& g) {
    return g ? fmt::format("group {}", *g) : std::string("no group");
  };
  out += c.groups_differ
             ? fmt::format("They land in different groups: {} and {}.", group(c.first_group), group(c.second_group))
             : fmt::format("Both land in {}.", group(c.first_group));
  return out;
}

std::string likely_words(const IshEdition& edition) {
  std::vector<std::string> parts;
  for (const PossibleValue& value : edition.likely) {
    parts.push_back(possible_words("her2_status", value));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

IshHeadline ish_headline(const IshReport& report) {
  IshHeadline out;
  const IshScore& score = report.score;
  const CountSums& s = score.count.sums;
  out.group = s.nuclei == 0 ? "No nucleus counted" : "No ratio";
  if (score.count.group) {
    out.group = fmt::format("ISH group {}", *score.count.group);
    if (score.groups) {
      const double share = (*score.groups)[static_cast<std::size_t>(*score.count.group - 1)];
      out.group += fmt::format(", probability {}", share_words(share));
    }
  }
  out.detail = fmt::format("Ratio {}, {}{} HER2 copies per nucleus, {}", ratio_words(score),
                           score.tally.at_least > 0 ? "at least " : "", mean_words(s.her2_mean(), score.her2),
                           nuclei_words(s.nuclei));
  if (report.primary < report.editions.size()) {
    const CaseStatus& status = report.editions[report.primary].counted;
    if (const Answer* answer = status_of(status)) {
      out.status = fmt::format("HER2 {} ({})", answer_words(*answer), edition_name(status));
      out.positive = answer->state == AnswerState::decided && answer->values[0].value == "positive";
      out.negative = answer->state == AnswerState::decided && answer->values[0].value == "negative";
    }
  }
  return out;
}

}  // namespace her2
