// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_xml.h"

#include <fmt/format.h>

#include "her2/message/any_case.h"
#include "her2/message/fhir_read.h"
#include "tests/message/fixture.h"

namespace her2 {
namespace {

using test::code_book;
using test::dictionary;

constexpr JsonLimits kLimits{.bytes = 1U << 20U, .values = 1000, .depth = 64};

std::string bundle(const std::string& resources) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Bundle xmlns=\"http://hl7.org/fhir\"><type "
         "value=\"collection\"/>" +
         resources + "</Bundle>";
}
std::string entry(const std::string& resource) { return "<entry><resource>" + resource + "</resource></entry>"; }
std::string observation(const std::string& code, const std::string& rest) {
  return entry(
      "<Observation><status value=\"final\"/><code><coding><system value=\"http://loinc.org\"/><code value=\"" + code +
      "\"/></coding></code>" + rest + "</Observation>");
}
Result<Case> read(const std::string& xml) { return parse_any_case(xml, dictionary(), code_book(), "b.xml"); }

std::string fact(const Case& subject, const char* name) {
  const auto id = *dictionary().find(name);
  return value_text(dictionary()[id], subject.specimens.at(0).value(id));
}

TEST(FhirXml, reads_a_bundle) {
  const auto got = read(bundle(
      entry("<Patient><text><div xmlns=\"http://www.w3.org/1999/xhtml\">who <b>it</b> is<br/></div></text></Patient>") +
      "<!-- what the laboratory found -->" +
      observation("85319-2",
                  "<valueCodeableConcept><coding><system value=\"http://loinc.org\"/>"
                  "<code value=\"LA11841-6\"/></coding></valueCodeableConcept>") +
      observation("85329-1",
                  "<performer><display value=\"Dr &lt;P&gt;\"/></performer>"
                  "<valueQuantity><value value=\"90\"/><unit value=\"%\"/></valueQuantity>") +
      observation("74860-8", "<valueQuantity><value value=\"6.0\"/><comparator value=\"&gt;=\"/></valueQuantity>") +
      observation("49683-6",
                  "<valueRatio><numerator><value value=\"44\"/></numerator>"
                  "<denominator><value value=\"20\"/></denominator></valueRatio>") +
      observation("85337-4", "<valueString value=\"negative\"/>")));
  ASSERT_TRUE(got) << got.error().text();
  EXPECT_EQ(fact(*got, "ihc_score"), "1+");
  EXPECT_EQ(fact(*got, "er_percent"), "90");
  EXPECT_EQ(fact(*got, "copies"), ">= 6");
  EXPECT_EQ(fact(*got, "ratio"), "2.2");
  EXPECT_EQ(fact(*got, "er_status"), "negative");
  EXPECT_EQ(got->specimens[0].facts.at(*dictionary().find("er_percent")).source.author, "Dr <P>");
}

TEST(FhirXml, gives_the_tree_of_its_json) {
  const auto tree = parse_fhir_xml(
      bundle(entry(
          "<Specimen><id value=\"s\"/><type><coding><code value=\"T\"/></coding><coding><code value=\"U\"/></coding>"
          "</type></Specimen>")),
      kLimits);
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(tree->find("resourceType")->text, "Bundle");
  const Json& specimen = *tree->find("entry")->items.at(0).find("resource");
  EXPECT_EQ(specimen.find("resourceType")->text, "Specimen");
  EXPECT_EQ(specimen.find("id")->text, "s");
  EXPECT_EQ(specimen.find("type")->find("coding")->items.at(1).find("code")->text, "U");
}

TEST(FhirXml, is_utf_8_whatever_it_declares_and_says_nothing_itself) {
  const std::string body = "<Bundle xmlns=\"http://hl7.org/fhir\"><id value=\"";
  testing::internal::CaptureStderr();
  for (const char* name : {"UTF-16", "ISO-8859-1", "EBCDIC-CP-US", "UCS-4", "no-such", ""}) {
    const std::string xml = fmt::format("<?xml version=\"1.0\" encoding=\"{}\"?>{}", name, body);
    const auto good = parse_fhir_xml(xml + "\xC2\xB5\"/></Bundle>", kLimits);
    EXPECT_TRUE(!good || good->find("id")->text == "\xC2\xB5") << name;
    EXPECT_FALSE(parse_fhir_xml(xml + "\xB5\"/></Bundle>", kLimits)) << name;
  }
  constexpr char kWide[] = "<\0\0\0\0\0\0\x13sion=\"1.0\"?><Bundle/>";  // looks like UCS-4 (found by fuzzing)
  const std::string wide(kWide, sizeof kWide - 1);
  EXPECT_FALSE(parse_fhir_xml(wide, kLimits));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(FhirXml, refuses_with_one_sentence) {
  std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\">";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += fmt::format("<!ENTITY {} \"&{};&{};&{};&{};&{};&{};&{};&{};\">", c, static_cast<char>(c - 1),
                        static_cast<char>(c - 1), static_cast<char>(c - 1), static_cast<char>(c - 1),
                        static_cast<char>(c - 1), static_cast<char>(c - 1), static_cast<char>(c - 1),
                        static_cast<char>(c - 1));
  }
  bomb += "]><Bundle xmlns=\"http://hl7.org/fhir\"><id value=\"&j;\"/></Bundle>";
  std::string deep;
  for (int i = 0; i < 100'000; ++i) {
    deep += "<a>";
  }
  const std::pair<std::string, std::string> cases[] = {
      {bomb, "has a DOCTYPE"},
      {"<!DOCTYPE b SYSTEM \"file:///etc/passwd\"><Bundle xmlns=\"http://hl7.org/fhir\"/>", "has a DOCTYPE"},
      {bundle(deep), "is nested more than 64 deep"},
      {bundle("<entry>").substr(0, 90), "is no well-formed XML"},
      {bundle("<entry></resource>"), "is no well-formed XML"},
      {bundle("<id value=\"&unknown;\"/>"), "is no well-formed XML"},
      {bundle("<id value=\"\xFF\"/>"), "is no well-formed XML"},
      {"<", "is no well-formed XML"},
      {"<html><body/></html>", "no FHIR"},
      {"<Bundle xmlns=\"urn:hl7-org:v3\"/>", "not in http://hl7.org/fhir"},
      {bundle("text"), "holds text between its elements"},
      {bundle("<entry><resource><Patient/><Patient/></resource></entry>"), "two resources in one resource element"},
      {bundle(""), "holds no Observation with a code that is known here"},
      {bundle(entry("<Patient/>") + entry("<Patient/>")), "holds more than one Patient"},
      {bundle(observation("85329-1", "<valueQuantity><value value=\"many\"/></valueQuantity>")), "/entry/0/resource"},
  };
  for (const auto& [xml, expected] : cases) {
    const auto refused = read(xml);
    ASSERT_FALSE(refused) << xml.substr(0, 200);
    EXPECT_NE(refused.error().text().find(expected), std::string::npos) << refused.error().text();
    EXPECT_EQ(refused.error().file, "b.xml");
  }
  EXPECT_FALSE(parse_fhir_xml(bundle(std::string(2U << 20U, ' ')), kLimits)) << "bytes";
  std::string many;
  for (int i = 0; i < 2000; ++i) {
    many += "<id value=\"1\"/>";
  }
  EXPECT_FALSE(parse_fhir_xml(bundle(many), kLimits)) << "elements";
}

}  // namespace
}  // namespace her2
