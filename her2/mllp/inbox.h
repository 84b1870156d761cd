// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/mllp/acknowledge.h"

namespace her2 {

// A folder with one file for each message. A message is known again by its sender (MSH-3, MSH-4) and control id
// (MSH-10), also by a later run: its file's name is made of them. Nothing but a name's letters and digits reaches the
// file system.
class Hl7Inbox {
 public:
  // Makes the folder when it is absent.
  static Result<Hl7Inbox> open(const std::string& folder);

  struct Kept {
    std::string path;
    bool again = false;  // the same message was there already; nothing was written
  };
  // Writes the message as it came, whole, to the disk before it returns. Fails: no room, or another message of that
  // sender with that control id is there.
  [[nodiscard]] Result<Kept> keep(const Hl7Envelope& envelope, std::string_view message) const;

 private:
  explicit Hl7Inbox(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace her2
