// SPDX-License-Identifier: Apache-2.0
// her2 listen: HL7 v2 messages over MLLP into a folder.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/signalfd.h>

#include "common.h"
#include "her2/mllp/server.h"

namespace her2::app {
namespace {

struct ListenArguments {
  int port = 0;
  std::string out, address = "127.0.0.1";
  std::size_t message_mb = 16, total_mb = 64;
  MllpLimits limits;
};

std::string hl7_now() {
  return fmt::format("{:%Y%m%d%H%M%S}+0000",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

void print(const MllpEvent& event) {
  static constexpr const char* kWords[]{"accepted", "again", "refused", "closed"};
  fmt::print("{} {}{}{}{}{}\n", kWords[static_cast<int>(event.kind)], event.control_id,
             event.path.empty() ? "" : " -> ", event.path, event.reason.empty() ? "" : ": ", event.reason);
  std::fflush(stdout);
}

// SIGTERM and SIGINT as a descriptor that can be waited for.
int stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return ::signalfd(-1, &set, SFD_CLOEXEC);
}

int listened(ListenArguments& arguments) {
  const int stop = stop_signals();
  arguments.limits.message_bytes = arguments.message_mb << 20;
  arguments.limits.total_bytes = arguments.total_mb << 20;
  auto inbox = Hl7Inbox::open(arguments.out);
  if (!inbox) {
    return complain(inbox.error());
  }
  auto server = MllpServer::open({arguments.address, arguments.port}, std::move(*inbox), arguments.limits, &hl7_now);
  if (!server) {
    return complain(server.error());
  }
  fmt::print("listening on {}:{}, messages go to {}\n", arguments.address, server->port(), arguments.out);
  std::fflush(stdout);
  const auto counts = server->run(stop, &print);
  if (!counts) {
    return complain(counts.error());
  }
  fmt::print("stopped: {} accepted, {} again, {} refused, {} connections closed\n", counts->accepted, counts->again,
             counts->refused, counts->closed);
  return kDone;
}

}  // namespace

void add_listen(CLI::App& app, int& code) {
  auto arguments = std::make_shared<ListenArguments>();
  CLI::App* command = app.add_subcommand("listen", "Receive HL7 v2 messages over MLLP, one file each");
  command->add_option("--mllp", arguments->port, "port to listen on; 0: one that is free")
      ->required()
      ->check(CLI::Range(0, 65535));
  command->add_option("-o,--out", arguments->out, "folder for the messages, made when absent")->required();
  command
      ->add_option("--bind", arguments->address,
                   "address to listen on; others than this machine's own reach it only "
                   "when you name one that they can")
      ->capture_default_str();
  command->add_option("--most-connections", arguments->limits.connections)
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command->add_option("--most-mb", arguments->message_mb, "MiB of one message")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--most-total-mb", arguments->total_mb, "MiB of all messages on their way")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  command->add_option("--idle", arguments->limits.idle_s, "seconds without a byte after which a connection is closed")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  command->add_option("--slow", arguments->limits.message_s, "seconds that a message may take from first to last byte")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  command->footer(
      "\nExamples:\n"
      "  her2 listen --mllp 2575 --out inbox/\n"
      "  her2 status inbox/*.hl7\n"
      "\nA message is answered with AA when its file is on the disk, with AE when it could not be kept, with AR when "
      "it\n"
      "is none. The same message again (sender and control id) is answered with AA and kept once. SIGTERM ends it.\n"
      "MLLP is not encrypted and asks nobody who they are: keep --bind within a network that is trusted.");
  command->callback([arguments, &code] { code = listened(*arguments); });
}

}  // namespace her2::app
