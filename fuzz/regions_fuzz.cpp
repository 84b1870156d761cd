// SPDX-License-Identifier: Apache-2.0
// Regions that a person drew. Whatever is read has at least one region to measure, and every ring encloses something.
#include "fuzz/dictionary.h"
#include "her2/cellfile/regions.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto read = parse_regions(memory_input(fuzz::text_of(data, size)), "r.geojson");
  if (!read) {
    fuzz::require(!read.error().reason.empty() && read.error().file == "r.geojson");
    return 0;
  }
  fuzz::require(!read->regions.empty());
  for (const Region& region : read->regions) {
    for (const Contour& ring : region.area.rings) {
      fuzz::require(ring.size() >= 3);
    }
    (void)region.area.contains({100, 100});
  }
  return 0;
}
