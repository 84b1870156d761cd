// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/exchange/byte_source.h"

namespace her2::app {

// Standard input that can be looked at before it is read, also when it is a pipe. One thread.
class StandardInput final : public ByteSource {
 public:
  // Whether a JSON object or an HL7 v2 message begins here, after blanks and a byte order mark. False when it cannot be
  // read.
  bool looks_like_case();

  Result<std::size_t> read(char* out, std::size_t room) override;
  // All of it. Refuses more than `most` bytes.
  Result<std::string> text(std::size_t most);

 private:
  std::string seen_;
  std::size_t used_ = 0;
};

}  // namespace her2::app
