// SPDX-License-Identifier: Apache-2.0
#include "her2/report/status_json.h"

#include "her2/language/say.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

const char* state_name(AnswerState state) {
  switch (state) {
    case AnswerState::decided: return "decided";
    case AnswerState::open: return "open";
    case AnswerState::conflict: return "conflict";
    case AnswerState::none: break;
  }
  return "none";
}

template <class Items, class Make>
Json list_of(const Items& items, Make make) {
  Json list = Json::array();
  for (const auto& item : items) {
    list.push_back(make(item));
  }
  return list;
}

Json pairs(const std::vector<std::pair<std::string, std::string>>& items, const char* first, const char* second) {
  return list_of(items, [&](const auto& item) { return Json{{first, item.first}, {second, item.second}}; });
}

Json fact_tree(const UsedFact& fact) {
  return {{"fact", fact.name},
          {"label", fact.label},
          {"value", fact.value},
          {"unit", or_null(fact.unit)},
          {"source", or_null(fact.source)},
          {"author", or_null(fact.author)},
          {"derived_from", fact.derived_from}};
}

Json answer_tree(const Answer& answer) {
  const auto value = [](const PossibleValue& v) {
    return Json{
        {"value", v.value}, {"row", or_null(v.row)}, {"probability", or_null(v.probability)}, {"assumes", v.assumes}};
  };
  return {{"fact", answer.fact},
          {"label", answer.label},
          {"state", state_name(answer.state)},
          {"words", answer_words(answer)},
          {"recorded", answer.recorded},
          {"values", list_of(answer.values, value)},
          {"rows", list_of(answer.rows, [](const MetRow& row) { return Json(row.id()); })},
          {"settled_by", answer.settled_by}};
}

Json row_tree(const MetRow* row) {
  return {{"id", row->id()},
          {"guideline", row->guideline},
          {"guideline_title", row->guideline_title},
          {"edition", row->edition},
          {"table", row->table},
          {"table_title", row->table_title},
          {"row", row->row},
          {"when", row->when},
          {"reads", or_null(row->reads)},
          {"conclusions", pairs(row->conclusions, "label", "value")},
          {"action", or_null(row->action)},
          {"comment", or_null(row->comment)},
          {"citations", pairs(row->citations, "key", "text")},
          {"unconfirmed", row->unconfirmed}};
}

Json change_tree(const WhatIf& change) {
  return {{"fact", change.fact},          {"label", change.label}, {"from", change.from},       {"to", change.to},
          {"unit", or_null(change.unit)}, {"gives", change.gives}, {"row", or_null(change.row)}};
}

Json notice_tree(const Notice& notice) {
  return {{"id", notice.id}, {"says", notice.says}, {"citations", pairs(notice.citations, "key", "text")}};
}

Json specimen_tree(const SpecimenStatus& specimen) {
  Json ensemble = nullptr;
  if (specimen.replicates > 0) {
    ensemble = Json{{"replicates", specimen.replicates}, {"conditional_on", or_null(specimen.conditional_on)}};
  }
  return {{"id", specimen.id},
          {"kind", or_null(specimen.kind)},
          {"site", or_null(specimen.site)},
          {"date", or_null(specimen.date)},
          {"refusal", or_null(specimen.refusal)},
          {"answers", list_of(specimen.answers, answer_tree)},
          {"notices", list_of(specimen.notices, notice_tree)},
          {"actions", pairs(specimen.actions, "text", "row")},
          {"comments", pairs(specimen.comments, "text", "row")},
          {"rows", list_of(rows_met(specimen), row_tree)},
          {"changes", list_of(specimen.changes, change_tree)},
          {"facts", list_of(specimen.facts, fact_tree)},
          {"readings", specimen.readings},
          {"ensemble", ensemble},
          {"notes", specimen.notes}};
}

}  // namespace

Json status_tree(const CaseStatus& status) {
  const SpecimenStatus* counting = counting_specimen(status);
  const Headline head = headline(status);
  return {{"schema", kStatusSchema},
          {"case", {{"id", status.case_id}, {"tumour", status.tumour}}},
          {"scheme",
           {{"id", status.scheme},
            {"title", status.scheme_title},
            {"edition", status.edition},
            {"why", or_null(status.scheme_why)}}},
          {"headline", {{"status", head.status}, {"detail", or_null(head.detail)}}},
          {"overall",
           {{"her2_status", or_null(status.overall)},
            {"policy", or_null(status.policy)},
            {"specimen", counting == nullptr ? Json(nullptr) : Json(counting->id)},
            {"why", or_null(status.overall_why)}}},
          {"specimens", list_of(status.specimens, specimen_tree)},
          {"unconfirmed", status.unconfirmed},
          {"guidelines", pairs(status.guidelines, "id", "sha256")},
          {"changed_parameters", status.changed_parameters},
          {"software", status.software},
          {"research_use", kResearchUse}};
}

std::string status_json(const CaseStatus& status, int indent) {
  const Speaking english(english_messages());  // for programs: the same in every language
  return status_tree(status).dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace her2
