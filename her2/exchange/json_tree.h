// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"

namespace her2 {

// A JSON value that remembers where it stood and how its number was written.
struct Json {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  Kind kind = Kind::null;
  std::size_t offset = 0;         // of its first byte in the text
  std::string text;               // string: its characters; number: as written; boolean: "true" or "false"
  std::vector<Json> items;        // of an array, or the values of an object
  std::vector<std::string> keys;  // of an object, beside `items`
  std::vector<std::size_t> key_offsets;

  // The value of `key` in an object, or nullptr.
  [[nodiscard]] const Json* find(std::string_view key) const;
  // "an object", "a number": for messages.
  [[nodiscard]] const char* kind_name() const;
};

// What a hostile file may cost at most.
struct JsonLimits {
  std::size_t bytes = 16U << 20;
  std::size_t values = 1'000'000;
  std::size_t depth = 32;
};

// Reads one JSON text (RFC 8259, UTF-8, an initial byte order mark is skipped). Duplicate keys are errors. The error's
// place is "line L, column C" (both from 1, columns in characters).
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

// "line L, column C" of a byte of the text.
[[nodiscard]] std::string line_and_column(std::string_view text, std::size_t offset);

// The text as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace her2
