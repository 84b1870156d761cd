// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "her2/ish/edits.h"
#include "her2/ish/readers.h"
#include "her2/ish/score.h"
#include "her2/report/ihc_model.h"
#include "her2/report/status_model.h"

// What `her2 ish` says of one case: every face (JSON, text, HTML) prints this and nothing else. Floating point is for
// showing only; what was decided was decided on whole numbers before.
namespace her2 {

// One area of tumour counted apart.
struct IshArea {
  std::string name;
  CountSums sums;
  std::optional<int> group;
};

// The case under one edition: as the counts stand, and how sure that is.
struct IshEdition {
  CaseStatus counted;                 // without the ensemble: what the edition says of these very counts
  std::vector<PossibleValue> likely;  // of the HER2 status, with probabilities; empty without an ensemble
  CaseStatus english = {};            // `counted` for programs; empty: `counted` is in English
};

// A second reader.
struct IshReader {
  std::string name;
  IshScore score;
  ReaderComparison comparison;
  bool is_recount = false;  // taken as the blinded recount of groups 2 to 4
};

struct IshReport {
  NucleusTable table;  // as corrected
  std::string reader;  // who counted; empty: not stated
  IshScore score;
  std::vector<IshArea> areas;  // more than one
  std::optional<IshReader> second;
  std::string ihc;         // "2+", as it joined the counts; empty: none
  std::string ihc_source;  // "--ihc", "case.json"

  std::vector<IhcVerdict> verdicts;  // what was looked at; refused: there is no ratio, or the slide must not be counted
  std::vector<IshEdition> editions;
  std::size_t primary = 0;     // the edition that the headline takes
  std::string conditional_on;  // what probabilities hold fixed
  std::uint64_t replicates = 0;
  std::string case_json;  // the facts as a case that `her2 status` reads

  std::vector<IshEdit> edits;
  std::vector<std::string> edit_authors;  // each once
  std::vector<IhcPicture> pictures;       // contact sheets
  std::vector<std::string> files;         // written beside the report
  std::string software;
  IhcTiming timing;  // stands apart: everything else is the same in every run

  [[nodiscard]] bool refused() const;
};

// The phrases that all faces share.
struct IshHeadline {
  std::string group;   // "ISH group 5", "ISH group 5 or 4", "No ratio"
  std::string detail;  // "ratio 1.93 (1.72 to 2.17), 3.91 HER2 copies (3.52 to 4.34), 46 nuclei"
  std::string status;  // "HER2 negative (ASCO/CAP 2023)"
  bool positive = false, negative = false;
};
IshHeadline ish_headline(const IshReport& report);

std::string ratio_words(const IshScore& score);                  // "1.93 (1.72 to 2.17)"; "none"
std::string mean_words(double value, const Interval& interval);  // "3.91 (3.52 to 4.34)"
std::string share_words(double share);                           // "71 %", "< 1 %", "> 99 %"
// "group 5 (71 %), group 4 (22 %), group 2 (7 %)": those of at least half a per cent, the likeliest first.
std::string groups_words(const IshScore& score);
// "Count about 120 more nuclei: ..." One or two sentences.
std::string further_words(const IshScore& score);
std::string way_words(const CountingWay& way);  // "doubtful HER2 signals counted, clusters by intensity"
std::string second_population_words(const IshScore& score);
std::string readers_words(const IshReport& report);  // agreement and what the guideline asks for; empty: one reader
// The likeliest HER2 statuses of an edition, with probabilities.
std::string likely_words(const IshEdition& edition);
// Where the HER2 status is surer than the group: "The HER2 status hangs little on it: negative with 98 %." Else empty.
std::string status_surer_words(const IshReport& report);
// What the primary edition's HER2 guideline asks for, and the rule that asks; not what it asks about other receptors.
std::vector<std::pair<std::string, std::string>> ish_actions(const IshReport& report);

}  // namespace her2
