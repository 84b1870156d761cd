// SPDX-License-Identifier: Apache-2.0
#include "her2/record/chain.h"

#include <algorithm>
#include <charconv>

#include "her2/core/sha256.h"

namespace her2 {
namespace {

// "5:abcde," says where a text ends, whatever it holds.
void append(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
  out += ',';
}

}  // namespace

std::string row_digest(StoreRow row) {
  std::sort(row.cells.begin(), row.cells.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string bytes;
  append(bytes, row.table);
  for (const auto& [column, cell] : row.cells) {
    append(bytes, column);
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      append(bytes, "i" + std::to_string(*number));
    } else {
      append(bytes, "t" + std::get<std::string>(cell));
    }
  }
  return sha256_hex(bytes);
}

std::string content_text(const std::vector<ContentLine>& lines) {
  std::string out;
  for (const auto& line : lines) {
    out += line.table + " " + std::to_string(line.id) + " " + line.digest + "\n";
  }
  return out;
}

std::vector<ContentLine> content_lines(std::string_view content) {
  std::vector<ContentLine> out;
  while (!content.empty()) {
    const auto line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(line.size() + 1, content.size()));
    const auto first = line.find(' ');
    const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos) {
      continue;
    }
    ContentLine read{std::string(line.substr(0, first)), 0, std::string(line.substr(second + 1))};
    const char* const end = line.data() + second;
    if (std::from_chars(line.data() + first + 1, end, read.id).ptr == end) {
      out.push_back(std::move(read));
    }
  }
  return out;
}

std::string entry_hash(const AuditEntry& entry) {
  std::string bytes;
  append(bytes, entry.previous);
  append(bytes, std::to_string(entry.seq));
  for (const auto* text :
       {&entry.at, &entry.author, &entry.software, &entry.action, &entry.case_id, &entry.says, &entry.content}) {
    append(bytes, *text);
  }
  return sha256_hex(bytes);
}

std::string signed_digest(const std::string& case_sha256, const std::string& status) {
  return sha256_hex(case_sha256 + "\n" + status);
}

}  // namespace her2
