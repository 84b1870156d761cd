// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/case_json.h"

#include <random>
#include <string>
#include <vector>

#include "her2/exchange/json_tree.h"
#include "tests/exchange/fixture.h"

namespace her2 {
namespace {

using test::dictionary;

constexpr const char* kFull = R"({
  "schema": "her2-case/1",
  "id": "case 7",
  "specimens": [
    {
      "id": "core", "kind": "core", "site": "primary", "date": "2024-02-29",
      "facts": {
        "ihc_score": "2+", "her2_total": 80, "cep17_total": 40.0, "cells": 20,
        "ratio": {"value": "1.90", "author": "A. Reader", "source": {"file": "f.hl7", "place": "OBX-3", "text": "1.90"}},
        "er_percent": 0.10, "pgr_percent": ">= 90", "ki67_percent": null, "basolateral": true,
        "er_status": ["low-positive", "positive"], "ish_group": 1, "pgr_status": "unknown"
      },
      "ensembles": [{"facts": ["her2_total", "cep17_total"], "replicates": [[80, 40], [81, 39]], "conditional_on": "the cells"}],
      "notes": ["crushed \u00b5 \ud83d\udd2c"]
    },
    {"id": "excision"}
  ]
})";

std::string fact(const Case& read, const char* name, std::size_t specimen = 0) {
  const auto id = *dictionary().find(name);
  return value_text(dictionary()[id], read.specimens.at(specimen).value(id));
}

TEST(CaseJson, reads_a_case) {
  const auto read = parse_case(kFull, dictionary(), "c.json");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->id, "case 7");
  EXPECT_EQ(read->tumour, "breast");
  ASSERT_EQ(read->specimens.size(), 2U);
  EXPECT_EQ(fact(*read, "ihc_score"), "2+");
  EXPECT_EQ(fact(*read, "cep17_total"), "40.0");
  EXPECT_EQ(fact(*read, "er_percent"), "0.10");
  EXPECT_EQ(fact(*read, "pgr_percent"), ">= 90");
  EXPECT_EQ(fact(*read, "ki67_percent"), "missing");
  EXPECT_EQ(fact(*read, "basolateral"), "yes");
  EXPECT_EQ(fact(*read, "er_status"), "low-positive|positive");
  EXPECT_EQ(fact(*read, "ish_group"), "1");
  EXPECT_EQ(fact(*read, "pgr_status"), "unknown");
  EXPECT_EQ(fact(*read, "cytoplasm_obscures"), "missing");
  const auto& core = read->specimens[0];
  const auto& ratio = core.facts.at(*dictionary().find("ratio"));
  EXPECT_EQ(ratio.value.written, (Decimal{190, 2}));
  EXPECT_EQ(ratio.source.author, "A. Reader");
  EXPECT_EQ(ratio.source.place, "OBX-3");
  const auto& total = core.facts.at(*dictionary().find("her2_total"));
  EXPECT_EQ(total.source.file, "c.json");
  EXPECT_EQ(total.source.place, "/specimens/0/facts/her2_total");
  EXPECT_EQ(total.source.text, "80");
  ASSERT_EQ(core.ensembles.size(), 1U);
  EXPECT_EQ(core.ensembles[0].rows[1][1], (Decimal{39, 0}));
  EXPECT_EQ(core.notes[0], "crushed \xC2\xB5 \xF0\x9F\x94\xAC");
}

TEST(CaseJson, short_form) {
  const auto read =
      parse_case(R"({"schema":"her2-case/1","id":"x","facts":{"ihc_score":"3+"}})", dictionary(), "c.json");
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->specimens.size(), 1U);
  EXPECT_EQ(fact(*read, "ihc_score"), "3+");
}

TEST(CaseJson, the_examples_of_the_documentation) {
  const auto page = test::source_file("docs/case-files.md");
  for (const char* start : {"    {\n      \"schema\"", "    { \"schema\""}) {
    const auto at = page.find(start);
    ASSERT_NE(at, std::string::npos);
    const auto read = parse_case(page.substr(at, page.find("\n\n", at) - at), dictionary(), "docs");
    EXPECT_TRUE(read) << read.error().text();
  }
}

// No digit goes through a double.
TEST(CaseJson, keeps_every_digit) {
  for (const char* digits : {"123456789012345678", "0.100000000000000001", "2.10", "1.0000"}) {
    const auto read = parse_case(std::string(R"({"schema":"her2-case/1","id":"x","facts":{"ratio":)") + digits + "}}",
                                 dictionary(), "c");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(fact(*read, "ratio"), digits);
  }
}

struct Bad {
  std::string json;
  std::string place;
  std::string reason;
};

std::string with_facts(const std::string& facts) {
  return "{\"schema\":\"her2-case/1\",\"id\":\"x\",\n\"facts\":{" + facts + "}}";
}
std::string with_specimens(const std::string& list) {
  return "{\"schema\":\"her2-case/1\",\"id\":\"x\",\n\"specimens\":" + list + "}";
}

TEST(CaseJson, refuses_with_line_and_column) {
  const std::vector<Bad> cases = {
      {"", "line 1, column 1", "not valid JSON"},
      {"{\n  \"schema\": \"her2-case/1\",\n  oops", "line 3, column 3", "not valid JSON"},
      {"[]", "line 1, column 1", "a case must be an object, not a list"},
      {"{\"id\":\"x\"}", "line 1, column 1", "not a case file"},
      {"{\"schema\":\"her2-case/2\",\"id\":\"x\"}", "line 1, column 11", "not a case file"},
      {"{\"schema\":\"her2-case/1\"}", "line 1, column 1", "\"id\" is missing"},
      {"{\"schema\":\"her2-case/1\",\"id\":7}", "line 1, column 30", "a text in quotes, not a number"},
      {"{\"schema\":\"her2-case/1\",\"id\":\" \"}", "line 1, column 30", "is empty"},
      {"{\"schema\":\"her2-case/1\",\"id\":\"x\"}", "line 1, column 1", "neither"},
      {"{\"schema\":\"her2-case/1\",\"id\":\"x\",\"id\":\"y\"}", "line 1, column 34", "stands twice"},
      {"{\"schema\":\"her2-case/1\",\"id\":\"x\",\"specimen\":[]}", "line 1, column 34", "did you mean specimens?"},
      {"{\"schema\":\"her2-case/1\",\"id\":\"x\",\"ratio\":2}", "line 1, column 34", "it is a fact"},
      {with_facts("\"ihc_scor\":\"2+\""), "line 2, column 10", "did you mean ihc_score?"},
      {with_facts("\"ihc_score\":\"7+\""), "line 2, column 22", "expected 0, 0+, 1+, 2+ or 3+"},
      {with_facts("\"ihc_score\":\"undefined\""), "line 2, column 22", "only a guideline table"},
      {with_facts("\"cells\":20.5"), "line 2, column 18", "whole number"},
      {with_facts("\"cells\":2e1"), "line 2, column 18", "not a number"},
      {with_facts("\"cells\":-1"), "line 2, column 18", "below the smallest"},
      {with_facts("\"er_percent\":101"), "line 2, column 23", "above the largest"},
      {with_facts("\"cells\":{\"valu\":1}"), "line 2, column 19", "did you mean value?"},
      {with_facts("\"cells\":{}"), "line 2, column 18", "has no \"value\""},
      {with_facts("\"cells\":{\"value\":{}}"), "line 2, column 27", "cannot be an object"},
      {with_facts("\"cells\":[20]"), "line 2, column 19", "values of a choice"},
      {with_facts("\"ihc_score\":[]"), "line 2, column 22", "leaves no value"},
      {with_facts("\"cells\":1e999"), "line 2", "not valid JSON"},
      {with_specimens("[{}]"), "line 2, column 14", "\"id\" is missing"},
      {with_specimens("[{\"id\":\"a\"},{\"id\":\"a\"}]"), "line 2, column 31", "two specimens have the id \"a\""},
      {with_specimens("[{\"id\":\"a\",\"kind\":\"slice\"}]"), "line 2", "expected core, excision"},
      {with_specimens("[{\"id\":\"a\",\"date\":\"2023-02-29\"}]"), "line 2", "not a date"},
      {with_specimens("[{\"id\":\"a\"}],\"facts\":{}"), "line 2", "stands beside"},
      {with_specimens("[{\"id\":\"a\",\"ensembles\":[{\"facts\":[\"ihc_score\"],\"replicates\":[[[\"0\",\"1+\"]]]}]}]"),
       "line 2", "one value of the choice"},
      {with_specimens("[{\"id\":\"a\",\"ensembles\":[{\"facts\":[\"cells\"],\"replicates\":[[1,2]]}]}]"), "line 2",
       "list of 1 values"},
      {with_specimens("[{\"id\":\"a\",\"ensembles\":[{\"facts\":[\"cells\"],\"replicates\":[[\">1\"]]}]}]"), "line 2",
       "decimal number"},
      {with_specimens("[{\"id\":\"a\",\"ensembles\":[{\"facts\":[\"cells\",\"cells\"],\"replicates\":[[1,1]]}]}]"),
       "line 2", "twice"},
      {std::string("{\"a\":\"\xFF\"}"), "line 1, column 7", "not valid JSON"},
      {std::string("\xFF\xFE{\0", 4), "", "UTF-16"},
      {std::string(40, '['), "line 1, column 33", "nested deeper"},
      {"{\"\xC3\xA4\xC3\xB6\": tru}", "line 1, column 11", "not valid JSON"},
  };
  for (const auto& entry : cases) {
    const auto read = parse_case(entry.json, dictionary(), "c.json");
    ASSERT_FALSE(read) << entry.json;
    EXPECT_EQ(read.error().file, "c.json");
    EXPECT_NE(read.error().place.find(entry.place), std::string::npos) << entry.json << "\n" << read.error().text();
    EXPECT_NE(read.error().reason.find(entry.reason), std::string::npos) << entry.json << "\n" << read.error().text();
  }
}

TEST(CaseJson, hostile_sizes_are_refused) {
  EXPECT_NE(parse_case(std::string(17U << 20, ' '), dictionary(), "c").error().reason.find("larger than 16 MiB"),
            std::string::npos);
  EXPECT_NE(parse_case(std::string(1U << 20, '['), dictionary(), "c").error().reason.find("nested deeper"),
            std::string::npos);
  std::string many = "[0";
  for (int i = 0; i < 1100000; ++i) {
    many += ",0";
  }
  EXPECT_NE(parse_case(many + "]", dictionary(), "c").error().reason.find("more than 1000000 values"),
            std::string::npos);
}

TEST(CaseJson, byte_order_mark_does_not_shift_places) {
  const auto read = parse_case("\xEF\xBB\xBF" + with_facts("\"cells\":20.5"), dictionary(), "c");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().place, "line 2, column 18");
}

Value random_value(const FactType& type, std::mt19937& random) {
  const auto pick = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
  if (const auto what = pick(8); what < 2) {
    return what == 0 ? Value::missing() : Value::unknown();
  }
  if (type.kind == FactKind::choice) {
    const std::uint64_t mask = random() & type.all_values() & ~type.computed_only;
    return Value::of_choices(mask == 0 ? 1 : mask);
  }
  const int least = type.min ? static_cast<int>(*type.min) : 0;
  const int most = type.max && *type.max < least + 46 ? static_cast<int>(*type.max) : least + 46;
  if (most - least < 7) {  // a short scale, such as points from 1 to 3
    return Value::of_number(Decimal{most, 0});
  }
  const int a = least + 1 + static_cast<int>(pick(static_cast<unsigned>(most - least - 6)));
  switch (pick(4)) {
    case 0: return Value::of_interval(Bound{Rational(a), pick(2) == 0}, std::nullopt);
    case 1: return Value::of_interval(Bound{Rational(a), pick(2) == 0}, Bound{Rational(a + 5), pick(2) == 0});
    case 2: return type.integer ? Value::of_number(Decimal{a, 0}) : Value::of_number(Rational(a, 3 + 4 * (a % 3 == 0)));
    default: return type.integer ? Value::of_number(Decimal{a, 0}) : Value::of_number(Decimal{a * 10, 2});
  }
}

// Property: what is written reads back as the same case, and writes the same bytes again.
TEST(CaseJson, round_trip) {
  std::mt19937 random(11);
  const auto pick = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
  const char* texts[] = {"", "plain", "\"quoted\" \\ \n \x01", "\xC3\xA9\xE2\x82\xAC", "</script>"};
  for (int round = 0; round < 300; ++round) {
    Case made;
    made.id = "case " + std::to_string(round);
    made.tumour = pick(2) == 0 ? "breast" : "gastric";
    for (unsigned s = 0; s < pick(4); ++s) {
      Specimen specimen;
      specimen.id = "s" + std::to_string(s);
      specimen.kind = pick(2) == 0 ? "" : "core";
      specimen.site = pick(2) == 0 ? "" : "node";
      specimen.date = pick(2) == 0 ? "" : "2024-01-31";
      for (unsigned f = 0; f < pick(12); ++f) {
        Fact fact;
        fact.id = static_cast<FactId>(pick(static_cast<unsigned>(dictionary().size())));
        fact.value = random_value(dictionary()[fact.id], random);
        fact.source = {texts[pick(5)], texts[pick(5)], texts[pick(5)], texts[pick(5)], texts[pick(5)]};
        if (pick(4) == 0) {
          fact.derived_from = {"ihc_score", "cells"};
        }
        specimen.facts[fact.id] = fact;
      }
      if (pick(3) == 0) {
        Ensemble ensemble;
        ensemble.ids = {*dictionary().find("cells"), *dictionary().find("ki67_percent"),
                        *dictionary().find("membrane_staining")};
        ensemble.rows = {{Decimal{20, 0}, Decimal{105, 1}, Decimal{1, 0}},
                         {Decimal{21, 0}, Decimal{99, 1}, Decimal{0, 0}}};
        ensemble.conditional_on = texts[pick(5)];
        specimen.ensembles.push_back(ensemble);
      }
      for (unsigned n = 0; n < pick(3); ++n) {
        specimen.notes.emplace_back(texts[pick(5)]);
      }
      made.specimens.push_back(specimen);
    }
    const auto text = case_json(made, dictionary());
    const auto read = parse_case(text, dictionary(), "c");
    ASSERT_TRUE(read) << read.error().text() << "\n" << text;
    ASSERT_EQ(case_json(*read, dictionary()), text);
    ASSERT_EQ(read->specimens.size(), made.specimens.size());
    for (std::size_t s = 0; s < made.specimens.size(); ++s) {
      for (const auto& [id, fact] : made.specimens[s].facts) {
        const auto& again = read->specimens[s].facts.at(id);
        EXPECT_EQ(value_text(dictionary()[id], again.value), value_text(dictionary()[id], fact.value));
        EXPECT_EQ(again.source.file, fact.source.file);
        EXPECT_EQ(again.source.place, fact.source.place);
        EXPECT_EQ(again.source.text, fact.source.text);
        EXPECT_EQ(again.source.author, fact.source.author);
        EXPECT_EQ(again.source.profile, fact.source.profile);
        EXPECT_EQ(again.derived_from, fact.derived_from);
      }
    }
    EXPECT_TRUE(parse_case(case_json(made, dictionary(), CaseStyle::plain), dictionary(), "c"));
  }
}

}  // namespace
}  // namespace her2
