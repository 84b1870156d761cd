// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/mllp/acknowledge.h"
#include "her2/mllp/socket.h"

namespace her2 {

// Sends one message and waits for its answer, both within `timeout_s`. Line ends become CR and frame bytes are taken
// off first. Fails: no HL7 v2 message, no connection, no answer in time, an answer to another message. An answer that
// refuses the message (AE, AR) is a result, not a failure.
Result<Hl7Answer> send_by_mllp(std::string_view message, const net::HostPort& to, int timeout_s);

}  // namespace her2
