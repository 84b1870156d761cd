// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <jpeglib.h>
#include <openjpeg.h>

#include "make_files.h"

namespace her2::test {
namespace {

struct Encoder {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  unsigned char* bytes = nullptr;
  unsigned long length = 0;

  explicit Encoder(const JpegOptions& options, int width, int height) {
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &length);
    jpeg.image_width = static_cast<JDIMENSION>(width);
    jpeg.image_height = static_cast<JDIMENSION>(height);
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, options.rgb ? JCS_RGB : JCS_YCbCr);
    jpeg_set_quality(&jpeg, options.quality, TRUE);
    jpeg.comp_info[0].h_samp_factor = options.horizontal;
    jpeg.comp_info[0].v_samp_factor = options.vertical;
    jpeg.write_JFIF_header = options.jfif && !options.rgb ? TRUE : FALSE;
    jpeg.write_Adobe_marker = FALSE;
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    jpeg_destroy_compress(&jpeg);
    std::free(bytes);  // NOLINT(cppcoreguidelines-no-malloc): jpeg_mem_dest made it
  }
  [[nodiscard]] std::string text() const { return {reinterpret_cast<const char*>(bytes), length}; }
};

OPJ_SIZE_T append(void* from, OPJ_SIZE_T length, void* user) {
  auto& out = *static_cast<std::pair<std::string, std::size_t>*>(user);
  if (out.first.size() < out.second + length) {
    out.first.resize(out.second + length);
  }
  const auto* bytes = static_cast<const char*>(from);
  std::copy(bytes, bytes + length, out.first.begin() + static_cast<std::ptrdiff_t>(out.second));
  out.second += length;
  return length;
}

}  // namespace

std::string make_jpeg(const RgbImage& image, const JpegOptions& options) {
  Encoder encoder(options, image.width(), image.height());
  if (!options.tables) {
    jpeg_suppress_tables(&encoder.jpeg, TRUE);
  }
  jpeg_start_compress(&encoder.jpeg, options.tables ? TRUE : FALSE);
  RgbImage copy = image;  // libjpeg's rows are not const
  while (encoder.jpeg.next_scanline < encoder.jpeg.image_height) {
    JSAMPROW row = copy.row(static_cast<int>(encoder.jpeg.next_scanline));
    jpeg_write_scanlines(&encoder.jpeg, &row, 1);
  }
  jpeg_finish_compress(&encoder.jpeg);
  return encoder.text();
}

std::string make_jpeg_tables(const JpegOptions& options) {
  Encoder encoder(options, 16, 16);
  jpeg_write_tables(&encoder.jpeg);
  return encoder.text();
}

std::string make_jpeg2000(const RgbImage& image, bool transform) {
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.numresolution = 2;
  parameters.tcp_mct = transform ? 1 : 0;
  opj_image_cmptparm_t components[3] = {};
  for (auto& component : components) {
    component.dx = component.dy = 1;
    component.w = static_cast<OPJ_UINT32>(image.width());
    component.h = static_cast<OPJ_UINT32>(image.height());
    component.prec = 8;
  }
  const std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)> picture(
      opj_image_create(3, components, OPJ_CLRSPC_SRGB), opj_image_destroy);
  picture->x1 = components[0].w;
  picture->y1 = components[0].h;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      for (int i = 0; i < 3; ++i) {
        picture->comps[i].data[y * image.width() + x] = image.at(x, y)[i];
      }
    }
  }
  std::pair<std::string, std::size_t> out;
  const std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)> codec(opj_create_compress(OPJ_CODEC_J2K),
                                                                         opj_destroy_codec);
  opj_setup_encoder(codec.get(), &parameters, picture.get());
  const std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)> stream(opj_stream_default_create(OPJ_FALSE),
                                                                            opj_stream_destroy);
  opj_stream_set_user_data(stream.get(), &out, nullptr);
  opj_stream_set_write_function(stream.get(), append);
  opj_stream_set_skip_function(stream.get(), [](OPJ_OFF_T by, void* user) {
    static_cast<std::pair<std::string, std::size_t>*>(user)->second += static_cast<std::size_t>(by);
    return by;
  });
  opj_stream_set_seek_function(stream.get(), [](OPJ_OFF_T to, void* user) -> OPJ_BOOL {
    static_cast<std::pair<std::string, std::size_t>*>(user)->second = static_cast<std::size_t>(to);
    return OPJ_TRUE;
  });
  opj_start_compress(codec.get(), picture.get(), stream.get());
  opj_encode(codec.get(), stream.get());
  opj_end_compress(codec.get(), stream.get());
  return out.first;
}

}  // namespace her2::test
