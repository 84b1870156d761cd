// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// Where tests find what is not in the program. In a file of their own, so that the objects of all other tests are the
// same wherever the project lies, and a compiler cache serves every clone.
namespace her2::test {

[[nodiscard]] std::string source_folder();   // the project
[[nodiscard]] std::string data_folder();     // real slides, images and tables: HER2_TEST_DATA; may be absent
[[nodiscard]] std::string dossier_folder();  // the facts with their published vectors: HER2_DOSSIER; may be absent

}  // namespace her2::test
