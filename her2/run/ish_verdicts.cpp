// SPDX-License-Identifier: Apache-2.0
#include "her2/run/ish_verdicts.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

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
  void say(const char* id, Severity severity, const char* label, std::string reason) {
    out_.push_back({id, severity, label, std::move(reason)});
  }

  void guideline_rules() {
    const CountSums& s = score_.count.sums;
    if (s.cep17 == 0) {
      say("no-cep17", Severity::refused, "CEP17", "No CEP17 signal was counted: there is no ratio. Repeat ISH.");
    }
    if (s.nuclei < 20) {
      say("few-nuclei", Severity::warning, "Nuclei",
          fmt::format("{} counted; guidelines ask for at least 20.", s.nuclei));
    } else {
      say("few-nuclei", Severity::ok, "Nuclei", fmt::format("{} counted; at least 20 are needed.", s.nuclei));
    }
    if (tally_.areas_known) {
      say("areas", tally_.areas < 2 ? Severity::refused : Severity::ok, "Areas",
          fmt::format("Nuclei of {} {} counted; two areas of invasive tumour are needed.", tally_.areas,
                      tally_.areas == 1 ? "area were" : "areas were"));
    }
    if (table_.assay == IshAssay::counts) {
      return;
    }
    const double weak = percent(tally_.unscorable, tally_.scorable);
    say("weak-signals", weak > 25 ? Severity::refused : Severity::ok, "Weak signals",
        fmt::format("{:.1f} % of the signals in nuclei are too weak to score; above 25 % ISH is to be repeated.",
                    weak));
    const double stray = percent(tally_.cytoplasmic, tally_.clear);
    say("cytoplasmic-signals", stray > 10 ? Severity::refused : Severity::ok, "Signals over cytoplasm",
        fmt::format("{:.1f} % of the clear signals lie over cytoplasm; above 10 % ISH is to be repeated.", stray));
  }

  void excluded() {
    if (const double lost = truncated_share(tally_); lost > 0) {
      say("truncation", lost > kTruncatedShare ? Severity::warning : Severity::ok, "Nuclei without a signal",
          fmt::format("{} of the nuclei that could be read show no signal of one channel ({:.0f} %) and are left out. "
                      "Leaving them out draws the ratio towards 1, which no interval covers.",
                      tally_.of(NucleusVerdict::too_few_signals), 100 * lost));
    }
    const std::uint64_t others = tally_.found - tally_.counted();
    if (tally_.found > 0 && static_cast<double>(others) > kExcludedShare * static_cast<double>(tally_.found)) {
      say("excluded", Severity::warning, "Evaluable share",
          fmt::format("Only {} of {} nuclei were counted; look whether those left out differ from them.",
                      tally_.counted(), tally_.found));
    }
    if (tally_.without_cep17 > 0) {
      say("nuclei-without-cep17", Severity::warning, "Nuclei without CEP17",
          fmt::format("{} of the counted nuclei show no CEP17 signal; readers leave such nuclei out.",
                      tally_.without_cep17));
    }
  }

  void counts() {
    if (tally_.at_least > 0) {
      say("at-least", Severity::warning, "More than can be counted",
          fmt::format("{} {} more HER2 signals than can be counted: HER2 copies and ratio are lower bounds.",
                      tally_.at_least, tally_.at_least == 1 ? "nucleus has" : "nuclei have"));
    }
    const auto differs = [&](const CountedWay& way) { return way.group != score_.count.group; };
    if (std::any_of(score_.ways.begin(), score_.ways.end(), differs)) {
      std::vector<std::string> ways;
      for (const CountedWay& way : score_.ways) {
        if (differs(way)) {
          ways.push_back(
              fmt::format("group {} with {}", way.group ? std::to_string(*way.group) : "none", way_words(way.way)));
        }
      }
      say("doubtful", Severity::warning, "Doubtful signals",
          fmt::format("How signals are read changes the group: {}.", fmt::join(ways, "; ")));
    }
    if (score_.second.found && 10 * score_.second.members > score_.count.sums.nuclei) {
      say("second-population", Severity::warning, "Second population", second_population_words(score_));
    }
  }

  void areas() {
    const auto& moments = score_.count.moments;
    if (moments && (moments->ratio.areas_differ || moments->her2.areas_differ)) {
      say("areas-differ", Severity::warning, "Areas differ",
          fmt::format("Nuclei of different areas differ more than chance explains; with {} areas the interval of the "
                      "whole tumour is {}. See the areas one by one.",
                      moments->areas, moments->areas < kManyAreas ? "still too short" : "by areas"));
    }
  }

  void fields() {
    std::map<std::string, std::vector<std::string>> by_notice;
    for (const IshField& field : table_.fields) {
      if (!field.refused.empty()) {
        say("field-refused", Severity::warning, "Field left out", fmt::format("{}: {}", field.name, field.refused));
      }
      for (const std::string& notice : field.notices) {
        by_notice[notice].push_back(field.name);
      }
      if (field.ratio_low > 0 && field.ratio_low < 1000 * kBorderRatio && field.ratio_high >= 1000 * kBorderRatio) {
        say("threshold", Severity::warning, "Threshold",
            fmt::format(
                "{}: with the signal threshold 1.4 times lower or higher the ratio is {:.2f} to {:.2f}: on both "
                "sides of 2.",
                field.name, field.ratio_low / 1000.0, field.ratio_high / 1000.0));
      }
      const int saturated = std::max(field.channels[0].saturated, field.channels[1].saturated);
      if (saturated > kSaturated) {
        say("saturation", Severity::warning, "Saturated camera",
            fmt::format("{}: {:.1f} % of the nuclei's pixels are at the camera's end.", field.name, saturated / 100.0));
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
