// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "her2/core/error.h"

namespace her2::net {

using Clock = std::chrono::steady_clock;

// A socket that closes itself. Never blocks.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool ok() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

struct HostPort {
  std::string host;
  int port = 0;
};
// "localhost:2575", "127.0.0.1:2575", "[::1]:2575". Port 1 to 65535.
Result<HostPort> host_port(const std::string& text);

// TCP, by name or address (IPv4, IPv6). The sentences of errors name host and port.
Result<Socket> connect_to(const HostPort& to, Clock::time_point until);
// Port 0: one that is free.
Result<Socket> listen_on(const HostPort& at);
int port_of(const Socket& socket);

// Waits until the socket can be read (or written). False: `until` has passed.
bool ready(const Socket& socket, bool to_write, Clock::time_point until);

}  // namespace her2::net
