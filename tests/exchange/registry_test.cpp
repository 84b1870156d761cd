// SPDX-License-Identifier: Apache-2.0
// The presets on the public tables that they are made for; skipped where those are absent.
#include <map>

#include "tests/exchange/fixture.h"
#include "tests/places.h"

namespace her2 {
namespace {

using test::Mapped;
using Counts = std::map<std::string, int>;

std::string data_file(const std::string& path) { return test::data_folder() + "/tables/" + path; }

#define HER2_NEEDS(path)                                              \
  if (!std::filesystem::exists(path)) {                               \
    GTEST_SKIP() << path << " is absent: real tables are not tested"; \
  }

struct Counted {
  std::map<std::string, Counts> facts;
  int rows = 0;
  std::map<std::string, int> refusals;
  std::vector<std::string> notes;
  std::string error;
  std::vector<std::string> absent;
};

Counted count(const std::string& path, const std::string& map_name, std::initializer_list<const char*> facts) {
  const auto map = test::preset(map_name);
  Mapped table(BlockReader::open(path, map.format), map);
  Counted out;
  while (table.next()) {
    ++out.rows;
    for (const auto* fact : facts) {
      ++out.facts[fact][table.fact(fact)];
    }
    for (const auto& refusal : table.row.refusals) {
      ++out.refusals[refusal.column + ": " + refusal.text + ": " + refusal.reason];
    }
    for (const auto& note : table.row.notes) {
      out.notes.push_back(std::string(table.row.id) + ": " + note.column + ": " + note.text + ": " + note.reason);
    }
  }
  out.error = table.error;
  if (out.error.empty()) {
    out.absent = table.bound().absent_columns();
  }
  return out;
}

int numbers(const Counts& counts) {
  int out = 0;
  for (const auto& [text, number] : counts) {
    out += !text.empty() && (text[0] >= '0' && text[0] <= '9') ? number : 0;
  }
  return out;
}

TEST(Registry, tcga) {
  const auto path = data_file("tcga_brca/nationwidechildrens.org_clinical_patient_brca.txt");
  HER2_NEEDS(path);
  const auto table = count(path, "tcga-biotab",
                           {"ihc_reported", "ihc_score", "ish_reported", "copies", "cep17_copies", "cells", "ratio",
                            "er_status", "er_percent", "pgr_status", "pgr_percent"});
  EXPECT_EQ(table.error, "");
  EXPECT_TRUE(table.absent.empty());
  EXPECT_EQ(table.rows, 1097);
  EXPECT_EQ(table.refusals, (std::map<std::string, int>{}));
  // One of the seven rows with copies "not amplified" has a positive FISH status.
  ASSERT_EQ(table.notes.size(), 1U);
  EXPECT_NE(table.notes[0].find("her2_copy_number: not amplified: contradicts \"Positive\" in column her2_fish_status"),
            std::string::npos);
  auto facts = table.facts;
  EXPECT_EQ(facts["ihc_reported"], (Counts{{"negative", 564},
                                           {"equivocal", 179},
                                           {"missing", 170},
                                           {"positive", 164},
                                           {"indeterminate", 12},
                                           {"unknown", 8}}));
  EXPECT_EQ(facts["ihc_score"], (Counts{{"0", 61}, {"1+", 272}, {"2+", 199}, {"3+", 90}, {"unknown", 475}}));
  EXPECT_EQ(facts["ish_reported"], (Counts{{"negative", 333},
                                           {"positive", 78},
                                           {"equivocal", 5},
                                           {"indeterminate", 4},
                                           {"missing", 596},
                                           {"unknown", 81}}));
  EXPECT_EQ(numbers(facts["ratio"]), 233);
  EXPECT_EQ(numbers(facts["copies"]), 104);
  EXPECT_EQ(numbers(facts["cep17_copies"]), 105);
  EXPECT_EQ(numbers(facts["cells"]), 104);
  EXPECT_EQ(facts["copies"]["> 6"], 2);
  EXPECT_EQ(facts["copies"]["< 4"], 1);
  EXPECT_EQ(facts["er_status"],
            (Counts{{"low-positive|positive", 808}, {"negative", 238}, {"indeterminate", 2}, {"missing", 49}}));
  EXPECT_EQ(facts["pgr_status"], (Counts{{"positive", 699}, {"negative", 344}, {"indeterminate", 4}, {"missing", 50}}));
  EXPECT_EQ(facts["er_percent"][">= 90 & <= 99"], 245);
  EXPECT_EQ(facts["er_percent"]["< 10"], 71);
  EXPECT_EQ(facts["pgr_percent"]["< 10"], 138);
}

TEST(Registry, metabric) {
  const auto path = data_file("metabric/brca_metabric_clinical_data.tsv");
  HER2_NEEDS(path);
  auto table = count(path, "metabric", {"her2_status", "er_status", "pgr_status"});
  EXPECT_EQ(table.error, "");
  EXPECT_EQ(table.rows, 2509);
  EXPECT_TRUE(table.absent.empty());
  EXPECT_EQ(table.refusals, (std::map<std::string, int>{}));
  EXPECT_EQ(table.facts["her2_status"], (Counts{{"negative", 1733}, {"positive", 247}, {"unknown", 529}}));
  EXPECT_EQ(table.facts["pgr_status"], (Counts{{"positive", 1040}, {"negative", 940}, {"unknown", 529}}));
  EXPECT_EQ(table.facts["er_status"], (Counts{{"low-positive|positive", 1817}, {"negative", 609}, {"unknown", 83}}));
}

TEST(Registry, cbioportal) {
  const auto path = data_file("metabric/data_clinical_patient.txt");
  HER2_NEEDS(path);
  auto table = count(path, "cbioportal", {"er_status"});
  EXPECT_EQ(table.error, "");
  EXPECT_EQ(table.rows, 2509);
  EXPECT_EQ(table.facts["er_status"], (Counts{{"low-positive|positive", 1817}, {"negative", 609}, {"unknown", 83}}));
}

TEST(Registry, wrong_map_is_refused) {
  const auto path = data_file("metabric/brca_metabric_clinical_data.tsv");
  HER2_NEEDS(path);
  EXPECT_NE(count(path, "tcga-biotab", {}).error.find("no column bcr_patient_barcode"), std::string::npos);
  EXPECT_NE(count(path, "plain", {}).error.find("no column"), std::string::npos) << count(path, "plain", {}).error;
}

}  // namespace
}  // namespace her2
