// SPDX-License-Identifier: Apache-2.0
#include "her2/mllp/server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <list>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include "her2/mllp/acknowledge.h"
#include "her2/mllp/framer.h"

namespace her2 {
namespace {

using net::Clock;
using std::chrono::seconds;

constexpr std::size_t kPiece = 65536;

// One client.
struct Client {
  Client(net::Socket of, std::size_t most) : socket(std::move(of)), framer(most) {}

  net::Socket socket;
  MllpFramer framer;
  std::string answers;  // not yet taken by the client
  Clock::time_point heard = Clock::now(), begun = Clock::now();
  bool ending = false;  // closed once its answers are taken
};

// The state of one run.
class Loop {
 public:
  Loop(const Hl7Inbox& inbox, const MllpLimits& limits, const std::function<std::string()>& now,
       const std::function<void(const MllpEvent&)>& log)
      : inbox_(inbox), limits_(limits), now_(now), log_(log) {}

  Result<MllpCounts> run(const net::Socket& listening, int stop) {
    std::vector<pollfd> waits;
    for (;;) {
      waits.assign({{stop, POLLIN, 0}, {listening.get(), POLLIN, 0}});
      for (const Client& client : clients_) {
        const bool to_write = !client.answers.empty();  // then nothing more is read from it
        waits.push_back({client.socket.get(), static_cast<short>(to_write ? POLLOUT : POLLIN), 0});
      }
      constexpr int kTick = 250;  // ms, for the limits of time
      if (::poll(waits.data(), waits.size(), clients_.empty() ? -1 : kTick) < 0 && errno != EINTR) {
        return fail(fmt::format("waiting for clients failed: {}", std::strerror(errno)));
      }
      std::size_t at = 2;
      for (Client& client : clients_) {
        serve(client, waits[at++].revents);
      }
      if (waits[0].revents != 0) {
        break;
      }
      clients_.remove_if([](const Client& client) { return !client.socket.ok(); });
      if (waits[1].revents != 0) {
        welcome(listening);
      }
    }
    say_goodbye();
    return counts_;
  }

 private:
  void note(const MllpEvent& event) {
    switch (event.kind) {
      case MllpEvent::Kind::accepted: ++counts_.accepted; break;
      case MllpEvent::Kind::again: ++counts_.again; break;
      case MllpEvent::Kind::refused: ++counts_.refused; break;
      case MllpEvent::Kind::closed: ++counts_.closed; break;
    }
    log_(event);
  }

  void close(Client& client, const std::string& reason) {
    client.socket = net::Socket();
    held_ -= client.framer.held();
    client.framer = MllpFramer(0);
    if (!reason.empty()) {
      note({MllpEvent::Kind::closed, {}, {}, reason});
    }
  }

  void welcome(const net::Socket& listening) {
    for (;;) {
      net::Socket socket(::accept4(listening.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket.ok()) {
        return;
      }
      if (clients_.size() >= limits_.connections) {
        note({MllpEvent::Kind::closed, {}, {}, fmt::format("more than {} connections", limits_.connections)});
        continue;
      }
      clients_.emplace_back(std::move(socket), limits_.message_bytes);
    }
  }

  void serve(Client& client, short events) {
    const auto now = Clock::now();
    if ((events & POLLOUT) != 0) {
      give(client);
    } else if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
      take(client);
    }
    if (!client.socket.ok()) {
      return;
    }
    if (now - client.heard > seconds(limits_.idle_s)) {
      close(client, fmt::format("nothing was heard for {} s", limits_.idle_s));
    } else if (client.framer.within() && now - client.begun > seconds(limits_.message_s)) {
      close(client, fmt::format("a message took more than {} s", limits_.message_s));
    }
  }

  void take(Client& client) {
    std::array<char, kPiece> piece{};
    const ssize_t count = ::recv(client.socket.get(), piece.data(), piece.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      return;
    }
    if (count <= 0) {
      close(client, client.framer.within() ? "the client left within a message" : "");
      return;
    }
    client.heard = Clock::now();
    const bool within = client.framer.within();
    const std::size_t before = client.framer.held();
    const auto fed = client.framer.feed({piece.data(), static_cast<std::size_t>(count)});
    held_ += client.framer.held() - before;
    bool any = false;
    while (auto message = client.framer.next()) {
      held_ -= message->size();
      any = true;
      answer(client, *message);
    }
    if (!within || any) {
      client.begun = client.heard;
    }
    if (!fed) {
      refuse(client, fed.error().reason);
    } else if (held_ > limits_.total_bytes) {
      refuse(client, "too much is on its way; send again later");
    }
    if (client.socket.ok() && !client.answers.empty()) {
      give(client);
    }
  }

  // A frame that cannot be taken: AR, and the end.
  void refuse(Client& client, const std::string& reason) {
    held_ -= client.framer.held();
    client.framer = MllpFramer(0);
    client.answers += mllp_frame(hl7_ack({}, AckCode::rejected, reason, now_()));
    client.ending = true;
    note({MllpEvent::Kind::refused, {}, {}, reason});
  }

  void answer(Client& client, const std::string& message) {
    const auto envelope = hl7_envelope(message);
    if (!envelope) {
      client.answers += mllp_frame(hl7_ack({}, AckCode::rejected, envelope.error().text(), now_()));
      note({MllpEvent::Kind::refused, {}, {}, envelope.error().text()});
      return;
    }
    const auto kept = inbox_.keep(*envelope, message);
    if (!kept) {
      client.answers += mllp_frame(hl7_ack(*envelope, AckCode::error, kept.error().reason, now_()));
      note({MllpEvent::Kind::refused, envelope->control_id, {}, kept.error().text()});
      return;
    }
    client.answers += mllp_frame(hl7_ack(*envelope, AckCode::accepted, {}, now_()));
    note({kept->again ? MllpEvent::Kind::again : MllpEvent::Kind::accepted, envelope->control_id, kept->path, {}});
  }

  void give(Client& client) {
    const ssize_t count = ::send(client.socket.get(), client.answers.data(), client.answers.size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      return;
    }
    if (count < 0) {
      close(client, "the client does not take its answer");
      return;
    }
    client.heard = Clock::now();
    client.answers.erase(0, static_cast<std::size_t>(count));
    if (client.answers.empty() && client.ending) {
      close(client, "a frame could not be read");
    }
  }

  // Answers that are still to be taken get a second to be so.
  void say_goodbye() {
    const auto until = Clock::now() + seconds(1);
    for (Client& client : clients_) {
      while (client.socket.ok() && !client.answers.empty() && net::ready(client.socket, true, until)) {
        give(client);
      }
    }
  }

  const Hl7Inbox& inbox_;
  const MllpLimits& limits_;
  const std::function<std::string()>& now_;
  const std::function<void(const MllpEvent&)>& log_;
  std::list<Client> clients_;
  std::size_t held_ = 0;  // bytes of all messages that are on their way
  MllpCounts counts_;
};

}  // namespace

Result<MllpServer> MllpServer::open(const net::HostPort& at, Hl7Inbox inbox, const MllpLimits& limits,
                                    std::function<std::string()> now) {
  auto listening = net::listen_on(at);
  if (!listening) {
    return tl::unexpected(listening.error());
  }
  return MllpServer(std::move(*listening), std::move(inbox), limits, std::move(now));
}

Result<MllpCounts> MllpServer::run(int stop, const std::function<void(const MllpEvent&)>& log) {
  return Loop(inbox_, limits_, now_, log).run(listening_, stop);
}

}  // namespace her2
