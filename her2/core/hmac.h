// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace her2 {

// HMAC-SHA-256 (RFC 2104 with FIPS 180-4) as 64 lower-case hex digits. Key and message are any bytes, empty ones too.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view message);

}  // namespace her2
