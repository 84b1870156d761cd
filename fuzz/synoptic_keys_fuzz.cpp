// SPDX-License-Identifier: Apache-2.0
// A file of keys for the synoptic report.
#include "fuzz/dictionary.h"
#include "her2/report/synoptic.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto keys = parse_synoptic_keys(fuzz::text_of(data, size), "keys.toml");
  fuzz::require(keys.has_value() || !keys.error().reason.empty());
  return 0;
}
