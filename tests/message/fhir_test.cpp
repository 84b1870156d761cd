// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "her2/exchange/case_json.h"
#include "her2/exchange/json_tree.h"
#include "her2/message/fhir_read.h"
#include "her2/message/fhir_write.h"
#include "tests/message/fixture.h"

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
  const std::filesystem::path folder = std::string(HER2_TEST_DATA) + "/fhir/examples";
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
}

}  // namespace
}  // namespace her2
