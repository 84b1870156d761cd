// SPDX-License-Identifier: Apache-2.0
#include "her2/mllp/acknowledge.h"

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "her2/message/hl7_text.h"

namespace her2 {
namespace {

// "ACK^R01^ACK" to an ORU^R01.
std::string ack_type(const Hl7Envelope& to) {
  const auto first = to.type.find('^');
  const auto event =
      first == std::string::npos ? std::string() : to.type.substr(first + 1, to.type.find('^', first + 1) - first - 1);
  return event.empty() ? "ACK" : fmt::format("ACK^{}^ACK", hl7_escaped(event));
}

}  // namespace

std::string_view name_of(AckCode code) {
  return code == AckCode::accepted ? "AA" : code == AckCode::error ? "AE" : "AR";
}

Result<Hl7Envelope> hl7_envelope(std::string_view message) {
  const auto parsed = parse_hl7_text(message, {});
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  const Hl7Segment& head = parsed->segments.front();
  const auto whole = [&](std::size_t field) { return std::string(head.raw(field)); };
  Hl7Envelope out{head.text(3), head.text(4),  head.text(5),  head.text(6),
                  whole(9),     head.text(10), head.text(11), head.text(12)};
  if (out.type.empty() || out.control_id.empty()) {
    return fail(out.type.empty() ? "MSH-9 (message type) is empty" : "MSH-10 (control id) is empty", head.place());
  }
  return out;
}

std::string hl7_ack(const Hl7Envelope& to, AckCode code, std::string_view reason, const std::string& time) {
  const auto safe = [](const std::string& text) { return hl7_escaped(text); };
  constexpr std::size_t kIdLength = 20;
  const std::string id = sha256_hex(fmt::format("{} {} {} {} {}", to.sending_application, to.sending_facility,
                                                to.control_id, name_of(code), time))
                             .substr(0, kIdLength);
  std::string out = fmt::format("MSH|^~\\&|{}|{}|{}|{}|{}||{}|{}|{}|2.5.1||||||UNICODE UTF-8\r",
                                to.receiving_application.empty() ? "her2" : safe(to.receiving_application),
                                safe(to.receiving_facility), safe(to.sending_application), safe(to.sending_facility),
                                time, ack_type(to), id, to.processing.empty() ? "T" : safe(to.processing));
  out += fmt::format("MSA|{}|{}\r", name_of(code), safe(to.control_id));
  if (code != AckCode::accepted) {
    out += fmt::format("ERR|||{}^{}^99HER2E|E||||{}\r", code == AckCode::error ? "NOT-KEPT" : "NOT-READABLE",
                       code == AckCode::error ? "The message was not kept" : "The message cannot be taken",
                       hl7_escaped(reason));
  }
  return out;
}

Result<Hl7Answer> parse_hl7_answer(std::string_view message) {
  const auto parsed = parse_hl7_text(message, {});
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  Hl7Answer out;
  bool found = false;
  for (const Hl7Segment& segment : parsed->segments) {
    if (segment.name() == "MSA") {
      const std::string code = segment.text(1);
      if (code.size() != 2 || (code[0] != 'A' && code[0] != 'C') ||
          std::string_view("AER").find(code[1]) == std::string_view::npos) {
        return fail(fmt::format("MSA-1 is '{}', which is none of AA, AE and AR", code), segment.place());
      }
      out.code = code[1] == 'A' ? AckCode::accepted : code[1] == 'E' ? AckCode::error : AckCode::rejected;
      out.control_id = segment.text(2);
      out.reason = out.reason.empty() ? segment.text(3) : out.reason;
      found = true;
    } else if (segment.name() == "ERR") {
      for (const auto& [field, component] : {std::pair{8, 1}, std::pair{7, 1}, std::pair{3, 2}, std::pair{3, 1}}) {
        const std::string text = segment.text(static_cast<std::size_t>(field), static_cast<std::size_t>(component));
        if (!text.empty()) {
          out.reason = text;
          break;
        }
      }
    }
  }
  if (!found) {
    return fail("has no MSA segment: it is no answer");
  }
  return out;
}

}  // namespace her2
