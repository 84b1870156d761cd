// SPDX-License-Identifier: Apache-2.0
#include "her2/core/plane.h"

#include <algorithm>

namespace her2 {

Box intersection(const Box& a, const Box& b) {
  const std::int64_t x = std::max(a.x, b.x);
  const std::int64_t y = std::max(a.y, b.y);
  return {x, y, std::min(a.right(), b.right()) - x, std::min(a.bottom(), b.bottom()) - y};
}

}  // namespace her2
