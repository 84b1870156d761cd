// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "her2/core/error.h"
#include "her2/mllp/inbox.h"
#include "her2/mllp/socket.h"

namespace her2 {

struct MllpLimits {
  std::size_t connections = 32;                       // further ones are closed at once
  std::size_t message_bytes = std::size_t{16} << 20;  // of one message
  std::size_t total_bytes = std::size_t{64} << 20;    // of all messages that are on their way
  int idle_s = 300;                                   // a connection without a byte
  int message_s = 60;                                 // from a message's first byte to its last
};

// What happened to one message or connection, for a log. No word of a message's content but its control id.
struct MllpEvent {
  enum class Kind : std::uint8_t { accepted, again, refused, closed };
  Kind kind = Kind::accepted;
  std::string control_id, path, reason;
};

struct MllpCounts {
  std::uint64_t accepted = 0, again = 0, refused = 0, closed = 0;  // closed: connections ended by a limit or an error
};

// Receives HL7 v2 messages over MLLP into an inbox: AA after the file is on the disk, AE when it could not be kept, AR
// when it is no message that can be answered to; after a broken frame AR and the end of the connection. One thread;
// memory is bounded by the limits whatever clients do: who does not read answers is not read from. A connection that
// breaks a limit of time is closed.
class MllpServer {
 public:
  // `now` gives MSH-7 of answers ("20261123100000+0000").
  static Result<MllpServer> open(const net::HostPort& at, Hl7Inbox inbox, const MllpLimits& limits,
                                 std::function<std::string()> now);
  [[nodiscard]] int port() const { return net::port_of(listening_); }

  // Until `stop` (a descriptor) can be read. What was accepted is answered; messages that are not whole are dropped,
  // their senders have no answer and send again.
  Result<MllpCounts> run(int stop, const std::function<void(const MllpEvent&)>& log);

 private:
  MllpServer(net::Socket listening, Hl7Inbox inbox, const MllpLimits& limits, std::function<std::string()> now)
      : listening_(std::move(listening)), inbox_(std::move(inbox)), limits_(limits), now_(std::move(now)) {}

  net::Socket listening_;
  Hl7Inbox inbox_;
  MllpLimits limits_;
  std::function<std::string()> now_;
};

}  // namespace her2
