// SPDX-License-Identifier: Apache-2.0
#include "broken_files.h"

#include <functional>

#include "make_files.h"

namespace her2::test {
namespace {

constexpr std::uint16_t kWidth = 256;
constexpr std::uint16_t kBits = 258;
constexpr std::uint16_t kCompression = 259;
constexpr std::uint16_t kPhotometric = 262;
constexpr std::uint16_t kSamples = 277;
constexpr std::uint16_t kTileWidth = 322;
constexpr std::uint16_t kOffsets = 324;
constexpr std::uint16_t kLengths = 325;
constexpr std::uint16_t kJpegTables = 347;

RgbImage image() { return picture(64, 48); }

std::string tiff(Packing packing, const std::function<void(TiffPageSpec&)>& fault) {
  auto page = tiff_page(image(), 32, packing);
  fault(page);
  return make_tiff({{page}});
}

TiffField shorts(const std::vector<std::uint32_t>& values) { return {3, values, {}, {}}; }

DicomSpec dicom() {
  static int series = 0;  // each its own, or the files would be levels of one slide
  DicomSpec spec;
  spec.series = "1.2." + std::to_string(++series);
  spec.width = 64;
  spec.height = 48;
  spec.tile = 32;
  for (const auto& frame : frames_of(image(), spec.tile)) {
    spec.frames.push_back(make_jpeg(frame));
  }
  return spec;
}

std::string dicom(const std::function<void(DicomSpec&)>& fault) {
  auto spec = dicom();
  fault(spec);
  return make_dicom(spec);
}

// Bytes of the directory that make_tiff writes last for a page: 12 an entry, two of which it adds itself.
std::size_t directory_size(const TiffPageSpec& page) { return 2 + 12 * (page.fields.size() + 2) + 4; }

std::string scrambled(std::string bytes, std::size_t at) {
  for (std::size_t i = at; i < at + 8 && i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(0xFF);
  }
  return bytes;
}

}  // namespace

std::vector<BrokenFile> broken_tiffs() {
  const auto page = tiff_page(image(), 32);
  const std::string sound = make_tiff({{page}});
  std::vector<BrokenFile> out;
  const auto add = [&](const char* name, std::string bytes, const char* sentence) {
    out.push_back({name, std::move(bytes), sentence});
  };
  add("header_only.tif", sound.substr(0, 8), "directory 1: its image directory at byte");
  add("cut_directory.tif", sound.substr(0, sound.size() - 40), "the file is cut short; copy it again");
  add("no_directory.tif", std::string("II*\0\0\0\0\0", 8), "has no image directory");
  add("cyclic.tif", make_tiff({{page, page}, false, false, 0}), "point in a circle");
  auto nested = page;
  nested.fields[330] = number_field(static_cast<std::uint32_t>(sound.size() - directory_size(page)));
  add("cyclic_sub_directory.tif", make_tiff({{nested}}), "point in a circle");
  add("cut_tile.tif",
      tiff(Packing::none,
           [](auto& spec) {
             spec.fields[kOffsets] = {4, {8, 8, 8, 90000}, {}, {}};
           }),
      "level 0: tile 4 is beyond the end of the file");
  add("no_tile_offsets.tif",
      tiff(Packing::none,
           [](auto& spec) {
             spec.fields[kOffsets] = {4, {}, {}, {}};
           }),
      "cannot be read");
  add("too_few_tiles.tif", tiff(Packing::none, [](auto& spec) { spec.fields[kWidth] = number_field(96); }),
      "96 x 48 pixels need 6 tiles, but it lists 4");
  add("huge.tif", tiff(Packing::none, [](auto& spec) { spec.fields[kWidth] = number_field(2000000000); }),
      "first directory cannot be read");
  add("huge_count.tif",
      tiff(Packing::none,
           [](auto& spec) {
             spec.fields[kLengths] = {4, {1, 2, 3, 4}, {}, 500000000};
           }),
      "tag 325 claims 500000000 values");
  add("zero_width.tif", tiff(Packing::none, [](auto& spec) { spec.fields[kWidth] = number_field(0); }),
      "first directory cannot be read (Cannot handle zero number of tiles)");
  add("zero_tile_width.tif", tiff(Packing::none, [](auto& spec) { spec.fields[kTileWidth] = number_field(0); }),
      "first directory cannot be read");
  add("all_absent.tif", tiff(Packing::none, [](auto& spec) { spec.blocks.assign(4, ""); }),
      "it has no pixels: every tile is empty");
  add("sixteen_bits.tif",
      tiff(Packing::none,
           [](auto& spec) {
             spec.fields[kBits] = shorts({16, 16, 16});
           }),
      "its pixels have 16 bits a channel");
  add("palette.tif",
      tiff(Packing::none,
           [](auto& spec) {
             spec.fields[kPhotometric] = shorts({3});
             spec.fields[kSamples] = shorts({1});
             spec.fields[kBits] = shorts({8});
           }),
      "its pixels are neither RGB nor grey");
  add("unknown_compression.tif", tiff(Packing::none, [](auto& spec) { spec.fields[kCompression] = shorts({52479}); }),
      "stored with compression 52479, which her2 cannot read");
  add("not_deflate.tif", tiff(Packing::none, [](auto& spec) { spec.fields[kCompression] = shorts({8}); }),
      "level 0, tile (0, 0): its deflate data are damaged");
  add("not_lzw.tif", tiff(Packing::none, [](auto& spec) { spec.fields[kCompression] = shorts({5}); }),
      "level 0, tile (0, 0): its LZW data are damaged");
  add("short_tile.tif", tiff(Packing::none, [](auto& spec) { spec.blocks[1].resize(100); }),
      "the lengths of its tiles cannot be right");
  add("corrupt_jpeg.tif",
      tiff(Packing::jpeg_ycbcr, [](auto& spec) { spec.blocks[2] = scrambled(spec.blocks[2], 200); }),
      "level 0, tile (0, 1): its JPEG data are damaged");
  add("short_jpeg.tif",
      tiff(Packing::jpeg_ycbcr, [](auto& spec) { spec.blocks[1].resize(spec.blocks[1].size() * 2 / 3); }),
      "level 0, tile (1, 0): its JPEG data are damaged (Premature end of JPEG file)");
  add("bad_jpeg_tables.tif", tiff(Packing::jpeg_ycbcr, [](auto& spec) { spec.fields[kJpegTables].bytes.resize(40); }),
      "its JPEG data are damaged");
  add("no_jpeg_tables.tif", tiff(Packing::jpeg_ycbcr, [](auto& spec) { spec.fields.erase(kJpegTables); }),
      "level 0, tile (0, 0): its JPEG data are damaged");
  add("small_jpeg.tif",
      tiff(Packing::jpeg_ycbcr,
           [](auto& spec) { spec.blocks[0] = make_jpeg(picture(16, 16), {.jfif = false, .tables = false}); }),
      "its JPEG data hold 16 x 16 pixels, not 32 x 32");
  add("short_jpeg2000.svs",
      tiff(Packing::jpeg2000_rgb, [](auto& spec) { spec.blocks[3].resize(spec.blocks[3].size() / 2); }),
      "level 0, tile (1, 1): its JPEG 2000 data are damaged");
  add("not_jpeg2000.svs", tiff(Packing::jpeg2000_rgb, [](auto& spec) { spec.blocks[0] = std::string(400, 'x'); }),
      "level 0, tile (0, 0): its JPEG 2000 data are damaged");
  auto grey = page;
  grey.fields[kSamples] = shorts({1});
  grey.fields[kBits] = shorts({8});
  grey.fields[kPhotometric] = shorts({1});
  add("fluorescence.tif", make_tiff({{grey, grey, grey}}), "3 grey channels of 64 x 48 pixels");
  auto label = tiff_page(image(), 32);
  label.fields[270] = text_field("Aperio Image Library v1\nlabel 64x48");
  add("only_a_label.svs", make_tiff({{label}}), "its first picture is a label, which is never read");
  return out;
}

std::vector<BrokenFile> broken_dicoms() {
  std::vector<BrokenFile> out;
  const auto add = [&](const char* name, std::string bytes, const char* sentence) {
    out.push_back({name, std::move(bytes), sentence});
  };
  const std::string sound = make_dicom(dicom());
  const std::string other = make_dicom(dicom());
  add("cut_frame.dcm", other.substr(0, other.size() - 300), "a frame goes beyond the end of the file");
  add("no_end.dcm", dicom([](auto& spec) { spec.end = false; }), "its pixel data have no end");
  add("cut_attributes.dcm", sound.substr(0, 420), "the file is damaged");
  add("no_pixel_data.dcm", dicom([](auto& spec) { spec.pixel_data = false; }), "it has no pixel data");
  add("frames_missing.dcm", dicom([](auto& spec) { spec.frames.pop_back(); }),
      "64 x 48 pixels need 4 frames of 32 x 32, but it has 3");
  add("frames_claimed.dcm", dicom([](auto& spec) {
        spec.frames.pop_back();
        spec.claimed_frames = 4;
      }),
      "it claims 4 frames but holds 3 pieces");
  add("zero_size.dcm", dicom([](auto& spec) { spec.width = 0; }), "it claims 0 x 48 pixels");
  add("huge.dcm", dicom([](auto& spec) { spec.width = 1000000000; }), "pixels need");
  add("huge_sparse.dcm", dicom([](auto& spec) {
        spec.organisation = "TILED_SPARSE";
        spec.width = spec.height = 500000000;
        spec.positions = {{1, 1}, {33, 1}, {1, 33}, {33, 33}};
      }),
      "far more than its bytes can hold");
  add("off_grid.dcm", dicom([](auto& spec) {
        spec.organisation = "TILED_SPARSE";
        spec.positions = {{1, 1}, {30, 1}, {1, 33}, {33, 33}};
      }),
      "frame 2 lies at pixel (30, 1), off the grid of tiles");
  add("same_place.dcm", dicom([](auto& spec) {
        spec.organisation = "TILED_SPARSE";
        spec.positions = {{1, 1}, {1, 1}, {1, 33}, {33, 33}};
      }),
      "two frames lie at pixel (1, 1)");
  add("sparse_without_places.dcm", dicom([](auto& spec) { spec.organisation = "TILED_SPARSE"; }),
      "does not say where its frames lie");
  add("lossless_jpeg.dcm", dicom([](auto& spec) { spec.transfer_syntax = "1.2.840.10008.1.2.4.70"; }),
      "which her2 cannot read; export it as JPEG");
  add("unknown_syntax.dcm", dicom([](auto& spec) { spec.transfer_syntax = "1.2.3.4.5"; }),
      "its DICOM attributes are damaged");
  add("short_raw.dcm", dicom([](auto& spec) {
        spec.transfer_syntax = "1.2.840.10008.1.2.1";
        spec.photometric = "RGB";
      }),
      "its pixel data do not hold 4 frames of 32 x 32 pixels");
  add("corrupt_frame.dcm", dicom([](auto& spec) { spec.frames[1] = scrambled(spec.frames[1], 700); }),
      "level 0, tile (1, 0): its JPEG data are damaged");
  add("only_a_label.dcm", dicom([](auto& spec) { spec.flavour = "LABEL"; }), "a picture that is never read (label)");
  return out;
}

std::vector<BrokenFile> broken_images() {
  const std::string jpeg = make_jpeg(image());
  std::string huge = jpeg;
  for (std::size_t i = 0; i + 9 < huge.size(); ++i) {  // the frame header: height, then width
    if (huge.compare(i, 2, "\xFF\xC0") == 0) {
      huge.replace(i + 5, 4, "\xFF\x00\xFF\x00", 4);
      break;
    }
  }
  using namespace std::string_literals;
  const std::string png = "\x89PNG\r\n\x1A\n"s + "\0\0\0\x0DIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0\x90\x91\x68\x36"s;
  const std::string claims = "\x89PNG\r\n\x1A\n"s + "\0\0\0\x0DIHDR\0\0\x4E\x20\0\0\x27\x10\x08\x02\0\0\0"s +
                             "\x76\x46\xDF\xF5\0\0\0\x04IDAT"s + std::string(8, 'x');
  return {{"cut.jpg", jpeg.substr(0, jpeg.size() / 2), "its JPEG data are damaged (Premature end of JPEG file)"},
          {"huge.jpg", huge, "the image claims 65280 x 65280 pixels; images without tiles are read up to 250 million"},
          {"claims.png", claims, "the image claims 20000 x 10000 pixels, more than its 49 bytes can hold"},
          {"header.png", png, "its PNG data are damaged (the file ends early)"},
          {"text.svs", "This is not a slide.\n", "is no slide or image that her2 knows"},
          {"empty.svs", "", "the file is empty"},
          {"zeros.svs", std::string(4096, '\0'), "is no slide or image that her2 knows"}};
}

}  // namespace her2::test
