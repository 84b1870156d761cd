// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "her2/exchange/json_tree.h"

namespace her2 {

// The text under `key`; "" when there is none.
[[nodiscard]] std::string json_text_at(const Json& object, std::string_view key);

// The items of the array under `key`; none when there is none.
[[nodiscard]] const std::vector<Json>& json_items_at(const Json& object, std::string_view key);

// The "reference" of the Reference under `key`; "" when there is none.
[[nodiscard]] std::string fhir_reference_at(const Json& object, std::string_view key);

// A resource of a bundle with the pointer to it.
struct FhirResource {
  const Json* json = nullptr;
  std::string pointer, full_url, type, id;

  // Whether a reference means it: its full url, TYPE/ID, an absolute url that ends so, or #ID.
  [[nodiscard]] bool is_named(std::string_view reference) const;
  // "Observation/17", or the type alone.
  [[nodiscard]] std::string name() const { return id.empty() ? type : type + "/" + id; }
};

}  // namespace her2
