// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

namespace her2::app {

// `diff` below `guideline`.
void add_guideline_diff(CLI::App& guideline, int& code);

}  // namespace her2::app
