// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/core/error.h"

namespace her2 {

// SHA-256 (FIPS 180-4) as 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

// Of a file's content, read in pieces. A folder: of the names and contents of its files, by name.
Result<std::string> sha256_of_file(const std::string& path);

}  // namespace her2
