// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace her2 {

// The style sheet of our drawings (picture.h, ihc_picture.h, ish_picture.h, care_picture.h) outside an HTML page: the
// colours of print in place of the page's names for them, text in `font`.
std::string drawing_style(std::string_view font);

}  // namespace her2
