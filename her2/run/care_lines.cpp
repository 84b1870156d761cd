// SPDX-License-Identifier: Apache-2.0
#include "her2/run/care_lines.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr std::array<std::string_view, 20> kNames{"line",
                                                  "id",
                                                  "receptor_subtype",
                                                  "t",
                                                  "n",
                                                  "anatomic_stage",
                                                  "npi",
                                                  "npi_group",
                                                  "npi_survival_10",
                                                  "alive_5",
                                                  "alive_10",
                                                  "alive_15",
                                                  "alive_10_surgery",
                                                  "breast_10",
                                                  "other_10",
                                                  "not_known",
                                                  "notices",
                                                  "refused_column",
                                                  "refused_value",
                                                  "refused_reason"};
constexpr std::string_view kPrognostic = "prognostic_stage";

void append_number(std::string& out, double value) {
  const auto scaled = std::llround(value * 10'000);
  std::array<char, 24> digits;
  const auto whole = std::to_chars(digits.data(), digits.data() + digits.size(), scaled / 10'000).ptr;
  out.append(digits.data(), whole);
  std::array<char, 5> rest{'.', '0', '0', '0', '0'};
  auto behind = scaled % 10'000;
  for (std::size_t i = 4; i > 0; --i, behind /= 10) {
    rest[i] = static_cast<char>('0' + behind % 10);
  }
  out.append(rest.data(), rest.size());
}

}  // namespace

void append_span(std::string& out, const CareRow::Span& span) {
  append_number(out, span.low);
  if (span.high != span.low) {
    out += '-';
    append_number(out, span.high);
  }
}

std::string CareLines::header() const {
  if (format_ == RowFormat::jsonl) {
    return {};
  }
  std::string out;
  for (const auto name : kNames) {
    out += out.empty() ? "" : format_ == RowFormat::csv ? "," : "\t";
    out += name;
    if (name == "anatomic_stage" && prognostic_) {
      out += format_ == RowFormat::csv ? "," : "\t";
      out += kPrognostic;
    }
  }
  return out + "\n";
}

// One field with its separator: quoted where CSV needs it; TSV has no quotes, so tabs and line breaks become blanks.
void CareLines::put(std::string& out, std::string_view name, std::string_view text) const {
  if (format_ == RowFormat::jsonl) {
    if (text.empty()) {
      fmt::format_to(std::back_inserter(out), ",\"{}\":null", name);
      return;
    }
    fmt::format_to(std::back_inserter(out), ",\"{}\":\"", name);
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
      } else {
        out += c;
      }
    }
    out += '"';
    return;
  }
  const bool csv = format_ == RowFormat::csv;
  if (name != "line") {
    out += csv ? ',' : '\t';
  }
  const bool quoted = csv && text.find_first_of(",\"\r\n") != std::string_view::npos;
  out += quoted ? "\"" : "";
  for (const char c : text) {
    if (!csv && (c == '\t' || c == '\r' || c == '\n')) {
      out += ' ';
      continue;
    }
    out += c;
    if (quoted && c == '"') {
      out += c;
    }
  }
  out += quoted ? "\"" : "";
}

void CareLines::put(std::string& out, std::string_view name, bool has, const CareRow::Span& span) const {
  if (!has) {
    put(out, name, "");
    return;
  }
  if (format_ != RowFormat::jsonl) {
    out += format_ == RowFormat::csv ? ',' : '\t';
    append_span(out, span);
    return;
  }
  fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
  if (span.low == span.high) {
    append_span(out, span);
    return;
  }
  out += '[';
  append_span(out, {span.low, span.low});
  out += ',';
  append_span(out, {span.high, span.high});
  out += ']';
}

void CareLines::append(std::string& out, const MappedRow& row, std::string_view subtype, const CareRow& care) const {
  const bool json = format_ == RowFormat::jsonl;
  out += json ? "{\"line\":" : "";
  fmt::format_to(std::back_inserter(out), "{}", row.line);
  put(out, "id", row.id);
  put(out, "receptor_subtype", subtype);
  put(out, "t", care.t);
  put(out, "n", care.n);
  put(out, "anatomic_stage", care.stage);
  if (prognostic_) {
    put(out, kPrognostic, care.prognostic_stage);
  }
  put(out, "npi", care.has_npi, care.npi);
  put(out, "npi_group", care.npi_group);
  put(out, "npi_survival_10", care.has_npi, care.npi_survival);
  for (std::size_t i = 0; i < CareRow::kChances; ++i) {
    put(out, kNames[9 + i], care.has_chances, care.chances[i]);
  }
  put(out, "not_known", care.unknown);
  put(out, "notices", care.notices);
  std::array<std::string, 3> refused;
  for (const auto& refusal : row.refusals) {
    const std::array<const std::string*, 3> parts{&refusal.column, &refusal.text, &refusal.reason};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      refused[i] += (refused[i].empty() ? "" : "; ") + *parts[i];
    }
  }
  if (!care.refused.empty()) {
    refused[2] += (refused[2].empty() ? "" : "; ") + care.refused;
  }
  put(out, "refused_column", refused[0]);
  put(out, "refused_value", refused[1]);
  put(out, "refused_reason", refused[2]);
  out += json ? "}\n" : "\n";
}

void CareLines::append_refused(std::string& out, const MappedRow& row, std::string_view column, std::string_view text,
                               std::string_view reason) const {
  MappedRow refused;
  refused.line = row.line;
  refused.id = row.id;
  refused.refusals.push_back({std::string(column), std::string(text), std::string(reason)});
  append(out, refused, "", {});
}

}  // namespace her2
