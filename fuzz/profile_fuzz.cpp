// SPDX-License-Identifier: Apache-2.0
// A laboratory's profile. What is read must be written so that it reads back and writes the same bytes.
#include "fuzz/dictionary.h"
#include "her2/ihc/profile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto profile = read_profile(fuzz::text_of(data, size), "lab.toml");
  if (!profile) {
    fuzz::require(!profile.error().reason.empty() && profile.error().file == "lab.toml");
    return 0;
  }
  const auto text = profile_toml(*profile);
  const auto again = read_profile(text, "again.toml");
  fuzz::require(again.has_value());
  fuzz::require(profile_toml(*again) == text);
  return 0;
}
