// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "her2/slide/image_slide.h"
#include "her2/slide/jpeg.h"

namespace her2 {

Result<std::unique_ptr<Slide>> open_jpeg(const std::shared_ptr<const FileBytes>& file) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
  if (file->size() > kMostBytes) {
    return fail("the JPEG image is larger than 1 GiB; save it as a tiled TIFF", {}, file->path());
  }
  std::vector<std::uint8_t> bytes(file->size());
  if (auto got = file->read(0, bytes); !got) {
    return tl::unexpected(got.error());
  }
  const auto header = read_jpeg_header(bytes);
  if (!header) {
    return tl::unexpected(located(header.error(), file->path()));
  }
  if (auto fits = check_image_size(header->width, header->height, file->size()); !fits) {
    return tl::unexpected(located(fits.error(), file->path()));
  }
  RgbImage pixels;
  pixels.reshape(header->width, header->height);
  const JpegStream stream{bytes, {}, header->width, header->height, JpegColour::by_stream};
  if (auto done = decode_jpeg(stream, pixels); !done) {
    return tl::unexpected(located(done.error(), file->path()));
  }
  SlideInfo info;
  info.path = file->path();
  info.format = "JPEG";
  info.compression = "JPEG";
  info.subsampling = header->subsampling;
  info.has_icc_profile = header->icc;
  return image_slide(std::move(info), std::move(pixels));
}

}  // namespace her2
