// SPDX-License-Identifier: Apache-2.0
// A FHIR bundle of another system in XML. What is read must be a case that is written as a case file and reads back.
#include "fuzz/codes.h"
#include "her2/exchange/case_json.h"
#include "her2/message/fhir_read.h"
#include "her2/message/fhir_xml.h"
#include "her2/message/fhir_xml_write.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto text = fuzz::text_of(data, size);
  const auto tree = parse_fhir_xml(text, {.bytes = 1U << 20U, .values = 10'000, .depth = 64});
  fuzz::require(tree.has_value() || !tree.error().reason.empty());
  fuzz::require(!tree || fhir_xml(*tree).ends_with(">\n"));
  const std::string xml = "<" + std::string(text);  // parse_fhir tells XML by its first sign
  const auto read = parse_fhir(xml, fuzz::dictionary(), fuzz::codes(), "bundle.xml");
  fuzz::require(read.has_value() || !read.error().reason.empty());
  if (read) {
    fuzz::require(!case_json(*read, fuzz::dictionary()).empty());
  }
  return 0;
}
