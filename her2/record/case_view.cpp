// SPDX-License-Identifier: Apache-2.0
#include "her2/record/case_view.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "her2/record/chain.h"
#include "her2/record/finding.h"
#include "her2/record/recorded_case.h"
#include "her2/run/case_status.h"

namespace her2 {
namespace {

// Takes out what was written after an entry.
void cut(CaseView& view, RowId as_of) {
  CaseRecord::lists(view.record, [&](auto& list) {
    list.erase(std::remove_if(list.begin(), list.end(), [&](const auto& row) { return row.entry > as_of; }),
               list.end());
  });
  auto& entries = view.entries;
  entries.erase(std::remove_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.seq > as_of; }),
                entries.end());
}

bool changes_evidence(const AuditEntry& entry) {
  return entry.action == "add" || entry.action == "amend" || entry.action == "retract";
}

bool other_guidelines(const CaseView& view, const RecordedFinding& finding) {
  if (!view.status) {
    return false;
  }
  std::set<std::pair<std::string, std::string>> then;
  for (const auto& row : view.record.guidelines) {
    if (row.finding == finding.id) {
      then.emplace(row.guideline, row.sha256);
    }
  }
  return then != std::set(view.status->guidelines.begin(), view.status->guidelines.end());
}

SignatureView seen(const CaseView& view, const RecordedSignature& signature, const Dictionary& dictionary) {
  SignatureView out;
  out.signature = &signature;
  out.entry = signature.entry;
  for (const auto& entry : view.entries) {
    if (entry.seq == signature.entry) {
      out.at = entry.at;
      out.author = entry.author;
    } else if (entry.seq > signature.entry && changes_evidence(entry)) {
      out.amended_by.push_back(entry.seq);
    }
  }
  for (const auto& finding : view.record.findings) {
    out.finding = finding.id == signature.finding ? &finding : out.finding;
  }
  if (out.finding == nullptr) {
    return out;
  }
  const auto then = case_of(view.record, dictionary, signature.entry);
  out.intact = then && case_digest(*then, dictionary) == out.finding->case_sha256 &&
               signed_digest(out.finding->case_sha256, out.finding->status) == signature.content_sha256;
  out.other_guidelines = other_guidelines(view, *out.finding);
  if (view.status && view.status->overall != out.finding->overall) {
    out.decided_now = view.status->overall.empty() ? "differs between specimens" : view.status->overall;
  }
  return out;
}

}  // namespace

Result<CaseView> view_case(CaseStore& store, const std::string& case_id, const RecordContext& context, RowId as_of) {
  auto found = store.find(case_id);
  if (!found) {
    return tl::unexpected(found.error());
  }
  if (!*found) {
    return fail("there is no case of this name in the store; 'her2 case list' shows those that are");
  }
  auto entries = store.entries(case_id);
  if (!entries) {
    return tl::unexpected(entries.error());
  }
  CaseView view;
  view.record = std::move(**found);
  view.entries = std::move(*entries);
  if (as_of < view.record.head->entry) {
    return fail(fmt::format("--as-of {}: the case begins with entry {}", as_of, view.record.head->entry));
  }
  cut(view, as_of);
  auto subject = case_of(view.record, context.dictionary, as_of);
  if (!subject) {
    return tl::unexpected(subject.error());
  }
  view.subject = std::move(*subject);
  const auto plan = context.plan_for(view.subject.tumour);
  if (!plan) {
    view.undecided = plan.error().reason;
  } else if (view.subject.specimens.empty()) {
    view.undecided = "no evidence is recorded yet";
  } else {
    view.status = case_status(*plan, view.subject, {SpecimenPolicy::each, true});
  }
  for (const auto& signature : view.record.signatures) {
    view.signatures.push_back(seen(view, signature, context.dictionary));
  }
  return view;
}

}  // namespace her2
