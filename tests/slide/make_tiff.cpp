// SPDX-License-Identifier: Apache-2.0
#include "make_files.h"

namespace her2::test {
namespace {

class Writer {
 public:
  explicit Writer(bool big_endian) : big_endian_(big_endian) {}
  void number(std::uint64_t value, int bytes, std::optional<std::size_t> at = {}) {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
      const int shift = 8 * (big_endian_ ? bytes - 1 - i : i);
      text += static_cast<char>(value >> static_cast<unsigned>(shift) & 255U);
    }
    if (at) {
      out.replace(*at, text.size(), text);
    } else {
      out += text;
    }
  }
  std::string out;

 private:
  bool big_endian_;
};

int value_size(const TiffField& field) { return field.type == 3 ? 2 : 4; }

std::uint64_t count_of(const TiffField& field) {
  if (field.type == 2 || field.type == 7) {
    return field.bytes.size();
  }
  return field.type == 5 ? field.values.size() / 2 : field.values.size();
}

std::string value_bytes(const TiffField& field, bool big_endian) {
  Writer writer(big_endian);
  writer.out = field.bytes;
  for (const auto value : field.values) {
    writer.number(value, value_size(field));
  }
  return writer.out;
}

TiffField long_field(const std::vector<std::uint32_t>& values) { return {4, values, {}, {}}; }

// The bytes of a page; gives the place of its directory, which ends with the place of the next (0).
std::size_t write_page(Writer& writer, const TiffPageSpec& page, const TiffSpec& spec) {
  const int wide = spec.big ? 8 : 4;
  const auto room = static_cast<std::size_t>(wide);
  TiffFields fields = page.fields;
  for (const auto& below : page.below) {
    fields[330].type = 4;
    fields[330].values.push_back(static_cast<std::uint32_t>(write_page(writer, below, spec)));
  }
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> lengths;
  for (const auto& block : page.blocks) {
    offsets.push_back(block.empty() ? 0 : static_cast<std::uint32_t>(writer.out.size()));
    lengths.push_back(static_cast<std::uint32_t>(block.size()));
    writer.out += block;
  }
  const bool tiled = fields.contains(322);
  fields.try_emplace(tiled ? 324 : 273, long_field(offsets));
  fields.try_emplace(tiled ? 325 : 279, long_field(lengths));
  std::map<std::uint16_t, std::pair<std::string, std::uint64_t>> values;  // bytes, and their place
  for (auto& [tag, field] : fields) {
    const auto bytes = value_bytes(field, spec.big_endian);
    if (bytes.empty()) {
      continue;  // a field taken away
    }
    values[tag] = {bytes, writer.out.size()};
    if (bytes.size() > room) {
      writer.out += bytes + (bytes.size() % 2 == 1 ? std::string(1, '\0') : "");
    }
  }
  const std::size_t directory = writer.out.size();
  writer.number(values.size(), spec.big ? 8 : 2);
  for (const auto& [tag, value] : values) {
    const TiffField& field = fields.at(tag);
    writer.number(tag, 2);
    writer.number(field.type, 2);
    writer.number(field.count.value_or(static_cast<std::uint32_t>(count_of(field))), wide);
    if (value.first.size() > room) {
      writer.number(value.second, wide);
    } else {
      writer.out += value.first + std::string(room - value.first.size(), '\0');
    }
  }
  writer.number(0, wide);
  return directory;
}

}  // namespace

TiffField text_field(const std::string& text) { return {2, {}, text + '\0', {}}; }

TiffField number_field(std::uint32_t value) { return {4, {value}, {}, {}}; }

std::string make_tiff(const TiffSpec& spec) {
  const int wide = spec.big ? 8 : 4;
  Writer writer(spec.big_endian);
  writer.out = spec.big_endian ? "MM" : "II";
  writer.number(spec.big ? 43 : 42, 2);
  if (spec.big) {
    writer.number(8, 2);
    writer.number(0, 2);
  }
  std::size_t link = writer.out.size();
  writer.number(0, wide);
  std::vector<std::size_t> directories;
  for (const auto& page : spec.pages) {
    directories.push_back(write_page(writer, page, spec));
    writer.number(directories.back(), wide, link);
    link = writer.out.size() - static_cast<std::size_t>(wide);
  }
  if (spec.last_points_to) {
    writer.number(directories.at(*spec.last_points_to), wide, link);
  }
  return writer.out;
}

TiffPageSpec tiff_page(const RgbImage& image, int tile, Packing packing) {
  const bool jpeg = packing == Packing::jpeg_rgb || packing == Packing::jpeg_ycbcr;
  const bool ycbcr = packing == Packing::jpeg_ycbcr || packing == Packing::jpeg2000_ycbcr;
  const JpegOptions options{95, 1, 1, packing == Packing::jpeg_rgb, false, false};
  TiffPageSpec page;
  const auto set = [&](std::uint16_t tag, std::uint32_t value) { page.fields[tag] = number_field(value); };
  set(256, static_cast<std::uint32_t>(image.width()));
  set(257, static_cast<std::uint32_t>(image.height()));
  page.fields[258] = {3, {8, 8, 8}, {}, {}};
  page.fields[259] = {3, {jpeg ? 7U : packing == Packing::jpeg2000_rgb ? 33005U : ycbcr ? 33003U : 1U}, {}, {}};
  page.fields[262] = {3, {ycbcr ? 6U : 2U}, {}, {}};
  page.fields[277] = {3, {3}, {}, {}};
  page.fields[284] = {3, {1}, {}, {}};
  constexpr int kRows = 16;
  set(tile > 0 ? 322 : 278, static_cast<std::uint32_t>(tile > 0 ? tile : kRows));
  if (tile > 0) {
    set(323, static_cast<std::uint32_t>(tile));
  }
  if (jpeg) {
    page.fields[347] = {7, {}, make_jpeg_tables(options), {}};
  }
  if (packing == Packing::jpeg_ycbcr) {
    page.fields[530] = {3, {1, 1}, {}, {}};
  }
  const int width = tile > 0 ? tile : image.width();
  const int height = tile > 0 ? tile : kRows;
  for (int y = 0; y < image.height(); y += height) {
    for (int x = 0; x < image.width(); x += width) {
      const int rows = tile > 0 ? height : std::min(height, image.height() - y);
      const RgbImage part = cut(image, {x, y, width, rows});
      page.blocks.push_back(jpeg                       ? make_jpeg(part, options)
                            : packing != Packing::none ? make_jpeg2000(part, !ycbcr)
                                                       : raw(part));
    }
  }
  return page;
}

}  // namespace her2::test
