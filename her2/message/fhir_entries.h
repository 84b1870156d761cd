// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/exchange/json_writer.h"

namespace her2 {

// Writes the entries of a FHIR Bundle: resources that refer to each other by names, which become UUIDs that follow from
// the case's id and the name alone, so that the same case makes the same bytes.
class FhirEntries {
 public:
  explicit FhirEntries(std::string case_id) : case_id_(std::move(case_id)), json_(out_) {}
  FhirEntries(const FhirEntries&) = delete;
  FhirEntries& operator=(const FhirEntries&) = delete;

  [[nodiscard]] const std::string& text() const { return out_; }
  // Writes into the resource that is open.
  [[nodiscard]] JsonWriter& json() { return json_; }
  // UUID of a resource (RFC 9562, version 8: digits of a SHA-256), and "urn:uuid:" before it.
  [[nodiscard]] std::string id(const std::string& name) const;
  [[nodiscard]] std::string url(const std::string& name) const { return "urn:uuid:" + id(name); }

  // Opens an entry with its resource; close() ends both. `computed` marks what follows from other facts (fhir_words.h).
  void open(const std::string& name, std::string_view type, const std::string& profile, bool computed = false);
  void close();

  void coding(std::string_view system, std::string_view code, std::string_view display = {});
  // key: [{coding: [{system, code}]}]
  void concept_list(std::string_view key, std::string_view system, std::string_view code);
  // key: {reference, type}; without a key as an item of an array. `type` is the resource's.
  void refer(std::string_view key, std::string_view type, const std::string& name);
  void refer(std::string_view type, const std::string& name);
  // {text}
  void note(std::string_view text);
  // key: [{display}]
  void people(std::string_view key, std::string_view display);

 private:
  std::string case_id_, out_;
  JsonWriter json_;
};

}  // namespace her2
