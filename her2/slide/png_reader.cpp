// SPDX-License-Identifier: Apache-2.0
#include <csetjmp>
#include <cstdio>
#include <vector>

#include <fmt/format.h>
#include <png.h>

#include "her2/slide/image_slide.h"

namespace her2 {
namespace {

// One PNG decoder. libpng leaves by longjmp, so nothing with a destructor lives in the functions that it may jump out
// of.
struct PngSession {
  const FileBytes* file = nullptr;
  std::uint64_t position = 0;
  png_structp png = nullptr;
  png_infop info = nullptr;
  char message[200] = {};
  bool alpha = false, icc = false, sixteen = false;
  std::int64_t width = 0, height = 0;

  explicit PngSession(const FileBytes& bytes) : file(&bytes) {}
  PngSession(const PngSession&) = delete;
  PngSession& operator=(const PngSession&) = delete;
  ~PngSession() { png_destroy_read_struct(&png, &info, nullptr); }
};

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  auto* session = static_cast<PngSession*>(png_get_error_ptr(png));
  std::snprintf(session->message, sizeof session->message, "%s", text);
  std::longjmp(png_jmpbuf(png), 1);
}

void on_read(png_structp png, png_bytep out, std::size_t length) {
  auto* session = static_cast<PngSession*>(png_get_io_ptr(png));
  if (session->position > session->file->size() || length > session->file->size() - session->position) {
    png_error(png, "the file ends early");
  }
  if (!session->file->read(session->position, {out, length})) {
    png_error(png, "the file cannot be read");
  }
  session->position += length;
}

bool read_header(PngSession& session) {
  session.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &session, on_error, [](png_structp, png_const_charp) {});
  session.info = session.png == nullptr ? nullptr : png_create_info_struct(session.png);
  if (session.info == nullptr) {
    std::snprintf(session.message, sizeof session.message, "no memory");
    return false;
  }
  if (setjmp(png_jmpbuf(session.png)) != 0) {  // NOLINT(cert-err52-cpp): libpng's way
    return false;
  }
  png_structp png = session.png;
  png_set_read_fn(png, &session, on_read);
  png_set_user_limits(png, 0x7FFFFFFF, 0x7FFFFFFF);  // check_image_size() decides
  png_read_info(png, session.info);
  session.width = png_get_image_width(png, session.info);
  session.height = png_get_image_height(png, session.info);
  session.icc = png_get_valid(png, session.info, PNG_INFO_iCCP) != 0;
  session.sixteen = png_get_bit_depth(png, session.info) == 16;
  session.alpha = (png_get_color_type(png, session.info) & PNG_COLOR_MASK_ALPHA) != 0 ||
                  png_get_valid(png, session.info, PNG_INFO_tRNS) != 0;
  return true;
}

// Rows as RGB or, with opacity, as RGBA.
bool read_rows(PngSession& session, png_bytepp rows) {
  if (setjmp(png_jmpbuf(session.png)) != 0) {  // NOLINT(cert-err52-cpp)
    return false;
  }
  png_structp png = session.png;
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, session.info);
  const std::size_t wanted = static_cast<std::size_t>(session.width) * (session.alpha ? 4 : 3);
  if (png_get_rowbytes(png, session.info) != wanted) {
    png_error(png, "unexpected length of its rows");
  }
  png_read_image(png, rows);
  png_read_end(png, nullptr);
  return true;
}

void onto_white(const std::vector<std::uint8_t>& rgba, RgbImage& out) {
  const std::uint8_t* from = rgba.data();
  for (auto to = out.bytes().begin(); to != out.bytes().end(); to += 3, from += 4) {
    for (int i = 0; i < 3; ++i) {
      to[i] = static_cast<std::uint8_t>((from[i] * from[3] + 255 * (255 - from[3]) + 127) / 255);
    }
  }
}

tl::unexpected<Error> damaged(const PngSession& session) {
  return fail(fmt::format("its PNG data are damaged ({})", static_cast<const char*>(session.message)), {},
              session.file->path());
}

}  // namespace

Result<std::unique_ptr<Slide>> open_png(const std::shared_ptr<const FileBytes>& file) {
  PngSession session(*file);
  if (!read_header(session)) {
    return damaged(session);
  }
  if (auto fits = check_image_size(session.width, session.height, file->size()); !fits) {
    return tl::unexpected(located(fits.error(), file->path()));
  }
  RgbImage pixels;
  pixels.reshape(static_cast<int>(session.width), static_cast<int>(session.height));
  std::vector<std::uint8_t> rgba(session.alpha ? pixels.bytes().size() / 3 * 4 : 0);
  std::vector<png_bytep> rows(static_cast<std::size_t>(session.height));
  for (std::size_t y = 0; y < rows.size(); ++y) {
    rows[y] =
        session.alpha ? rgba.data() + y * static_cast<std::size_t>(session.width) * 4 : pixels.row(static_cast<int>(y));
  }
  if (!read_rows(session, rows.data())) {
    return damaged(session);
  }
  if (session.alpha) {
    onto_white(rgba, pixels);
  }
  SlideInfo info;
  info.path = file->path();
  info.format = "PNG";
  info.compression = "deflate";
  info.has_icc_profile = session.icc;
  if (session.sixteen) {
    info.warnings.emplace_back("The image has 16 bits a channel; they are reduced to 8.");
  }
  return image_slide(std::move(info), std::move(pixels));
}

}  // namespace her2
