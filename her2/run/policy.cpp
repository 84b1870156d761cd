// SPDX-License-Identifier: Apache-2.0
// Which specimen of a case counts, and the whole case's status.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/guideline_words.h"
#include "her2/run/case_status.h"

namespace her2 {
namespace {

constexpr std::array<std::pair<SpecimenPolicy, std::string_view>, 3> kNames{
    {{SpecimenPolicy::each, "each"},
     {SpecimenPolicy::most_recent, "most-recent"},
     {SpecimenPolicy::highest, "highest"}}};

// The specimen's HER2 status when there is one.
std::string status_of(const SpecimenStatus& specimen) {
  if (specimen.answers.empty() || specimen.answers.front().state != AnswerState::decided) {
    return {};
  }
  return specimen.answers.front().values.front().value;
}

std::string name_of_specimen(const SpecimenStatus& specimen) {
  return specimen.id.empty() ? say("run.the_specimen") : say("run.specimen", {{"id", specimen.id}});
}

void most_recent(CaseStatus& out) {
  const auto undated =
      std::find_if(out.specimens.begin(), out.specimens.end(), [](const auto& s) { return s.date.empty(); });
  if (undated != out.specimens.end()) {
    out.overall_why = say("run.no_specimen_counts_as_the_most_recent", {{"specimen", name_of_specimen(*undated)}});
    return;
  }
  const auto latest = std::max_element(out.specimens.begin(), out.specimens.end(),
                                       [](const auto& a, const auto& b) { return a.date < b.date; });
  const auto ties =
      std::count_if(out.specimens.begin(), out.specimens.end(), [&](const auto& s) { return s.date == latest->date; });
  if (ties > 1) {
    out.overall_why =
        say("run.no_specimen_counts_as_the_most_recent_head", {{"specimens", ties}, {"date", date_in(latest->date)}});
    return;
  }
  out.counts = static_cast<int>(latest - out.specimens.begin());
  out.overall = status_of(*latest);
  out.overall_why = say("run.the_most_recent_specimen_counts_of",
                        {{"specimen", name_of_specimen(*latest)}, {"date", date_in(latest->date)}});
}

// A specimen without one status that may still turn out to be one of `higher`; -1: none.
int unsettled(const CaseStatus& out, const std::vector<std::string_view>& higher) {
  for (std::size_t i = 0; i < out.specimens.size() && !higher.empty(); ++i) {
    const auto& specimen = out.specimens[i];
    const auto& values = specimen.answers.empty() ? std::vector<PossibleValue>{} : specimen.answers.front().values;
    const bool may_be = std::any_of(values.begin(), values.end(), [&](const PossibleValue& v) {
      return v.value == "open" || std::find(higher.begin(), higher.end(), v.value) != higher.end();
    });
    if (!specimen.refusal.empty() || (values.size() > 1 && may_be)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

void highest(CaseStatus& out) {
  static constexpr std::array<std::string_view, 3> kOrder{"positive", "equivocal", "negative"};
  for (std::size_t rank = 0; rank < kOrder.size(); ++rank) {
    const std::string_view status = kOrder[rank];
    if (const int open = unsettled(out, {kOrder.begin(), kOrder.begin() + rank}); open >= 0) {
      const std::string name = name_of_specimen(out.specimens[static_cast<std::size_t>(open)]);
      out.overall_why = rank == 1 ? say("run.no_specimen_counts_as_the_most", {{"specimen", name}})
                                  : say("run.no_specimen_counts_as_the_most_head", {{"specimen", name}});
      return;
    }
    for (std::size_t i = 0; i < out.specimens.size(); ++i) {
      if (status_of(out.specimens[i]) == status) {
        out.counts = static_cast<int>(i);
        out.overall = status;
        out.overall_why =
            say("run.the_most_positive_specimen_counts", {{"specimen", name_of_specimen(out.specimens[i])}});
        return;
      }
    }
  }
  out.overall_why = say("run.no_specimen_is_positive_equivocal_or");
}

void each(CaseStatus& out) {
  const std::string first = status_of(out.specimens.front());
  const bool agree = !first.empty() && std::all_of(out.specimens.begin(), out.specimens.end(),
                                                   [&](const auto& s) { return status_of(s) == first; });
  out.overall = agree ? first : "";
  out.overall_why = agree ? say("run.all_specimens_agree") : say("run.the_specimens_differ_or_are_not");
}

std::string scheme_why(const Plan& plan, const Case& input) {
  const Scheme& scheme = *plan.scheme;
  const Scheme* standard = plan.catalog->default_scheme(input.tumour);
  if (scheme.tumour != input.tumour) {
    return say("run.the_scheme_is_one_for_the_tumour", {{"tumour", scheme.tumour}, {"case_tumour", input.tumour}});
  }
  return scheme.is_default
             ? say("run.it_is_the_scheme_for_the_tumour", {{"tumour", input.tumour}})
             : say("run.it_was_asked_for_the_standard_one",
                   {{"tumour", input.tumour}, {"standard", standard == nullptr ? say("run.not_set") : standard->id}});
}

// What kind of tissue it is decides how some tumours are scored: the specimen's kind is that fact, unless recorded.
Specimen with_kind(const Specimen& specimen, const Dictionary& dictionary) {
  Specimen out = specimen;
  const auto fact = dictionary.find("specimen_kind");
  const auto index = fact ? dictionary[*fact].index_of(specimen.kind) : std::nullopt;
  if (index && !out.facts.contains(*fact)) {
    out.facts[*fact] = Fact{*fact, Value::of_choice(*index), {}, {"kind of the specimen"}};
  }
  return out;
}

}  // namespace

std::optional<SpecimenPolicy> specimen_policy(std::string_view name) {
  for (const auto& [policy, known] : kNames) {
    if (known == name) {
      return policy;
    }
  }
  return std::nullopt;
}

std::string_view name_of(SpecimenPolicy policy) {
  return std::find_if(kNames.begin(), kNames.end(), [&](const auto& entry) { return entry.first == policy; })->second;
}

CaseStatus case_status(const Plan& plan, const Case& input, const StatusOptions& options) {
  CaseStatus out;
  out.case_id = input.id;
  out.tumour = input.tumour;
  out.scheme = plan.scheme->id;
  out.scheme_title = scheme_title(*plan.scheme);
  out.edition = plan.scheme->edition;
  out.scheme_why = scheme_why(plan, input);
  out.software = "her2 " HER2_VERSION;
  for (const auto& specimen : input.specimens) {
    out.specimens.push_back(specimen_status(plan, with_kind(specimen, plan.dictionary()), options));
  }
  for (const auto& id : plan.scheme->guidelines) {
    const Guideline& guideline = *plan.catalog->guideline(id);
    out.guidelines.emplace_back(guideline.id, guideline.hash);
    for (const auto& open_point : guideline_unconfirmed(guideline)) {
      out.unconfirmed.push_back(fmt::format("{}: {}", guideline.id, open_point));
    }
    for (const auto& parameter : guideline.parameters) {
      if (parameter.changed) {
        out.changed_parameters.push_back(
            fmt::format("{} = {} {}", parameter.name, exact_text(parameter.value), parameter.unit));
      }
    }
  }
  if (out.specimens.size() == 1) {
    out.policy = "only specimen";
    out.counts = 0;
    out.overall = status_of(out.specimens.front());
    return out;
  }
  out.policy = name_of(options.policy);
  if (out.specimens.empty()) {
    out.overall_why = say("run.the_case_has_no_specimen");
    return out;
  }
  switch (options.policy) {
    case SpecimenPolicy::each: each(out); break;
    case SpecimenPolicy::most_recent: most_recent(out); break;
    case SpecimenPolicy::highest: highest(out); break;
  }
  return out;
}

}  // namespace her2
