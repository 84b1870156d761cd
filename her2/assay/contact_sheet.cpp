// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/contact_sheet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "her2/ish/counting.h"

namespace her2 {
namespace {

using Colour = std::array<std::uint8_t, 3>;

// 3 x 5 dots, rows from the top, three bits each.
constexpr std::array<std::uint16_t, 12> kGlyphs{
    0b111101101101111, 0b010110010010111, 0b111001111100111, 0b111001111001111, 0b101101111001001, 0b111100111001111,
    0b111100111101111, 0b111001001001001, 0b111101111101111, 0b111101111001111, 0b001001010100100, 0b000010111010000};

int glyph_of(char c) { return c >= '0' && c <= '9' ? c - '0' : c == '/' ? 10 : 11; }

class Tile {
 public:
  Tile(RgbImage& sheet, int left, int top) : sheet_(sheet), left_(left), top_(top) {}

  void dot(int x, int y, const Colour& colour) {
    if (x >= 0 && y >= 0 && x < kSheetTile && y < kSheetTile) {
      std::copy(colour.begin(), colour.end(), sheet_.at(left_ + x, top_ + y));
    }
  }
  // Twice as large, with a border so that it can be read on anything.
  void text(int x, int y, const std::string& words, const Colour& ink, const Colour& ground) {
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t i = 0; i < words.size(); ++i) {
        const std::uint16_t glyph = kGlyphs.at(static_cast<std::size_t>(glyph_of(words[i])));
        for (int k = 0; k < 15; ++k) {
          if ((glyph >> (14 - k) & 1U) != 0) {
            block(x + static_cast<int>(i) * 8 + 2 * (k % 3), y + 2 * (k / 3), pass == 0 ? 1 : 0,
                  pass == 0 ? ground : ink);
          }
        }
      }
    }
  }
  // A ring of 24 dots around (x, y); broken: every second three are left out.
  void ring(double x, double y, double radius, bool broken, const Colour& colour) {
    constexpr int kDots = 48;
    for (int i = 0; i < kDots; ++i) {
      if (broken && i / 6 % 2 == 1) {
        continue;
      }
      const double angle = 6.283185307179586 * i / kDots;
      dot(static_cast<int>(std::floor(x + radius * std::cos(angle))),
          static_cast<int>(std::floor(y + radius * std::sin(angle))), colour);
    }
  }
  void line(double x0, double y0, double x1, double y1, const Colour& colour) {
    const int steps = 1 + static_cast<int>(std::max(std::abs(x1 - x0), std::abs(y1 - y0)) * 1.5);
    for (int i = 0; i <= steps; ++i) {
      dot(static_cast<int>(std::floor(x0 + (x1 - x0) * i / steps)),
          static_cast<int>(std::floor(y0 + (y1 - y0) * i / steps)), colour);
    }
  }

 private:
  void block(int x, int y, int more, const Colour& colour) {
    for (int dy = -more; dy < 2 + more; ++dy) {
      for (int dx = -more; dx < 2 + more; ++dx) {
        dot(x + dx, y + dy, colour);
      }
    }
  }
  RgbImage& sheet_;
  int left_, top_;
};

// The box of the field that a nucleus's tile shows: a square of `side` pixels around the middle of its outline.
Box box_of(const NucleusTable& table, std::size_t nucleus, std::int64_t side) {
  const SubPoint at = table.nuclei[nucleus].centroid;
  return {at.x / kSubpixels - side / 2, at.y / kSubpixels - side / 2, side, side};
}

std::int64_t side_of(const NucleusTable& table, std::span<const std::size_t> nuclei) {
  std::int64_t reach = 16;
  for (const std::size_t i : nuclei) {
    const SubPoint at = table.nuclei[i].centroid;
    for (const SubPoint& p : table.contour(i)) {
      reach = std::max<std::int64_t>({reach, std::abs(p.x - at.x) / kSubpixels, std::abs(p.y - at.y) / kSubpixels});
    }
  }
  return 2 * (reach + reach / 8) + 1;
}

// Bilinear at pixel centres, in integers of 1/256.
void paint(RgbImage& sheet, int left, int top, const RgbImage& from) {
  const std::int64_t scale_x = std::int64_t{from.width()} * 256 / kSheetTile;
  const std::int64_t scale_y = std::int64_t{from.height()} * 256 / kSheetTile;
  for (int y = 0; y < kSheetTile; ++y) {
    const std::int64_t sy = std::clamp<std::int64_t>(y * scale_y + scale_y / 2 - 128, 0, (from.height() - 1) * 256);
    const int y0 = static_cast<int>(sy >> 8);
    const int y1 = std::min(y0 + 1, from.height() - 1);
    for (int x = 0; x < kSheetTile; ++x) {
      const std::int64_t sx = std::clamp<std::int64_t>(x * scale_x + scale_x / 2 - 128, 0, (from.width() - 1) * 256);
      const int x0 = static_cast<int>(sx >> 8);
      const int x1 = std::min(x0 + 1, from.width() - 1);
      const std::int64_t fx = sx & 255;
      const std::int64_t fy = sy & 255;
      for (int c = 0; c < 3; ++c) {
        const std::int64_t upper = from.at(x0, y0)[c] * (256 - fx) + from.at(x1, y0)[c] * fx;
        const std::int64_t lower = from.at(x0, y1)[c] * (256 - fx) + from.at(x1, y1)[c] * fx;
        sheet.at(left + x, top + y)[c] = static_cast<std::uint8_t>((upper * (256 - fy) + lower * fy) >> 16);
      }
    }
  }
}

// Dark pictures are brightened for the eye: each channel so that all but 3 in 1000 of its values reach 230, at most
// sixfold.
void brighten(std::vector<RgbImage>& pictures) {
  std::array<std::array<std::uint64_t, 256>, 3> values{};
  std::uint64_t all = 0;
  for (const RgbImage& picture : pictures) {
    const auto bytes = picture.bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      ++values.at(i % 3)[bytes[i]];
    }
    all += bytes.size() / 3;
  }
  for (std::size_t c = 0; c < 3; ++c) {
    unsigned high = 255;
    for (std::uint64_t beyond = values.at(c)[255]; high > 1 && 1000 * beyond < 3 * all; beyond += values.at(c)[high]) {
      --high;
    }
    const unsigned gain = std::clamp(256 * 230 / high, 256U, 6 * 256U);
    for (RgbImage& picture : pictures) {
      const auto bytes = picture.bytes();
      for (std::size_t i = c; i < bytes.size(); i += 3) {
        bytes[i] = static_cast<std::uint8_t>(std::min(bytes[i] * gain / 256, 255U));
      }
    }
  }
}

}  // namespace

Result<RgbImage> contact_sheet(const NucleusTable& table, std::span<const std::size_t> nuclei, std::size_t first,
                               const FieldPixels& pixels) {
  nuclei = nuclei.first(std::min(nuclei.size(), kSheetNuclei));
  constexpr int kGap = 3;
  const int rows = static_cast<int>((nuclei.size() + kSheetColumns - 1) / kSheetColumns);
  const bool dark = table.assay == IshAssay::fish;
  RgbImage sheet(kSheetColumns * (kSheetTile + kGap) - kGap, std::max(rows, 1) * (kSheetTile + kGap) - kGap, 128);
  const Colour her2 = dark ? Colour{255, 120, 220} : Colour{200, 0, 160};
  const Colour cep17 = dark ? Colour{210, 255, 80} : Colour{0, 120, 30};
  const Colour outline = dark ? Colour{150, 150, 170} : Colour{60, 90, 160};
  const std::int64_t side = side_of(table, nuclei);
  const double scale = static_cast<double>(kSheetTile) / static_cast<double>(side);
  std::vector<RgbImage> pictures;
  for (const std::size_t i : nuclei) {
    auto picture = pixels(table.nuclei[i].field, box_of(table, i, side));
    if (!picture) {
      return tl::unexpected(picture.error());
    }
    pictures.push_back(std::move(*picture));
  }
  if (dark) {
    brighten(pictures);
  }
  for (std::size_t k = 0; k < nuclei.size(); ++k) {
    const IshNucleus& nucleus = table.nuclei[nuclei[k]];
    const Box box = box_of(table, nuclei[k], side);
    const int left = static_cast<int>(k) % kSheetColumns * (kSheetTile + kGap);
    const int top = static_cast<int>(k) / kSheetColumns * (kSheetTile + kGap);
    paint(sheet, left, top, pictures[k]);
    Tile tile(sheet, left, top);
    const auto x = [&](std::int32_t at) { return (at * (1.0 / kSubpixels) - static_cast<double>(box.x)) * scale; };
    const auto y = [&](std::int32_t at) { return (at * (1.0 / kSubpixels) - static_cast<double>(box.y)) * scale; };
    const auto contour = table.contour(nuclei[k]);
    for (std::size_t i = 0; i < contour.size(); ++i) {
      const SubPoint& a = contour[i];
      const SubPoint& b = contour[(i + 1) % contour.size()];
      tile.line(x(a.x), y(a.y), x(b.x), y(b.y), outline);
    }
    for (const IshSignal& signal : table.signals_of(nuclei[k])) {
      tile.ring(x(signal.at.x), y(signal.at.y), signal.channel == IshChannel::her2 ? 6.5 : 8,
                signal.state != SignalState::clear, signal.channel == IshChannel::her2 ? her2 : cep17);
    }
    const Colour ink = dark ? Colour{255, 255, 255} : Colour{0, 0, 0};
    const Colour ground = dark ? Colour{0, 0, 0} : Colour{255, 255, 255};
    tile.text(4, 4, std::to_string(first + k), ink, ground);
    const auto count = [&](std::size_t c) { return count_of(nucleus.counts.at(c), false, ClusterReading::mean); };
    tile.text(4, kSheetTile - 15, fmt::format("{}/{}", count(0), count(1)), ink, ground);
  }
  return sheet;
}

}  // namespace her2
