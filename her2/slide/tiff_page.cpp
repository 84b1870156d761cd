// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/slide/image_slide.h"

namespace her2 {
namespace {

constexpr int kAperioYcbcr = 33003;
constexpr int kAperioRgb = 33005;
constexpr int kZstd = 50000;
constexpr std::int64_t kMostBlockPixels = std::int64_t{1} << 28;

std::string text_tag(TIFF* tiff, std::uint32_t tag) {
  const char* text = nullptr;
  return TIFFGetField(tiff, tag, &text) == 1 && text != nullptr ? text : "";
}

int short_tag(TIFF* tiff, std::uint32_t tag) {
  std::uint16_t value = 0;
  return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : 0;
}

std::uint32_t long_tag(TIFF* tiff, std::uint32_t tag) {
  std::uint32_t value = 0;
  return TIFFGetField(tiff, tag, &value) == 1 ? value : 0;
}

double float_tag(TIFF* tiff, std::uint32_t tag) {
  float value = 0;
  return TIFFGetField(tiff, tag, &value) == 1 ? static_cast<double>(value) : 0;
}

void read_extra(TIFF* tiff, TiffPage& page) {
  std::uint16_t count = 0;
  const std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 1 && count > 0 && kinds != nullptr) {
    page.associated = kinds[0] == EXTRASAMPLE_ASSOCALPHA;
    page.alpha = page.associated || kinds[0] == EXTRASAMPLE_UNASSALPHA;
  }
  std::uint16_t subs = 0;
  const std::uint64_t* offsets = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_SUBIFD, &subs, &offsets) == 1 && offsets != nullptr) {
    page.sub_directories.assign(offsets, offsets + subs);
  }
  std::uint32_t icc_length = 0;
  const void* icc = nullptr;
  page.icc = TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &icc_length, &icc) == 1 && icc_length > 0;
}

Result<TiffCoding> coding_of(const TiffPage& page) {
  switch (page.compression) {
    case COMPRESSION_NONE:
    case COMPRESSION_LZW:
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
    case COMPRESSION_PACKBITS:
    case COMPRESSION_LZMA:
    case kZstd:
      if (TIFFIsCODECConfigured(static_cast<std::uint16_t>(page.compression)) == 1) {
        return TiffCoding::libtiff;
      }
      break;
    case COMPRESSION_JPEG: return TiffCoding::jpeg;
    case kAperioYcbcr: return TiffCoding::jpeg2000_ycbcr;
    case kAperioRgb: return TiffCoding::jpeg2000_rgb;
    case COMPRESSION_JP2000:
      return page.photometric == PHOTOMETRIC_YCBCR ? TiffCoding::jpeg2000_ycbcr : TiffCoding::jpeg2000_rgb;
    default: break;
  }
  return fail(
      fmt::format("its pixels are stored with {}, which her2 cannot read; save the slide with JPEG, JPEG 2000, "
                  "LZW, deflate or no compression",
                  compression_name(page.compression)));
}

Result<void> check_samples(const TiffPage& page, const TiffDirectory& directory) {
  if (page.bits != 8) {
    return fail(fmt::format("its pixels have {} bits a channel; her2 reads 8-bit brightfield images", page.bits));
  }
  const bool grey = page.photometric == PHOTOMETRIC_MINISBLACK || page.photometric == PHOTOMETRIC_MINISWHITE;
  const bool colour = page.photometric == PHOTOMETRIC_RGB || page.photometric == PHOTOMETRIC_YCBCR;
  // libtiff takes a palette without colours for grey.
  const TiffEntry* stated = directory.find(TIFFTAG_PHOTOMETRIC);
  const bool palette = stated != nullptr && stated->value == PHOTOMETRIC_PALETTE;
  if (palette ||
      (!(grey && page.samples >= 1 && page.samples <= 2) && !(colour && page.samples >= 3 && page.samples <= 4))) {
    return fail(
        fmt::format("its pixels are neither RGB nor grey (photometric interpretation {}, {} channels); save it "
                    "as 8-bit RGB",
                    page.photometric, page.samples));
  }
  if (page.photometric == PHOTOMETRIC_YCBCR && page.coding == TiffCoding::libtiff) {
    return fail(fmt::format("it holds YCbCr pixels with {}; save it as RGB", compression_name(page.compression)));
  }
  if (page.separate && page.coding != TiffCoding::libtiff) {
    return fail(fmt::format("it holds a plane per channel with {}; save it with the channels of a pixel together",
                            compression_name(page.compression)));
  }
  return {};
}

Result<void> check_geometry(const FileBytes& file, const TiffPage& page, const TiffDirectory& directory) {
  constexpr std::int64_t kMostSide = std::int64_t{1} << 30;
  if (page.width > kMostSide || page.height > kMostSide || page.block_width > kMostSide ||
      page.block_height > kMostSide || page.block_width * page.block_height > kMostBlockPixels) {
    return fail(fmt::format("it claims {} x {} pixels in blocks of {} x {}, more than her2 takes; save it tiled",
                            page.width, page.height, page.block_width, page.block_height));
  }
  if (static_cast<std::uint64_t>(page.block_width * page.block_height / kMostPixelsPerByte) > file.size()) {
    return fail(fmt::format("it claims blocks of {} x {} pixels, more than its {} bytes can hold; the file is damaged",
                            page.block_width, page.block_height, file.size()));
  }
  const auto needed = static_cast<std::uint64_t>(page.across() * page.down()) *
                      (page.separate ? static_cast<std::uint64_t>(page.samples) : 1);
  const TiffEntry* offsets = directory.find(page.tiled ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS);
  const TiffEntry* lengths = directory.find(page.tiled ? TIFFTAG_TILEBYTECOUNTS : TIFFTAG_STRIPBYTECOUNTS);
  if (offsets == nullptr || lengths == nullptr) {
    return fail(fmt::format("it does not say where its {} are; the file is damaged", page.tiled ? "tiles" : "strips"));
  }
  // libtiff offers one long strip without compression as many short ones, and checks them itself.
  const bool divided =
      !page.tiled && page.compression == COMPRESSION_NONE && offsets->count == 1 && lengths->count == 1;
  if (!divided && (offsets->count < needed || lengths->count < needed)) {
    return fail(fmt::format("{} x {} pixels need {} {}, but it lists {}; the file is damaged", page.width, page.height,
                            needed, page.tiled ? "tiles" : "strips", std::min(offsets->count, lengths->count)));
  }
  return {};
}

Result<void> check_places(const FileBytes& file, const TiffPage& page) {
  bool any = false;
  for (std::size_t i = 0; i < page.offsets.size(); ++i) {
    if (page.absent(i)) {
      continue;
    }
    any = true;
    if (page.offsets[i] > file.size() || page.lengths[i] > file.size() - page.offsets[i]) {
      return fail(fmt::format("{} {} is beyond the end of the file: the file is cut short; copy it again",
                              page.tiled ? "tile" : "strip", i + 1));
    }
  }
  if (!any) {
    return fail("it has no pixels: every tile is empty");
  }
  return {};
}

}  // namespace

std::string compression_name(int compression) {
  switch (compression) {
    case COMPRESSION_NONE: return "none";
    case COMPRESSION_LZW: return "LZW";
    case COMPRESSION_OJPEG: return "old-style JPEG";
    case COMPRESSION_JPEG: return "JPEG";
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE: return "deflate";
    case COMPRESSION_PACKBITS: return "PackBits";
    case COMPRESSION_LZMA: return "LZMA";
    case kAperioYcbcr:
    case kAperioRgb:
    case COMPRESSION_JP2000: return "JPEG 2000";
    case kZstd: return "Zstandard";
    default: return fmt::format("compression {}", compression);
  }
}

Result<TiffPage> read_tiff_page(TiffHandle& handle, const TiffDirectory& directory, int number) {
  if (auto there = handle.go_to(directory.offset); !there) {
    return tl::unexpected(there.error());
  }
  TIFF* tiff = handle.get();
  TiffPage page;
  page.directory = directory.offset;
  page.number = number;
  page.width = long_tag(tiff, TIFFTAG_IMAGEWIDTH);
  page.height = long_tag(tiff, TIFFTAG_IMAGELENGTH);
  page.tiled = TIFFIsTiled(tiff) != 0;
  page.block_width = page.tiled ? static_cast<std::int64_t>(long_tag(tiff, TIFFTAG_TILEWIDTH)) : page.width;
  const std::int64_t rows = long_tag(tiff, page.tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP);
  page.block_height = page.tiled ? rows : (rows == 0 ? page.height : std::min(rows, page.height));
  if (page.width <= 0 || page.height <= 0 || page.block_width <= 0 || page.block_height <= 0) {
    return fail(fmt::format("it claims {} x {} pixels in blocks of {} x {}; the file is damaged", page.width,
                            page.height, page.block_width, page.block_height));
  }
  page.compression = short_tag(tiff, TIFFTAG_COMPRESSION);
  page.photometric = short_tag(tiff, TIFFTAG_PHOTOMETRIC);
  page.bits = short_tag(tiff, TIFFTAG_BITSPERSAMPLE);
  page.samples = short_tag(tiff, TIFFTAG_SAMPLESPERPIXEL);
  page.separate = short_tag(tiff, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE && page.samples > 1;
  page.subfile = long_tag(tiff, TIFFTAG_SUBFILETYPE);
  page.description = text_tag(tiff, TIFFTAG_IMAGEDESCRIPTION);
  page.software = text_tag(tiff, TIFFTAG_SOFTWARE);
  page.make = text_tag(tiff, TIFFTAG_MAKE);
  page.model = text_tag(tiff, TIFFTAG_MODEL);
  page.x_per_unit = float_tag(tiff, TIFFTAG_XRESOLUTION);
  page.y_per_unit = float_tag(tiff, TIFFTAG_YRESOLUTION);
  page.unit = short_tag(tiff, TIFFTAG_RESOLUTIONUNIT);
  read_extra(tiff, page);
  return page;
}

Result<void> load_blocks(TiffHandle& handle, const FileBytes& file, const TiffDirectory& directory, TiffPage& page) {
  const auto coding = coding_of(page);
  if (!coding) {
    return tl::unexpected(coding.error());
  }
  page.coding = *coding;
  for (const auto& checked : {check_samples(page, directory), check_geometry(file, page, directory)}) {
    if (!checked) {
      return checked;
    }
  }
  (void)handle.take_warnings();
  if (auto there = handle.go_to(directory.offset); !there) {
    return there;
  }
  // libtiff would guess lengths of tiles that it does not believe.
  if (handle.take_warnings().find("calculating from imagelength") != std::string::npos) {
    return fail("the lengths of its tiles cannot be right; the file is damaged");
  }
  TIFF* tiff = handle.get();
  const std::uint64_t* offsets = nullptr;
  const std::uint64_t* lengths = nullptr;
  const bool got = TIFFGetField(tiff, page.tiled ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS, &offsets) == 1 &&
                   TIFFGetField(tiff, page.tiled ? TIFFTAG_TILEBYTECOUNTS : TIFFTAG_STRIPBYTECOUNTS, &lengths) == 1;
  const std::size_t count = page.tiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  const auto needed = static_cast<std::size_t>(page.across() * page.down()) *
                      (page.separate ? static_cast<std::size_t>(page.samples) : 1);
  if (!got || offsets == nullptr || lengths == nullptr || count < needed) {
    return fail(fmt::format("the places of its tiles cannot be read ({})", handle.take_errors()));
  }
  page.offsets.assign(offsets, offsets + needed);
  page.lengths.assign(lengths, lengths + needed);
  std::uint32_t tables_length = 0;
  const void* tables = nullptr;
  if (page.coding == TiffCoding::jpeg && TIFFGetField(tiff, TIFFTAG_JPEGTABLES, &tables_length, &tables) == 1) {
    const auto* bytes = static_cast<const std::uint8_t*>(tables);
    page.jpeg_tables.assign(bytes, bytes + tables_length);
  }
  (void)handle.take_errors();
  return check_places(file, page);
}

}  // namespace her2
