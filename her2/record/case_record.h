// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a store keeps of a case: rows, as docs/record.md describes them. Every row has an `id` of its own in its table
// and belongs to the audit entry that wrote it; no row is ever changed. Texts are UTF-8 and mean nothing but
// themselves. `fields(row, visit)` names the columns: visit(name, member) for those that always stand,
// visit.maybe(name, member) for those that are NULL when empty or 0.
namespace her2 {

using RowId = std::int64_t;

// One act on the store. The entries form a chain: `hash` covers all other members and, by `content`, every row.
struct AuditEntry {
  RowId seq = 0;         // 1, 2, 3, ... without gaps
  std::string at;        // "2026-11-23T10:00:00Z"
  std::string author;    // who did it
  std::string software;  // "her2 0.1.0"
  std::string action;    // create | new | add | amend | retract | comment | image | sign | migrate
  std::string case_id;   // pseudonym; empty: the store itself
  std::string says;      // one sentence for a reader
  std::string content;   // a line "TABLE ID SHA256" for each row written
  std::string previous;  // hash of the entry before; 64 zeros for the first
  std::string hash;
};

struct RecordedCase {
  static constexpr const char* kTable = "tumour_case";
  RowId id = 0, entry = 0;
  std::string pseudonym, tumour;

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("pseudonym", row.pseudonym);
    visit("tumour", row.tumour);
  }
};

// A specimen as stated. A later row of the same name is a new version of it: the last one counts, its facts stay.
struct RecordedSpecimen {
  static constexpr const char* kTable = "specimen";
  RowId id = 0, entry = 0, case_id = 0;
  std::string name, kind, site, date;  // Specimen::id, kind, site, date (her2/evidence/case.h)

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("name", row.name);
    visit("kind", row.kind);
    visit("site", row.site);
    visit("date", row.date);
  }
};

// One document of which facts were taken.
struct RecordedEvidence {
  static constexpr const char* kTable = "evidence";
  RowId id = 0, entry = 0, case_id = 0;
  std::string kind;    // add | amend
  std::string file;    // its name without folders; empty when pseudonymised
  std::string sha256;  // of its bytes

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("kind", row.kind);
    visit("file", row.file);
    visit("sha256", row.sha256);
  }
};

struct RecordedFact {
  static constexpr const char* kTable = "fact";
  RowId id = 0, entry = 0, case_id = 0, evidence = 0, specimen = 0;
  std::string name, value;  // as value_text writes it (her2/evidence/value.h)
  std::string source_file, source_place, source_text, author, profile;
  std::string derived_from;  // names, separated by blanks

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("evidence_id", row.evidence);
    visit("specimen_id", row.specimen);
    visit("name", row.name);
    visit("value", row.value);
    visit("source_file", row.source_file);
    visit("source_place", row.source_place);
    visit("source_text", row.source_text);
    visit("author", row.author);
    visit("profile", row.profile);
    visit("derived_from", row.derived_from);
  }
};

// Joint replicates (her2::Ensemble): names separated by blanks; one line of numbers a replicate.
struct RecordedEnsemble {
  static constexpr const char* kTable = "ensemble";
  RowId id = 0, entry = 0, case_id = 0, evidence = 0, specimen = 0;
  std::string facts, replicates, conditional_on;

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("evidence_id", row.evidence);
    visit("specimen_id", row.specimen);
    visit("facts", row.facts);
    visit("replicates", row.replicates);
    visit("conditional_on", row.conditional_on);
  }
};

struct RecordedNote {
  static constexpr const char* kTable = "note";
  RowId id = 0, entry = 0, case_id = 0, evidence = 0, specimen = 0;
  std::string says;

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("evidence_id", row.evidence);
    visit("specimen_id", row.specimen);
    visit("says", row.says);
  }
};

// Takes evidence back: the whole of it, or one fact of it. What was taken back stays readable.
struct RecordedRetraction {
  static constexpr const char* kTable = "retraction";
  RowId id = 0, entry = 0, case_id = 0, evidence = 0;
  RowId fact = 0;  // 0: all of the evidence
  std::string reason;

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("evidence_id", row.evidence);
    visit.maybe("fact_id", row.fact);
    visit("reason", row.reason);
  }
};

struct RecordedComment {
  static constexpr const char* kTable = "comment";
  RowId id = 0, entry = 0, case_id = 0;
  std::string says;

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("says", row.says);
  }
};

// A slide or picture of the case: its content hash, never its pixels. Since version 2.
struct RecordedImage {
  static constexpr const char* kTable = "image";
  RowId id = 0, entry = 0, case_id = 0;
  RowId specimen = 0;  // 0: not stated
  std::string file, sha256;
  std::int64_t bytes = 0;

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit.maybe("specimen_id", row.specimen);
    visit("file", row.file);
    visit("sha256", row.sha256);
    visit("bytes", row.bytes);
  }
};

// What her2 concluded of the case as it then was.
struct RecordedFinding {
  static constexpr const char* kTable = "finding";
  RowId id = 0, entry = 0, case_id = 0;
  std::string scheme, edition;
  std::string overall;      // the case's HER2 status; empty: its specimens differ
  std::string case_sha256;  // of the case file (case_json, full) that was decided
  std::string status;       // schemas/status.schema.json, one line

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("scheme", row.scheme);
    visit("edition", row.edition);
    visit("overall", row.overall);
    visit("case_sha256", row.case_sha256);
    visit("status", row.status);
  }
};

// A guideline file that a finding rests on.
struct RecordedGuideline {
  static constexpr const char* kTable = "guideline_used";
  RowId id = 0, entry = 0, case_id = 0, finding = 0;
  std::string guideline, sha256;

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("finding_id", row.finding);
    visit("guideline", row.guideline);
    visit("sha256", row.sha256);
  }
};

// One possible value of one answer of a finding; "missing": none.
struct RecordedAnswer {
  static constexpr const char* kTable = "answer";
  RowId id = 0, entry = 0, case_id = 0, finding = 0;
  std::string specimen, fact, value;

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("finding_id", row.finding);
    visit("specimen", row.specimen);
    visit("fact", row.fact);
    visit("value", row.value);
  }
};

// A person's name under a finding; author and time are the entry's.
struct RecordedSignature {
  static constexpr const char* kTable = "signature";
  RowId id = 0, entry = 0, case_id = 0, finding = 0;
  std::string meaning;         // "final report", "second read"
  std::string content_sha256;  // of the finding's case_sha256, a line end, and its status
  std::string role;            // of the signer; may be empty. Since version 2

  template <class Row, class Visit>
  static void fields(Row& row, Visit& visit) {
    visit("case_id", row.case_id);
    visit("finding_id", row.finding);
    visit("meaning", row.meaning);
    visit("content_sha256", row.content_sha256);
    visit.maybe("role", row.role);
  }
};

// All rows of one case by id; or, when writing, the new ones.
struct CaseRecord {
  std::optional<RecordedCase> head;
  std::vector<RecordedSpecimen> specimens;
  std::vector<RecordedEvidence> evidence;
  std::vector<RecordedFact> facts;
  std::vector<RecordedEnsemble> ensembles;
  std::vector<RecordedNote> notes;
  std::vector<RecordedRetraction> retractions;
  std::vector<RecordedComment> comments;
  std::vector<RecordedImage> images;
  std::vector<RecordedFinding> findings;
  std::vector<RecordedGuideline> guidelines;
  std::vector<RecordedAnswer> answers;
  std::vector<RecordedSignature> signatures;

  // visit(list) for each of the lists, an order in which every row comes after those it points to.
  template <class Record, class Visit>
  static void lists(Record& record, const Visit& visit) {
    visit(record.specimens);
    visit(record.evidence);
    visit(record.facts);
    visit(record.ensembles);
    visit(record.notes);
    visit(record.retractions);
    visit(record.comments);
    visit(record.images);
    visit(record.findings);
    visit(record.guidelines);
    visit(record.answers);
    visit(record.signatures);
  }
};

}  // namespace her2
