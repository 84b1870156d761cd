// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/evidence/case.h"

namespace her2 {

// Replaces identifiers by keyed hashes: the same identifier and key give the same pseudonym, and without the key nobody
// can try identifiers out. HMAC-SHA-256, its first 128 bits (RFC 2104, section 5: at least half of the hash).
class Pseudonymiser {
 public:
  // The key is the file's bytes, as they are; at least 16 of them. Keep it apart from the store.
  static Result<Pseudonymiser> from_file(const std::string& path);
  explicit Pseudonymiser(std::string key) : key_(std::move(key)) {}

  // "P-" and 32 hex digits.
  [[nodiscard]] std::string pseudonym(const std::string& identifier) const;

  // The case with the ids of case and specimens replaced, and without the names of files. Fails when another text of it
  // (a note, an author, the text of a source) still holds one of these ids of five or more bytes, naming the place:
  // what a person wrote is not rewritten.
  [[nodiscard]] Result<Case> pseudonymised(Case subject) const;

 private:
  std::string key_;
};

}  // namespace her2
