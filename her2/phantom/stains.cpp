// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "her2/phantom/phantom.h"

namespace her2 {

Result<PhantomStain> phantom_stain(std::string_view name) {
  PhantomStain out;
  if (name == "common") {
    return out;
  }
  if (name == "generic") {
    out.haematoxylin = {.65, .70, .29};
    out.dab = {.27, .57, .78};
    return out;
  }
  if (name == "pale") {
    out.haematoxylin = {.70, .62, .35};
    out.dab = {.27, .50, .82};
    out.white = {246, 244, 243};
    out.haematoxylin_gain = 0.65;
    out.dab_background_mod = 5;
    return out;
  }
  return fail(fmt::format("there is no stain '{}'; there are common, generic, pale", name));
}

}  // namespace her2
