// SPDX-License-Identifier: Apache-2.0
#include "her2/core/error.h"

namespace her2 {

std::string Error::text() const {
  std::string out;
  if (!file.empty()) {
    out += file + ": ";
  }
  if (!place.empty()) {
    out += place + ": ";
  }
  return out + reason;
}

Error located(Error error, const std::string& file, const std::string& place) {
  if (error.file.empty()) {
    error.file = file;
  }
  if (error.place.empty()) {
    error.place = place;
  }
  return error;
}

}  // namespace her2
