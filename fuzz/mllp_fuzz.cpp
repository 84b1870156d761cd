// SPDX-License-Identifier: Apache-2.0
// What a client sends over MLLP: the first byte says in which pieces it arrives. The pieces do not matter, nothing is
// held that is not said to be, and every message and answer can be read or is refused with a sentence.
#include <vector>

#include "fuzz/dictionary.h"
#include "her2/mllp/acknowledge.h"
#include "her2/mllp/framer.h"

namespace {

constexpr std::size_t kMost = 4096;

// All messages, and whether the stream was lost.
std::pair<std::vector<std::string>, bool> framed(std::string_view bytes, std::size_t piece) {
  her2::MllpFramer framer(kMost);
  std::vector<std::string> out;
  bool lost = false;
  for (std::size_t at = 0; at < bytes.size() && !lost; at += piece) {
    lost = !framer.feed(bytes.substr(at, piece));
    while (auto message = framer.next()) {
      out.push_back(std::move(*message));
    }
    her2::fuzz::require(framer.held() <= kMost);
  }
  return {out, lost};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  if (size == 0) {
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto whole = framed(bytes, bytes.size() + 1);
  fuzz::require(framed(bytes, data[0] % 7U + 1U) == whole);
  for (const std::string& message : whole.first) {
    const auto envelope = hl7_envelope(message);
    if (!envelope) {
      fuzz::require(!envelope.error().reason.empty());
      continue;
    }
    const auto answer = parse_hl7_answer(hl7_ack(*envelope, AckCode::error, message, "20261123100000+0000"));
    fuzz::require(answer && answer->code == AckCode::error && answer->control_id == envelope->control_id);
  }
  static_cast<void>(parse_hl7_answer(bytes));
  return 0;
}
