// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "her2/core/error.h"

namespace her2 {

enum class AckCode : std::uint8_t { accepted, error, rejected };  // MSA-1: AA, AE, AR
std::string_view name_of(AckCode code);

// Of a message, what answering it and knowing it again needs. Fields are unescaped; empty when absent.
struct Hl7Envelope {
  std::string sending_application, sending_facility, receiving_application, receiving_facility;
  std::string type, control_id, processing, version;  // MSH-9 as it stood, MSH-10, MSH-11, MSH-12
};

// The head of a message. Fails like parse_hl7_text, and without MSH-9 or MSH-10: such a message cannot be answered to.
Result<Hl7Envelope> hl7_envelope(std::string_view message);

// The answer to a message: MSH, MSA and, unless it was accepted, ERR with the reason (ERR-3 by a code of our own, table
// 99HER2E; ERR-8 for people). `time` is MSH-7, "20261123100000+0000". Segments end with CR. Same input, same bytes.
std::string hl7_ack(const Hl7Envelope& to, AckCode code, std::string_view reason, const std::string& time);

// What another system answered.
struct Hl7Answer {
  AckCode code = AckCode::accepted;
  std::string control_id;  // MSA-2: of the message that it answers
  std::string reason;      // ERR-8, else ERR-3, else MSA-3; may be empty
};
// Fails: no HL7, no MSA, a code that is none of AA, AE, AR (CA, CE, CR of the enhanced mode count as these).
Result<Hl7Answer> parse_hl7_answer(std::string_view message);

}  // namespace her2
