// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "her2/exchange/case_json.h"
#include "her2/exchange/json_tree.h"
#include "her2/message/fhir_read.h"
#include "her2/message/fhir_write.h"
#include "tests/message/fixture.h"
#include "tests/places.h"

namespace her2 {
namespace {

using test::code_book;
using test::dictionary;

std::string bundle_of(const Case& subject, const FhirOptions& options = {"2026-11-23T10:00:00Z", {}, {}, {}}) {
  const auto status = case_status(test::real_plan("2023"), subject, {SpecimenPolicy::each, false});
  return fhir_bundle(subject, status, dictionary(), code_book(), options);
}

Result<Case> read(std::string_view json) { return parse_fhir(json, dictionary(), code_book(), "b.json"); }

std::string fact(const Case& subject, const char* name, std::size_t specimen = 0) {
  const auto id = *dictionary().find(name);
  return value_text(dictionary()[id], subject.specimens.at(specimen).value(id));
}

std::string observation(const std::string& code, const std::string& rest) {
  return R"({"resource": {"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": ")" +
         code + R"("}]}, )" + rest + "}}";
}
std::string bundle(const std::string& entries) {
  return R"({"resourceType": "Bundle", "type": "collection", "entry": [)" + entries + "]}";
}

TEST(Fhir, a_case_comes_back_whole) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Case subject = test::random_case(seed);
    const std::string json = bundle_of(subject);
    ASSERT_TRUE(parse_json(json, {.bytes = 1U << 24, .values = 1'000'000, .depth = 32}));
    const auto back = read(json);
    ASSERT_TRUE(back) << back.error().text();
    test::expect_same_facts(subject, *back);
    if (testing::Test::HasFailure()) {
      FAIL() << "seed " << seed << "\n" << json.substr(0, 3000);
    }
  }
}

TEST(Fhir, the_same_case_makes_the_same_bytes) {
  const Case subject = test::random_case(3);
  EXPECT_EQ(bundle_of(subject), bundle_of(subject));
}

TEST(Fhir, codes_are_those_of_the_book_and_conclusions_are_marked) {
  Case subject;
  subject.id = "17";
  Specimen core;
  core.id = "core";
  for (const auto& [name, text] :
       {std::pair{"ihc_score", "1+"}, {"her2_total", "97"}, {"cep17_total", "60"}, {"cells", "20"}}) {
    const auto id = *dictionary().find(name);
    core.facts[id] = {id, *parse_value(dictionary()[id], text), {}, {}};
  }
  subject.specimens.push_back(core);
  const std::string json = bundle_of(subject);
  for (const char* expected :
       {"85319-2", "LA11841-6", "49683-6", "\"value\": 1.62", "74860-8", "\"value\": 4.85", "48676-1", "LA6577-6",
        "HER2-low", "431396003", "\"valueCode\": \"masked\"", "For research use only", "\"code\": \"computed\""}) {
    EXPECT_NE(json.find(expected), std::string::npos) << expected;
  }
  for (const char* never : {"85328-3", "18474-7"}) {
    EXPECT_EQ(json.find(never), std::string::npos) << never;
  }
  const auto back = read(json);
  ASSERT_TRUE(back);
  test::expect_same_facts(subject, *back);  // ratio, means and conclusions are computed again, not read
}

TEST(Fhir, identity_only_when_given) {
  const Case subject = test::random_case(5);
  FhirOptions options{"2026-11-23T10:00:00Z",
                      "Dr P",
                      PatientIdentity{"urn:x:hospital", "MRN7", "Doe", "Jo", "female", "1970-01-02"},
                      {}};
  const std::string json = bundle_of(subject, options);
  EXPECT_NE(json.find("\"Doe\""), std::string::npos);
  EXPECT_EQ(bundle_of(subject).find("\"Doe\""), std::string::npos);
  const auto back = read(json);
  ASSERT_TRUE(back);
  EXPECT_EQ(case_json(*back, dictionary()).find("Doe"), std::string::npos) << "names are not read";
  EXPECT_EQ(case_json(*back, dictionary()).find("MRN7"), std::string::npos);
}

TEST(Fhir, reads_what_others_write) {
  const auto jenny = read(bundle(
      observation("48676-1",
                  R"("valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": "LA6577-6"}]})") +
      "," +
      observation("85337-4",
                  R"("valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "10828004"}]})") +
      "," + observation("85329-1", R"("valueQuantity": {"value": 90, "unit": "%", "code": "%"})") + "," +
      observation("74860-8", R"("valueQuantity": {"value": 6.0, "comparator": ">="})") + "," +
      observation("49683-6", R"("valueRatio": {"numerator": {"value": 44}, "denominator": {"value": 20}})") + "," +
      observation("85330-9", R"("dataAbsentReason": {"coding": [{"code": "unknown"}]})") + "," +
      observation("8302-2", R"("valueQuantity": {"value": 170})")));
  ASSERT_TRUE(jenny) << jenny.error().text();
  EXPECT_EQ(fact(*jenny, "her2_status"), "negative");
  EXPECT_EQ(fact(*jenny, "er_status"), "positive");
  EXPECT_EQ(fact(*jenny, "er_percent"), "90");
  EXPECT_EQ(fact(*jenny, "copies"), ">= 6");
  EXPECT_EQ(fact(*jenny, "ratio"), "2.2");
  EXPECT_EQ(fact(*jenny, "ki67_percent"), "unknown");
  EXPECT_TRUE(jenny->id.starts_with("fhir-"));
}

TEST(Fhir, the_later_of_two_counts_and_errors_in_entry_do_not) {
  const auto read_it = read(bundle(
      observation("85319-2", R"("effectiveDateTime": "2024-03-02", "valueString": "2+")") + "," +
      observation("85319-2", R"("effectiveDateTime": "2024-03-09", "valueString": "3+")") + "," +
      R"({"resource": {"resourceType": "Observation", "id": "x", "status": "entered-in-error", "code": {"coding": [{"system": "http://loinc.org", "code": "85329-1"}]}, "valueQuantity": {"value": 5}}})"));
  ASSERT_TRUE(read_it) << read_it.error().text();
  EXPECT_EQ(fact(*read_it, "ihc_score"), "3+");
  EXPECT_EQ(fact(*read_it, "er_percent"), "missing");
  EXPECT_EQ(read_it->specimens[0].notes.size(), 2U);
}

std::string staging(const std::string& id, const std::string& code, const std::string& value,
                    const std::string& rest = {}) {
  return R"({"resource": {"resourceType": "Observation", "id": ")" + id +
         R"(", "status": "final", "code": {"coding": [{"system": "http://snomed.info/sct", "code": ")" + code +
         R"("}]}, "valueCodeableConcept": )" + value + rest + "}}";
}
std::string displayed(const std::string& words) {
  return R"({"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": ")" + words + R"("}]})";
}

Case staged(const std::vector<std::pair<const char*, const char*>>& facts) {
  Case subject;
  subject.id = "17";
  auto& specimen = subject.specimens.emplace_back();
  specimen.id = "excision";
  for (const auto& [name, text] : facts) {
    const auto id = *dictionary().find(name);
    specimen.facts[id] = {id, *parse_value(dictionary()[id], text), {}, {}};
  }
  return subject;
}

TEST(FhirStage, what_can_be_said_is_written_with_its_members) {
  const Case subject = staged({{"pt", "3"}, {"pn", "0"}, {"m_category", "0"}, {"size_clinical_mm", "30"}, {"cn", "1"}});
  const std::string json = bundle_of(subject);
  for (const char* expected :
       {"mcode-tnm-stage-group", "mcode-tnm-primary-tumor-category", "mcode-tnm-regional-nodes-category",
        "mcode-tnm-distant-metastases-category", "399588009", "399537006", "1222769001", "1229859000", "1229947003",
        "1229901006", "897275008", "\"text\": \"IIB\"", "\"text\": \"pT3\"", "\"text\": \"cT2\""}) {
    EXPECT_NE(json.find(expected), std::string::npos) << expected;
  }
  EXPECT_NE(json.find("\"code\": \"399504009\""), std::string::npos) << "cT2 follows from 30 mm";
  const auto back = read(json);
  ASSERT_TRUE(back) << back.error().text();
  test::expect_same_facts(subject, *back);
}

TEST(FhirStage, what_is_open_or_none_is_not_written) {
  const std::vector<std::pair<const char*, const char*>> cases[] = {
      {{"pt", "2"}},                  // N is open
      {{"ypt", "0"}, {"ypn", "0"}},   // a complete response
      {{"ct", "0"}, {"cn", "0"}},     // there is no such stage
      {{"ihc_score", "1+"}},          // nothing to stage by
      {{"pt", "1c|2"}, {"pn", "0"}},  // IA or IIA
  };
  for (const auto& facts : cases) {
    const std::string json = bundle_of(staged(facts));
    EXPECT_EQ(json.find("stage-group"), std::string::npos) << facts.front().first;
  }
  EXPECT_NE(bundle_of(staged({{"ct", "4"}, {"cn", "1"}})).find("\"text\": \"IIIB\""), std::string::npos);
  EXPECT_EQ(bundle_of(staged({{"m_category", "1"}, {"ct", "2"}, {"cn", "0"}})).find("399387003"), std::string::npos)
      << "M1: clinical or pathologic is not known";
}

TEST(FhirStage, reads_codes_and_words) {
  const auto got = read(bundle(
      staging("t", "384625004", displayed("American Joint Committee on Cancer pT1c (qualifier value)")) + "," +
      staging("n", "371494008", displayed("pN1mi(sn)")) + "," +
      staging(
          "m", "371497001",
          R"({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "not-applicable"}]})") +
      "," + staging("m0", "399387003", R"({"coding": [{"system": "http://snomed.info/sct", "code": "1229901006"}]})") +
      "," + staging("c", "399504009", displayed("cT4d")) + "," +
      staging("y", "371494008", displayed("ypN2a"), R"(, "effectiveDateTime": "2025-01-01")")));
  ASSERT_TRUE(got) << got.error().text();
  EXPECT_EQ(fact(*got, "pt"), "1c");
  EXPECT_EQ(fact(*got, "pn"), "1mi");
  EXPECT_EQ(fact(*got, "ypn"), "2");
  EXPECT_EQ(fact(*got, "ct"), "4");
  EXPECT_EQ(fact(*got, "inflammatory"), "yes");
  EXPECT_EQ(fact(*got, "m_category"), "0");
  ASSERT_EQ(got->specimens[0].notes.size(), 1U) << "pM is said to be left out";
  EXPECT_NE(got->specimens[0].notes[0].find("Observation/m "), std::string::npos);
}

TEST(FhirStage, the_pathologic_group_counts_and_other_methods_are_named) {
  const std::string clinical = staging("c", "399537006", displayed("American Joint Committee on Cancer stage IIA"));
  const std::string pathologic = staging("p", "399588009", displayed("Stage IIIA"),
                                         R"(, "method": {"coding": [{"code": "x", "display": "AJCC 7th edition"}]})");
  for (const auto& entries : {clinical + "," + pathologic, pathologic + "," + clinical}) {
    const auto got = read(bundle(entries));
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(fact(*got, "recorded_stage"), "IIIA");
    ASSERT_EQ(got->specimens[0].notes.size(), 2U);
  }
  EXPECT_FALSE(read(bundle(staging("a", "399588009", displayed("stage IIA")) + "," +
                           staging("b", "399588009", displayed("stage IIB")))));
  const auto unread = read(bundle(staging("a", "399588009", displayed("advanced disease"))));
  ASSERT_TRUE(unread) << "a note, and no fact";
  EXPECT_EQ(fact(*unread, "recorded_stage"), "missing");
}

TEST(Fhir, refuses_with_one_sentence) {
  const std::string patient = R"({"resource": {"resourceType": "Patient"}})";
  const std::pair<std::string, std::string> cases[] = {
      {"{", "b.json: line 1"},
      {"[]", "is no FHIR resource"},
      {R"({"a": 1})", "is no FHIR resource"},
      {bundle(""), "holds no Observation with a code that is known here"},
      {bundle(patient + "," + patient), "/entry/1/resource: holds more than one Patient"},
      {bundle(observation("85319-2", R"("valueString": "5+")")), "/entry/0/resource"},
      {bundle(observation("85319-2",
                          R"("valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": "LA1-1"}]})")),
       "the code \"LA1-1\" is no known value of HER2 IHC score"},
      {bundle(observation("85329-1", R"("valueQuantity": {"value": 5, "unit": "mm"})")),
       "is given in \"mm\", not in %"},
      {bundle(observation("85329-1", R"("valueQuantity": {"value": 500})")), "500"},
      {bundle(observation("85329-1", R"("valueBoolean": true)")), "has no value of a kind that is read here"},
      {bundle(observation("85319-2", R"("valueString": "1+")") + "," +
              observation("85319-2", R"("valueString": "2+")")),
       "neither is later"},
      {std::string(1'000'000, '['), "b.json"},
  };
  for (const auto& [json, expected] : cases) {
    const auto refused = read(json);
    ASSERT_FALSE(refused) << json.substr(0, 200);
    EXPECT_NE(refused.error().text().find(expected), std::string::npos) << refused.error().text();
  }
}

TEST(Fhir, reads_the_published_examples) {
  const std::filesystem::path folder = test::data_folder() + "/fhir/examples";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "no test data at " << folder;
  }
  std::string entries;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(file.path());
    entries += fmt::format("{}{{\"resource\": {}}}", entries.empty() ? "" : ",",
                           std::string(std::istreambuf_iterator<char>(in), {}));
  }
  const auto jenny = read(bundle(entries));
  ASSERT_TRUE(jenny) << jenny.error().text();
  EXPECT_EQ(fact(*jenny, "her2_status"), "negative");
  EXPECT_EQ(fact(*jenny, "er_status"), "positive");
  for (const auto& [name, expected] :
       {std::pair{"ct", "3"}, {"cn", "0"}, {"pt", "3"}, {"pn", "0"}, {"m_category", "0"}, {"recorded_stage", "IIB"}}) {
    EXPECT_EQ(fact(*jenny, name), expected) << name;
  }
}

}  // namespace
}  // namespace her2
