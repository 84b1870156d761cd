// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/jpeg2000.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <openjpeg.h>

#include "her2/slide/colour.h"

namespace her2 {
namespace {

struct Memory {
  std::span<const std::uint8_t> bytes;
  std::size_t position = 0;
};

OPJ_SIZE_T read_memory(void* out, OPJ_SIZE_T wanted, void* user) {
  Memory& memory = *static_cast<Memory*>(user);
  const std::size_t got = std::min<std::size_t>(wanted, memory.bytes.size() - memory.position);
  if (got == 0) {
    return static_cast<OPJ_SIZE_T>(-1);
  }
  std::memcpy(out, memory.bytes.data() + memory.position, got);
  memory.position += got;
  return got;
}

OPJ_OFF_T skip_memory(OPJ_OFF_T by, void* user) {
  Memory& memory = *static_cast<Memory*>(user);
  if (by < 0 || static_cast<std::size_t>(by) > memory.bytes.size() - memory.position) {
    return -1;
  }
  memory.position += static_cast<std::size_t>(by);
  return by;
}

OPJ_BOOL seek_memory(OPJ_OFF_T to, void* user) {
  Memory& memory = *static_cast<Memory*>(user);
  if (to < 0 || static_cast<std::size_t>(to) > memory.bytes.size()) {
    return OPJ_FALSE;
  }
  memory.position = static_cast<std::size_t>(to);
  return OPJ_TRUE;
}

void keep_first(const char* message, void* user) {
  auto& text = *static_cast<std::string*>(user);
  if (text.empty()) {
    text = message;
    while (!text.empty() && (text.back() == '\n' || text.back() == '.')) {
      text.pop_back();
    }
  }
}

using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

Result<void> check(const opj_image_t& image, int width, int height) {
  if (image.x1 - image.x0 != static_cast<OPJ_UINT32>(width) || image.y1 - image.y0 != static_cast<OPJ_UINT32>(height)) {
    return fail(fmt::format("its JPEG 2000 data hold {} x {} pixels, not {} x {}", image.x1 - image.x0,
                            image.y1 - image.y0, width, height));
  }
  if (image.numcomps != 1 && image.numcomps != 3) {
    return fail(fmt::format("its JPEG 2000 data have {} components; 1 or 3 can be read", image.numcomps));
  }
  for (OPJ_UINT32 i = 0; i < image.numcomps; ++i) {
    const auto& part = image.comps[i];
    if (part.prec != 8 || part.sgnd != 0 || part.dx < 1 || part.dx > 2 || part.dy < 1 || part.dy > 2) {
      return fail("its JPEG 2000 data are not 8-bit without sign; write the image with 8 bits a channel");
    }
  }
  return {};
}

// Where the sample of pixel (x, y) is in a component, relative to the image's origin.
struct Sampler {
  const OPJ_INT32* data;
  int width, height, dx, dy;
  [[nodiscard]] int at(int x, int y) const {
    const int px = std::min(x / dx, width - 1);
    const int py = std::min(y / dy, height - 1);
    return std::clamp(data[static_cast<std::ptrdiff_t>(py) * width + px], 0, 255);
  }
};

void hand_over(const std::array<Sampler, 3>& parts, int width, int height, Jp2Colour colour, RgbImage& out) {
  const int columns = std::min(width, out.width());
  const int rows = std::min(height, out.height());
  for (int y = 0; y < rows; ++y) {
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < columns; ++x, to += 3) {
      const int a = parts[0].at(x, y);
      const int b = parts[1].at(x, y);
      const int c = parts[2].at(x, y);
      if (colour == Jp2Colour::ycbcr) {
        ycbcr_to_rgb(a, b, c, to);
      } else {
        to[0] = static_cast<std::uint8_t>(a);
        to[1] = static_cast<std::uint8_t>(b);
        to[2] = static_cast<std::uint8_t>(c);
      }
    }
  }
}

Result<Image> decode(std::span<const std::uint8_t> bytes, int width, int height) {
  constexpr std::array<std::uint8_t, 4> kCodestream = {0xFF, 0x4F, 0xFF, 0x51};
  const bool plain =
      bytes.size() > kCodestream.size() && std::equal(kCodestream.begin(), kCodestream.end(), bytes.data());
  Memory memory{bytes};
  std::string trouble;
  const Codec codec(opj_create_decompress(plain ? OPJ_CODEC_J2K : OPJ_CODEC_JP2), opj_destroy_codec);
  const Stream stream(opj_stream_create(std::max<std::size_t>(bytes.size(), 1), OPJ_TRUE), opj_stream_destroy);
  opj_set_error_handler(codec.get(), keep_first, &trouble);
  opj_stream_set_user_data(stream.get(), &memory, nullptr);
  opj_stream_set_user_data_length(stream.get(), bytes.size());
  opj_stream_set_read_function(stream.get(), read_memory);
  opj_stream_set_skip_function(stream.get(), skip_memory);
  opj_stream_set_seek_function(stream.get(), seek_memory);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t* raw = nullptr;
  const bool opened = opj_setup_decoder(codec.get(), &parameters) != OPJ_FALSE &&
                      opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) != OPJ_FALSE &&
                      opj_read_header(stream.get(), codec.get(), &raw) != OPJ_FALSE;
  Image image(raw, opj_image_destroy);
  if (opened && image) {
    if (auto fits = check(*image, width, height); !fits) {
      return tl::unexpected(fits.error());
    }
    if (opj_decode(codec.get(), stream.get(), image.get()) != OPJ_FALSE && trouble.empty()) {
      return image;
    }
  }
  return fail(fmt::format("its JPEG 2000 data are damaged ({})", trouble.empty() ? "no codestream" : trouble));
}

}  // namespace

Result<void> decode_jpeg2000(std::span<const std::uint8_t> bytes, int width, int height, Jp2Colour colour,
                             RgbImage& out) {
  const auto image = decode(bytes, width, height);
  if (!image) {
    return tl::unexpected(image.error());
  }
  std::array<Sampler, 3> parts{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& part = (*image)->comps[(*image)->numcomps == 1 ? 0 : i];
    if (part.data == nullptr || part.w == 0 || part.h == 0) {
      return fail("its JPEG 2000 data are damaged (a component is missing)");
    }
    parts[i] = {part.data, static_cast<int>(part.w), static_cast<int>(part.h), static_cast<int>(part.dx),
                static_cast<int>(part.dy)};
  }
  hand_over(parts, width, height, (*image)->numcomps == 1 ? Jp2Colour::rgb : colour, out);
  return {};
}

}  // namespace her2
