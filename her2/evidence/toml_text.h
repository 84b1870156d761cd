// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "her2/core/error.h"

namespace her2 {

// Reads TOML that anyone may have written. Fails with file, line and, where known, column: text that is not UTF-8, not
// TOML, larger than 4 MiB, or with lines longer than 8 KiB (each dot of a key is a level of nesting, and the library
// undoes nesting by recursion). Letters other than ASCII may stand in comments and in "double quotes". Use this, not
// toml::parse: on some malformed texts toml++ 3.3 stops the program (its pull request 301 is one such fault).
Result<toml::table> parse_toml(std::string_view text, const std::string& file);

}  // namespace her2
