// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "her2/report/ihc_model.h"

namespace her2::test {

// Made-up reports: a plain one, one near a border with warnings, one refused.
IhcReport plain_ihc();
IhcReport borderline_ihc();
IhcReport refused_ihc();
std::vector<std::pair<std::string, IhcReport>> all_ihc();

// A small PNG: 8-bit RGB, not packed. paint(x, y) gives red, green, blue.
std::string made_up_png(int width, int height, std::array<int, 3> (*paint)(int x, int y));

}  // namespace her2::test
