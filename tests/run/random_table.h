// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "table_fixture.h"

namespace her2::test {

// Random rows of a table with columns named like facts. Most values lie on or beside thresholds; some are bounds, sets,
// not done, not to hand, or cannot be read.
class RandomTable {
 public:
  RandomTable(std::uint64_t seed, int odd_percent) : dice_(seed), odd_(odd_percent) {}

  static const std::vector<std::string>& columns() {
    static const std::vector<std::string> names{"ihc_score",
                                                "ihc_reported",
                                                "ish_reported",
                                                "cells",
                                                "her2_total",
                                                "cep17_total",
                                                "ratio",
                                                "copies",
                                                "cep17_copies",
                                                "probe",
                                                "er_percent",
                                                "pgr_percent",
                                                "ki67_percent",
                                                "er_status",
                                                "weak_complete",
                                                "strong_complete",
                                                "faint_incomplete",
                                                "recount_group",
                                                "membrane_staining"};
    return names;
  }

  // One value a column, "" where nothing stands.
  std::vector<std::string> row() {
    std::vector<std::string> out(columns().size());
    const auto put = [&](const std::string& name, int percent, const std::string& value) {
      if (dice_.chance(percent)) {
        const auto at = std::find(columns().begin(), columns().end(), name) - columns().begin();
        out[static_cast<std::size_t>(at)] = dice_.chance(odd_) ? odd(name) : value;
      }
    };
    put("ihc_score", 70, dice_.of(std::vector<std::string>{"0", "0+", "1+", "2+", "2+", "3+"}));
    put("ihc_reported", 15, status());
    put("ish_reported", 15, status());
    const int cells = dice_.of(std::vector<int>{19, 20, 20, 20, 40});
    const int cep17 = dice_.roll(0, 9) == 0 ? 0 : cells * dice_.roll(1, 4) / 2 + dice_.roll(-1, 1);
    const int her2 =
        std::max(0, dice_.chance(50) ? 2 * cep17 + dice_.roll(-1, 1) : cells * dice_.roll(1, 7) + dice_.roll(-1, 1));
    const int kind = dice_.roll(0, 5);
    if (kind < 2) {  // totals
      put("cells", 95, std::to_string(cells));
      put("her2_total", 95, std::to_string(her2));
      put("cep17_total", kind == 0 ? 95 : 20, std::to_string(cep17));
    } else if (kind < 4) {  // means
      put("cells", 30, std::to_string(cells));
      put("ratio", kind == 2 ? 95 : 10, quotient(her2, cep17, dice_.roll(1, 2)));
      put("copies", 90, quotient(her2, cells, dice_.roll(0, 2)));
      put("cep17_copies", 20, quotient(cep17, cells, 1));
    } else if (kind == 4) {  // both
      put("cells", 80, std::to_string(cells));
      put("her2_total", 70, std::to_string(her2));
      put("cep17_total", 70, std::to_string(cep17));
      put("ratio", 60, quotient(her2, cep17, 2));
      put("copies", 60, quotient(her2, cells, 1));
    }
    put("probe", 10, dice_.chance(80) ? "dual" : "single");
    put("er_percent", 50, dice_.of(std::vector<std::string>{"0", "0.9", "1", "10", "10.1", "90"}));
    put("pgr_percent", 50, dice_.of(std::vector<std::string>{"0", "1", "19.9", "20", "80"}));
    put("ki67_percent", 50, dice_.of(std::vector<std::string>{"5", "5.1", "19.9", "20", "30"}));
    put("er_status", 10, dice_.of(std::vector<std::string>{"positive", "negative", "low-positive"}));
    if (dice_.chance(15)) {
      put("weak_complete", 90, dice_.of(std::vector<std::string>{"0", "10", "10.1", "40"}));
      put("strong_complete", 90, dice_.of(std::vector<std::string>{"0", "10", "10.1", "70"}));
      put("faint_incomplete", 90, dice_.of(std::vector<std::string>{"0", "5", "10", "15"}));
    }
    put("recount_group", 15, std::to_string(dice_.roll(1, 5)));
    put("membrane_staining", 15, dice_.chance(50) ? "present" : "absent");
    return out;
  }

  // A CSV table with ids. Rows beyond `different` say what earlier ones say.
  std::string csv(std::size_t rows, std::size_t different = static_cast<std::size_t>(-1)) {
    std::string out = "id";
    for (const auto& name : columns()) {
      out += "," + name;
    }
    out += "\n";
    std::vector<std::string> said;
    for (std::size_t i = 0; i < rows; ++i) {
      if (i < different) {
        said.emplace_back();
        for (const auto& value : row()) {
          said.back() += "," + value;
        }
      }
      out += "case-" + std::to_string(i) +
             said[i < different ? i : static_cast<std::size_t>(dice_.roll(0, static_cast<int>(different) - 1))] + "\n";
    }
    return out;
  }

  Dice& dice() { return dice_; }

 private:
  std::string status() {
    return dice_.of(std::vector<std::string>{"negative", "negative", "equivocal", "positive", "indeterminate"});
  }

  // Rounded or cut off, as people write it.
  std::string quotient(int above, int below, int digits) {
    if (below == 0) {
      return "";
    }
    return rounded_text(Rational(above, below), digits);
  }

  std::string odd(const std::string& name) {
    const FactType& type = real_catalog().dictionary[*real_catalog().dictionary.find(name)];
    if (dice_.chance(40)) {
      return dice_.of(std::vector<std::string>{"missing", "unknown", "any", "not done", "NA", "[Not Available]"});
    }
    if (dice_.chance(15)) {
      return dice_.of(std::vector<std::string>{"abc", "-1", "~2", "1e3", "2.5.1"});
    }
    if (type.kind == FactKind::choice) {
      const std::string first = dice_.of(type.values);
      return (type.computed_only >> *type.index_of(first) & 1U) != 0 ? "unknown" : first + "|" + type.values.front();
    }
    return dice_.of(std::vector<std::string>{">=2", "<4", "2-6", ">6", "20", "0", "4", "2.0 to 3.9", "100"});
  }

  Dice dice_;
  int odd_;
};

}  // namespace her2::test
