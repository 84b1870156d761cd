// SPDX-License-Identifier: Apache-2.0
// The draft of a column map as a file that says what a person should look at.
#include <algorithm>

#include <fmt/format.h>

#include "her2/exchange/map_draft.h"

namespace her2 {
namespace {

// A basic TOML string; what is not printable ASCII or UTF-8 is written by its code.
std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

std::string_view delimiter_name(char delimiter) {
  switch (delimiter) {
    case '\t': return "tab";
    case ';': return "semicolon";
    case '|': return "pipe";
    default: return "comma";
  }
}

void write_column(const DraftedColumn& column, const Dictionary& dictionary, std::string& out) {
  const FactType& type = dictionary[column.fact];
  out += fmt::format("\n# {}{}", type.label, type.unit.empty() ? "" : ", " + type.unit);
  out += column.filled == 0 ? "; no row that was looked at has a value\n"
                            : fmt::format("; {} of {} values understood\n", column.understood, column.filled);
  out += fmt::format("[columns.{}]\nfact = {}\n", toml_text(column.column), toml_text(type.name));
  if (column.decimal_comma) {
    out += "decimal_comma = true\n";
  }
  if (column.share) {
    out += "factor = \"100\"  # all numbers lie between 0 and 1: shares, it seems, not percent\n";
  }
  if (!column.only_positive.empty()) {
    out += "# a report that only says \"positive\" may mean low positive (1 to 10 %)\nvalues = { ";
    for (std::size_t i = 0; i < column.only_positive.size(); ++i) {
      out += fmt::format("{}{} = \"low-positive|positive\"", i == 0 ? "" : ", ", toml_text(column.only_positive[i]));
    }
    out += " }\n";
  }
  if (!column.odd.empty()) {
    out += fmt::format("# Not understood; say what they stand for{}:\n# values = {{ ",
                       column.only_positive.empty() ? "" : ", among the values above");
    for (std::size_t i = 0; i < column.odd.size(); ++i) {
      out += fmt::format("{}{} = \"unknown\"", i == 0 ? "" : ", ", toml_text(column.odd[i]));
    }
    out += " }\n";
  }
}

}  // namespace

std::string draft_toml(const MapDraft& draft, const std::string& title, const Dictionary& dictionary) {
  std::string out = fmt::format(
      "# Drafted from the names of the columns and the first {} rows. Read every line of it before you use it:\n"
      "# a name may mislead. The keys are explained in docs/tables.md.\n"
      "title = {}\n\n[table]\ndelimiter = \"{}\"\n{}\n[case]\n",
      draft.rows, toml_text(title), delimiter_name(draft.delimiter),
      draft.comment.empty() ? "" : fmt::format("comment = {}\n", toml_text(draft.comment)));
  if (draft.id_by_values) {
    out += "# No column is called like an id; this one has another text in each row.\n";
  }
  out += fmt::format("id = {}\n", toml_text(draft.id));
  for (const DraftedColumn& column : draft.columns) {
    write_column(column, dictionary, out);
  }
  if (!draft.unused.empty()) {
    out += "\n# Not used:\n";
    for (const std::string& column : draft.unused) {
      out += fmt::format("#   {}\n", toml_text(column));
    }
  }
  return out;
}

}  // namespace her2
