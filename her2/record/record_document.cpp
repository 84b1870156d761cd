// SPDX-License-Identifier: Apache-2.0
#include "her2/record/record_document.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/language/say.h"
#include "her2/record/recorded_case.h"

namespace her2 {
namespace {

constexpr std::size_t kShortHash = 12;

std::string short_hash(const std::string& hash) { return hash.substr(0, kShortHash); }

const AuditEntry* entry_of(const CaseView& view, RowId seq) {
  const auto at =
      std::find_if(view.entries.begin(), view.entries.end(), [&](const auto& entry) { return entry.seq == seq; });
  return at == view.entries.end() ? nullptr : &*at;
}

std::string by_whom(const CaseView& view, RowId seq) {
  const auto* entry = entry_of(view, seq);
  return entry == nullptr ? say("record.entry", {{"seq", seq}})
                          : fmt::format("{}, {}", entry->author, date_in(entry->at));
}

void add_table(Document& document, std::vector<std::string> head, const std::vector<std::vector<std::string>>& rows) {
  DocumentBlock block;
  block.kind = DocumentBlock::Kind::table;
  block.head = std::move(head);
  for (const auto& row : rows) {
    auto& cells = block.rows.emplace_back();
    for (const auto& cell : row) {
      cells.push_back({cell});
    }
  }
  document.blocks.push_back(std::move(block));
}

std::string retraction_of(const CaseView& view, const RecordedEvidence& evidence) {
  for (const auto& row : view.record.retractions) {
    if (row.evidence == evidence.id && row.fact == 0) {
      return say("record.taken_back", {{"reason", row.reason}});
    }
  }
  return {};
}

void evidence_section(const CaseView& view, Document& out) {
  out.section(2, say("record.evidence"));
  std::vector<std::vector<std::string>> rows;
  for (const auto& evidence : view.record.evidence) {
    const auto facts = std::count_if(view.record.facts.begin(), view.record.facts.end(),
                                     [&](const auto& fact) { return fact.evidence == evidence.id; });
    rows.push_back({std::to_string(evidence.id), evidence.file, say("record.facts_brought", {{"facts", facts}}),
                    by_whom(view, evidence.entry), short_hash(evidence.sha256), retraction_of(view, evidence)});
  }
  if (rows.empty()) {
    out.paragraph(say("record.none_is_recorded"));
    return;
  }
  add_table(out,
            {say("record.no"), say("record.document"), say("record.brought"), say("record.by_column"), "SHA-256", ""},
            rows);
}

void fact_section(const CaseView& view, Document& out) {
  const CurrentRows current = current_rows(view.record);
  std::vector<std::vector<std::string>> rows;
  for (const auto& fact : view.record.facts) {
    const std::string specimen = specimen_name(view.record, fact.specimen);
    const auto at = current.facts.find({specimen, fact.name});
    const bool counts = at != current.facts.end() && at->second->id == fact.id;
    rows.push_back({std::to_string(fact.id), specimen, fact.name, fact.value, std::to_string(fact.evidence),
                    fact.author, counts ? say("record.counts") : say("record.no_longer_counts")});
  }
  out.section(2, say("record.facts_every_version"));
  add_table(out,
            {say("record.no"), say("record.specimen"), say("record.fact"), say("record.value"),
             say("record.evidence_column"), say("record.stated_by"), ""},
            rows);
}

void signature_section(const CaseView& view, Document& out) {
  out.section(2, say("record.sign_off"));
  if (view.signatures.empty()) {
    out.paragraph(say("record.not_signed"));
  }
  for (const auto& one : view.signatures) {
    const auto& row = *one.signature;
    std::string says =
        row.role.empty()
            ? say("record.signed_on",
                  {{"author", one.author}, {"date", date_in(one.at)}, {"entry", one.entry}, {"meaning", row.meaning}})
            : say("record.signed_in_role_on", {{"author", one.author},
                                               {"role", row.role},
                                               {"date", date_in(one.at)},
                                               {"entry", one.entry},
                                               {"meaning", row.meaning}});
    if (one.finding != nullptr) {
      says += ' ';
      says +=
          one.finding->overall.empty()
              ? say("record.signed_was_her2_that_differs_between", {{"edition", one.finding->edition}})
              : say("record.signed_was_her2_by", {{"status", one.finding->overall}, {"edition", one.finding->edition}});
    }
    out.paragraph(says);
    if (!one.intact) {
      out.warning(say("record.what_was_signed_is_no_longer_what"));
    }
    if (!one.amended_by.empty()) {
      out.warning(
          say("record.amended_since_signing",
              {{"entries", counted(fmt::format("{}", fmt::join(one.amended_by, ", ")), one.amended_by.size())}}));
    }
    if (!one.decided_now.empty()) {
      out.warning(say("record.decided_today_her2", {{"decided_now", one.decided_now}}));
    }
    if (one.other_guidelines) {
      out.quiet(say("record.the_guideline_files_of_today_are_not"));
    }
    out.quiet(say("record.content_signed_sha_256", {{"content_sha256", row.content_sha256}}));
  }
}

}  // namespace

Document record_document(const CaseView& view, bool details) {
  Document out;
  out.title = say("record.record_of", {{"id", view.subject.id}});
  out.subtitle =
      say("record.entries_to",
          {{"tumour", view.subject.tumour}, {"first", view.entries.front().seq}, {"last", view.entries.back().seq}});
  if (!view.undecided.empty()) {
    out.paragraph(say("record.no_status", {{"undecided", view.undecided}}));
  }
  evidence_section(view, out);
  if (details && !view.record.facts.empty()) {
    fact_section(view, out);
  }
  if (!view.record.images.empty()) {
    out.section(2, say("record.slides_and_images"));
    std::vector<std::vector<std::string>> rows;
    for (const auto& image : view.record.images) {
      rows.push_back({image.file, specimen_name(view.record, image.specimen), std::to_string(image.bytes),
                      short_hash(image.sha256)});
    }
    add_table(out, {say("record.file"), say("record.specimen"), say("record.bytes"), "SHA-256"}, rows);
  }
  if (!view.record.comments.empty()) {
    out.section(2, say("record.comments"));
    for (const auto& comment : view.record.comments) {
      out.paragraph(fmt::format("{}: {}", by_whom(view, comment.entry), comment.says));
    }
  }
  signature_section(view, out);
  out.quiet(
      say("record.last_entry_of_the_case", {{"seq", view.entries.back().seq}, {"hash", view.entries.back().hash}}));
  return out;
}

Document history_document(const std::string& title, const std::vector<AuditEntry>& entries) {
  Document out;
  out.title = title;
  const std::string last = entries.empty() ? "" : entries.back().hash;
  out.subtitle = say("record.the_first_one_first_the_last_has", {{"last", last}});
  std::vector<std::vector<std::string>> rows;
  for (const auto& entry : entries) {
    rows.push_back({std::to_string(entry.seq), date_in(entry.at), entry.author, entry.says});
  }
  add_table(out, {say("record.no"), say("record.when"), say("record.who"), say("record.what")}, rows);
  return out;
}

Document list_document(const CaseList& list, const std::string& where) {
  Document out;
  out.title = say("record.cases_of", {{"found", list.cases.size()}, {"asked", list.asked}});
  out.subtitle = where;
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : list.cases) {
    const std::string sign = one.signed_by.empty() ? "" : fmt::format("{}, {}", one.signed_by, date_in(one.signed_at));
    const std::string specimens = fmt::format("{}", fmt::join(one.specimens, ", "));
    rows.push_back({one.id, one.tumour, one.overall, one.edition,
                    one.truth == Truth::open ? say("record.may_be", {{"specimens", specimens}}) : specimens,
                    one.amended ? say("record.amended_since", {{"sign", sign}}) : sign});
  }
  if (!rows.empty()) {
    add_table(out,
              {say("record.case"), say("record.tumour"), say("record.her2"), say("record.edition"),
               where.empty() ? "" : say("record.specimens"), say("record.signed")},
              rows);
  }
  if (list.open > 0) {
    out.quiet(say("record.more_may_meet_the_condition_what_is", {{"open", list.open}}));
  }
  return out;
}

}  // namespace her2
