// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tile_encoder.h"

#include <turbojpeg.h>
#include <zlib.h>

#include <fmt/format.h>

namespace her2 {
namespace {

int turbo_subsampling(ChromaSubsampling subsampling) {
  switch (subsampling) {
    case ChromaSubsampling::s422: return TJSAMP_422;
    case ChromaSubsampling::s420: return TJSAMP_420;
    case ChromaSubsampling::s444: break;
  }
  return TJSAMP_444;
}

Result<std::string> encode_jpeg(void* jpeg, const RgbImage& image, int quality, int subsampling) {
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const int code = tjCompress2(jpeg, image.bytes().data(), image.width(), 0, image.height(), TJPF_RGB, &bytes, &size,
                               subsampling, quality, TJFLAG_ACCURATEDCT);
  std::string out;
  if (code == 0) {
    out.assign(static_cast<const char*>(static_cast<void*>(bytes)), size);
  }
  tjFree(bytes);
  if (code != 0) {
    return fail(fmt::format("a tile cannot be compressed as JPEG: {}", tjGetErrorStr2(jpeg)));
  }
  return out;
}

}  // namespace

TileEncoder::TileEncoder(const PyramidOptions& options)
    : compression_(options.compression),
      quality_(options.quality),
      subsampling_(turbo_subsampling(options.subsampling)),
      jpeg_(options.compression == TiffCompression::jpeg ? tjInitCompress() : nullptr) {}

TileEncoder::~TileEncoder() {
  if (jpeg_ != nullptr) {
    tjDestroy(jpeg_);
  }
}

Result<std::string> TileEncoder::encode(const RgbImage& tile) {
  const void* raw = tile.bytes().data();
  const std::string_view plain(static_cast<const char*>(raw), tile.bytes().size());
  if (compression_ == TiffCompression::none) {
    return std::string(plain);
  }
  if (compression_ == TiffCompression::jpeg) {
    return encode_jpeg(jpeg_, tile, quality_, subsampling_);
  }
  uLongf size = compressBound(plain.size());
  std::string out(size, '\0');
  void* room = out.data();
  if (compress2(static_cast<Bytef*>(room), &size, static_cast<const Bytef*>(raw), plain.size(), 6) != Z_OK) {
    return fail("a tile cannot be compressed: no memory");
  }
  out.resize(size);
  return out;
}

Result<void> through_jpeg(int quality, ChromaSubsampling subsampling, RgbImage& image) {
  if (image.empty()) {
    return {};
  }
  const tjhandle encoder = tjInitCompress();
  const auto bytes = encode_jpeg(encoder, image, quality, turbo_subsampling(subsampling));
  tjDestroy(encoder);
  if (!bytes) {
    return tl::unexpected(bytes.error());
  }
  const tjhandle decoder = tjInitDecompress();
  const void* raw = bytes->data();
  const int code = tjDecompress2(decoder, static_cast<const unsigned char*>(raw), bytes->size(), image.bytes().data(),
                                 image.width(), 0, image.height(), TJPF_RGB, TJFLAG_ACCURATEDCT);
  tjDestroy(decoder);
  return code == 0 ? Result<void>{} : Result<void>(fail("a JPEG just made cannot be decoded"));
}

}  // namespace her2
