// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_xml_write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "her2/message/fhir_xml.h"

namespace her2 {
namespace {

using testing::HasSubstr;

constexpr JsonLimits kLimits{.bytes = 1U << 20U, .values = 10'000, .depth = 64};

Json tree(std::string_view json) {
  auto read = parse_json(json);
  EXPECT_TRUE(read) << read.error().reason;
  return read.value_or(Json{});
}

// The same values under the same names; the order of members is no difference.
bool same(const Json& a, const Json& b) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    const Json* const other = a.kind == Json::Kind::object ? b.find(a.keys[i]) : &b.items[i];
    if (other == nullptr || !same(a.items[i], *other)) {
      return false;
    }
  }
  return true;
}

constexpr const char* kObservation =
    R"({"resourceType": "Observation", "id": "o1", "status": "final", "derivedFrom": [{"reference": "urn:uuid:1"}],
        "category": [{"coding": [{"system": "urn:s", "code": "c"}]}],
        "valueQuantity": {"value": 3.30, "unit": "{ratio}"}, "specimen": {"reference": "urn:uuid:2"},
        "extension": [{"url": "urn:x", "valueCode": "masked"}],
        "note": [{"text": "a < b & \"c\"\r\n\té"}]})";

// R4's element order is from its definition of Observation: note, specimen, derivedFrom.
TEST(FhirXmlWrite, puts_members_in_the_order_of_r4) {
  EXPECT_EQ(fhir_xml(tree(kObservation)), R"(<?xml version="1.0" encoding="UTF-8"?>
<Observation xmlns="http://hl7.org/fhir">
  <id value="o1"/>
  <extension url="urn:x">
    <valueCode value="masked"/>
  </extension>
  <status value="final"/>
  <category>
    <coding>
      <system value="urn:s"/>
      <code value="c"/>
    </coding>
  </category>
  <valueQuantity>
    <value value="3.30"/>
    <unit value="{ratio}"/>
  </valueQuantity>
  <note>
    <text value="a &lt; b &amp; &quot;c&quot;&#13;&#10;&#9;é"/>
  </note>
  <specimen>
    <reference value="urn:uuid:2"/>
  </specimen>
  <derivedFrom>
    <reference value="urn:uuid:1"/>
  </derivedFrom>
</Observation>
)");
}

TEST(FhirXmlWrite, is_read_back_as_the_tree_it_was) {
  const std::string entry = std::string(R"({"fullUrl": "urn:uuid:3", "resource": )") + kObservation + "}";
  const Json bundle =
      tree(R"({"resourceType": "Bundle", "type": "collection", "entry": [)" + entry + "," + entry + "]}");
  const auto back = parse_fhir_xml(fhir_xml(bundle), kLimits);
  ASSERT_TRUE(back) << back.error().reason;
  // Of elements that repeat our reader knows those that it reads: one derivedFrom comes back without its array.
  Json expected = bundle;
  const auto strip = [](auto&& self, Json& json) -> void {
    for (std::size_t i = 0; i < json.items.size(); ++i) {
      if (json.kind == Json::Kind::object && json.keys[i] == "derivedFrom") {
        json.items[i] = Json(json.items[i].items[0]);
      }
      if (json.kind == Json::Kind::object && json.keys[i] == "category") {
        json.items[i] = Json(json.items[i].items[0]);
      }
      self(self, json.items[i]);
    }
  };
  strip(strip, expected);
  EXPECT_TRUE(same(*back, expected));
}

TEST(FhirXmlWrite, replaces_what_xml_has_no_place_for) {
  const auto xml = fhir_xml(tree("{\"resourceType\": \"Patient\", \"id\": \"a\\u0001b\\uffffc\"}"));
  EXPECT_THAT(xml, HasSubstr("a\xEF\xBF\xBD"
                             "b\xEF\xBF\xBD"
                             "c"));
  EXPECT_TRUE(parse_fhir_xml(xml, kLimits));
}

TEST(FhirXmlWrite, refuses_what_is_no_json) {
  EXPECT_FALSE(fhir_json_as_xml("{"));
  EXPECT_TRUE(fhir_json_as_xml(kObservation));
}

}  // namespace
}  // namespace her2
