// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/phantom/phantom.h"
#include "her2/slide/tiff_writer.h"

namespace her2 {

// Mixes that score 0, 1+, 2+ and 3+ under every edition's rules. Error: another name.
Result<PhantomMix> preset_mix(std::string_view score);
// "unstained=60,faint_incomplete=30,weak_complete=10"; what is not named is 0. Error: which part is wrong.
Result<PhantomMix> read_mix(std::string_view text);

// What is true of all tumour cells of a phantom.
struct PhantomShares {
  std::uint64_t tumour = 0, lymphocytes = 0, stromal = 0;
  // Tumour cells by staining and by completeness: [0] below 0.05, [1] incomplete, [2] complete (at least 0.9, and no
  // gap over 0.1).
  std::array<std::array<std::uint64_t, 3>, 5> grid{};

  void add(const PhantomCell& cell);
  void add(const PhantomShares& other);
};

struct PhantomFiles {
  std::string image;  // a TIFF; truth goes beside it: NAME.cells.csv, NAME.truth.geojson, NAME.json
  TiffCompression compression = TiffCompression::jpeg;
  int quality = 85;
  ChromaSubsampling subsampling = ChromaSubsampling::s420;
  bool truth = true;
  bool density = false;  // also NAME.density.tiff: R haematoxylin mOD / 4, G DAB mOD / 8, B membrane DAB mOD / 8
  int threads = 0;
};

// Renders and writes the slide and its truth. Each file appears whole or not at all. Returns what the slide is
// made of.
Result<PhantomShares> write_phantom(const Phantom& phantom, const PhantomFiles& files, const Progress& progress = {});

}  // namespace her2
