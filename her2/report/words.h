// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/report/status_model.h"

// The phrases that all faces share, so that they say the same. Nothing here is escaped: each face does that itself.
namespace her2 {

// How a value is coloured; the word always stands beside the colour.
enum class Tone : std::uint8_t { positive, negative, unsettled, neutral };

// A dictionary value as a person reads it: "need-dual" of her2_status is "dual-probe ISH needed".
std::string value_words(std::string_view fact, std::string_view value);

Tone value_tone(std::string_view fact, std::string_view value);

// "negative"; "open: equivocal or positive"; "facts contradict each other: ..."; "no answer". Probabilities are added
// when known.
std::string answer_words(const Answer& answer);
Tone answer_tone(const Answer& answer);

// The same, with a remark where the answer is a recorded fact and was not decided.
std::string recorded_words(const Answer& answer);

// kResearchUse in the language of the report.
std::string research_use();

// The one line that says it all.
struct Headline {
  std::string status;  // "HER2 negative", "HER2 open"
  std::string detail;  // "HER2-low", "equivocal or positive"; may be empty
  Tone tone = Tone::neutral;
};
Headline headline(const CaseStatus& status);
Headline headline(const SpecimenStatus& specimen);

// A class of membrane staining as the dictionary names it ("weak, incomplete"), in the language of the report. The
// names themselves stay English in models: drawings choose their colour by them.
std::string staining_words(std::string_view label);

// "0.7125" -> "71.25 %"; "5/7" -> "71.4 %".
std::string percent_words(std::string_view probability);

// "negative (71.25 %)"; only the word without a probability.
std::string possible_words(std::string_view fact, const PossibleValue& value);

// "A", "A and B", "A, B and C" with the given last word.
std::string listed(const std::vector<std::string>& parts, std::string_view last_word);

// What would settle an open answer: "HER2 IHC score; or ER status and PgR status". Empty when nothing is known.
std::string settled_words(const Answer& answer);

// Where the facts of a specimen come from, what they share said once.
struct Origins {
  std::string shared;             // "cases/07.json"; may be empty
  std::vector<std::string> each;  // for each fact what is not shared; empty where its place follows from its name
  [[nodiscard]] bool any() const;
};
Origins origins(const SpecimenStatus& specimen);

// Unconfirmed points by guideline ("" for points that name none), in the order given.
std::vector<std::pair<std::string, std::vector<std::string>>> unconfirmed_by_guideline(const CaseStatus& status);

// The guideline that all rows of `changes` belong to, else empty; and a row without it.
std::string shared_guideline(const std::vector<WhatIf>& changes);
std::string row_without(const std::string& row, const std::string& guideline);

// Whether an answer needs a word on what would settle it, and that word. The values are listed for the first answer
// only: the others follow from the same facts.
bool is_unsettled(const SpecimenStatus& specimen, const Answer& answer);
std::string unsettled_words(const Answer& answer);

// "negative (breast-her2-2018 status/group-5)": one value of an answer that is not settled.
std::string case_words(std::string_view fact, const PossibleValue& value);

// The value of a fact as tables of facts print it, with its unit.
std::string used_value_words(const UsedFact& fact);

// "96 signals", "2+".
std::string with_unit(std::string_view value, std::string_view unit);

// "case.json, /specimens/0/facts/ihc_score; Dr A; from cells counted". Empty when nothing is recorded.
std::string source_words(const UsedFact& fact);

// "core, primary, 2024-03-02"; parts that are not recorded are left out.
std::string specimen_words(const SpecimenStatus& specimen);

// "Dual-probe ISH group: 4", or the title alone where the row concludes nothing.
std::string conclusion_words(const MetRow& row);

// The condition in words, or as the file has it.
const std::string& condition_words(const MetRow& row);

// "1,000 replicates; conditional on ...".
std::string ensemble_words(const SpecimenStatus& specimen);

// "ASCO/CAP 2018, breast" etc. for the line below the headline.
std::string scheme_words(const CaseStatus& status);

// Rows of all answers of a specimen, each once, in order of evaluation.
std::vector<const MetRow*> rows_met(const SpecimenStatus& specimen);

// Keys of citations: "EG8, W18".
std::string citation_keys(const std::vector<std::pair<std::string, std::string>>& citations);

// Every citation of the case, each once, ordered by key.
std::vector<std::pair<std::string, std::string>> all_citations(const CaseStatus& status);

// How the case's status follows from its specimens; empty where a single specimen says it all.
std::string policy_words(const CaseStatus& status);

// Answers to print one by one: the first one and every other that says something.
std::vector<const Answer*> answers_given(const SpecimenStatus& specimen);

// The rest in a sentence: "No answer for want of facts: Ki-67 class, ER status." Empty when there are none.
std::string unanswered_words(const SpecimenStatus& specimen);

// Readings that the first answer does not name among what it assumes.
std::vector<std::string> other_readings(const SpecimenStatus& specimen);

// The specimen that counts, or nullptr.
const SpecimenStatus* counting_specimen(const CaseStatus& status);

}  // namespace her2
