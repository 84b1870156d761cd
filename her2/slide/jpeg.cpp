// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/jpeg.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <jpeglib.h>
// After jpeglib.h, which it needs.
#include <jerror.h>

namespace her2 {
namespace {

constexpr int kMostScans = 200;  // a progressive stream with more only burns time

// One decompressor and what it complained of. libjpeg leaves by longjmp, so nothing with a destructor lives in the
// functions that it may jump out of.
struct Session {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  char message[JMSG_LENGTH_MAX] = {};
};

Session& session_of(j_common_ptr jpeg) { return *static_cast<Session*>(jpeg->client_data); }

[[noreturn]] void give_up(j_common_ptr jpeg) {
  Session& session = session_of(jpeg);
  jpeg->err->format_message(jpeg, session.message);
  std::longjmp(session.jump, 1);
}

void on_message(j_common_ptr jpeg, int level) {
  const int code = jpeg->err->msg_code;
  if (level < 0 && code != JWRN_JFIF_MAJOR && code != JWRN_ADOBE_XFORM) {
    give_up(jpeg);
  }
}

void on_progress(j_common_ptr jpeg) {
  if (session_of(jpeg).jpeg.input_scan_number > kMostScans) {
    std::snprintf(session_of(jpeg).message, JMSG_LENGTH_MAX, "more than %d scans", kMostScans);
    std::longjmp(session_of(jpeg).jump, 1);
  }
}

void begin(Session& session) {
  session.jpeg.client_data = &session;
  session.jpeg.err = jpeg_std_error(&session.errors);
  session.errors.error_exit = give_up;
  session.errors.emit_message = on_message;
  session.errors.output_message = [](j_common_ptr) {};
  session.progress.progress_monitor = on_progress;
}

struct Closer {
  Session& session;
  ~Closer() { jpeg_destroy_decompress(&session.jpeg); }
};

// False: session.message says why.
bool open_stream(Session& session, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> tables,
                 bool markers) {
  if (setjmp(session.jump) != 0) {  // NOLINT(modernize-avoid-setjmp-longjmp, cert-err52-cpp): libjpeg's way
    return false;
  }
  jpeg_decompress_struct& jpeg = session.jpeg;
  jpeg_create_decompress(&jpeg);
  if (markers) {
    jpeg_save_markers(&jpeg, JPEG_APP0 + 2, 16);
  }
  if (!tables.empty()) {
    jpeg_mem_src(&jpeg, tables.data(), tables.size());
    if (jpeg_read_header(&jpeg, FALSE) != JPEG_HEADER_TABLES_ONLY) {
      std::snprintf(session.message, JMSG_LENGTH_MAX, "its tables hold an image");
      return false;
    }
  }
  jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
  jpeg_read_header(&jpeg, TRUE);
  return true;
}

bool subsampled(const jpeg_decompress_struct& jpeg) {
  for (int i = 1; i < jpeg.num_components; ++i) {
    if (jpeg.comp_info[i].h_samp_factor != jpeg.comp_info[0].h_samp_factor ||
        jpeg.comp_info[i].v_samp_factor != jpeg.comp_info[0].v_samp_factor) {
      return true;
    }
  }
  return false;
}

J_COLOR_SPACE colour_space(const jpeg_decompress_struct& jpeg, JpegColour colour) {
  if (jpeg.num_components == 1) {
    return JCS_GRAYSCALE;
  }
  const bool markers = colour == JpegColour::by_stream || colour == JpegColour::rgb_unless_marked;
  if (markers && jpeg.saw_JFIF_marker != FALSE) {
    return JCS_YCbCr;
  }
  if (markers && jpeg.saw_Adobe_marker != FALSE) {
    return jpeg.Adobe_transform == 0 ? JCS_RGB : JCS_YCbCr;
  }
  const bool rgb = colour == JpegColour::rgb || colour == JpegColour::rgb_unless_marked;
  return rgb && !subsampled(jpeg) ? JCS_RGB : JCS_YCbCr;
}

bool read_rows(Session& session, JpegColour colour, RgbImage& out, int first_row, std::uint8_t* spare) {
  if (setjmp(session.jump) != 0) {  // NOLINT(modernize-avoid-setjmp-longjmp, cert-err52-cpp)
    return false;
  }
  jpeg_decompress_struct& jpeg = session.jpeg;
  jpeg.jpeg_color_space = colour_space(jpeg, colour);
  jpeg.out_color_space = JCS_RGB;
  jpeg.dct_method = JDCT_ISLOW;
  jpeg.do_fancy_upsampling = TRUE;
  if (jpeg.progressive_mode != FALSE) {
    jpeg.progress = &session.progress;
  }
  jpeg_start_decompress(&jpeg);
  const bool whole_width = spare == nullptr;
  const auto width = static_cast<int>(jpeg.output_width);
  constexpr int kRows = 16;
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW rows[kRows];
    const auto line = static_cast<int>(jpeg.output_scanline);
    int wanted = 0;
    if (whole_width) {
      for (; wanted < kRows && line + wanted < static_cast<int>(jpeg.output_height); ++wanted) {
        rows[wanted] = out.row(first_row + line + wanted);
      }
      jpeg_read_scanlines(&jpeg, rows, static_cast<JDIMENSION>(wanted));
      continue;
    }
    rows[0] = spare;
    jpeg_read_scanlines(&jpeg, rows, 1);
    if (const int y = first_row + line; y < out.height()) {
      const int kept = width < out.width() ? width : out.width();
      std::copy(spare, spare + static_cast<std::ptrdiff_t>(kept) * 3, out.row(y));
    }
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

std::string damaged(const Session& session) {
  return fmt::format("its JPEG data are damaged ({})", static_cast<const char*>(session.message));
}

std::string subsampling_name(const jpeg_decompress_struct& jpeg) {
  if (jpeg.num_components != 3) {
    return {};
  }
  const auto& luma = jpeg.comp_info[0];
  const auto& blue = jpeg.comp_info[1];
  const auto& red = jpeg.comp_info[2];
  if (blue.h_samp_factor != 1 || blue.v_samp_factor != 1 || red.h_samp_factor != 1 || red.v_samp_factor != 1) {
    return subsampled(jpeg) ? "" : "4:4:4";
  }
  switch (luma.h_samp_factor * 10 + luma.v_samp_factor) {
    case 11: return "4:4:4";
    case 21: return "4:2:2";
    case 22: return "4:2:0";
    case 12: return "4:4:0";
    case 41: return "4:1:1";
    default: return {};
  }
}

}  // namespace

Result<JpegHeader> read_jpeg_header(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> tables) {
  Session session;
  begin(session);
  const Closer closer{session};
  if (!open_stream(session, bytes, tables, true)) {
    return fail(damaged(session));
  }
  const auto& jpeg = session.jpeg;
  JpegHeader out;
  out.width = static_cast<int>(jpeg.image_width);
  out.height = static_cast<int>(jpeg.image_height);
  out.components = jpeg.num_components;
  out.subsampling = subsampling_name(jpeg);
  out.jfif = jpeg.saw_JFIF_marker != FALSE;
  out.adobe = jpeg.saw_Adobe_marker != FALSE;
  out.ycbcr = jpeg.num_components == 3 && colour_space(jpeg, JpegColour::by_stream) == JCS_YCbCr;
  for (const auto* marker = jpeg.marker_list; marker != nullptr; marker = marker->next) {
    constexpr std::string_view kIcc("ICC_PROFILE\0", 12);
    if (marker->data_length >= kIcc.size() && std::equal(kIcc.begin(), kIcc.end(), marker->data)) {
      out.icc = true;
    }
  }
  return out;
}

Result<void> decode_jpeg(const JpegStream& stream, RgbImage& out, int first_row) {
  Session session;
  begin(session);
  const Closer closer{session};
  if (!open_stream(session, stream.bytes, stream.tables, false)) {
    return fail(damaged(session));
  }
  const auto& jpeg = session.jpeg;
  if (jpeg.image_width != static_cast<JDIMENSION>(stream.width) ||
      jpeg.image_height != static_cast<JDIMENSION>(stream.height)) {
    return fail(fmt::format("its JPEG data hold {} x {} pixels, not {} x {}", jpeg.image_width, jpeg.image_height,
                            stream.width, stream.height));
  }
  if (jpeg.num_components != 1 && jpeg.num_components != 3) {
    return fail(fmt::format("its JPEG data have {} components; 1 or 3 can be read", jpeg.num_components));
  }
  std::vector<std::uint8_t> spare;
  if (stream.width != out.width() || first_row + stream.height > out.height()) {
    spare.resize(static_cast<std::size_t>(stream.width) * 3);
  }
  if (!read_rows(session, stream.colour, out, first_row, spare.empty() ? nullptr : spare.data())) {
    return fail(damaged(session));
  }
  return {};
}

}  // namespace her2
