// SPDX-License-Identifier: Apache-2.0
#include "her2/record/record_document.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

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
  return entry == nullptr ? fmt::format("entry {}", seq) : fmt::format("{}, {}", entry->author, entry->at);
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
      return "taken back: " + row.reason;
    }
  }
  return {};
}

void evidence_section(const CaseView& view, Document& out) {
  out.section(2, "Evidence");
  std::vector<std::vector<std::string>> rows;
  for (const auto& evidence : view.record.evidence) {
    const auto facts = std::count_if(view.record.facts.begin(), view.record.facts.end(),
                                     [&](const auto& fact) { return fact.evidence == evidence.id; });
    rows.push_back({std::to_string(evidence.id), evidence.file, fmt::format("{} fact{}", facts, facts == 1 ? "" : "s"),
                    by_whom(view, evidence.entry), short_hash(evidence.sha256), retraction_of(view, evidence)});
  }
  if (rows.empty()) {
    out.paragraph("None is recorded.");
    return;
  }
  add_table(out, {"no.", "document", "brought", "by", "SHA-256", ""}, rows);
}

void fact_section(const CaseView& view, Document& out) {
  const CurrentRows current = current_rows(view.record);
  std::vector<std::vector<std::string>> rows;
  for (const auto& fact : view.record.facts) {
    const std::string specimen = specimen_name(view.record, fact.specimen);
    const auto at = current.facts.find({specimen, fact.name});
    const bool counts = at != current.facts.end() && at->second->id == fact.id;
    rows.push_back({std::to_string(fact.id), specimen, fact.name, fact.value, std::to_string(fact.evidence),
                    fact.author, counts ? "counts" : "no longer counts"});
  }
  out.section(2, "Facts, every version");
  add_table(out, {"no.", "specimen", "fact", "value", "evidence", "stated by", ""}, rows);
}

void signature_section(const CaseView& view, Document& out) {
  out.section(2, "Sign-off");
  if (view.signatures.empty()) {
    out.paragraph("Not signed.");
  }
  for (const auto& one : view.signatures) {
    const auto& row = *one.signature;
    std::string says = fmt::format("{}{} on {} (entry {}): {}.", one.author,
                                   row.role.empty() ? "" : ", " + row.role + ",", one.at, one.entry, row.meaning);
    if (one.finding != nullptr) {
      says += fmt::format(" Signed was HER2 {} by {}.",
                          one.finding->overall.empty() ? "that differs between specimens" : one.finding->overall,
                          one.finding->edition);
    }
    out.paragraph(says);
    if (!one.intact) {
      out.warning("What was signed is no longer what the store holds: run 'her2 store verify'.");
    }
    if (!one.amended_by.empty()) {
      out.warning(fmt::format("Amended since signing: entr{} {}.", one.amended_by.size() == 1 ? "y" : "ies",
                              fmt::join(one.amended_by, ", ")));
    }
    if (!one.decided_now.empty()) {
      out.warning(fmt::format("Decided today: HER2 {}.", one.decided_now));
    }
    if (one.other_guidelines) {
      out.quiet("The guideline files of today are not those of the signed finding.");
    }
    out.quiet("Content signed: SHA-256 " + row.content_sha256);
  }
}

}  // namespace

Document record_document(const CaseView& view, bool details) {
  Document out;
  out.title = "Record of " + view.subject.id;
  out.subtitle =
      fmt::format("{}, entries {} to {}", view.subject.tumour, view.entries.front().seq, view.entries.back().seq);
  if (!view.undecided.empty()) {
    out.paragraph("No status: " + view.undecided);
  }
  evidence_section(view, out);
  if (details && !view.record.facts.empty()) {
    fact_section(view, out);
  }
  if (!view.record.images.empty()) {
    out.section(2, "Slides and images");
    std::vector<std::vector<std::string>> rows;
    for (const auto& image : view.record.images) {
      rows.push_back({image.file, specimen_name(view.record, image.specimen), std::to_string(image.bytes),
                      short_hash(image.sha256)});
    }
    add_table(out, {"file", "specimen", "bytes", "SHA-256"}, rows);
  }
  if (!view.record.comments.empty()) {
    out.section(2, "Comments");
    for (const auto& comment : view.record.comments) {
      out.paragraph(fmt::format("{}: {}", by_whom(view, comment.entry), comment.says));
    }
  }
  signature_section(view, out);
  out.quiet(fmt::format("Last entry of the case: {}, {}", view.entries.back().seq, view.entries.back().hash));
  return out;
}

Document history_document(const std::string& title, const std::vector<AuditEntry>& entries) {
  Document out;
  out.title = title;
  out.subtitle =
      fmt::format("the first one first; the last has the hash {}", entries.empty() ? "" : entries.back().hash);
  std::vector<std::vector<std::string>> rows;
  for (const auto& entry : entries) {
    rows.push_back({std::to_string(entry.seq), entry.at, entry.author, entry.says});
  }
  add_table(out, {"no.", "when", "who", "what"}, rows);
  return out;
}

Document list_document(const CaseList& list, const std::string& where) {
  Document out;
  out.title = fmt::format("{} of {} case{}", list.cases.size(), list.asked, list.asked == 1 ? "" : "s");
  out.subtitle = where;
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : list.cases) {
    const std::string sign = one.signed_by.empty() ? "" : fmt::format("{}, {}", one.signed_by, one.signed_at);
    rows.push_back({one.id, one.tumour, one.overall, one.edition,
                    fmt::format("{}{}", one.truth == Truth::open ? "may be: " : "", fmt::join(one.specimens, ", ")),
                    sign + (one.amended ? "; amended since" : "")});
  }
  if (!rows.empty()) {
    add_table(out, {"case", "tumour", "HER2", "edition", where.empty() ? "" : "specimens", "signed"}, rows);
  }
  if (list.open > 0) {
    out.quiet(fmt::format(
        "{} more may meet the condition: what is recorded of them leaves it open (--open lists them).", list.open));
  }
  return out;
}

}  // namespace her2
