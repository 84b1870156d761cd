// SPDX-License-Identifier: Apache-2.0
#include "her2/record/case_list.h"

#include <algorithm>
#include <cstring>

#include "her2/evidence/reconcile.h"
#include "her2/record/recorded_case.h"

namespace her2 {
namespace {

// "a = b" -> "a == b", outside of quotes.
std::string doubled_equals(const std::string& text) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    quoted = quoted != (text[i] == '"');
    out += text[i];
    const char before = i > 0 ? text[i - 1] : ' ';
    const char after = i + 1 < text.size() ? text[i + 1] : ' ';
    if (!quoted && text[i] == '=' && after != '=' && std::strchr("=<>!", before) == nullptr) {
      out += '=';
    }
  }
  return out;
}

// The answers of a finding for one specimen, as values.
FactValues answers_of(const CaseRecord& record, RowId finding, const std::string& specimen,
                      const Dictionary& dictionary) {
  std::map<FactId, std::uint64_t> masks;
  for (const auto& row : record.answers) {
    const auto id = dictionary.find(row.fact);
    if (row.finding != finding || row.specimen != specimen || !id) {
      continue;
    }
    const auto index = dictionary[*id].index_of(row.value);
    masks[*id] |= row.value == "missing" ? kMissingBit : index ? std::uint64_t{1} << *index : ~std::uint64_t{0};
  }
  FactValues out;
  for (const auto& [id, mask] : masks) {
    const bool may_be_missing = (mask & kMissingBit) != 0;
    if (!may_be_missing) {
      out[id] = Value::of_choices(mask);
    } else if (mask != kMissingBit) {
      out[id] = Value::unknown();
    }
  }
  return out;
}

const RecordedFinding* latest(const CaseRecord& record) {
  return record.findings.empty() ? nullptr : &record.findings.back();
}

void tell_signature(const CaseRecord& record, const std::vector<AuditEntry>& entries, ListedCase& out) {
  if (!entries.empty()) {
    out.last_at = entries.back().at;
  }
  if (record.signatures.empty()) {
    return;
  }
  const RowId signed_in = record.signatures.back().entry;
  for (const auto& entry : entries) {
    if (entry.seq == signed_in) {
      out.signed_by = entry.author;
      out.signed_at = entry.at;
    }
    out.amended = out.amended || (entry.seq > signed_in &&
                                  (entry.action == "add" || entry.action == "amend" || entry.action == "retract"));
  }
}

// Facts that contradict each other are asked in every consistent reading, as they are when the case is decided.
Truth asked(const KnownSpecimen& specimen, const Condition& where, const Dictionary& dictionary) {
  std::optional<Truth> out;
  for (const auto& reading : reconcile(dictionary, specimen.recorded).readings) {
    FactValues facts = reading.facts;
    facts.insert(specimen.concluded.begin(), specimen.concluded.end());
    const Worlds worlds = worlds_of(dictionary, facts);
    const Truth one = worlds.any() ? truth(worlds, where) : Truth::open;
    out = out && *out != one ? Truth::open : one;
  }
  return out.value_or(Truth::open);
}

Result<void> ask(const CaseRecord& record, const Condition& where, const Dictionary& dictionary, ListedCase& out) {
  const auto specimens = known_specimens(record, dictionary);
  if (!specimens) {
    return tl::unexpected(specimens.error());
  }
  out.truth = Truth::not_met;
  std::vector<std::string> met, open;
  for (const auto& specimen : *specimens) {
    const Truth one = asked(specimen, where, dictionary);
    if (one != Truth::not_met) {
      (one == Truth::met ? met : open).push_back(specimen.id);
    }
  }
  out.truth = !met.empty() ? Truth::met : !open.empty() ? Truth::open : Truth::not_met;
  out.specimens = met.empty() ? open : met;
  return {};
}

}  // namespace

Result<Condition> parse_where(const std::string& text, const Dictionary& dictionary) {
  auto read = parse_condition(doubled_equals(text), dictionary, {});
  if (!read) {
    return tl::unexpected(located(read.error(), "--where"));
  }
  return read;
}

Result<std::vector<KnownSpecimen>> known_specimens(const CaseRecord& record, const Dictionary& dictionary) {
  const auto subject = case_of(record, dictionary);
  if (!subject) {
    return tl::unexpected(subject.error());
  }
  std::vector<KnownSpecimen> out;
  for (const auto& specimen : subject->specimens) {
    KnownSpecimen known;
    known.id = specimen.id;
    if (const auto* finding = latest(record)) {
      known.concluded = answers_of(record, finding->id, specimen.id, dictionary);
    }
    for (const auto& [id, fact] : specimen.facts) {
      known.recorded[id] = fact.value;
      known.concluded.erase(id);
    }
    out.push_back(std::move(known));
  }
  return out;
}

Result<CaseList> list_cases(CaseStore& store, const Dictionary& dictionary, const std::optional<Condition>& where,
                            bool open) {
  const auto names = store.cases();
  if (!names) {
    return tl::unexpected(names.error());
  }
  CaseList out;
  for (const auto& name : *names) {
    const auto found = store.find(name);
    const auto entries = store.entries(name);
    if (!found || !entries) {
      return tl::unexpected(found ? entries.error() : found.error());
    }
    if (!*found) {
      continue;
    }
    const CaseRecord& record = **found;
    ListedCase listed;
    listed.id = name;
    listed.tumour = record.head->tumour;
    if (const auto* finding = latest(record)) {
      listed.overall = finding->overall;
      listed.edition = finding->edition;
    }
    tell_signature(record, *entries, listed);
    if (where) {
      if (auto asked = ask(record, *where, dictionary, listed); !asked) {
        Error error = asked.error();
        error.place = "case " + name;
        return tl::unexpected(error);
      }
    }
    ++out.asked;
    out.not_met += listed.truth == Truth::not_met ? 1U : 0U;
    out.open += listed.truth == Truth::open ? 1U : 0U;
    if (listed.truth == Truth::met || (open && listed.truth == Truth::open)) {
      out.cases.push_back(std::move(listed));
    }
  }
  return out;
}

}  // namespace her2
