// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"

// HL7 v2.5.1 as text: segments, fields, repetitions, components, escapes. Knows nothing of what they mean.
namespace her2 {

struct Hl7Delimiters {
  char field = '|', component = '^', repetition = '~', escape = '\\', subcomponent = '&';
};

// One segment as it stood, fields not yet unescaped.
class Hl7Segment {
 public:
  Hl7Segment(std::string_view line, const Hl7Delimiters& delimiters, std::size_t number);

  [[nodiscard]] const std::string& name() const { return name_; }
  // "segment 7, OBX": for messages.
  [[nodiscard]] std::string place() const;

  // Field n (from 1, as the standard counts; MSH-1 is the delimiter itself), raw; "" when absent.
  [[nodiscard]] std::string_view raw(std::size_t field) const;
  // Component c (from 1) of the first repetition of field n, unescaped; sub-components stay joined by '&'.
  [[nodiscard]] std::string text(std::size_t field, std::size_t component = 1) const;
  [[nodiscard]] std::size_t repetitions(std::size_t field) const;

 private:
  std::string name_, line_;
  std::vector<std::pair<std::size_t, std::size_t>> fields_;  // offset and length in line_
  Hl7Delimiters delimiters_;
  std::size_t number_;
};

struct Hl7Message {
  Hl7Delimiters delimiters;
  std::vector<Hl7Segment> segments;
};

// Splits one message. Segments end with CR; LF and CR LF are taken too, as are the frame bytes of MLLP. The text is
// turned into UTF-8 from what MSH-18 names (UTF-8, ASCII or 8859/1). Fails: no MSH, more than one message, a message
// over 64 MiB or 100,000 segments, delimiters that are not five distinct signs, another character set, text that is not
// in it.
Result<Hl7Message> parse_hl7_text(std::string_view text, const std::string& file);

// The text with delimiters and control characters escaped, as it may stand in a field: \F\ \S\ \R\ \E\ \T\ \.br\ \X0A\.
[[nodiscard]] std::string hl7_escaped(std::string_view text);

// Undoes escapes. Those that are not known (formatting, other character sets) become a blank.
[[nodiscard]] std::string hl7_unescaped(std::string_view text, const Hl7Delimiters& delimiters);

}  // namespace her2
