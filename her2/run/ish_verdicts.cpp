// SPDX-License-Identifier: Apache-2.0
#include "her2/run/ish_verdicts.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "her2/language/say.h"

namespace her2 {
namespace {

// Own proposals, no published source: from where on a share is worth a look.
constexpr double kTruncatedShare = 0.10;
constexpr double kExcludedShare = 0.50;
constexpr int kSaturated = 100;  // 1/10000 of the nuclei's pixels

double percent(std::uint64_t part, std::uint64_t all) {
  return all > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(all) : 0;
}

class Verdicts {
 public:
  Verdicts(const NucleusTable& table, const IshScore& score) : table_(table), score_(score), tally_(score.tally) {}

  std::vector<IhcVerdict> all() {
    guideline_rules();
    excluded();
    counts();
    areas();
    fields();
    std::stable_sort(out_.begin(), out_.end(), [](const IhcVerdict& a, const IhcVerdict& b) {
      return static_cast<int>(a.severity) > static_cast<int>(b.severity);
    });
    return std::move(out_);
  }

 private:
  void verdict(const char* id, Severity severity, std::string label, std::string reason) {
    out_.push_back({id, severity, std::move(label), std::move(reason)});
  }

  void guideline_rules() {
    const CountSums& s = score_.count.sums;
    if (s.cep17 == 0) {
      verdict("no-cep17", Severity::refused, say("ish.cep17"), say("ish_quality.no_cep17_signal_was_counted_there_is"));
    }
    if (s.nuclei < 20) {
      verdict("few-nuclei", Severity::warning, say("ish_quality.nuclei"),
              say("ish_quality.counted_guidelines_ask_for_at_least_20", {{"nuclei", s.nuclei}}));
    } else {
      verdict("few-nuclei", Severity::ok, say("ish_quality.nuclei"),
              say("ish_quality.counted_at_least_20_are_needed", {{"nuclei", s.nuclei}}));
    }
    if (tally_.areas_known) {
      verdict("areas", tally_.areas < 2 ? Severity::refused : Severity::ok, say("ish_quality.areas"),
              say("ish_quality.areas_counted", {{"areas", tally_.areas}}));
    }
    if (table_.assay == IshAssay::counts) {
      return;
    }
    const double weak = percent(tally_.unscorable, tally_.scorable);
    verdict("weak-signals", weak > 25 ? Severity::refused : Severity::ok, say("ish_quality.weak_signals"),
            say("ish_quality.of_the_signals_in_nuclei_are_too", {{"weak", percent_in(weak, 1)}}));
    const double stray = percent(tally_.cytoplasmic, tally_.clear);
    verdict("cytoplasmic-signals", stray > 10 ? Severity::refused : Severity::ok,
            say("ish_quality.signals_over_cytoplasm"),
            say("ish_quality.of_the_clear_signals_lie_over", {{"stray", percent_in(stray, 1)}}));
  }

  void excluded() {
    if (const double lost = truncated_share(tally_); lost > 0) {
      verdict("truncation", lost > kTruncatedShare ? Severity::warning : Severity::ok,
              say("ish_quality.nuclei_without_a_signal"),
              say("ish_quality.of_the_nuclei_that_could_be_read",
                  {{"nuclei", tally_.of(NucleusVerdict::too_few_signals)}, {"share", percent_in(100 * lost, 0)}}));
    }
    const std::uint64_t others = tally_.found - tally_.counted();
    if (tally_.found > 0 && static_cast<double>(others) > kExcludedShare * static_cast<double>(tally_.found)) {
      verdict("excluded", Severity::warning, say("ish_quality.evaluable_share"),
              say("ish_quality.only_of_nuclei_were_counted_look",
                  {{"counted", tally_.counted()}, {"found", tally_.found}}));
    }
    if (tally_.without_cep17 > 0) {
      verdict("nuclei-without-cep17", Severity::warning, say("ish_quality.nuclei_without_cep17"),
              say("ish_quality.of_the_counted_nuclei_show_no_cep17", {{"without_cep17", tally_.without_cep17}}));
    }
  }

  void counts() {
    if (tally_.at_least > 0) {
      verdict("at-least", Severity::warning, say("ish_quality.more_than_can_be_counted"),
              say("ish_quality.more_than_can_be_counted_words", {{"nuclei", tally_.at_least}}));
    }
    const auto differs = [&](const CountedWay& way) { return way.group != score_.count.group; };
    if (std::any_of(score_.ways.begin(), score_.ways.end(), differs)) {
      std::vector<std::string> ways;
      for (const CountedWay& way : score_.ways) {
        if (differs(way)) {
          ways.push_back(
              say("ish_quality.group_with",
                  {{"group", way.group ? std::to_string(*way.group) : say("ish.none")}, {"way", way_words(way.way)}}));
        }
      }
      verdict("doubtful", Severity::warning, say("ish_quality.doubtful_signals"),
              say("ish_quality.reading_changes_group", {{"ways", fmt::format("{}", fmt::join(ways, "; "))}}));
    }
    if (score_.second.found && 10 * score_.second.members > score_.count.sums.nuclei) {
      verdict("second-population", Severity::warning, say("ish_quality.second_population"),
              second_population_words(score_));
    }
  }

  void areas() {
    const auto& moments = score_.count.moments;
    if (moments && (moments->ratio.areas_differ || moments->her2.areas_differ)) {
      verdict("areas-differ", Severity::warning, say("ish_quality.areas_differ"),
              moments->areas < kManyAreas
                  ? say("ish_quality.nuclei_of_different_areas_differ_more", {{"areas", moments->areas}})
                  : say("ish_quality.nuclei_of_different_areas_differ_more_head", {{"areas", moments->areas}}));
    }
  }

  void fields() {
    std::map<std::string, std::vector<std::string>> by_notice;
    for (const IshField& field : table_.fields) {
      if (!field.refused.empty()) {
        verdict("field-refused", Severity::warning, say("ish_quality.field_left_out"),
                fmt::format("{}: {}", field.name, field.refused));
      }
      for (const std::string& notice : field.notices) {
        by_notice[notice].push_back(field.name);
      }
      if (field.ratio_low > 0 && field.ratio_low < 1000 * kBorderRatio && field.ratio_high >= 1000 * kBorderRatio) {
        verdict("threshold", Severity::warning, say("ish_quality.threshold"),
                say("ish_quality.with_the_signal_threshold_1_4_times",
                    {{"name", field.name},
                     {"ratio_low", number_in(field.ratio_low / 1000.0, 2)},
                     {"ratio_high", number_in(field.ratio_high / 1000.0, 2)}}));
      }
      const int saturated = std::max(field.channels[0].saturated, field.channels[1].saturated);
      if (saturated > kSaturated) {
        verdict("saturation", Severity::warning, say("ish_quality.saturated_camera"),
                say("ish_quality.of_the_nucleis_pixels_are_at_the",
                    {{"name", field.name}, {"saturated", percent_in(saturated / 100.0, 1)}}));
      }
    }
  }

  const NucleusTable& table_;
  const IshScore& score_;
  const IshTally& tally_;
  std::vector<IhcVerdict> out_;
};

}  // namespace

std::vector<IhcVerdict> ish_verdicts(const NucleusTable& table, const IshScore& score) {
  return Verdicts(table, score).all();
}

}  // namespace her2
