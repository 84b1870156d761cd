// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort_lines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

namespace her2 {

CohortLines::CohortLines(RowFormat format, const BoundMap& map, const TableShape& shape,
                         const std::vector<const Plan*>& plans, const std::vector<std::vector<FactId>>& answers)
    : format_(format),
      separator_(format == RowFormat::csv ? ',' : '\t'),
      map_(map),
      shape_(shape),
      plans_(plans),
      answers_(answers) {}

std::string CohortLines::key(std::size_t plan, std::string_view name) const {
  return plans_.size() == 1 ? std::string(name) : fmt::format("{}_{}", name, plans_[plan]->scheme->edition);
}

std::string CohortLines::header() const {
  if (format_ == RowFormat::jsonl) {
    return {};
  }
  std::vector<std::string> names{"line", "id"};
  if (map_.several_specimens()) {
    names.emplace_back("specimen");
  }
  for (std::size_t plan = 0; plan < plans_.size(); ++plan) {
    names.push_back(key(plan, "state"));
    for (const FactId answer : answers_[plan]) {
      names.push_back(key(plan, plans_[plan]->dictionary()[answer].name));
    }
    names.push_back(key(plan, "rule"));
    names.push_back(key(plan, "notices"));
  }
  for (const char* name : {"refused_column", "refused_value", "refused_reason"}) {
    names.emplace_back(name);
  }
  return fmt::format("{}\n", fmt::join(names, std::string(1, separator_)));
}

namespace {

// Bytes of `word` that are below 0x20: their highest bit is set in the result (and that of some byte behind them may
// be).
std::uint64_t control_bytes(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  return (word - 0x20 * kOnes) & ~word & 0x80 * kOnes;
}

// Whether there is surely no tab or line break, nor any other control character.
bool is_plain(std::string_view text) {
  std::uint64_t found = 0;
  std::uint64_t word = 0;
  while (text.size() >= sizeof word) {
    std::memcpy(&word, text.data(), sizeof word);
    found |= control_bytes(word);
    text.remove_prefix(sizeof word);
  }
  for (const char c : text) {
    found |= static_cast<unsigned char>(c) < 0x20 ? 1 : 0;
  }
  return found == 0;
}

}  // namespace

// One field: quoted where CSV needs it; TSV has no quotes, so tabs and line breaks become blanks.
void CohortLines::field(std::string& out, std::string_view text) const {
  if (format_ == RowFormat::csv) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
      out += text;
      return;
    }
    out += '"';
    for (const char c : text) {
      out += c;
      if (c == '"') {
        out += c;
      }
    }
    out += '"';
    return;
  }
  if (is_plain(text)) {
    out += text;
    return;
  }
  for (const char c : text) {
    out += c == '\t' || c == '\r' || c == '\n' ? ' ' : c;
  }
}

void CohortLines::json_text(std::string& out, std::string_view text) const {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void CohortLines::finish(std::size_t plan, Verdict& verdict) const {
  std::string& tail = verdict.tail;
  tail.clear();
  const auto& answers = answers_[plan];
  if (format_ != RowFormat::jsonl) {
    tail += separator_;
    tail += name_of(verdict.state);
    for (const auto& answer : verdict.answers) {
      tail += separator_;
      field(tail, answer);
    }
    tail += separator_;
    field(tail, verdict.rule);
    tail += separator_;
    field(tail, verdict.notices);
    return;
  }
  const auto add = [&](std::string_view name, std::string_view value) {
    tail += ',';
    json_text(tail, key(plan, name));
    tail += ':';
    if (value.empty()) {
      tail += "null";
    } else {
      json_text(tail, value);
    }
  };
  add("state", name_of(verdict.state));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    add(plans_[plan]->dictionary()[answers[i]].name, verdict.answers[i]);
  }
  add("rule", verdict.rule);
  add("notices", verdict.notices);
}

void CohortLines::append_start(std::string& out, const MappedRow& row) const {
  std::array<char, 24> digits;
  auto* end = std::to_chars(digits.data(), digits.data() + digits.size() - 1, row.line).ptr;
  *end = separator_;
  const std::string_view line(digits.data(), static_cast<std::size_t>(end - digits.data()));
  if (format_ == RowFormat::jsonl) {
    out += "{\"line\":";
    out += line;
    out += ",\"id\":";
    json_text(out, row.id);
    if (map_.several_specimens()) {
      out += ",\"specimen\":";
      json_text(out, row.specimen_id);
    }
    return;
  }
  out.append(digits.data(), line.size() + 1);
  field(out, row.id);
  if (map_.several_specimens()) {
    out += separator_;
    field(out, row.specimen_id);
  }
}

// What append_end() writes of no refusals.
std::string_view CohortLines::clean_end() const {
  return format_ == RowFormat::tsv ? "\t\t\t\n" : format_ == RowFormat::csv ? ",,,\n" : ",\"refusals\":[]}\n";
}

void CohortLines::append_end(std::string& out, const std::vector<RowRemark>& refusals) const {
  if (format_ == RowFormat::jsonl) {
    out += ",\"refusals\":[";
    for (std::size_t i = 0; i < refusals.size(); ++i) {
      out += i == 0 ? "{\"column\":" : ",{\"column\":";
      json_text(out, refusals[i].column);
      out += ",\"value\":";
      json_text(out, refusals[i].text);
      out += ",\"reason\":";
      json_text(out, refusals[i].reason);
      out += '}';
    }
    out += "]}\n";
    return;
  }
  std::array<std::string, 3> joined;
  for (const auto& refusal : refusals) {
    const std::array<const std::string*, 3> parts{&refusal.column, &refusal.text, &refusal.reason};
    for (std::size_t i = 0; i < joined.size(); ++i) {
      joined[i] += (&refusal == refusals.data() ? "" : "; ") + *parts[i];
    }
  }
  for (const auto& part : joined) {
    out += separator_;
    field(out, part);
  }
  out += '\n';
}

std::vector<RowRemark> CohortLines::refusals_of(const MappedRow& row, const std::vector<Verdict*>& verdicts) const {
  std::vector<RowRemark> out = row.refusals;
  for (const Verdict* verdict : verdicts) {
    const bool known =
        std::any_of(out.begin(), out.end(), [&](const RowRemark& r) { return r.reason == verdict->reason; });
    if (verdict->reason.empty() || known) {
      continue;
    }
    RowRemark own{{}, {}, verdict->reason};
    for (const RowValue& value : row.values) {
      const bool meant = std::find(verdict->conflict_facts.begin(), verdict->conflict_facts.end(), value.fact) !=
                         verdict->conflict_facts.end();
      if (meant && value.column != RowValue::kNoColumn && value.kind != RowValue::Kind::missing) {
        own.column += (own.column.empty() ? "" : ", ") + shape_.names[value.column];
        own.text += (own.text.empty() ? "" : ", ") + std::string(row.fields[value.column]);
      }
    }
    out.push_back(std::move(own));
  }
  return out;
}

void CohortLines::append(std::string& out, const MappedRow& row, const std::vector<Verdict*>& verdicts) const {
  append_start(out, row);
  bool clean = row.refusals.empty();
  for (const Verdict* verdict : verdicts) {
    out += verdict->tail;
    clean = clean && verdict->reason.empty();
  }
  if (clean) {
    out += clean_end();
  } else {
    append_end(out, refusals_of(row, verdicts));
  }
}

void CohortLines::append_refused(std::string& out, const MappedRow& row, std::string_view column, std::string_view text,
                                 std::string_view reason) const {
  append_start(out, row);
  for (std::size_t plan = 0; plan < plans_.size(); ++plan) {
    Verdict verdict;
    verdict.state = RowState::refused;
    verdict.answers.resize(answers_[plan].size());
    finish(plan, verdict);
    out += verdict.tail;
  }
  append_end(out, {RowRemark{std::string(column), std::string(text), std::string(reason)}});
}

}  // namespace her2
