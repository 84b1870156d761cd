// SPDX-License-Identifier: Apache-2.0
#include "her2/mllp/inbox.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "her2/core/output_file.h"
#include "her2/core/sha256.h"

namespace her2 {
namespace {

// "MSG00001-1f0c2a9b6d3e.hl7": readable, and one name for one sender and control id.
std::string name_for(const Hl7Envelope& envelope) {
  constexpr std::size_t kMostReadable = 40;
  std::string readable = envelope.control_id.substr(0, kMostReadable);
  std::replace_if(
      readable.begin(), readable.end(),
      [](char c) { return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'); },
      '_');
  const std::string key =
      fmt::format("{} {} {} {} {}", envelope.sending_application.size(), envelope.sending_application,
                  envelope.sending_facility.size(), envelope.sending_facility, envelope.control_id);
  return fmt::format("{}-{}.hl7", readable, sha256_hex(key).substr(0, 24));
}

// Some senders leave the last line end out, or put another one, when they send again.
std::string_view without_end(std::string_view message) {
  const auto last = message.find_last_not_of("\r\n");
  return message.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

Result<Hl7Inbox> Hl7Inbox::open(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return fail("cannot be made: " + failed.message(), {}, folder);
  }
  return Hl7Inbox(folder);
}

Result<Hl7Inbox::Kept> Hl7Inbox::keep(const Hl7Envelope& envelope, std::string_view message) const {
  const std::string path = (std::filesystem::path(folder_) / name_for(envelope)).string();
  std::error_code failed;
  if (std::filesystem::exists(path, failed)) {
    const auto there = read_file(path);
    if (!there) {
      return tl::unexpected(there.error());
    }
    if (without_end(*there) != without_end(message)) {
      return fail(fmt::format("control id {} of this sender was used for another message", envelope.control_id));
    }
    return Kept{path, true};
  }
  auto file = OutputFile::open(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  auto done = file->write(message);
  if (done) {
    done = file->commit();
  }
  return done ? Result<Kept>(Kept{path, false}) : tl::unexpected(done.error());
}

}  // namespace her2
