// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_resource.h"

namespace her2 {

std::string json_text_at(const Json& object, std::string_view key) {
  const auto* found = object.find(key);
  return found != nullptr && found->kind == Json::Kind::string ? found->text : std::string{};
}

const std::vector<Json>& json_items_at(const Json& object, std::string_view key) {
  static const std::vector<Json> kNone;
  const auto* found = object.find(key);
  return found != nullptr && found->kind == Json::Kind::array ? found->items : kNone;
}

std::string fhir_reference_at(const Json& object, std::string_view key) {
  const auto* found = object.find(key);
  return found == nullptr ? std::string{} : json_text_at(*found, "reference");
}

bool FhirResource::is_named(std::string_view reference) const {
  return !reference.empty() && (reference == full_url || reference == type + "/" + id ||
                                (reference.starts_with('#') && reference.substr(1) == id) ||
                                (!id.empty() && reference.ends_with("/" + type + "/" + id)));
}

}  // namespace her2
