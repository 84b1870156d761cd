// SPDX-License-Identifier: Apache-2.0
#include "her2/record/acts.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/record/finding.h"
#include "her2/record/merge.h"
#include "her2/record/recorded_case.h"

namespace her2 {
namespace {

constexpr std::size_t kLongestId = 256;
constexpr std::size_t kLongestText = 65536;

Result<void> is_name(const std::string& text, const char* what) {
  if (trimmed(text).empty()) {
    return fail(fmt::format("{} is empty", what));
  }
  if (text.size() > kLongestId) {
    return fail(fmt::format("{} is longer than {} bytes", what, kLongestId));
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    return fail(fmt::format("{} holds control characters: {}", what, in_quotes(text)));
  }
  return find_bad_utf8(text) == std::string_view::npos ? Result<void>() : fail(fmt::format("{} is not UTF-8", what));
}

Result<void> is_text(const std::string& text, const char* what) {
  if (trimmed(text).empty()) {
    return fail(fmt::format("{} is empty", what));
  }
  if (text.size() > kLongestText) {
    return fail(fmt::format("{} is longer than {} bytes", what, kLongestText));
  }
  return find_bad_utf8(text) == std::string_view::npos ? Result<void>() : fail(fmt::format("{} is not UTF-8", what));
}

tl::unexpected<Error> no_case() {
  return fail(
      "there is no case of this name in the store; 'her2 case list' shows those that are, 'her2 case new' "
      "makes one");
}

std::string counted(std::size_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string said_of(const CaseRecord& rows, const std::string& file) {
  std::string out = counted(rows.facts.size(), "fact");
  if (!rows.ensembles.empty()) {
    out += ", " + counted(rows.ensembles.size(), "ensemble");
  }
  if (!rows.notes.empty()) {
    out += ", " + counted(rows.notes.size(), "note");
  }
  return out + (file.empty() ? "" : " of " + in_quotes(file));
}

// The rows that were written and those that are new, together.
CaseRecord joined(const CaseRecord& now, const CaseRecord& more) {
  CaseRecord out = now;
  out.head = now.head ? now.head : more.head;
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(out.specimens, more.specimens);
  append(out.evidence, more.evidence);
  append(out.facts, more.facts);
  append(out.ensembles, more.ensembles);
  append(out.notes, more.notes);
  append(out.retractions, more.retractions);
  return out;
}

// Decides the case as it will stand, where a guideline does.
Result<void> decide(const CaseRecord& now, CaseRecord& rows, RowIds& ids, const RecordContext& context) {
  const CaseRecord whole = joined(now, rows);
  const auto plan = context.plan_for(whole.head->tumour);
  if (!plan) {
    return {};
  }
  return add_finding(whole, rows, ids, *plan);
}

Result<Deed> bring(const CaseRecord& now, CaseRecord rows, RowIds& ids, const RecordContext& context,
                   const Incoming& document, MergeMode mode) {
  for (const auto& specimen : document.subject.specimens) {
    if (auto right = is_name(specimen.id, "the id of a specimen"); !right) {
      return tl::unexpected(right.error());
    }
  }
  if (auto merged = merge(joined(now, rows), document, mode, context.dictionary, ids, rows); !merged) {
    return tl::unexpected(merged.error());
  }
  if (rows.specimens.empty() && rows.evidence.empty()) {
    return Deed{};
  }
  if (auto decided = decide(now, rows, ids, context); !decided) {
    return tl::unexpected(decided.error());
  }
  return Deed{{}, {}, std::move(rows)};
}

}  // namespace

Result<Deed> new_case(const CaseRecord* now, RowIds& ids, const RecordContext& context, const std::string& case_id,
                      const std::string& tumour, const Incoming* first) {
  if (now != nullptr) {
    return fail("is recorded already; 'her2 case add' adds to it, 'her2 case amend' changes it");
  }
  if (auto right = is_name(case_id, "the case's id"); !right) {
    return tl::unexpected(right.error());
  }
  if (auto right = is_name(tumour, "the tumour"); !right) {
    return tl::unexpected(right.error());
  }
  CaseRecord rows;
  rows.head = RecordedCase{ids.next<RecordedCase>(), 0, case_id, tumour};
  Deed deed{"new", fmt::format("The case was recorded ({}).", tumour), rows};
  if (first == nullptr) {
    return deed;
  }
  auto brought = bring({}, std::move(rows), ids, context, *first, MergeMode::add);
  if (!brought) {
    return brought;
  }
  if (!brought->rows.evidence.empty()) {
    deed.says = fmt::format("The case was recorded ({}) with {}.", tumour, said_of(brought->rows, first->file));
  }
  if (brought->rows.head) {
    deed.rows = std::move(brought->rows);
  }
  return deed;
}

Result<Deed> add_evidence(const CaseRecord* now, RowIds& ids, const RecordContext& context, const Incoming& document) {
  if (now == nullptr) {
    return no_case();
  }
  auto deed = bring(*now, {}, ids, context, document, MergeMode::add);
  if (deed) {
    deed->action = "add";
    deed->says = fmt::format("Evidence was added: {}.", said_of(deed->rows, document.file));
  }
  return deed;
}

Result<Deed> amend_evidence(const CaseRecord* now, RowIds& ids, const RecordContext& context, const Incoming& document,
                            const std::string& reason) {
  if (now == nullptr) {
    return no_case();
  }
  if (auto right = is_text(reason, "the reason"); !right) {
    return tl::unexpected(right.error());
  }
  auto deed = bring(*now, {}, ids, context, document, MergeMode::amend);
  if (deed) {
    deed->action = "amend";
    deed->says = fmt::format("Amended by {}: {}", said_of(deed->rows, document.file), reason);
  }
  return deed;
}

Result<Deed> retract(const CaseRecord* now, RowIds& ids, const RecordContext& context, RowId evidence, RowId fact,
                     const std::string& reason) {
  if (now == nullptr) {
    return no_case();
  }
  if (auto right = is_text(reason, "the reason"); !right) {
    return tl::unexpected(right.error());
  }
  std::string what = fmt::format("evidence {}", evidence);
  if (fact != 0) {
    const auto at = std::find_if(now->facts.begin(), now->facts.end(), [&](const auto& row) { return row.id == fact; });
    if (at == now->facts.end()) {
      return fail(fmt::format("the case has no fact {}; 'her2 case show --details' shows the numbers", fact));
    }
    evidence = at->evidence;
    what = fmt::format("fact {} ({} {})", fact, at->name, at->value);
  } else if (std::none_of(now->evidence.begin(), now->evidence.end(),
                          [&](const auto& row) { return row.id == evidence; })) {
    return fail(fmt::format("the case has no evidence {}; 'her2 case show' shows the numbers", evidence));
  }
  for (const auto& row : now->retractions) {
    if (row.evidence == evidence && (row.fact == fact || row.fact == 0)) {
      return fail(what + " was taken back already");
    }
  }
  CaseRecord rows;
  rows.retractions.push_back({ids.next<RecordedRetraction>(), 0, now->head->id, evidence, fact, reason});
  if (auto decided = decide(*now, rows, ids, context); !decided) {
    return tl::unexpected(decided.error());
  }
  return Deed{"retract", fmt::format("Taken back: {}: {}", what, reason), std::move(rows)};
}

Result<Deed> add_comment(const CaseRecord* now, RowIds& ids, const std::string& says) {
  if (now == nullptr) {
    return no_case();
  }
  if (auto right = is_text(says, "the comment"); !right) {
    return tl::unexpected(right.error());
  }
  CaseRecord rows;
  rows.comments.push_back({ids.next<RecordedComment>(), 0, now->head->id, says});
  return Deed{"comment", "A comment was added.", std::move(rows)};
}

Result<Deed> add_images(const CaseRecord* now, RowIds& ids, const std::vector<IncomingImage>& images) {
  if (now == nullptr) {
    return no_case();
  }
  CaseRecord rows;
  for (const auto& image : images) {
    RowId specimen = 0;
    for (const auto& row : now->specimens) {
      specimen = row.name == image.specimen ? row.id : specimen;
    }
    if (specimen == 0 && !image.specimen.empty()) {
      return fail(fmt::format("the case has no specimen {}", in_quotes(image.specimen)));
    }
    if (std::none_of(now->images.begin(), now->images.end(),
                     [&](const auto& row) { return row.sha256 == image.sha256 && row.specimen == specimen; })) {
      rows.images.push_back(
          {ids.next<RecordedImage>(), 0, now->head->id, specimen, image.file, image.sha256, image.bytes});
    }
  }
  return Deed{"image", counted(rows.images.size(), "image") + " recorded by content hash.", std::move(rows)};
}

Result<Deed> sign(const CaseRecord* now, RowIds& ids, const RecordContext& context, const std::string& meaning,
                  const std::string& role) {
  if (now == nullptr) {
    return no_case();
  }
  if (auto right = is_text(meaning, "the meaning of the signature"); !right) {
    return tl::unexpected(right.error());
  }
  if (current_rows(*now).facts.empty() && now->ensembles.empty()) {
    return fail("the case has no facts, so there is nothing to sign");
  }
  const auto plan = context.plan_for(now->head->tumour);
  if (!plan) {
    return tl::unexpected(plan.error());
  }
  CaseRecord rows;
  if (auto found = add_finding(*now, rows, ids, *plan); !found) {
    return tl::unexpected(found.error());
  }
  add_signature(rows, ids, meaning, role);
  const auto& overall = rows.findings.back().overall;
  return Deed{"sign",
              fmt::format("Signed as {}: HER2 {} ({}).", in_quotes(meaning),
                          overall.empty() ? "differs between specimens" : overall, rows.findings.back().edition),
              std::move(rows)};
}

}  // namespace her2
