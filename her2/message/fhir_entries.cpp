// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_entries.h"

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "her2/message/fhir_words.h"

namespace her2 {

std::string FhirEntries::id(const std::string& name) const {
  std::string hex = sha256_hex("her2 fhir " + case_id_ + "/" + name).substr(0, 32);
  hex[12] = '8';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20));
}

void FhirEntries::open(const std::string& name, std::string_view type, const std::string& profile, bool computed) {
  json_.object();
  json_.text("fullUrl", url(name));
  json_.object("resource");
  json_.text("resourceType", type);
  json_.text("id", id(name));
  if (profile.empty() && !computed) {
    return;
  }
  json_.object("meta");
  if (!profile.empty()) {
    json_.array("profile");
    json_.text(profile);
    json_.end();
  }
  if (computed) {
    json_.array("tag");
    coding(kRoleSystem, kComputedTag);
    json_.end();
  }
  json_.end();
}

void FhirEntries::close() {
  json_.end();
  json_.end();
}

void FhirEntries::coding(std::string_view system, std::string_view code, std::string_view display) {
  json_.object();
  json_.text("system", system);
  json_.text("code", code);
  json_.text_if("display", display);
  json_.end();
}

void FhirEntries::concept_list(std::string_view key, std::string_view system, std::string_view code) {
  json_.array(key);
  json_.object();
  json_.array("coding");
  coding(system, code);
  json_.end();
  json_.end();
  json_.end();
}

void FhirEntries::refer(std::string_view key, std::string_view type, const std::string& name) {
  json_.object(key);
  json_.text("reference", url(name));
  json_.text("type", type);
  json_.end();
}

void FhirEntries::refer(std::string_view type, const std::string& name) {
  json_.object();
  json_.text("reference", url(name));
  json_.text("type", type);
  json_.end();
}

void FhirEntries::note(std::string_view text) {
  json_.object();
  json_.text("text", text);
  json_.end();
}

void FhirEntries::people(std::string_view key, std::string_view display) {
  json_.array(key);
  json_.object();
  json_.text("display", display);
  json_.end();
  json_.end();
}

}  // namespace her2
