// SPDX-License-Identifier: Apache-2.0
#include "tests/places.h"

#include <cstdlib>

namespace her2::test {
namespace {

std::string folder_of(const char* variable, const char* standard) {
  const char* folder = std::getenv(variable);
  return folder == nullptr ? standard : folder;
}

}  // namespace

std::string source_folder() { return HER2_SOURCE; }
std::string data_folder() { return folder_of("HER2_TEST_DATA", HER2_TEST_DATA); }
std::string dossier_folder() { return folder_of("HER2_DOSSIER", HER2_DOSSIER); }

}  // namespace her2::test
