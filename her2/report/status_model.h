// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What `her2 status` says of one case, in words and plain values: every face (text, Markdown, JSON, HTML) prints this
// and nothing else, so that all say the same.
namespace her2 {

// One recorded (or derived) fact that was used.
struct UsedFact {
  std::string name, label;
  std::string value;   // as value_text writes it
  std::string unit;    // "" for choices
  std::string source;  // where it comes from: "case.json, /specimens/0/facts/ihc_score"; may be empty
  std::string author;  // may be empty
  std::vector<std::string> derived_from;  // labels; empty: recorded as such
};

// A row of a decision table that was met.
struct MetRow {
  std::string guideline, guideline_title, edition;  // "breast-her2-2018", "HER2 in ...", "ASCO/CAP 2018"
  std::string table, table_title;
  std::string row;
  std::string when;   // the condition as it stands in the file
  std::string reads;  // the same in words: readable_condition(); may be empty
  std::vector<std::pair<std::string, std::string>> conclusions;  // label, value
  std::string action, comment;                                   // may be empty
  std::vector<std::pair<std::string, std::string>> citations;    // key, citation as printed
  bool unconfirmed = false;

  // "breast-her2-2018 dual_probe/group-4": what `her2 guideline explain` takes.
  [[nodiscard]] std::string id() const { return guideline + " " + table + "/" + row; }
};

enum class AnswerState : std::uint8_t {
  decided,   // one value
  open,      // several values are possible; `settled_by` says what would decide
  conflict,  // the recorded facts contradict each other and their readings lead to different values
  none,      // no table was entered: nothing to say
};

struct PossibleValue {
  std::string value;  // dictionary value: "negative"; "missing": nothing gives it; "open": see probability
  std::string row;    // id of the row that gives it; empty when recorded
  // Share of the ensemble's replicates, rounded to four digits ("0.7125"); "open": those that leave several values
  // possible. Empty without an ensemble.
  std::string probability;
  std::vector<std::string> assumes;  // conflict: under which reading of the facts
};

struct Answer {
  std::string fact, label;
  AnswerState state = AnswerState::none;
  std::vector<PossibleValue> values;  // one when decided
  bool recorded = false;              // the value was recorded, not concluded
  std::vector<MetRow> rows;           // rows that lead to it, in order of evaluation; the last one gives it
  std::vector<std::vector<std::string>> settled_by;  // open: smallest sets of facts (labels) that would settle it
};

// The smallest change of one fact that leads to another row.
struct WhatIf {
  std::string fact, label;
  std::string from, to;  // "80", "79"; "> 10" where there is no smallest change
  std::string unit;
  std::string gives;  // what the answer then is: "negative"
  std::string row;    // id of the row then met
};

// Something to look at; changes no conclusion.
struct Notice {
  std::string id;
  std::string says;
  std::vector<std::pair<std::string, std::string>> citations;  // empty for our own checks
};

// For drawing only: where the dual-probe counts lie. Low and high are equal when known exactly; high may be infinite.
struct IshPoint {
  double ratio_low = 0, ratio_high = 0;
  double copies_low = 0, copies_high = 0;
  std::vector<std::pair<double, double>> cloud;  // (ratio, copies) of some replicates of an ensemble; may be empty
  std::vector<std::vector<std::pair<double, double>>> regions = {};  // outlines of confidence regions; may be empty
};

// For drawing only: one part of the bar of all invasive tumour cells, in order from unstained to strong and complete.
struct CellShare {
  std::string label;  // "weak, incomplete"; "unstained" is what is left to 100 %
  double percent = 0;
};

struct SpecimenStatus {
  std::string id, kind, site, date;  // as recorded; may be empty
  std::vector<UsedFact> facts;
  std::vector<Answer> answers;                                // most important first; answers[0] is the HER2 status
  std::vector<std::pair<std::string, std::string>> actions;   // action, id of the row that asks for it; each once
  std::vector<std::pair<std::string, std::string>> comments;  // comment for the report, id of the row; each once
  std::vector<Notice> notices;        // discordance, impossible arithmetic, readings, table disagreements
  std::vector<WhatIf> changes;        // what would change answers[0], nearest first
  std::vector<std::string> readings;  // when the facts contradict each other: the readings looked at
  std::vector<std::string> notes;     // from the case
  std::string refusal;                // not empty: the facts cannot be, and why; then there are no answers
  std::string conditional_on;         // ensembles: what the replicates hold fixed; may be empty
  std::uint64_t replicates = 0;       // size of the ensemble; 0: none
  std::optional<IshPoint> ish;        // picture.h fills these two
  std::vector<CellShare> ihc;
};

// One case under one scheme.
struct CaseStatus {
  std::string case_id, tumour;
  std::string scheme, scheme_title, edition;
  std::string scheme_why;  // how the scheme came to be used, one sentence
  std::vector<SpecimenStatus> specimens;

  std::string policy;       // how several specimens were weighed: "only specimen", "most recent", "highest", "each"
  int counts = -1;          // index of the specimen that counts under the policy; -1: no single one
  std::string overall;      // the case's HER2 status under the policy; empty: the specimens differ and none counts
  std::string overall_why;  // one sentence

  std::vector<std::string> unconfirmed;                         // of the guidelines used: what their sources leave open
  std::vector<std::pair<std::string, std::string>> guidelines;  // id, SHA-256 of its file
  std::vector<std::string> changed_parameters;                  // "noise_floor = 1 % (file: 0)"; empty: as published
  std::string software;                                         // "her2 0.1.0"
};

// Printed beside every conclusion.
inline constexpr const char* kResearchUse =
    "For research use only. States which criteria the recorded facts meet; it is not a diagnosis and prescribes "
    "nothing.";

}  // namespace her2
