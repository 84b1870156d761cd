// SPDX-License-Identifier: Apache-2.0
#include "common.h"
namespace her2::app {
void add_explain(CLI::App&, int&) {}
}  // namespace her2::app
