// SPDX-License-Identifier: Apache-2.0
#include "tests/report/cases.h"

#include <limits>

namespace her2::test {
namespace {

const std::pair<std::string, std::string> kEg8{"EG8", "ASCO pocket card of the 2018 update, page 8: dual-probe ISH"};
const std::pair<std::string, std::string> kEg11{"EG11", "ASCO pocket card of the 2018 update, page 11: group 4"};
const std::pair<std::string, std::string> kEg6{"EG6", "ASCO pocket card of the 2018 update, page 6: IHC"};
const std::pair<std::string, std::string> kW18{
    "W18", "Wolff AC et al., J Clin Oncol 2018;36:2105-2122, doi 10.1200/JCO.2018.77.8738 (PMID 29846122)"};

MetRow row(const std::string& table, const std::string& title, const std::string& id, const std::string& when,
           const std::string& reads, std::vector<std::pair<std::string, std::string>> conclusions) {
  MetRow r;
  r.guideline = "breast-her2-2018";
  r.guideline_title = "HER2 in invasive breast carcinoma";
  r.edition = "ASCO/CAP 2018";
  r.table = table;
  r.table_title = title;
  r.row = id;
  r.when = when;
  r.reads = reads;
  r.conclusions = std::move(conclusions);
  r.citations = {kEg8, kW18};
  return r;
}

MetRow ihc_row() {
  MetRow r = row("ihc_result", "Result of IHC", "negative", "not ihc_acceptance == reject and ihc_score in {0, 0+, 1+}",
                 "IHC slide accepted is not reject and HER2 IHC score is 0, 0+ or 1+", {{"IHC result", "negative"}});
  r.citations = {kEg6};
  return r;
}

MetRow group_row() {
  MetRow r = row("dual_probe", "Dual-probe ISH group", "group-4", "ratio < 2.0 and 4.0 <= copies and copies < 6.0",
                 "HER2/CEP17 ratio < 2.0 and 4.0 ≤ average HER2 copies per cell and average HER2 copies per cell < 6.0",
                 {{"ISH group", "4"}});
  r.action = "IHC on sections of the same tissue sample; review IHC and ISH together.";
  r.citations = {kEg8, kEg11, kW18};
  return r;
}

MetRow status_row() {
  MetRow r = row("status", "HER2 status from IHC and ISH", "group-4-ihc-0-1",
                 "ihc_result == negative and ish_finding == group-4",
                 "IHC result is negative and what ISH shows is group-4", {{"HER2 status", "negative"}});
  r.comment =
      "HER2 negative. There are at least 4.0 but fewer than 6.0 HER2 copies per cell and the ratio is below 2.0; the "
      "protein is not over-expressed. Benefit from HER2-targeted treatment is uncertain. Close to the threshold a "
      "second count may land on the other side by chance alone.";
  r.citations = {kEg11};
  return r;
}

MetRow spectrum_row() {
  MetRow r = row("spectrum", "HER2-negative spectrum", "low-1", "her2_status == negative and ihc_score == 1+",
                 "HER2 status is negative and HER2 IHC score is 1+", {{"HER2-negative spectrum", "low"}});
  r.guideline = "breast-her2-spectrum";
  r.unconfirmed = true;
  r.citations = {{"DB04", "Modi S et al., N Engl J Med 2022;387:9-20, doi 10.1056/NEJMoa2203690"}};
  return r;
}

Answer decided(const std::string& fact, const std::string& label, const std::string& value, std::vector<MetRow> rows) {
  Answer a;
  a.fact = fact;
  a.label = label;
  a.state = AnswerState::decided;
  a.values = {{value, rows.empty() ? "" : rows.back().id(), "", {}}};
  a.rows = std::move(rows);
  return a;
}

UsedFact fact(const std::string& name, const std::string& label, const std::string& value, const std::string& unit) {
  return {name, label, value, unit, "demo-07.json, /specimens/0/facts/" + name, "", {}};
}

void frame(CaseStatus& status, const std::string& id) {
  status.case_id = id;
  status.tumour = "breast";
  status.scheme = "breast-2018";
  status.scheme_title = "ASCO/CAP 2018, breast";
  status.edition = "2018";
  status.policy = "only specimen";
  status.counts = 0;
  status.unconfirmed = {
      "A ratio without any CEP17 signal is called indeterminate by us; no text on it was found.",
      "IHC 0 or 1+ with an ISH slide that cannot be read stays negative; the guideline does not discuss this pair."};
  status.guidelines = {{"breast-her2-2018", "4f0c1d6a9b20c7e35a8e1f7b7d3a6e52c94b08f1d2e3a4b5c6d7e8f9a0b1c2d3"},
                       {"breast-her2-spectrum", "a90b1c2d34f0c1d6a9b20c7e35a8e1f7b7d3a6e52c94b08f1d2e3a4b5c6d7e8f"}};
  status.software = "her2 0.1.0";
}

SpecimenStatus negative_specimen() {
  SpecimenStatus s;
  s.id = "S1";
  s.kind = "core";
  s.site = "primary";
  s.date = "2024-03-02";
  s.facts = {fact("ihc_score", "HER2 IHC score", "1+", ""), fact("cells", "cells counted", "20", "cells"),
             fact("her2_total", "HER2 signals, all cells", "96", "signals"),
             fact("cep17_total", "CEP17 signals, all cells", "62", "signals"),
             fact("er_percent", "ER, tumour nuclei stained", "90", "%")};
  s.facts.push_back(
      {"probe", "ISH probe", "dual", "", "", "", {"HER2 signals, all cells", "CEP17 signals, all cells"}});
  s.answers = {
      decided("her2_status", "HER2 status", "negative", {ihc_row(), group_row(), status_row()}),
      decided("her2_spectrum", "HER2-negative spectrum", "low", {ihc_row(), group_row(), status_row(), spectrum_row()}),
      decided("er_status", "ER status", "positive", {}),
      decided("pgr_status", "PgR status", "positive", {}),
      decided("ish_group", "ISH group", "4", {group_row()}),
      decided("receptor_subtype", "receptor subtype", "HR+/HER2-", {})};
  s.answers[2].recorded = true;
  s.actions = {{"Review IHC and ISH together.", "breast-her2-2018 dual_probe/group-4"}};
  s.comments = {{status_row().comment, status_row().id()}};
  s.changes = {
      {"ihc_score", "HER2 IHC score", "1+", "2+", "", "recount", "breast-her2-2018 status/recount-due"},
      {"ihc_score", "HER2 IHC score", "1+", "3+", "", "positive", "breast-her2-2018 status/ihc-3"},
      {"cep17_total", "CEP17 signals, all cells", "62", "48", "signals", "positive", "breast-her2-2018 status/group-1"},
      {"cells", "cells counted", "20", "19", "cells", "insufficient", "breast-her2-2018 status/too-few-cells"}};
  s.ish = IshPoint{96.0 / 62, 96.0 / 62, 4.8, 4.8, {}};
  s.ihc = {{"unstained", 70}, {"faint, incomplete", 18}, {"weak, incomplete", 7}, {"weak, complete", 5}};
  return s;
}

}  // namespace

CaseStatus decided_case() {
  CaseStatus status;
  frame(status, "demo-07");
  status.specimens = {negative_specimen()};
  status.overall = "negative";
  status.overall_why = "The case has one specimen.";
  return status;
}

CaseStatus open_case() {
  CaseStatus status = decided_case();
  status.case_id = "demo-11";
  SpecimenStatus& s = status.specimens[0];
  s.facts[0].value = "0|1+|2+";
  Answer& a = s.answers[0];
  a.state = AnswerState::open;
  a.values = {{"negative", "breast-her2-2018 status/group-4-ihc-0-1", "", {}},
              {"recount", "breast-her2-2018 status/recount-due", "", {}}};
  a.settled_by = {{"HER2 IHC score"}, {"IHC result", "ISH group of the blinded recount"}};
  s.answers[1].state = AnswerState::open;
  s.answers[1].values = {{"null", "", "", {}}, {"ultralow", "", "", {}}, {"low", "", "", {}}};
  s.answers[1].settled_by = {{"HER2 IHC score"}};
  s.answers[4].state = AnswerState::none;
  s.answers[4].values.clear();
  s.changes.clear();
  s.ish = IshPoint{1.4, 2.3, 3.6, std::numeric_limits<double>::infinity(), {}};
  s.notes = {"The score was entered as \"0 to 2+\" by the referring laboratory."};
  status.overall = "";
  status.overall_why = "The HER2 status of the only specimen is open.";
  return status;
}

CaseStatus conflict_case() {
  CaseStatus status = decided_case();
  status.case_id = "demo-13";
  SpecimenStatus& s = status.specimens[0];
  Answer& a = s.answers[0];
  a.state = AnswerState::conflict;
  a.values = {{"positive", "breast-her2-2018 status/group-1", "", {"the ratio is right and the counts are not"}},
              {"negative", "breast-her2-2018 status/group-5", "", {"the counts are right and the ratio is not"}}};
  s.readings = {"the ratio is right and the counts are not", "the counts are right and the ratio is not"};
  s.notices = {{"ratio-not-counts", "The recorded ratio 3.1 is not 96 / 62: one of the numbers is wrong.", {}},
               {"ihc-3-group-5",
                "IHC 3+ with negative ISH: the two tests disagree; review both slides, repeat if needed.",
                {kEg6, kEg8}}};
  s.changes.clear();
  s.ish.reset();
  status.overall = "";
  status.overall_why = "The recorded facts contradict each other.";
  return status;
}

CaseStatus refused_case() {
  CaseStatus status = decided_case();
  status.case_id = "demo-17";
  SpecimenStatus& s = status.specimens[0];
  s.answers.clear();
  s.actions.clear();
  s.comments.clear();
  s.changes.clear();
  s.ish.reset();
  s.ihc.clear();
  s.refusal = "The shares of cells add up to 130 %; they can be at most 100 %.";
  status.overall = "";
  status.overall_why = "The only specimen is refused.";
  return status;
}

CaseStatus ensemble_case() {
  CaseStatus status = decided_case();
  status.case_id = "demo-19";
  SpecimenStatus& s = status.specimens[0];
  s.replicates = 2000;
  s.conditional_on = "the 20 cells chosen and the reader's signal counts";
  Answer& a = s.answers[0];
  a.state = AnswerState::open;
  a.values = {{"negative", "breast-her2-2018 status/group-4-ihc-0-1", "0.9375", {}},
              {"positive", "breast-her2-2018 status/group-1", "0.0625", {}}};
  s.ish = IshPoint{1.55, 1.55, 4.8, 4.8, {}};
  for (int i = 0; i < 200; ++i) {
    const double angle = 2.399963 * i;
    const double reach = 0.03 * i / 20.0;
    const auto wave = [](double x) {  // a plain, repeatable scatter
      const double turn = x - 6.283185307 * static_cast<int>(x / 6.283185307) - 3.141592654;
      return turn * (1.0 - turn * turn / 9.8696) / 1.2;
    };
    s.ish->cloud.emplace_back(1.55 + reach * 0.9 * wave(angle), 4.8 + reach * 2.6 * wave(angle + 1.57));
  }
  status.changed_parameters = {"noise_floor = 1 % (file: 0)"};
  return status;
}

CaseStatus several_case() {
  CaseStatus status = decided_case();
  status.case_id = "demo-23";
  SpecimenStatus second = negative_specimen();
  second.id = "S2";
  second.kind = "metastasis";
  second.site = "liver";
  second.date = "2025-01-18";
  second.answers[0] = decided("her2_status", "HER2 status", "positive", {});
  second.answers[0].rows = {row("status", "HER2 status from IHC and ISH", "ihc-3", "ihc_result == positive",
                                "IHC result is positive", {{"HER2 status", "positive"}})};
  second.answers.resize(1);
  second.changes.clear();
  second.comments.clear();
  second.actions = {{"Compare with the earlier specimen.", ""}};
  second.ish.reset();
  second.ihc.clear();
  second.facts = {fact("ihc_score", "HER2 IHC score", "3+", "")};
  SpecimenStatus third = refused_case().specimens[0];
  third.id = "S3";
  status.specimens = {negative_specimen(), second, third};
  status.policy = "most recent";
  status.counts = 1;
  status.overall = "positive";
  status.overall_why = "Specimen S2 of 2025-01-18 is the most recent one with a result.";
  return status;
}

CaseStatus empty_case() {
  CaseStatus status;
  frame(status, "demo-29");
  status.counts = -1;
  return status;
}

CaseStatus hostile_case() {
  CaseStatus status = several_case();
  const std::string evil = "<script>alert(1)</script> \"q\" 'a' & | `x` *b* [l](javascript:1) \x1b[31m\x07 \xff\xfe ";
  const std::string word(300, 'W');
  const auto spoil = [&](std::string& text) { text = evil + text + " " + word; };
  spoil(status.case_id);
  spoil(status.scheme_title);
  spoil(status.overall_why);
  spoil(status.policy);
  spoil(status.software);
  spoil(status.unconfirmed[0]);
  spoil(status.guidelines[0].first);
  status.changed_parameters = {evil};
  for (SpecimenStatus& s : status.specimens) {
    spoil(s.id);
    spoil(s.kind);
    spoil(s.site);
    s.notes = {evil, "a\nb\r\n# c"};
    for (UsedFact& f : s.facts) {
      spoil(f.label);
      spoil(f.value);
      spoil(f.source);
      spoil(f.author);
    }
    for (Answer& a : s.answers) {
      spoil(a.label);
      for (MetRow& r : a.rows) {
        spoil(r.table_title);
        spoil(r.reads);
        r.citations[0].second = evil;
      }
    }
    for (auto& action : s.actions) {
      spoil(action.first);
    }
    s.notices.push_back({evil, evil, {{evil, evil}}});
    for (WhatIf& change : s.changes) {
      spoil(change.to);
    }
    if (!s.refusal.empty()) {
      spoil(s.refusal);
    }
  }
  return status;
}

std::vector<NamedCase> all_cases() {
  return {{"decided", decided_case()}, {"open", open_case()},         {"conflict", conflict_case()},
          {"refused", refused_case()}, {"ensemble", ensemble_case()}, {"several", several_case()},
          {"hostile", hostile_case()}, {"empty", empty_case()}};
}

}  // namespace her2::test
