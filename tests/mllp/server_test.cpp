// SPDX-License-Identifier: Apache-2.0
// The listener as clients of every temper see it: what is answered with AA is on the disk, and nothing that one does
// keeps the others from being answered.
#include "her2/mllp/server.h"

#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "her2/core/output_file.h"
#include "her2/mllp/client.h"
#include "her2/mllp/framer.h"

namespace her2 {
namespace {

using net::Clock;
using std::chrono::seconds;
using testing::HasSubstr;

std::string message(const std::string& id, const std::string& text = "one") {
  return fmt::format("MSH|^~\\&|LAB|HOSP|her2||20261123100000||ORU^R01^ORU_R01|{}|T|2.5.1\rNTE|1||{}\r", id, text);
}

// A listener in a thread of its own, ended with the test.
class MllpServerTest : public testing::Test {
 protected:
  void start(const MllpLimits& limits) {
    folder_ = std::filesystem::temp_directory_path() / fmt::format("mllp_test-{}", ::getpid());
    std::filesystem::remove_all(folder_);
    ASSERT_EQ(::pipe(stop_.data()), 0);
    auto server = MllpServer::open({"127.0.0.1", 0}, Hl7Inbox::open(folder_.string()).value(), limits,
                                   [] { return std::string("20261123100000+0000"); });
    ASSERT_TRUE(server) << server.error().text();
    to_ = {"127.0.0.1", server->port()};
    thread_ = std::thread([this, running = std::move(*server)]() mutable {
      counts_ = running.run(stop_[0], [](const MllpEvent&) {}).value_or(MllpCounts{});
    });
  }
  MllpCounts stop() {
    if (thread_.joinable()) {
      EXPECT_EQ(::write(stop_[1], "x", 1), 1);
      thread_.join();
      ::close(stop_[0]);
      ::close(stop_[1]);
    }
    return counts_;
  }
  ~MllpServerTest() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] net::Socket connection() const { return net::connect_to(to_, Clock::now() + seconds(10)).value(); }
  static void put(const net::Socket& socket, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size() && net::ready(socket, true, Clock::now() + seconds(10))) {
      const auto count = ::send(socket.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count < 0) {
        return;
      }
      sent += static_cast<std::size_t>(count);
    }
  }
  // Everything until the server ends the connection, or `answers` frames have come.
  static std::string all(const net::Socket& socket, std::size_t answers = 1000) {
    std::string out;
    std::array<char, 4096> piece{};
    while (static_cast<std::size_t>(std::count(out.begin(), out.end(), '\x1C')) < answers &&
           net::ready(socket, false, Clock::now() + seconds(20))) {
      const auto count = ::recv(socket.get(), piece.data(), piece.size(), 0);
      if (count <= 0) {
        return out + "<end>";
      }
      out.append(piece.data(), static_cast<std::size_t>(count));
    }
    return out;
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()));
  }

  std::filesystem::path folder_;
  net::HostPort to_;

 private:
  std::array<int, 2> stop_{};
  std::thread thread_;
  MllpCounts counts_;
};

TEST_F(MllpServerTest, OneFileForEachMessageAndNoneTwice) {
  start({});
  const auto answer = send_by_mllp(message("A1"), to_, 10);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->code, AckCode::accepted);
  EXPECT_EQ(files(), 1U);
  const auto path = std::filesystem::directory_iterator(folder_)->path();
  EXPECT_EQ(read_file(path.string()).value(), message("A1"));
  EXPECT_EQ(send_by_mllp(message("A1"), to_, 10)->code, AckCode::accepted);
  const auto other = send_by_mllp(message("A1", "two"), to_, 10);
  EXPECT_EQ(other->code, AckCode::error);
  EXPECT_THAT(other->reason, HasSubstr("was used for another message"));
  EXPECT_EQ(send_by_mllp(message("../../etc/x"), to_, 10)->code, AckCode::accepted);
  EXPECT_EQ(files(), 2U);
  const auto counts = stop();
  EXPECT_EQ(counts.accepted, 2U);
  EXPECT_EQ(counts.again, 1U);
  EXPECT_EQ(counts.refused, 1U);
}

TEST_F(MllpServerTest, WhatIsNoMessageIsRejected) {
  start({});
  const auto socket = connection();
  put(socket, mllp_frame("hello") + mllp_frame("MSH|^~\\&|a|b|c|d|1||ORU^R01||T|2.5.1\r") + mllp_frame(message("B1")));
  const std::string answers = all(socket, 3);
  EXPECT_THAT(answers, HasSubstr("MSA|AR|"));
  EXPECT_THAT(answers, HasSubstr("MSH-10"));
  EXPECT_THAT(answers, HasSubstr("MSA|AA|B1"));
  const auto lost = connection();
  put(lost, "GET / HTTP/1.1\r\n");
  EXPECT_THAT(all(lost), testing::AllOf(HasSubstr("MSA|AR|"), testing::EndsWith("<end>")));
  EXPECT_EQ(files(), 1U);
}

TEST_F(MllpServerTest, AMessageOverTheLimitEndsItsConnectionOnly) {
  MllpLimits limits;
  limits.message_bytes = 100'000;
  start(limits);
  const auto neighbour = connection();
  const std::string halved = mllp_frame(message("C1"));
  put(neighbour, halved.substr(0, 30));
  const auto endless = connection();
  put(endless, "\x0B" + std::string(3'000'000, 'x'));
  EXPECT_THAT(all(endless), testing::EndsWith("<end>"));
  put(neighbour, halved.substr(30));
  EXPECT_THAT(all(neighbour, 1), HasSubstr("MSA|AA|C1"));
}

TEST_F(MllpServerTest, AllMessagesTogetherAreLimited) {
  MllpLimits limits;
  limits.message_bytes = limits.total_bytes = 200'000;
  start(limits);
  std::vector<net::Socket> sockets;
  for (int i = 0; i < 4; ++i) {
    sockets.push_back(connection());
    put(sockets.back(), "\x0B" + std::string(90'000, 'x'));
  }
  std::size_t ended = 0;
  for (int i = 0; i < 40 && ended == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    for (const auto& socket : sockets) {
      ended += net::ready(socket, false, Clock::now()) ? 1U : 0U;
    }
  }
  EXPECT_GE(ended, 1U);
  EXPECT_LE(ended, 3U);
  EXPECT_EQ(send_by_mllp(message("D1"), to_, 10)->code, AckCode::accepted);
}

TEST_F(MllpServerTest, SlowAndSilentClientsAreLetGo) {
  MllpLimits limits;
  limits.idle_s = 1;
  limits.message_s = 1;
  start(limits);
  const auto silent = connection();
  const auto slow = connection();
  put(slow, "\x0B");
  std::thread drip([&] {
    for (int i = 0; i < 60 && !net::ready(slow, false, Clock::now()); ++i) {
      put(slow, "x");
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
  EXPECT_EQ(all(silent), "<end>");
  EXPECT_EQ(all(slow), "<end>");
  drip.join();
  EXPECT_EQ(stop().closed, 2U);
}

TEST_F(MllpServerTest, ConnectionsAreLimited) {
  MllpLimits limits;
  limits.connections = 2;
  start(limits);
  const auto first = connection();
  const auto second = connection();
  put(first, mllp_frame(message("E1")));
  EXPECT_THAT(all(first, 1), HasSubstr("MSA|AA|E1"));
  put(second, mllp_frame(message("E2")));
  EXPECT_THAT(all(second, 1), HasSubstr("MSA|AA|E2"));
  const auto third = connection();
  EXPECT_EQ(all(third), "<end>");
}

TEST_F(MllpServerTest, ManyMessagesInOneBreath) {
  start({});
  const auto socket = connection();
  std::string stream;
  for (int i = 0; i < 300; ++i) {
    stream += mllp_frame(message(fmt::format("F{}", i)));
  }
  put(socket, stream);
  const std::string answers = all(socket, 300);
  EXPECT_THAT(answers, HasSubstr("MSA|AA|F299"));
  EXPECT_EQ(files(), 300U);
}

TEST(MllpClient, SaysWhatIsWrong) {
  EXPECT_THAT(send_by_mllp("hello", {"127.0.0.1", 1}, 1).error().text(), HasSubstr("MSH"));
  EXPECT_THAT(send_by_mllp(message("G1"), {"127.0.0.1", 1}, 1).error().text(),
              HasSubstr("127.0.0.1:1: cannot be connected to"));
  const auto silent = net::listen_on({"127.0.0.1", 0}).value();
  EXPECT_THAT(send_by_mllp(message("G1"), {"127.0.0.1", net::port_of(silent)}, 1).error().text(),
              HasSubstr("did not answer in time"));
  for (const char* wrong : {"", "host", "host:", "host:0", "host:65536", "::1:2575", "host:2575x"}) {
    EXPECT_FALSE(net::host_port(wrong)) << wrong;
  }
  EXPECT_EQ(net::host_port("[::1]:2575")->host, "::1");
}

}  // namespace
}  // namespace her2
