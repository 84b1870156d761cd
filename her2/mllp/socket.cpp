// SPDX-License-Identifier: Apache-2.0
#include "her2/mllp/socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace her2::net {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::string words(const HostPort& at) { return fmt::format("{}:{}", at.host, at.port); }

Result<Addresses> addresses(const HostPort& at, bool passive) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0);
  addrinfo* found = nullptr;
  const std::string port = fmt::to_string(at.port);
  if (const int code = ::getaddrinfo(at.host.c_str(), port.c_str(), &wanted, &found); code != 0) {
    return fail(fmt::format("the host is not known: {}", ::gai_strerror(code)), {}, words(at));
  }
  return Addresses(found, &::freeaddrinfo);
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Socket::~Socket() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

Result<HostPort> host_port(const std::string& text) {
  constexpr int kMostPort = 65535;
  const auto colon = text.rfind(':');
  HostPort out;
  if (colon != std::string::npos) {
    out.host = text.substr(0, colon);
    const char* const begin = text.data() + colon + 1;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(begin, end, out.port);
    out.port = read.ec == std::errc() && read.ptr == end ? out.port : 0;
  }
  if (out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']') {
    out.host = out.host.substr(1, out.host.size() - 2);
  } else if (out.host.find(':') != std::string::npos) {
    out.port = 0;
  }
  if (out.host.empty() || out.port < 1 || out.port > kMostPort) {
    return fail(fmt::format("'{}' is no HOST:PORT, as 127.0.0.1:2575 or [::1]:2575", text));
  }
  return out;
}

bool ready(const Socket& socket, bool to_write, Clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd wait{socket.get(), static_cast<short>(to_write ? POLLOUT : POLLIN), 0};
    const int count = ::poll(&wait, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
    if (count > 0) {
      return true;
    }
    if (count == 0 && Clock::now() >= until) {
      return false;
    }
    if (count < 0 && errno != EINTR) {
      return false;
    }
  }
}

Result<Socket> connect_to(const HostPort& to, Clock::time_point until) {
  const auto found = addresses(to, false);
  if (!found) {
    return tl::unexpected(found.error());
  }
  std::string why = "no address";
  for (const addrinfo* at = found->get(); at != nullptr; at = at->ai_next) {
    Socket socket(::socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol));
    if (!socket.ok()) {
      why = std::strerror(errno);
      continue;
    }
    if (::connect(socket.get(), at->ai_addr, at->ai_addrlen) == 0) {
      return socket;
    }
    int code = errno;
    if (code == EINPROGRESS) {
      socklen_t size = sizeof code;
      if (!ready(socket, true, until)) {
        code = ETIMEDOUT;
      } else if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &code, &size) == 0 && code == 0) {
        return socket;
      }
    }
    why = std::strerror(code);
  }
  return fail("cannot be connected to: " + why, {}, words(to));
}

Result<Socket> listen_on(const HostPort& at) {
  const auto found = addresses(at, true);
  if (!found) {
    return tl::unexpected(found.error());
  }
  constexpr int kBacklog = 64;
  const addrinfo& first = **found;
  Socket socket(::socket(first.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, first.ai_protocol));
  const int yes = 1;
  if (!socket.ok() || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(socket.get(), first.ai_addr, first.ai_addrlen) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    return fail(fmt::format("cannot be listened on: {}", std::strerror(errno)), {}, words(at));
  }
  return socket;
}

int port_of(const Socket& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXSERV> service{};
  int port = 0;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
      ::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, nullptr, 0, service.data(), service.size(),
                    NI_NUMERICSERV) == 0) {
    std::from_chars(service.data(), service.data() + std::strlen(service.data()), port);
  }
  return port;
}

}  // namespace her2::net
