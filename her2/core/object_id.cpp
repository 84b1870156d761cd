// SPDX-License-Identifier: Apache-2.0
#include "her2/core/object_id.h"

#include <fmt/format.h>

#include "her2/core/sha256.h"

namespace her2 {

std::string object_id(const std::string& content_sha256, SubPoint at) {
  std::string hex = sha256_hex(fmt::format("{} {} {}", content_sha256, at.x, at.y)).substr(0, 32);
  hex[12] = '8';  // RFC 9562: version 8, made by a rule of our own
  hex[16] = "89ab"[(hex[16] >= 'a' ? hex[16] - 'a' + 10 : hex[16] - '0') & 3];
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20));
}

}  // namespace her2
