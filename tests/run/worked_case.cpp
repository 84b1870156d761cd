// SPDX-License-Identifier: Apache-2.0
#include "worked_case.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "her2/exchange/table_reader.h"

namespace her2::test {
namespace {

using Words = std::map<std::string, std::string>;

const Words kSchemes{{"ASCO-CAP-2018", "breast-2018"},
                     {"ASCO-CAP-2023", "breast-2023"},
                     {"ASCO-CAP-2013", "breast-2013"},
                     {"ASCO-CAP-2007", "breast-2007"},
                     {"NCCN-2.2026", "breast-nccn"},
                     {"StGallen-2013-applied", "breast-2018"},
                     {"Maisonneuve-2014", "breast-maisonneuve"},
                     {"Allred", "breast-allred"},
                     {"ASCO-CAP-ER-2020", "breast-2018"},
                     {"NAACCR-SEER", "breast-registry"},
                     {"HERACLES", "colorectal-heracles"},
                     {"CAP-ASCP-ASCO-2016", "gastric-2016"},
                     {"label", "gastric-2016"}};
const Words kStatus{{"POS", "positive"},
                    {"NEG", "negative"},
                    {"EQ", "equivocal"},
                    {"RECOUNT", "recount"},
                    {"ADJUDICATE", "adjudicate"},
                    {"INCOMPLETE", "incomplete"},
                    {"NEED_DUAL", "need-dual"},
                    {"INSUFFICIENT", "insufficient"},
                    {"INDETERMINATE", "indeterminate"},
                    {"NEED_IHC_OR_DUAL", "need-ihc-or-dual"}};
const Words kCategory{{"LOW", "low"},
                      {"ULTRALOW", "ultralow"},
                      {"NULL", "null"},
                      {"HER2-POSITIVE", "positive"},
                      {"undetermined", "undetermined"},
                      {"0_not_subclassified", "0-not-subclassified"}};
const Words kSubtype{{"LuminalA", "luminal-a-like"},
                     {"LuminalB_HER2neg", "luminal-b-like-her2-negative"},
                     {"LuminalB_HER2pos", "luminal-b-like-her2-positive"},
                     {"HER2pos_nonluminal", "her2-positive-non-luminal"},
                     {"unclassified_ERneg_PgRpos", "unclassified-er-negative-pgr-positive"},
                     {"undetermined", "undetermined"},
                     {"TNBC", "triple-negative"}};
const Words kIntensity{{"0", "none"},        {"1", "weak"},         {"2", "moderate"},
                       {"3", "strong"},      {"weak", "weak"},      {"moderate", "moderate"},
                       {"strong", "strong"}, {"intense", "strong"}, {"faint", "faint"},
                       {"none", "none"}};
// `other` keys that are facts under another name.
const Words kOtherFacts{{"dual_group", "ish_group"},
                        {"ish_group", "ish_group"},
                        {"core_result", "core_result"},
                        {"grade", "grade"},
                        {"core", "core_result"},
                        {"excision", "excision_result"},
                        {"same_tumour", "same_tumour"},
                        {"in_situ", "her2_in_situ"},
                        {"invasive", "her2_invasive"},
                        {"her2", "her2_status"},
                        {"dual_ratio", "ratio"},
                        {"cold_ischaemia_min", "cold_ischaemia_min"},
                        {"fixation_hours", "fixation_hours"},
                        {"pure_percent", "pure_percent"},
                        {"cohesive_stained_cells", "cluster_cells"},
                        {"recount_cells", "recount_cells"},
                        {"cytoplasmic_signal_percent", "cytoplasmic_signal_percent"},
                        {"unscorable_signal_percent", "unscorable_signal_percent"},
                        {"second_population_percent", "second_population_percent"}};
// `other` keys that describe the source, not the tumour.
const std::vector<std::string> kIgnored{"case", "count", "observer_A", "observer_B", "n", "clone", "lab_final"};

std::string translated(const Words& words, const std::string& text) {
  const auto found = words.find(text);
  return found == words.end() ? text : found->second;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin <= text.size() && !text.empty()) {
    const auto end = std::min(text.find(at, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

// "key=value" or "key>=value": the bound belongs to the value.
std::pair<std::string, std::string> key_and_value(const std::string& text) {
  const auto sign = text.find_first_of("=<>");
  const bool equals = sign != std::string::npos && text[sign] == '=';
  return {text.substr(0, sign), sign == std::string::npos ? "" : text.substr(sign + (equals ? 1 : 0))};
}

void read_other(const std::string& key, const std::string& value, WorkedCase& out) {
  if (key == "ish") {
    if (value != "not_done") {
      out.facts["ish_reported"] = translated(kStatus, value);
    }
  } else if (key == "er") {
    out.facts["er_status"] = value == "POS" ? "positive|low-positive" : "negative";
  } else if (key == "er_intensity") {
    if (value.find('-') != std::string::npos) {
      out.facts["er_intensity_range"] = "yes";
    } else {
      out.facts["er_intensity"] = translated(kIntensity, value);
    }
  } else if (key == "pattern") {
    out.facts["basolateral"] = value == "basolateral" ? "yes" : "no";
  } else if (key == "histology") {
    out.facts["histologic_type"] = value.substr(value.find('_') + 1);
  } else if (key == "staining_detail") {
    // unknown: nothing is said of it
  } else if (const auto fact = kOtherFacts.find(key); fact != kOtherFacts.end()) {
    out.facts[fact->second] = translated(kStatus, value);
  } else if (std::find(kIgnored.begin(), kIgnored.end(), key) == kIgnored.end()) {
    ADD_FAILURE() << out.id << ": other key " << key << " is not understood";
  }
}

void read_expected(const std::string& key, const std::string& value, const std::string& tumour, WorkedCase& out) {
  static const Words kSame{{"group", "ish_group"},
                           {"proportion", "allred_proportion"},
                           {"registry", "registry_result"},
                           {"eligible", "heracles_eligible"},
                           {"low_comment", "er_low_comment"},
                           {"cold_ischaemia", "cold_ischaemia"},
                           {"separate_count", "separate_count"},
                           {"fixation", "fixation"},
                           {"repeat_on_excision", "repeat_on_excision"},
                           {"registry_code", "registry_code"}};
  if (key == "status" && value.starts_with("NEG+")) {
    out.expected["her2_status"] = "negative";
    out.expected["her2_comment"] = value.substr(4);
  } else if (key == "status") {
    out.expected["her2_status"] = translated(kStatus, value);
  } else if (key == "score") {
    out.expected["ihc_score"] = value == "UNDEF" ? "undefined" : value;
  } else if (key == "category") {
    std::string joined;
    for (const auto& one : split(value, '|')) {
      joined += (joined.empty() ? "" : "|") + translated(kCategory, one);
    }
    out.expected["her2_spectrum"] = joined;
    if (joined.find('|') != std::string::npos) {
      out.facts["membrane_staining"] = "absent|present";  // "by staining"
    }
  } else if (key == "er_status") {
    out.expected[key] = value == "LOW" ? "low-positive" : translated(kStatus, value);
  } else if (key == "total") {
    out.expected["allred_total"] = value == "X9" ? "not-computable" : value;
  } else if (key == "subtype") {
    out.expected[value == "TNBC" ? "receptor_subtype" : "surrogate_subtype"] = translated(kSubtype, value);
  } else if (key == "tdxd_label") {
    out.scheme = "breast-tdxd-label";
    out.expected["tdxd_label"] = value;
  } else if (key == "label_gastric_tdxd") {
    out.expected["tdxd_label_gastric"] = value;
  } else if (key == "ish" && (value == "accept" || value == "reject")) {
    out.expected["ish_acceptance"] = value;
  } else if (key == "ish") {
    out.expected[tumour == "gastric" ? "ish_indicated" : "heracles_next"] =
        value == "not_needed" ? "not-needed" : "confirm-ihc";
  } else if (key == "result") {
    out.expected["heracles_class"] = translated(kStatus, value);
  } else if (key == "flag") {
    out.notices.push_back(value);
  } else if (key == "action") {
    out.action = value;
  } else if (const auto fact = kSame.find(key); fact != kSame.end()) {
    out.expected[fact->second] = value;
  } else if (key != "category_if_ISH_negative" && key != "lab_final") {
    ADD_FAILURE() << out.id << ": expected key " << key << " is not understood";
  }
}

// Every choice of alternatives in the row's cells.
std::vector<Words> variants(const Words& row) {
  std::vector<Words> out{row};
  for (const std::string column : {"ihc_score", "ihc_intensity", "ihc_completeness"}) {
    std::vector<Words> next;
    for (const auto& one : out) {
      const auto parts = split(one.at(column), '|');
      if (parts.empty()) {
        next.push_back(one);
      }
      for (const auto& part : parts) {
        next.push_back(one);
        next.back()[column] = part;
      }
    }
    out = std::move(next);
  }
  return out;
}

WorkedCase read_row(const Words& row) {
  WorkedCase out;
  out.id = row.at("id");
  const auto scheme = kSchemes.find(row.at("edition"));
  if (scheme == kSchemes.end()) {
    ADD_FAILURE() << out.id << ": edition " << row.at("edition");
    return out;
  }
  out.scheme = scheme->second;
  static const Words kColumns{{"ihc_score", "ihc_score"},
                              {"probe", "probe"},
                              {"cells", "cells"},
                              {"her2_total", "her2_total"},
                              {"cep17_total", "cep17_total"},
                              {"ratio", "ratio"},
                              {"copies", "copies"},
                              {"recount_group", "recount_group"},
                              {"er_percent", "er_percent"},
                              {"pr_percent", "pgr_percent"},
                              {"ki67_percent", "ki67_percent"},
                              {"specimen", "specimen_kind"}};
  for (const auto& [column, fact] : kColumns) {
    if (const auto& text = row.at(column); !text.empty()) {
      out.facts[fact] = text == "none" ? "missing" : text;
    }
  }
  for (const auto& item : split(row.at("other"), ';')) {
    const auto [key, value] = key_and_value(item);
    read_other(key, value, out);
  }
  const std::string& intensity = row.at("ihc_intensity");
  if (row.at("edition") == "HERACLES") {
    out.facts["ihc_percent"] = row.at("ihc_percent");
  } else if (out.facts.contains("cluster_cells")) {
    out.facts["cluster_intensity"] = intensity;
  } else if (!intensity.empty()) {
    out.facts["pattern_intensity"] = translated(kIntensity, intensity);
    for (const std::string part : {"completeness", "percent"}) {
      if (const auto& text = row.at("ihc_" + part); !text.empty()) {
        out.facts["pattern_" + part] = part == "percent" && text.starts_with("<") ? ">0&" + text : text;
      }
    }
  }
  for (const auto& item : split(row.at("expected"), ';')) {
    const auto [key, value] = key_and_value(item);
    read_expected(key, value, row.at("tumour"), out);
  }
  return out;
}

}  // namespace

std::vector<WorkedCase> worked_cases(const std::string& path) {
  std::vector<WorkedCase> out;
  if (!std::filesystem::exists(path)) {
    return out;
  }
  auto reader = BlockReader::open(path, TableFormat{});
  if (!reader) {
    ADD_FAILURE() << reader.error().text();
    return out;
  }
  RowSplitter splitter(reader->shape());
  Block block;
  while (reader->next(block).value_or(false)) {
    EXPECT_TRUE(splitter.start(block));
    TableRow fields;
    while (splitter.next(fields)) {
      Words row;
      for (std::size_t i = 0; i < reader->shape().names.size(); ++i) {
        row[reader->shape().names[i]] = std::string(fields.fields[i]);
      }
      for (const auto& variant : variants(row)) {
        out.push_back(read_row(variant));
      }
    }
  }
  return out;
}

}  // namespace her2::test
