// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/places.h"

namespace her2::test {

// A file of the dossier; HER2_DOSSIER may name another folder.
inline std::string dossier_file(const std::string& name) { return dossier_folder() + "/clinical/" + name; }

// Fields of one line; "..." may hold commas.
inline std::vector<std::string> csv_fields(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else if (c != '\r') {
      out.back() += c;
    }
  }
  return out;
}

// Rows by name of column; empty when the file is not there.
inline std::vector<std::map<std::string, std::string>> csv_rows(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::vector<std::map<std::string, std::string>> out;
  std::vector<std::string> names;
  while (std::getline(in, line)) {
    const auto fields = csv_fields(line);
    if (names.empty()) {
      names = fields;
      continue;
    }
    auto& row = out.emplace_back();
    for (std::size_t i = 0; i < names.size() && i < fields.size(); ++i) {
      row[names[i]] = fields[i];
    }
  }
  return out;
}

}  // namespace her2::test
