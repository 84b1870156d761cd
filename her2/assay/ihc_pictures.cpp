// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ihc_pictures.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "her2/core/parallel.h"
#include "her2/ihc/drawing.h"
#include "her2/language/say.h"
#include "her2/slide/png_writer.h"
#include "her2/slide/thumbnail.h"

namespace her2 {
namespace {

constexpr double kFieldUm = 100;    // side of an example field
constexpr int kFieldPixels = 400;   // a field is enlarged to at least this
constexpr int kMapPixels = 1000;    // longer side of the maps
constexpr double kSquareUm = 32;    // least side of a map's squares: they hold some cells
constexpr double kCellsShowUm = 1;  // um per pixel of the map up to which a cell's outline is seen on it

struct DrawnPicture {
  std::string id, title, caption;
  RgbImage image;
};

// All into the report; packing them takes far longer than drawing them.
Result<void> add(const std::vector<DrawnPicture>& drawn, int threads, IhcReport& report) {
  std::vector<std::string> packed(drawn.size());
  auto done = parallel_for(drawn.size(), threads, [&](std::size_t i, int) -> Result<void> {
    auto png = encode_png(drawn[i].image);
    if (!png) {
      return tl::unexpected(png.error());
    }
    packed[i] = std::move(*png);
    return {};
  });
  for (std::size_t i = 0; done && i < drawn.size(); ++i) {
    const auto& [id, title, caption, image] = drawn[i];
    report.pictures.push_back({id, title, caption, std::move(packed[i]), image.width(), image.height()});
  }
  return done;
}

// Every n-th pixel's mean, so that the longer side is at most `most`.
RgbImage reduced(const RgbImage& in, int most) {
  const int side = (std::max(in.width(), in.height()) + most - 1) / most;
  if (side <= 1) {
    return in;
  }
  RgbImage out(std::max(1, in.width() / side), std::max(1, in.height() / side));
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        int n = 0;
        for (int dy = 0; dy < side && y * side + dy < in.height(); ++dy) {
          for (int dx = 0; dx < side && x * side + dx < in.width(); ++dx, ++n) {
            sum += in.at(x * side + dx, y * side + dy)[c];
          }
        }
        out.at(x, y)[c] = static_cast<std::uint8_t>(sum / std::max(1, n));
      }
    }
  }
  return out;
}

RgbImage enlarged(const RgbImage& in, int times) {
  RgbImage out(in.width() * times, in.height() * times);
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      std::copy_n(in.at(x / times, y / times), 3, out.at(x, y));
    }
  }
  return out;
}

// The slide small, for people: its overview where that is large enough to be looked at, else more of its pixels.
Result<RgbImage> map_of(const Slide& slide, const RgbImage& overview, int threads) {
  if (std::max(overview.width(), overview.height()) >= kMapPixels / 2) {
    return reduced(overview, kMapPixels);
  }
  const SlideLevel& full = slide.info().levels[0];
  const auto longest = std::max(full.width, full.height);
  auto map = make_thumbnail(slide, static_cast<int>(std::min<std::int64_t>(longest, kMapPixels)), threads);
  return map ? enlarged(*map, std::max(1, kMapPixels / std::max(map->width(), map->height()))) : std::move(map);
}

OutlineStyle style_of(const SlideScore& score) {
  OutlineStyle style;
  style.boundaries = !score.marker;
  style.nuclei = score.marker.has_value();
  style.width = score.marker ? 3 : 2;
  return style;
}

// Of a small field: each of its cells.
DrawnPicture all_outlines(const RgbImage& map, const SlideLevel& full, const CellTable& table,
                          const SlideScore& score) {
  RgbImage outlined = map;
  draw_outlines(outlined, {0, 0, full.width, full.height}, table, score.cells, style_of(score));
  return {"heatmap", say("ihc.every_cell"),
          score.marker ? say("ihc.each_cell_s_nucleus_in_the_colour") : say("ihc.each_cell_s_boundary_in_the_colour"),
          std::move(outlined)};
}

// Of a slide: means in squares.
DrawnPicture where_stained(const RgbImage& map, double um, const SlideLevel& full, const CellTable& table,
                           const SlideScore& score) {
  const int bin = std::max(4, static_cast<int>(std::ceil(kSquareUm / um)));
  const std::string side = number_in(fmt::format("{:.3g}", bin * um));
  return {"heatmap", say("ihc.where_the_stained_cells_are"),
          score.marker ? say("ihc.mean_nuclear_intensity_of_the_tumour", {{"um", side}})
                       : say("ihc.mean_membrane_intensity_of_the_tumour", {{"um", side}}),
          heat_map(map, full.width, full.height, table, score.cells, bin)};
}

}  // namespace

Result<void> add_pictures(const Slide& slide, const SlideMeasurement& measured, const SlideScore& score, int threads,
                          IhcReport& report) {
  std::vector<DrawnPicture> drawn;
  const ScoredCells& scored = score.cells;
  const SlideInfo& info = slide.info();
  const SlideLevel& full = info.levels[0];
  const auto map = map_of(slide, measured.overview, threads);
  if (!map) {
    return tl::unexpected(map.error());
  }
  const RgbImage& small = *map;
  const double um = measured.table.mpp * static_cast<double>(full.width) / small.width();
  drawn.push_back({"thumbnail", say("ihc.the_slide"),
                   say("ihc.mm_wide", {{"width", number_in(fmt::format("{:.3g}", um * small.width() / 1000))}}),
                   small});
  if (scored.counts.tumour == 0) {
    return add(drawn, threads, report);
  }
  drawn.push_back(um <= kCellsShowUm ? all_outlines(small, full, measured.table, score)
                                     : where_stained(small, um, full, measured.table, score));
  auto reader = slide.reader();
  if (!reader) {
    return tl::unexpected(reader.error());
  }
  const auto side = std::max<std::int64_t>(16, std::llround(kFieldUm / measured.table.mpp));
  for (const ExampleField& field : example_fields(measured.table, scored, side, full.width, full.height)) {
    RgbImage plain;
    if (auto read = read_region(**reader, info, 0, field.box, plain); !read) {
      return read;
    }
    const int times = std::max(1, kFieldPixels / std::max(1, plain.width()));
    plain = enlarged(plain, times);
    RgbImage outlined = plain;
    draw_outlines(outlined, field.box, measured.table, scored, style_of(score));
    RgbImage both(plain.width() * 2 + 8, plain.height());
    for (int y = 0; y < plain.height(); ++y) {
      std::copy_n(plain.row(y), plain.stride(), both.row(y));
      std::copy_n(outlined.row(y), outlined.stride(), both.at(plain.width() + 8, y));
    }
    std::string name(score.marker ? name_of(as_nuclear(field.membrane)) : name_of(field.membrane));
    std::replace(name.begin(), name.end(), '_', '-');
    std::string words = name;
    std::replace(words.begin(), words.end(), '-', ' ');
    words = name_in("staining", words);
    drawn.push_back(
        {"field-" + name, say("ihc.field_with_the_most_cells", {{"words", words}}),
         say("ihc.of_tumour_cells_in_this_field_are",
             {{"cells", field.cells},
              {"all_tumour", field.all_tumour},
              {"words", words},
              {"mpp", number_in(fmt::format("{:.3g}", static_cast<double>(field.box.width) * measured.table.mpp))},
              {"x", field.box.x},
              {"y", field.box.y}}),
         std::move(both)});
  }
  return add(drawn, threads, report);
}

}  // namespace her2
