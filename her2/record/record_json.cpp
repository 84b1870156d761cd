// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "her2/exchange/case_json.h"
#include "her2/record/record_document.h"
#include "her2/record/recorded_case.h"
#include "her2/report/status_json.h"

namespace her2 {
namespace {

using Tree = nlohmann::ordered_json;

std::string printed(const Tree& tree) {
  constexpr int kIndent = 2;
  return tree.dump(kIndent, ' ', false, Tree::error_handler_t::replace) + "\n";
}

Tree entry_tree(const AuditEntry& entry) {
  return {{"entry", entry.seq},     {"at", entry.at},        {"author", entry.author}, {"software", entry.software},
          {"action", entry.action}, {"case", entry.case_id}, {"says", entry.says},     {"previous", entry.previous},
          {"hash", entry.hash}};
}

Tree evidence_tree(const CaseView& view) {
  const CurrentRows current = current_rows(view.record);
  Tree out = Tree::array();
  for (const auto& evidence : view.record.evidence) {
    Tree facts = Tree::array();
    for (const auto& fact : view.record.facts) {
      if (fact.evidence == evidence.id) {
        const std::string specimen = specimen_name(view.record, fact.specimen);
        const auto at = current.facts.find({specimen, fact.name});
        facts.push_back({{"fact", fact.id},
                         {"specimen", specimen},
                         {"name", fact.name},
                         {"value", fact.value},
                         {"author", fact.author},
                         {"profile", fact.profile},
                         {"counts", at != current.facts.end() && at->second->id == fact.id}});
      }
    }
    out.push_back({{"evidence", evidence.id},
                   {"entry", evidence.entry},
                   {"kind", evidence.kind},
                   {"file", evidence.file},
                   {"sha256", evidence.sha256},
                   {"facts", std::move(facts)}});
  }
  return out;
}

Tree signature_tree(const CaseView& view) {
  Tree out = Tree::array();
  for (const auto& one : view.signatures) {
    out.push_back({{"entry", one.entry},
                   {"author", one.author},
                   {"role", one.signature->role},
                   {"at", one.at},
                   {"meaning", one.signature->meaning},
                   {"status", one.finding == nullptr ? "" : one.finding->overall},
                   {"edition", one.finding == nullptr ? "" : one.finding->edition},
                   {"content_sha256", one.signature->content_sha256},
                   {"intact", one.intact},
                   {"amended_by", one.amended_by},
                   {"status_now_differs", one.decided_now},
                   {"other_guidelines", one.other_guidelines}});
  }
  return out;
}

}  // namespace

std::string record_json(const CaseView& view, const Dictionary& dictionary) {
  Tree out{{"schema", "her2-record/1"}, {"case", view.subject.id}, {"tumour", view.subject.tumour}};
  out["facts"] = Tree::parse(case_json(view.subject, dictionary), nullptr, false)["specimens"];
  out["evidence"] = evidence_tree(view);
  Tree retractions = Tree::array();
  for (const auto& row : view.record.retractions) {
    retractions.push_back(
        {{"entry", row.entry}, {"evidence", row.evidence}, {"fact", row.fact}, {"reason", row.reason}});
  }
  out["retractions"] = std::move(retractions);
  Tree images = Tree::array();
  for (const auto& row : view.record.images) {
    images.push_back({{"entry", row.entry},
                      {"specimen", specimen_name(view.record, row.specimen)},
                      {"file", row.file},
                      {"bytes", row.bytes},
                      {"sha256", row.sha256}});
  }
  out["images"] = std::move(images);
  Tree comments = Tree::array();
  for (const auto& row : view.record.comments) {
    comments.push_back({{"entry", row.entry}, {"says", row.says}});
  }
  out["comments"] = std::move(comments);
  out["signatures"] = signature_tree(view);
  Tree entries = Tree::array();
  for (const auto& entry : view.entries) {
    entries.push_back(entry_tree(entry));
  }
  out["entries"] = std::move(entries);
  out["undecided"] = view.undecided;
  out["status"] = view.status ? status_tree(*view.status) : Tree();
  return printed(out);
}

std::string entries_json(const std::vector<AuditEntry>& entries) {
  Tree out = Tree::array();
  for (const auto& entry : entries) {
    out.push_back(entry_tree(entry));
  }
  return printed({{"schema", "her2-history/1"}, {"entries", std::move(out)}});
}

std::string list_json(const CaseList& list, const std::string& where) {
  Tree cases = Tree::array();
  for (const auto& one : list.cases) {
    cases.push_back({{"case", one.id},
                     {"tumour", one.tumour},
                     {"her2_status", one.overall},
                     {"edition", one.edition},
                     {"meets", one.truth == Truth::met ? "met" : "open"},
                     {"specimens", one.specimens},
                     {"signed_by", one.signed_by},
                     {"signed_at", one.signed_at},
                     {"amended_since", one.amended},
                     {"last_at", one.last_at}});
  }
  return printed({{"schema", "her2-list/1"},
                  {"where", where},
                  {"asked", list.asked},
                  {"not_met", list.not_met},
                  {"open", list.open},
                  {"cases", std::move(cases)}});
}

}  // namespace her2
