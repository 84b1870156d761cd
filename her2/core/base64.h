// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace her2 {

// Base64 (RFC 4648, section 4) with padding and without line breaks.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace her2
