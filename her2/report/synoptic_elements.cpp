// SPDX-License-Identifier: Apache-2.0
#include "her2/report/synoptic_elements.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "her2/core/decimal.h"
#include "her2/language/say.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr auto kCore = SynopticTier::core;
constexpr auto kIf = SynopticTier::conditional;
constexpr auto kMay = SynopticTier::optional;

const Answer* answer(const SpecimenStatus& s, std::string_view fact) {
  const auto found = std::find_if(s.answers.begin(), s.answers.end(), [&](const Answer& a) { return a.fact == fact; });
  return found == s.answers.end() || found->state == AnswerState::none ? nullptr : &*found;
}

const UsedFact* recorded(const SpecimenStatus& s, std::string_view fact) {
  const auto found = std::find_if(s.facts.begin(), s.facts.end(), [&](const UsedFact& f) { return f.name == fact; });
  return found == s.facts.end() ? nullptr : &*found;
}

}  // namespace

std::string SynopticSource::raw(std::string_view fact) const {
  if (const Answer* a = answer(specimen_, fact)) {
    return a->state == AnswerState::decided && a->values.size() == 1 ? a->values[0].value : std::string();
  }
  const UsedFact* f = recorded(specimen_, fact);
  return f == nullptr ? std::string() : f->value;
}

SynopticValue SynopticSource::value(std::string_view fact) const {
  if (const Answer* a = answer(specimen_, fact)) {
    return {answer_words(*a), raw(fact)};
  }
  if (const UsedFact* f = recorded(specimen_, fact)) {
    const bool number = !f->unit.empty() || parse_rational(f->value).has_value();
    return {with_unit(number ? f->value : value_words(fact, f->value), f->unit), number ? "" : f->value};
  }
  return {};
}

double SynopticSource::number(std::string_view fact) const {
  const auto exact = parse_rational(raw(fact));
  return exact ? exact->convert_to<double>() : std::numeric_limits<double>::quiet_NaN();
}

SynopticValue SynopticSource::specimen() const {
  const std::string words = specimen_words(specimen_);
  return {specimen_.id + (words.empty() ? "" : ": " + words), {}};
}

SynopticValue SynopticSource::tests() const {
  std::vector<std::string> done;
  const auto add = [&](const char* name, std::initializer_list<std::string_view> facts) {
    if (std::any_of(facts.begin(), facts.end(), [&](std::string_view f) { return has(f); })) {
      done.emplace_back(name);
    }
  };
  add("ER", {"er_percent", "er_status"});
  add("PgR", {"pgr_percent", "pgr_status"});
  add("HER2 IHC", {"ihc_score", "ihc_reported"});
  add("HER2 ISH", {"ish_group", "ish_reported", "single_ish"});
  add("Ki-67", {"ki67_percent"});
  return {fmt::format("{}", fmt::join(done, ", ")), {}};
}

SynopticValue SynopticSource::ihc() const {
  const std::string score = raw("ihc_score");
  if (score == "undefined") {
    return {say("synoptic.cannot_be_determined"), score};
  }
  SynopticValue value = this->value("ihc_score");
  const bool known = score == "0" || score == "0+" || score == "1+" || score == "2+" || score == "3+";
  if (known && !value.words.empty()) {
    value.words = say(score == "0"    ? "synoptic.score_0"
                      : score == "0+" ? "synoptic.score_0_plus"
                      : score == "1+" ? "synoptic.score_1"
                      : score == "2+" ? "synoptic.score_2"
                                      : "synoptic.score_3",
                      {{"score", value.words}});
  }
  return value;
}

SynopticValue SynopticSource::ihc_pattern() const {
  std::vector<std::string> parts;
  for (const char* fact : {"pattern_intensity", "pattern_completeness"}) {
    if (const std::string value = raw(fact); !value.empty()) {
      parts.push_back(value_words(fact, value));
    }
  }
  if (raw("basolateral") == "yes") {
    parts.push_back(say("synoptic.basolateral"));
  }
  if (raw("cytoplasm_obscures") == "yes") {
    parts.push_back(say("synoptic.cytoplasm_hides_the_membrane"));
  }
  if (const std::string share = raw("pattern_percent"); !share.empty()) {
    parts.push_back(say("synoptic.in_share_of_the_cells", {{"share", percent_in(share)}}));
  }
  return {fmt::format("{}", fmt::join(parts, ", ")), {}};
}

// Groups 1 and 5 say it alone; groups 2 to 4 only together with IHC.
SynopticValue SynopticSource::ish() const {
  const std::string group = raw("ish_group");
  const std::string status = raw("her2_status");
  if (group.empty()) {
    const SynopticValue told = has("single_ish") ? value("single_ish") : value("ish_reported");
    return told.words.empty()
               ? has("ish_group") ? value("ish_group") : SynopticValue{say("synoptic.not_performed"), "not-performed"}
               : told;
  }
  const std::string code = "group-" + group;
  if (group == "1" || group == "5") {
    return {group == "1" ? say("synoptic.positive_in_group", {{"group", group}})
                         : say("synoptic.negative_in_group", {{"group", group}}),
            code};
  }
  if (group == "none") {
    return {say("synoptic.no_group"), code};
  }
  return status == "positive" || status == "negative"
             ? SynopticValue{say("synoptic.by_ihc_and_ish",
                                 {{"status", value_words("her2_status", status)}, {"group", group}}),
                             code}
             : SynopticValue{say("synoptic.pending", {{"group", group}, {"status", value("her2_status").words}}), code};
}

SynopticValue SynopticSource::mean(std::string_view recorded_mean, std::string_view total) const {
  if (has(recorded_mean)) {
    return value(recorded_mean);
  }
  const double mean = number(total) / number("cells");
  return std::isfinite(mean) ? SynopticValue{say("synoptic.mean_of_signals", {{"mean", number_in(mean, 2)},
                                                                              {"signals", number_in(raw(total))},
                                                                              {"cells", number_in(raw("cells"))}}),
                                             {}}
                             : SynopticValue{};
}

SynopticValue SynopticSource::ratio() const {
  if (has("ratio")) {
    return value("ratio");
  }
  const double ratio = number("her2_total") / number("cep17_total");
  return std::isfinite(ratio) ? SynopticValue{number_in(ratio, 2), {}} : SynopticValue{};
}

SynopticValue SynopticSource::handling() const {
  const std::string cold = raw("cold_ischaemia");
  const std::string fixation = raw("fixation");
  if (cold == "fail" || fixation == "fail") {
    return {cold != "fail"       ? say("synoptic.limits_not_met_fixation")
            : fixation != "fail" ? say("synoptic.limits_not_met_cold")
                                 : say("synoptic.limits_not_met"),
            "fail"};
  }
  return cold == "pass" && fixation == "pass" ? SynopticValue{say("synoptic.limits_met"), "pass"}
                                              : SynopticValue{say("synoptic.cannot_be_determined"), "unknown"};
}

const std::vector<SynopticRow>& breast_elements() {
  static constexpr const char* kEr = "Oestrogen receptor";
  static constexpr const char* kPgr = "Progesterone receptor";
  static constexpr const char* kIhc = "HER2 by IHC";
  static constexpr const char* kIsh = "HER2 by ISH";
  static constexpr const char* kHandling = "Handling of the tissue";
  static const std::vector<SynopticRow> kRows{
      {"Specimen", "specimen", "Specimen or block", kCore, "@specimen"},
      {"Specimen", "tests", "Tests done", kCore, "@tests"},
      {kEr, "er_result", "ER result", kIf, "er_status", "er_percent"},
      {kEr, "er_percent", "ER, cells stained", kIf, "er_percent", "er_status"},
      {kEr, "er_intensity", "ER, average intensity", kIf, "er_intensity", "er_status", "positive|low-positive"},
      {kEr, "er_internal_control", "ER, internal control", kIf, "er_internal_control", "er_status",
       "low-positive|negative"},
      {kEr, "er_allred", "ER, Allred total score", kMay, "allred_total"},
      {kPgr, "pgr_result", "PgR result", kIf, "pgr_status", "pgr_percent"},
      {kPgr, "pgr_percent", "PgR, cells stained", kIf, "pgr_percent", "pgr_status"},
      {kPgr, "pgr_intensity", "PgR, average intensity", kIf, "pgr_intensity", "pgr_status", "positive"},
      {kIhc, "her2_ihc", "HER2 IHC score", kCore, "@ihc"},
      {kIhc, "her2_ihc_pattern", "Pattern of the 2+ staining", kIf, "@ihc_pattern", "ihc_score", "2+"},
      {kIhc, "her2_3plus_percent", "Cells with strong, complete staining", kIf, "strong_complete", "ihc_second_score"},
      {kIhc, "her2_second_score", "Score of a second, discrete population", kMay, "ihc_second_score"},
      {kIsh, "her2_ish", "HER2 ISH result", kCore, "@ish"},
      {kIsh, "her2_copies", "HER2 signals per cell, mean", kIf, "@copies", "ish_group", "1|2|3|4|5"},
      {kIsh, "cep17_copies", "CEP17 signals per cell, mean", kIf, "@cep17", "ish_group", "1|2|3|4|5"},
      {kIsh, "her2_ratio", "HER2/CEP17 ratio", kIf, "@ratio", "ish_group", "1|2|3|4|5"},
      {kIsh, "ish_cells", "Cells counted", kIf, "cells", "ish_group", "1|2|3|4|5"},
      {kIsh, "ish_second_population", "Second population with more HER2 signals", kMay, "second_population_percent"},
      {"HER2, all tests", "her2_status", "HER2 status", kCore, "her2_status"},
      {"HER2, all tests", "her2_spectrum", "HER2-low, ultralow or null", kMay, "her2_spectrum"},
      {"Ki-67", "ki67_percent", "Ki-67 index", kIf, "ki67_percent", "ki67_class"},
      {kHandling, "handling", "Cold ischaemia and fixation", kCore, "@handling"},
      {kHandling, "cold_ischaemia", "Cold ischaemia", kMay, "cold_ischaemia_min"},
      {kHandling, "fixation", "Time in fixative", kMay, "fixation_hours"},
      {kHandling, "fixative", "Fixative", kMay, "fixative"},
      {kHandling, "decalcified", "Decalcified", kMay, "decalcified"},
  };
  return kRows;
}

const std::vector<SynopticRow>& gastric_elements() {
  static constexpr const char* kIsh = "HER2 by ISH";
  static const std::vector<SynopticRow> kRows{
      {"Specimen", "specimen", "Specimen or block", kCore, "@specimen"},
      {"HER2 by IHC", "her2_ihc", "HER2 IHC score", kCore, "@ihc"},
      {kIsh, "her2_ish", "HER2 ISH result", kCore, "@gastric_ish"},
      {kIsh, "her2_copies", "HER2 signals per cell, mean", kMay, "@copies"},
      {kIsh, "cep17_copies", "CEP17 signals per cell, mean", kMay, "@cep17"},
      {kIsh, "her2_ratio", "HER2/CEP17 ratio", kMay, "@ratio"},
      {kIsh, "ish_cells", "Cells counted", kMay, "cells"},
      {"HER2, all tests", "her2_status", "HER2 status", kCore, "her2_status"},
      {"Handling of the tissue", "fixation", "Time in fixative", kMay, "fixation_hours"},
      {"Handling of the tissue", "fixative", "Fixative", kMay, "fixative"},
  };
  return kRows;
}

}  // namespace her2
