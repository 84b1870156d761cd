// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/column_map.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "her2/exchange/id_set.h"
#include "tests/exchange/fixture.h"

namespace her2 {
namespace {

using test::dictionary;
using test::Mapped;

ColumnMap map_of(const std::string& toml) {
  auto parsed = ColumnMap::parse(toml, "m.toml", dictionary());
  if (!parsed) {
    ADD_FAILURE() << parsed.error().text();
    return {};
  }
  return std::move(*parsed);
}

std::vector<std::string> refusals(const Mapped& table) {
  std::vector<std::string> out;
  for (const auto& refusal : table.row.refusals) {
    out.push_back(refusal.column + ": " + refusal.text + ": " + refusal.reason);
  }
  return out;
}

struct Bad {
  std::string toml;
  std::string place;
  std::string reason;
};

TEST(ColumnMap, refuses_with_line_and_key) {
  const std::vector<Bad> cases = {
      {"", "key columns", "names no columns"},
      {"a = ", "line 1, column", "not valid TOML"},
      {"colums = 1", "line 1, key colums", "did you mean columns?"},
      {"[columns]\nx = 1", "line 2, key x", "must be a table"},
      {"[columns.x]", "line 1, key x", "has no fact"},
      {"[columns.x]\nfact = \"ihc_scor\"", "line 2, key ihc_scor", "did you mean ihc_score?"},
      {"[columns.x]\nfact = \"ratio\"\nfactr = \"1\"", "line 3, key factr", "did you mean fact or factor?"},
      {"[columns.x]\nfact = \"ratio\"\nfactor = \"0\"", "line 3, key factor", "positive decimal"},
      {"[columns.x]\nfact = \"ihc_score\"\nfactor = \"1\"", "line 3, key factor", "is a choice"},
      {"[columns.x]\nfact = \"ihc_score\"\ndecimal_comma = 1", "line 3, key decimal_comma", "true or false"},
      {"[columns.x]\nfact = \"ihc_score\"\n[columns.x.values]\n\"four\" = \"4+\"", "line 4, key four",
       "is not a value"},
      {"[columns.x]\nfact = \"ihc_score\"\n[columns.x.values]\n\"a\" = \"2+\"\n\" A\" = \"3+\"", "key",
       "this spelling twice"},
      {"[columns.x]\nfact = \"ihc_score\"\n[columns.x.values]\n\"a\" = { ratio = \"2\" }", "line 4, key a", "value ="},
      {"[columns.x]\nfact = \"ihc_score\"\n[columns.x.values]\n\"a\" = { value = \"2+\", ihc_score = \"2+\" }",
       "key ihc_score", "another fact"},
      {"[columns.x]\nfact = \"ihc_score\"\n[columns.x.values]\n\"a\" = { value = \"refuse\", ratio = \"2\" }",
       "key ratio", "tells nothing else"},
      {"automatic = true\n[vocabulary.all]\n\"x\" = \"2+\"", "line 3, key x", "only missing, unknown"},
      {"automatic = true\n[vocabulary.facts.nothing]\n\"x\" = \"2+\"", "key nothing", "unknown fact"},
      {"automatic = true\n[table]\ndelimiter = \"space\"", "line 3, key delimiter", "expected auto, tab"},
      {"automatic = true\n[table]\nencoding = \"ebcdic\"", "line 3, key encoding", "expected utf-8"},
      {"automatic = true\n[table]\nlines_after_names = -1", "line 3, key lines_after_names", "whole number from 0"},
      {"automatic = true\n[table]\ncomment = \"\\n\"", "line 3, key comment", "control characters"},
      {"automatic = true\n[case]\nid = []", "key id", "names no column"},
      {"automatic = true\n[case]\nrows = \"many\"", "line 3, key rows", "expected cases or specimens"},
      {"automatic = true\n[constants]\nprobe = \"triple\"", "line 3, key probe", "not a value"},
  };
  for (const auto& entry : cases) {
    const auto parsed = ColumnMap::parse(entry.toml, "m.toml", dictionary());
    ASSERT_FALSE(parsed) << entry.toml;
    EXPECT_EQ(parsed.error().file, "m.toml");
    EXPECT_NE(parsed.error().place.find(entry.place), std::string::npos) << entry.toml << "\n" << parsed.error().text();
    EXPECT_NE(parsed.error().reason.find(entry.reason), std::string::npos) << entry.toml << "\n"
                                                                           << parsed.error().text();
  }
}

TEST(ColumnMap, every_preset_reads) {
  for (const char* name : {"plain", "tcga-biotab", "metabric", "cbioportal"}) {
    const auto map = test::preset(name);
    EXPECT_EQ(map.name, name);
    EXPECT_FALSE(map.title.empty());
  }
  EXPECT_GT(test::vocabulary().all.size(), 30U);
}

TEST(RowMapper, plain_table) {
  auto table = Mapped::of_text(
      "id,IHC_score,her2_total,cep17_total,cells,ratio,er_percent,comment\n"
      "a,2+,80,40,20,,90%,x\n"
      "b,++,NA,,0,~2,101,x\n"
      "c,0-1+,\">= 60\",[Not Evaluated],20.0,not amplified,60-69%,x\n"
      ",3+,1.5,1,2,7/3,[Discrepancy],x\n"
      "e,3+\n",
      test::preset("plain"));
  ASSERT_TRUE(table.next()) << table.error;
  EXPECT_EQ(table.row.id, "a");
  EXPECT_EQ(table.row.line, 2U);
  EXPECT_EQ(table.fact("ihc_score"), "2+");
  EXPECT_EQ(table.fact("her2_total"), "80");
  EXPECT_EQ(table.fact("ratio"), "missing");
  EXPECT_EQ(table.fact("er_percent"), "90");
  EXPECT_TRUE(table.row.refusals.empty());
  EXPECT_EQ(table.bound().unused_columns(), std::vector<std::string>{"comment"});

  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.fact("ihc_score"), "2+");
  EXPECT_EQ(table.fact("her2_total"), "unknown");
  EXPECT_EQ(table.fact("cells"), "unknown");
  ASSERT_EQ(table.row.refusals.size(), 3U);
  EXPECT_EQ(refusals(table)[0], "cells: 0: \"0\" leaves no possible cells counted");
  EXPECT_NE(refusals(table)[1].find("how near"), std::string::npos);
  EXPECT_NE(refusals(table)[2].find("above the largest"), std::string::npos);

  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.fact("ihc_score"), "0|0+|1+");
  EXPECT_EQ(table.fact("her2_total"), ">= 60");
  EXPECT_EQ(table.fact("cep17_total"), "missing");
  EXPECT_EQ(table.fact("cells"), "20.0");
  EXPECT_EQ(table.fact("ratio"), "unknown");
  EXPECT_EQ(table.fact("ish_reported"), "negative");
  EXPECT_EQ(table.fact("er_percent"), ">= 60 & <= 69");
  EXPECT_TRUE(table.row.refusals.empty());
  const auto specimen = table.bound().specimen(table.row);
  const auto& source = specimen.facts.at(*dictionary().find("ish_reported")).source;
  EXPECT_EQ(source.place, "line 4, column ratio");
  EXPECT_EQ(source.text, "not amplified");

  ASSERT_TRUE(table.next());
  ASSERT_EQ(table.row.refusals.size(), 3U);
  EXPECT_EQ(refusals(table)[0], "id: : the case has no id");
  EXPECT_NE(refusals(table)[1].find("her2_total: 1.5: 1.5 is not a whole number"), std::string::npos);
  EXPECT_EQ(refusals(table)[2], "er_percent: [Discrepancy]: the source says that its own records disagree");
  EXPECT_EQ(table.fact("ratio"), "7/3");

  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.row.id, "e");
  EXPECT_EQ(refusals(table), std::vector<std::string>{": : the row has 2 fields where the line of names has 8"});
  EXPECT_FALSE(table.next());
  EXPECT_EQ(table.error, "");
}

TEST(RowMapper, options_of_columns) {
  auto table = Mapped::of_text(
      "Fall;Quotient;ER;n;PR;Einsendung;Art;Ort;Datum;Regel\n"
      "1;2,10;0,85;999;Weiß nicht;A;Stanze;PRIMARY;2024-05-01;alt\n"
      "2;>2,5;0,5-0,6;20;bah;B;Probe;;2024-13-01;uralt\n"
      "3;1.234,5;1,5;0;1;C;;;;\n",
      map_of(R"(
[table]
delimiter = "semicolon"
[case]
id = "Fall"
edition = "Regel"
editions = { "alt" = "breast-her2-2013" }
[specimen]
id = "Einsendung"
kind = "Art"
site = "Ort"
date = "Datum"
kinds = { "Stanze" = "core" }
[columns.Quotient]
fact = "ratio"
decimal_comma = true
[columns.ER]
fact = "er_percent"
decimal_comma = true
factor = "100"
[columns.n]
fact = "cells"
values = { "999" = "unknown" }
[columns.PR]
fact = "pgr_status"
values = { "Weiß nicht" = "unknown", "bah" = "refuse: not a word" }
[constants]
probe = "dual"
)"));
  ASSERT_TRUE(table.next()) << table.error;
  EXPECT_EQ(table.row.edition, "breast-her2-2013");
  EXPECT_EQ(table.row.kind, "core");
  EXPECT_EQ(table.row.site, "primary");
  EXPECT_EQ(table.row.date, "2024-05-01");
  EXPECT_EQ(table.fact("ratio"), "2.10");
  EXPECT_EQ(table.fact("er_percent"), "85");
  EXPECT_EQ(table.fact("cells"), "unknown");
  EXPECT_EQ(table.fact("pgr_status"), "unknown");
  EXPECT_EQ(table.fact("probe"), "dual");
  EXPECT_TRUE(table.row.refusals.empty());
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.fact("ratio"), "> 2.5");
  EXPECT_EQ(table.fact("er_percent"), ">= 50 & <= 60");
  EXPECT_EQ(table.fact("cells"), "20");
  EXPECT_EQ(refusals(table), (std::vector<std::string>{"Regel: uralt: is no edition that the column map knows",
                                                       "Art: Probe: is no kind of specimen that the column map knows",
                                                       "Datum: 2024-13-01: is not a date of the form YYYY-MM-DD",
                                                       "PR: bah: not a word"}));
  ASSERT_TRUE(table.next());
  ASSERT_EQ(table.row.refusals.size(), 4U);
  EXPECT_NE(refusals(table)[0].find("decimal comma"), std::string::npos);
  EXPECT_NE(refusals(table)[1].find("above the largest"), std::string::npos);
}

// The indented block of a page that begins with `start`, without its indent.
std::string block_of(const std::string& page, const std::string& start) {
  std::string out;
  for (auto at = page.find("    " + start);
       at < page.size() && (page.compare(at, 4, "    ") == 0 || page[at] == '\n');) {
    const auto end = page.find('\n', at);
    out += page[at] == '\n' ? "\n" : page.substr(at + 4, end - at - 3);
    at = end + 1;
  }
  return out;
}

TEST(RowMapper, the_example_of_the_documentation) {
  const auto page = test::source_file("docs/tables.md");
  auto table = Mapped::of_text(block_of(page, "Bericht vom"), map_of(block_of(page, "title = \"Laboratory")));
  ASSERT_TRUE(table.next()) << table.error;
  EXPECT_EQ(table.row.id, "17/0815");
  EXPECT_EQ(table.fact("ihc_score"), "2+");
  EXPECT_EQ(table.fact("ratio"), "1.93");
  EXPECT_EQ(table.fact("er_percent"), "85");
  EXPECT_EQ(table.fact("pgr_status"), "positive");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.fact("ihc_score"), "unknown");
  EXPECT_EQ(table.fact("cells"), "unknown");
  EXPECT_EQ(table.fact("ratio"), "missing");
  EXPECT_TRUE(table.row.refusals.empty());
  EXPECT_FALSE(table.next());
  auto plain = Mapped::of_text(block_of(page, "id,ihc_score,cells"), test::preset("plain"));
  ASSERT_TRUE(plain.next()) << plain.error;
  EXPECT_EQ(plain.fact("er_percent"), ">= 90 & <= 99");
}

TEST(RowMapper, two_columns_of_one_fact) {
  auto table = Mapped::of_text(
      "id,A,B,C\n1,pos,,\n2,pos,positive,x\n3,pos,neg,\n4,NA,neg,\n5,neg,,amp\n6,,,amp\n",
      map_of("[columns.A]\nfact=\"ish_reported\"\n[columns.B]\nfact=\"ish_reported\"\n[columns.C]\nfact=\"copies\"\n"
             "values={\"x\"=\"5\",\"amp\"={value=\"unknown\",ish_reported=\"positive\"}}"));
  const std::vector<std::string> expected = {"positive", "positive", "unknown", "negative", "negative", "positive"};
  for (const auto& text : expected) {
    ASSERT_TRUE(table.next()) << table.error;
    EXPECT_EQ(table.fact("ish_reported"), text) << table.row.id;
    EXPECT_EQ(table.row.refusals.size(), table.row.id == "3" ? 1U : 0U);
    EXPECT_EQ(table.row.notes.size(), table.row.id == "5" ? 1U : 0U);
    if (table.row.id == "3") {
      EXPECT_EQ(refusals(table)[0], "B: neg: contradicts \"pos\" in A about ish_reported");
    }
  }
}

TEST(RowMapper, refuses_tables_that_do_not_fit) {
  const auto plain = test::preset("plain");
  EXPECT_NE(Mapped::of_text("ids,ratio\n", plain).error.find("did you mean ids?"), std::string::npos);
  EXPECT_NE(Mapped::of_text("id,foo\n", plain).error.find("no column is named like a fact"), std::string::npos);
  EXPECT_NE(Mapped::of_text("id,ratio,ratio\n", plain).error.find("\"ratio\" stands twice"), std::string::npos);
  EXPECT_NE(Mapped::of_text("id,id,ratio\n", plain).error.find("\"id\" stands twice"), std::string::npos);
  EXPECT_NE(
      Mapped::of_text("id,x\n", map_of("[columns.y]\nfact=\"ratio\"\nrequired=true")).error.find("requires, is absent"),
      std::string::npos);
  EXPECT_NE(Mapped::of_text("id,x\n", map_of("[columns.y]\nfact=\"ratio\"")).error.find("is it the right map?"),
            std::string::npos);
}

// Property: the fast way through a number is the long way.
TEST(RowMapper, plain_numbers_read_as_parse_value_does) {
  std::mt19937 random(5);
  const std::vector<std::string> facts = {"cells", "her2_total", "er_percent", "ratio"};
  std::string text = "id,cells,her2_total,er_percent,ratio\n";
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::string> fields;
    for (std::size_t f = 0; f < facts.size(); ++f) {
      std::string field;
      for (unsigned k = 0, length = 1 + static_cast<unsigned>(random() % (i % 50 == 0 ? 22 : 4)); k < length; ++k) {
        field += "0123456789.0-+"[random() % 14];
      }
      fields.push_back(field);
    }
    text += std::to_string(i);
    for (const auto& field : fields) {
      text += "," + field;
    }
    text += "\n";
    rows.push_back(fields);
  }
  auto table = Mapped::of_text(text, test::preset("plain"));
  for (const auto& fields : rows) {
    ASSERT_TRUE(table.next()) << table.error;
    for (std::size_t f = 0; f < facts.size(); ++f) {
      const auto& type = dictionary()[*dictionary().find(facts[f])];
      const bool spelled = test::vocabulary().all.count(fields[f]) > 0;
      const auto value =
          spelled ? Result<Value>(test::vocabulary().all.at(fields[f]).value) : parse_value(type, fields[f]);
      EXPECT_EQ(table.fact(facts[f]), value ? value_text(type, *value) : "unknown") << facts[f] << " " << fields[f];
    }
  }
}

// Property: every spelling is found in any case, with blanks around, and nothing else is.
TEST(SpellingTable, finds_what_was_added) {
  std::mt19937 random(9);
  SpellingTable spellings;
  std::set<std::string> added;
  const auto word = [&] {
    std::string out;
    for (unsigned i = 0, length = static_cast<unsigned>(random() % 20); i < length; ++i) {
      out += "abz09[]+- \xC3\xA4_@`{"[random() % 17];
    }
    return out;
  };
  for (int i = 0; i < 500; ++i) {
    const auto text = word();
    Meaning meaning;
    meaning.reason = text;
    spellings.add(text, meaning);
    added.insert(text);
  }
  spellings.build();
  for (const auto& text : added) {
    std::string upper = text;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    for (const auto& spelling : {text, upper}) {
      const auto* found = spellings.find(spelling);
      ASSERT_NE(found, nullptr) << spelling;
      EXPECT_EQ(found->reason, text);
    }
  }
  for (int i = 0; i < 5000; ++i) {
    const auto text = word();
    EXPECT_EQ(spellings.find(text) != nullptr, added.count(text) > 0);
  }
}

TEST(IdSet, tells_repeated_ids) {
  std::mt19937 random(1);
  IdSet ids;
  std::set<std::string> seen;
  for (int round = 0; round < 50; ++round) {
    std::vector<std::uint64_t> hashes;
    std::vector<std::uint8_t> expected;
    for (int i = 0; i < 400; ++i) {
      const std::string id = "TCGA-" + std::string(random() % 12, 'x') + std::to_string(random() % 3000);
      hashes.push_back(hash_id(id));
      expected.push_back(seen.insert(id).second ? 0 : 1);
    }
    std::vector<std::uint8_t> repeated(hashes.size());
    ids.add(hashes, repeated);
    EXPECT_EQ(repeated, expected);
  }
  EXPECT_EQ(ids.size(), seen.size());
}

}  // namespace
}  // namespace her2
