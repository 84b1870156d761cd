// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/report/care_model.h"

// The phrases that all faces of a care report share. Nothing here is escaped.
namespace her2 {

// "the recorded facts meet the criteria", "do not meet", "cannot be said": of an option, by its sense.
std::string state_words(const OptionAnswer& answer);
// "met", "not met", "open".
std::string truth_word(Truth truth);

// "HER2 status is positive": what a criterion asks for.
std::string criterion_words(const CareReport& report, const Criterion& criterion);
// "HER2 status: negative; grade: 3": what is known of the facts that the criterion reads; empty when nothing is.
std::string known_words(const CareReport& report, const Criterion& criterion);

// Criteria that are not met, each as "HER2 status is positive (recorded: negative)".
std::vector<std::string> failed_words(const CareReport& report, const OptionAnswer& answer);
// Facts that would settle an open option, the most useful first, by label; a concluded fact names what it follows from.
std::vector<std::string> needed_words(const CareReport& report, const OptionAnswer& answer);
// Remarks to be shown: those that hold, and those that may.
std::vector<std::string> remark_words(const OptionAnswer& answer);
// "FDA, 2023-03-03: ...", with what is not confirmed.
std::string label_words(const OptionLabel& label);
// "monarchE (NCT03155997)".
std::string trial_words(const Option& option);
// "the trial's own entry: met" or what it lacks.
std::vector<std::string> trial_entry_words(const CareReport& report, const OptionAnswer& answer);

// A fact with its value: "grade 3", "size 22 mm".
std::string fact_words(const CareReport& report, FactId fact);

// "receptor subtype: HR+/HER2- → triple-negative".
std::vector<std::string> answer_change_words(const CareReport& report, const CareChange& change);

// Options by state and kind, in the order of the files.
struct OptionGroup {
  const OptionFile* file = nullptr;
  std::vector<const OptionAnswer*> answers;
};
std::vector<OptionGroup> options_in(const CareReport& report, Truth state);
// How many; what is not indicated does not count as met.
std::size_t count_of(const CareReport& report, Truth state);

// Why HER2-targeted drugs are not indicated and what the exception is; empty where HER2 is not known to be negative.
std::vector<std::string> her2_negative_words(const CareReport& report);

// Everything that the shown options cite: key, citation.
std::vector<std::pair<std::string, std::string>> care_citations(const CareReport& report);

// Groups of a result: "low or intermediate", "IIA".
std::string group_words(const CareResult& result);

// The subtype as one headline: "HR+/HER2-, luminal A-like", "triple-negative, HER2-low".
std::string subtype_words(const CareReport& report);

inline constexpr const char* kCareUse =
    "For research use only. Says which published criteria the recorded facts meet, do not meet, or leave open; it "
    "recommends and prescribes nothing.";

// The same in the language of the report.
std::string care_use();

}  // namespace her2
