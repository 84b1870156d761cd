// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/difference_boxes.h"

#include <map>

namespace her2 {

std::vector<ClassBox> merged_boxes(std::set<ClassBox> boxes) {
  const std::size_t choices = boxes.empty() ? 0 : boxes.begin()->size();
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < choices; ++i) {
      std::map<ClassBox, std::uint64_t> by_rest;
      for (ClassBox box : boxes) {
        const std::uint64_t mask = box[i];
        box[i] = 0;
        by_rest[box] |= mask;
      }
      changed = changed || by_rest.size() < boxes.size();
      boxes.clear();
      for (const auto& [rest, mask] : by_rest) {
        ClassBox box = rest;
        box[i] = mask;
        boxes.insert(box);
      }
    }
  }
  return {boxes.begin(), boxes.end()};
}

}  // namespace her2
