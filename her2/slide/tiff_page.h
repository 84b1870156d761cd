// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/slide/tiff_handle.h"
#include "her2/slide/tiff_structure.h"

namespace her2 {

// How the blocks (tiles or strips) of a page are decoded.
enum class TiffCoding { libtiff, jpeg, jpeg2000_rgb, jpeg2000_ycbcr };

// One image of a TIFF file: what its directory says.
struct TiffPage {
  std::uint64_t directory = 0;  // byte offset
  int number = 0;               // from 1; pages below another (SubIFDs) carry its number
  std::int64_t width = 0, height = 0;
  std::int64_t shown_width = 0, shown_height = 0;  // without the maker's padding; 0: all
  bool tiled = false;
  std::int64_t block_width = 0, block_height = 0;  // tile, or width x rows of a strip
  int compression = 1, photometric = 2, bits = 8, samples = 3;
  bool separate = false;  // a plane per channel
  bool alpha = false;     // the fourth sample is opacity
  bool associated = false;
  std::uint32_t subfile = 0;  // NewSubfileType: bit 0 a reduced image; Aperio: 1 label, 9 macro
  std::string description, software, make, model;
  double x_per_unit = 0, y_per_unit = 0;  // pixels; 0: not stated
  int unit = 2;                           // 1 none, 2 inch, 3 centimetre
  bool icc = false;
  std::vector<std::uint64_t> sub_directories;

  // Filled by load_blocks().
  TiffCoding coding = TiffCoding::libtiff;
  std::vector<std::uint8_t> jpeg_tables;
  std::vector<std::uint64_t> offsets, lengths;  // bytes of each block in the file; either 0: absent

  [[nodiscard]] std::int64_t across() const { return (width + block_width - 1) / block_width; }
  [[nodiscard]] std::int64_t down() const { return (height + block_height - 1) / block_height; }
  [[nodiscard]] bool absent(std::size_t block) const { return offsets[block] == 0 || lengths[block] == 0; }
};

// "JPEG", "LZW", "compression 52479".
std::string compression_name(int compression);

// What the directory says of the picture. Error: libtiff cannot read it, or it has no size.
Result<TiffPage> read_tiff_page(TiffHandle& tiff, const TiffDirectory& directory, int number);

// Makes a page ready to be decoded: where its blocks are. Refuses what cannot be decoded, lists of blocks that are too
// short, and blocks beyond the end of the file.
Result<void> load_blocks(TiffHandle& tiff, const FileBytes& file, const TiffDirectory& directory, TiffPage& page);

}  // namespace her2
