// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "her2/slide/slide.h"
#include "her2/stain/optical_density.h"
#include "her2/stain/stain_vectors.h"
#include "tests/places.h"

// Images of the data folder; tests skip where it is not.
namespace her2::test {

struct RealImage {
  RgbImage rgb;
  StainPlanes stains;  // with the middle of the brightest hundredth of each channel as white
};

inline White brightest(const RgbImage& rgb) {
  White white{};
  for (std::size_t c = 0; c < 3; ++c) {
    std::array<std::int64_t, 256> levels{};
    for (std::size_t i = c; i < rgb.bytes().size(); i += 3) {
      ++levels[rgb.bytes()[i]];
    }
    std::int64_t left = std::int64_t{rgb.width()} * rgb.height() / 200;
    int level = 255;
    while (level > 1 && (left -= levels[static_cast<std::size_t>(level)]) > 0) {
      --level;
    }
    white[c] = level;
  }
  return white;
}

// At most side x side pixels from the middle of level 0.
inline std::optional<RealImage> real_image(const std::string& name, int side = 2000) {
  const auto slide = open_slide(data_folder() + "/" + name);
  if (!slide) {
    return std::nullopt;
  }
  const SlideInfo& info = (*slide)->info();
  const auto reader = (*slide)->reader();
  const std::int64_t width = std::min<std::int64_t>(side, info.levels[0].width);
  const std::int64_t height = std::min<std::int64_t>(side, info.levels[0].height);
  const Box box{(info.levels[0].width - width) / 2, (info.levels[0].height - height) / 2, width, height};
  RealImage out;
  if (!reader || !read_region(**reader, info, 0, box, out.rgb)) {
    return std::nullopt;
  }
  unmix(out.rgb, od_table(brightest(out.rgb)), unmixing(*unit_vectors({})), out.stains);
  return out;
}

}  // namespace her2::test
