// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/polygon.h"

namespace her2 {

// A UUID (version 8) of a slide's or field's content and of a place on it, in 1/32 level 0 pixel: the same whenever and
// however it is measured again.
std::string object_id(const std::string& content_sha256, SubPoint centroid);

}  // namespace her2
