// SPDX-License-Identifier: Apache-2.0
#include "her2/mllp/client.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>

#include "her2/mllp/framer.h"

namespace her2 {
namespace {

using net::Clock;

// CR ends every segment; no frame.
std::string plain(std::string_view message) {
  std::string out;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (c == '\x0B' || c == '\x1C' || (c == '\n' && i > 0 && message[i - 1] == '\r')) {
      continue;
    }
    out += c == '\n' ? '\r' : c;
  }
  while (out.ends_with("\r\r")) {
    out.pop_back();
  }
  return out.ends_with('\r') ? out : out + '\r';
}

Result<void> send_all(const net::Socket& socket, std::string_view bytes, Clock::time_point until) {
  while (!bytes.empty()) {
    if (!net::ready(socket, true, until)) {
      return fail("did not take the message in time");
    }
    const ssize_t count = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN && errno != EINTR) {
      return fail(fmt::format("ended the connection: {}", std::strerror(errno)));
    }
    bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return {};
}

Result<std::string> receive(const net::Socket& socket, Clock::time_point until) {
  constexpr std::size_t kMostAnswer = std::size_t{1} << 20;
  MllpFramer framer(kMostAnswer);
  std::array<char, 4096> piece{};
  for (;;) {
    if (!net::ready(socket, false, until)) {
      return fail("did not answer in time; whether it has the message is not known, sending it again is safe");
    }
    const ssize_t count = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      continue;
    }
    if (count <= 0) {
      return fail("ended the connection without an answer");
    }
    const auto fed = framer.feed({piece.data(), static_cast<std::size_t>(count)});
    if (auto message = framer.next()) {
      return std::move(*message);
    }
    if (!fed) {
      return fail("sent an answer that is no MLLP frame: " + fed.error().reason);
    }
  }
}

}  // namespace

Result<Hl7Answer> send_by_mllp(std::string_view message, const net::HostPort& to, int timeout_s) {
  const std::string text = plain(message);
  const auto envelope = hl7_envelope(text);
  if (!envelope) {
    return tl::unexpected(envelope.error());
  }
  const auto until = Clock::now() + std::chrono::seconds(timeout_s);
  const std::string peer = fmt::format("{}:{}", to.host, to.port);
  const auto socket = net::connect_to(to, until);
  if (!socket) {
    return tl::unexpected(socket.error());
  }
  if (auto sent = send_all(*socket, mllp_frame(text), until); !sent) {
    return tl::unexpected(located(sent.error(), peer));
  }
  const auto received = receive(*socket, until);
  if (!received) {
    return tl::unexpected(located(received.error(), peer));
  }
  auto answer = parse_hl7_answer(*received);
  if (!answer) {
    return tl::unexpected(
        located({{}, answer.error().place, "its answer cannot be read: " + answer.error().reason}, peer));
  }
  if (answer->control_id != envelope->control_id &&
      !(answer->control_id.empty() && answer->code != AckCode::accepted)) {
    return fail(fmt::format("answered to message '{}', but '{}' was sent", answer->control_id, envelope->control_id),
                {}, peer);
  }
  return answer;
}

}  // namespace her2
