// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/png_writer.h"

#include <csetjmp>
#include <cstdint>

#include <fmt/format.h>
#include <png.h>

namespace her2 {
namespace {

struct PngOutput {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::string bytes;

  PngOutput() = default;
  PngOutput(const PngOutput&) = delete;
  PngOutput& operator=(const PngOutput&) = delete;
  ~PngOutput() { png_destroy_write_struct(&png, &info); }
};

void on_write(png_structp png, png_bytep from, std::size_t length) {
  auto* output = static_cast<PngOutput*>(png_get_io_ptr(png));
  output->bytes.append(reinterpret_cast<const char*>(from), length);
}

bool write(PngOutput& output, const RgbImage& image) {
  output.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, [](png_structp, png_const_charp) {});
  output.info = output.png == nullptr ? nullptr : png_create_info_struct(output.png);
  if (output.info == nullptr || setjmp(png_jmpbuf(output.png)) != 0) {  // NOLINT(cert-err52-cpp): libpng's way
    return false;
  }
  png_structp png = output.png;
  constexpr int kLevel = 3;  // a picture of tissue is hardly smaller at 6, which takes more than twice as long
  png_set_write_fn(png, &output, on_write, nullptr);
  png_set_IHDR(png, output.info, static_cast<png_uint_32>(image.width()), static_cast<png_uint_32>(image.height()), 8,
               PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, kLevel);
  png_write_info(png, output.info);
  for (int y = 0; y < image.height(); ++y) {
    png_write_row(png, image.row(y));
  }
  png_write_end(png, nullptr);
  return true;
}

}  // namespace

Result<std::string> encode_png(const RgbImage& image) {
  if (image.empty()) {
    return fail("an image without pixels cannot be written as PNG");
  }
  PngOutput output;
  if (!write(output, image)) {
    return fail(fmt::format("an image of {} x {} pixels could not be written as PNG", image.width(), image.height()));
  }
  return std::move(output.bytes);
}

}  // namespace her2
