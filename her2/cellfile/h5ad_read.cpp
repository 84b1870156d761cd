// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "her2/cellfile/h5ad.h"
#include "her2/cellfile/hdf5.h"
#include "her2/cellfile/measurements.h"

namespace her2 {
namespace {

constexpr std::size_t kMostCells = 200'000'000;
constexpr std::size_t kRows = 16384;  // read at a time

class H5adReader {
 public:
  explicit H5adReader(hdf::Reader in) : in_(std::move(in)) {}

  Result<CellTable> read(CellTable* controls) {
    header();
    kinds();
    exact();
    places();
    ladder("/obsm/ladder_completeness", &LadderStep::completeness);
    ladder("/obsm/ladder_longest_gap", &LadderStep::longest_gap);
    ladder("/obsm/ladder_contrast", &LadderStep::intensity);
    outlines();
    if (!error_ && text("digest") != digest(table_)) {
      wrong("/uns/her2/digest", "does not fit the cells: the file is damaged or was changed; give it as her2 wrote it");
    }
    if (error_) {
      return tl::unexpected(*error_);
    }
    return std::find(control_.begin(), control_.end(), 1) == control_.end() ? std::move(table_) : taken_apart(controls);
  }

 private:
  // The cells that are no control's; those go to `controls`.
  CellTable taken_apart(CellTable* controls) {
    CellTable out = table_.without_cells();
    CellTable other = out;
    for (std::size_t i = 0; i < table_.cells.size(); ++i) {
      (control_[i] != 0 ? other : out).add_from(table_.cells[i], table_, i);
    }
    if (controls != nullptr) {
      *controls = std::move(other);
    }
    return out;
  }

  void wrong(const std::string& place, std::string reason) {
    if (!error_) {
      error_ = Error{{}, place, std::move(reason)};
    }
  }

  // The value, or one made by default after the error was kept.
  template <class T>
  T taken(Result<T> result) {
    if (!result) {
      if (!error_) {
        error_ = result.error();
      }
      return T{};
    }
    return std::move(*result);
  }

  std::string text(const char* name) { return taken(in_.text(fmt::format("/uns/her2/{}", name))); }

  double number(const char* name) { return taken(in_.number(fmt::format("/uns/her2/{}", name))); }

  std::vector<std::int64_t> numbers(const std::string& path, std::size_t count, std::int64_t low, std::int64_t high) {
    auto out = error_ ? std::vector<std::int64_t>{} : taken(in_.values<std::int64_t>(path));
    if (!error_ && out.size() != count) {
      wrong(path, fmt::format("has {} numbers where {} belong; give the file as her2 wrote it", out.size(), count));
    }
    for (const std::int64_t value : out) {
      if (value < low || value > high) {
        wrong(path, fmt::format("holds {}, which is not from {} to {}", value, low, high));
        break;
      }
    }
    out.resize(count);
    return out;
  }

  void header() {
    if (!in_.has("/uns/her2/format")) {
      wrong("/uns/her2/format", "is missing: this is no cell table of her2; give the cells.h5ad that her2 ihc wrote");
      return;
    }
    const std::string format = text("format");
    if (!error_ && format != kCellsFormat) {
      wrong("/uns/her2/format", fmt::format("is {}; this program reads {}", format, kCellsFormat));
    }
    table_.marker = in_.has("/uns/her2/marker") ? text("marker") : "her2";
    static constexpr std::array<std::string_view, 4> kMarkers{"her2", "er", "pgr", "ki67"};
    if (!error_ && std::find(kMarkers.begin(), kMarkers.end(), table_.marker) == kMarkers.end()) {
      wrong("/uns/her2/marker", "must be her2, er, pgr or ki67");
    }
    table_.slide_name = text("slide_name");
    table_.slide_sha256 = text("slide_sha256");
    table_.stain_says = in_.has("/uns/her2/stain_says") ? text("stain_says") : "";
    table_.subsampling = text("subsampling");
    table_.profile_name = text("profile_name");
    table_.profile_sha256 = text("profile_sha256");
    table_.software = text("software");
    table_.mpp = number("mpp");
    table_.work_mpp = number("work_mpp");
    if (!error_ && !(table_.mpp > 0 && table_.mpp < 1000 && table_.work_mpp >= 0 && table_.work_mpp < 1000)) {
      wrong("/uns/her2/mpp", "must be micrometres per pixel");
    }
    table_.stain_estimated = number("stain_estimated") != 0;
    table_.microarray = in_.has("/uns/her2/microarray") && number("microarray") != 0;
    table_.regions = taken(in_.texts("/uns/her2/regions"));
    const auto white = numbers("/uns/her2/white", 3, 0, 65535);
    const auto vectors = numbers("/uns/her2/stain_vectors", 6, -100000, 100000);
    for (std::size_t i = 0; i < 3; ++i) {
      table_.white.at(i) = static_cast<int>(white[i]);
      table_.stain_vectors[0].at(i) = static_cast<int>(vectors[i]);
      table_.stain_vectors[1].at(i) = static_cast<int>(vectors[i + 3]);
    }
    const auto steps = numbers("/uns/her2/ladder_mod", kLadderMod.size(), 0, 32767);
    if (!error_ && !std::equal(steps.begin(), steps.end(), kLadderMod.begin())) {
      wrong("/uns/her2/ladder_mod", "is another ladder of contrasts than this program's");
    }
  }

  void kinds() {
    const auto shape = error_ ? hdf::Shape{} : taken(in_.shape("/obs/measured_kind/codes"));
    if (!error_ && (shape.size() != 1 || shape[0] > kMostCells)) {
      wrong("/obs/measured_kind/codes", "must be one number a cell");
    }
    if (error_) {
      return;
    }
    const auto kind = numbers("/obs/measured_kind/codes", shape[0], 0, 3);
    const auto confidence = numbers("/obs/kind_confidence", shape[0], 0, 255);
    const auto region =
        numbers("/obs/region/codes", shape[0], -1, static_cast<std::int64_t>(table_.regions.size()) - 1);
    if (!error_ && in_.has("/obs/role")) {
      control_ = numbers("/obs/role/codes", shape[0], 0, 1);
    }
    if (error_) {
      return;
    }
    table_.cells.resize(shape[0]);
    for (std::size_t i = 0; i < table_.cells.size(); ++i) {
      table_.cells[i].kind = static_cast<CellKind>(kind[i]);
      table_.cells[i].confidence = static_cast<std::uint8_t>(confidence[i]);
      table_.cells[i].region = static_cast<std::int16_t>(region[i]);
    }
    const auto names = taken(in_.texts("/obs/measured_kind/categories"));
    const std::vector<std::string> known{"tumour", "lymphocyte", "stromal", "other"};
    if (!error_ && names != known) {
      wrong("/obs/measured_kind/categories", fmt::format("must be {}", fmt::join(known, ", ")));
    }
  }

  // Calls each(cell, values of its row) for a table of `columns` columns.
  template <class T, class F>
  void each_row(const std::string& path, std::size_t columns, F each) {
    const auto shape = error_ ? hdf::Shape{} : taken(in_.shape(path));
    if (!error_ && shape != hdf::Shape{table_.cells.size(), columns}) {
      wrong(path, fmt::format("must have {} rows of {}; give the file as her2 wrote it", table_.cells.size(), columns));
    }
    std::vector<T> buffer(kRows * columns);
    for (std::size_t row = 0; !error_ && row < table_.cells.size(); row += kRows) {
      const std::size_t rows = std::min(kRows, table_.cells.size() - row);
      if (auto done = in_.rows(path, row, rows, columns, buffer.data()); !done) {
        wrong(done.error().place, done.error().reason);
        return;
      }
      for (std::size_t i = 0; i < rows && !error_; ++i) {
        each(row + i, buffer.data() + i * columns);
      }
    }
  }

  void exact() {
    const auto columns = measurements();
    std::vector<std::string> names;
    for (const Measurement& m : columns) {
      names.emplace_back(m.name);
    }
    const auto found = error_ ? names : taken(in_.texts("/var/_index"));
    if (found != names) {
      wrong("/var/_index", fmt::format("must be {}", fmt::join(names, ", ")));
    }
    each_row<std::int64_t>("/layers/exact", columns.size(), [&](std::size_t i, const std::int64_t* value) {
      for (std::size_t c = 0; c + 1 < columns.size(); ++c) {  // the last, the kind's confidence, stands in obs
        if (!columns[c].set(table_.cells[i], value[c])) {
          wrong(fmt::format("/layers/exact, cell {}, {}", i + 1, columns[c].name), "is a number that cannot be");
        }
      }
    });
  }

  void places() {
    each_row<double>("/obsm/spatial", 2, [&](std::size_t i, const double* value) {
      MeasuredCell& cell = table_.cells[i];
      const double x = value[0] * kSubpixels;
      const double y = value[1] * kSubpixels;
      constexpr double kMost = std::numeric_limits<std::int32_t>::max();
      if (!(std::abs(x) <= kMost && std::abs(y) <= kMost) || x != std::floor(x) || y != std::floor(y)) {
        wrong(fmt::format("/obsm/spatial, cell {}", i + 1), "must be level 0 pixels in steps of 1/32");
        return;
      }
      cell.centroid = {static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)};
      const SubPoint before = i == 0 ? cell.centroid : table_.cells[i - 1].centroid;
      if (before.y > cell.centroid.y || (before.y == cell.centroid.y && before.x > cell.centroid.x)) {
        wrong(fmt::format("/obsm/spatial, cell {}", i + 1),
              "the cells are in another order than her2 wrote them, so outlines cannot be told apart; give the file as "
              "it was written");
      }
    });
  }

  void ladder(const char* path, std::uint16_t LadderStep::*part) {
    each_row<std::int64_t>(path, kLadderMod.size(), [&](std::size_t i, const std::int64_t* value) {
      for (std::size_t s = 0; s < kLadderMod.size(); ++s) {
        if (value[s] < 0 || value[s] > 65535) {
          wrong(fmt::format("{}, cell {}", path, i + 1), "is a number that cannot be");
          return;
        }
        table_.cells[i].ladder.at(s).*part = static_cast<std::uint16_t>(value[s]);
      }
    });
  }

  void outlines() {
    const std::string base = "/uns/her2/outlines/";
    const auto shape = error_ ? hdf::Shape{} : taken(in_.shape(base + "points"));
    if (!error_ && (shape.size() != 2 || shape[1] != 2)) {
      wrong(base + "points", "must be pairs of x and y");
    }
    if (error_) {
      return;
    }
    const auto total = static_cast<std::int64_t>(shape[0]);
    const auto nuclei = numbers(base + "nucleus_begin", table_.cells.size() + 1, 0, total);
    const auto cells = numbers(base + "boundary_begin", table_.cells.size(), 0, total);
    bool ordered = nuclei.front() == 0 && nuclei.back() == total;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      ordered = ordered && nuclei[i] <= cells[i] && cells[i] <= nuclei[i + 1];
    }
    if (!error_ && !ordered) {
      wrong(base + "nucleus_begin", "the outlines do not follow each other; the file is damaged");
    }
    if (error_) {
      return;
    }
    std::vector<std::int64_t> buffer(kRows * 2);
    std::size_t row = 0;  // first in the buffer
    std::size_t rows = 0;
    std::vector<SubPoint> points;
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      points.clear();
      for (auto i = static_cast<std::size_t>(nuclei[cell]); i < static_cast<std::size_t>(nuclei[cell + 1]); ++i) {
        if (i == row + rows) {
          row = i;
          rows = std::min<std::size_t>(kRows, static_cast<std::size_t>(shape[0]) - row);
          if (auto done = in_.rows(base + "points", row, rows, 2, buffer.data()); !done) {
            wrong(done.error().place, done.error().reason);
            return;
          }
        }
        constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
        constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
        const std::int64_t* at = &buffer[2 * (i - row)];
        points.push_back({static_cast<std::int32_t>(std::clamp(at[0], kLow, kHigh)),
                          static_cast<std::int32_t>(std::clamp(at[1], kLow, kHigh))});
      }
      const std::span<const SubPoint> all(points);
      const auto of_nucleus = static_cast<std::size_t>(cells[cell] - nuclei[cell]);
      table_.outlines.add(all.first(of_nucleus), all.subspan(of_nucleus));
    }
    table_.outlines.close();
  }

  hdf::Reader in_;
  CellTable table_;
  std::vector<std::int64_t> control_;  // 1: a cell of a control; may be empty: none is
  std::optional<Error> error_;
};

}  // namespace

Result<CellTable> read_h5ad(const std::string& path, CellTable* controls) {
  const hdf::HdfLock lock;
  auto file = hdf::Reader::open(path);
  if (!file) {
    return tl::unexpected(located(file.error(), path));
  }
  auto table = H5adReader(std::move(*file)).read(controls);
  if (!table) {
    return tl::unexpected(located(table.error(), path));
  }
  return table;
}

}  // namespace her2
