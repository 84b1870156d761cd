// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace her2::test {

// A file with one fault, and a part of the sentence that must name it.
struct BrokenFile {
  std::string name, bytes, sentence;
};

std::vector<BrokenFile> broken_tiffs();
std::vector<BrokenFile> broken_dicoms();
std::vector<BrokenFile> broken_images();

// Small whole files, from which the fuzz harnesses start: "slide_tiff/strips" and so on, without a sentence.
std::vector<BrokenFile> sound_files();

}  // namespace her2::test
