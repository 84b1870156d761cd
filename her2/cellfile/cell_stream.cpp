// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/cell_stream.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "her2/cellfile/h5ad.h"
#include "her2/cellfile/hdf5.h"
#include "her2/cellfile/measurements.h"

namespace her2 {
namespace {

constexpr std::size_t kRowsAtOnce = 4096;
constexpr std::size_t kMostRows = 200'000'000;
constexpr const char* kOutlines = "/uns/her2/outlines/";
constexpr std::array kMembrane{"/obs/completeness", "/obs/longest_gap", "/obs/membrane_contrast_od"};

// Keeps the first failure of several reads.
class Reading {
 public:
  template <class T>
  T taken(Result<T> result) {
    if (result) {
      return std::move(*result);
    }
    keep(result.error());
    return T{};
  }
  void done(const Result<void>& result) {
    if (!result) {
      keep(result.error());
    }
  }
  void keep(const Error& error) {
    if (!error_) {
      error_ = error;
    }
  }
  [[nodiscard]] bool good() const { return !error_; }
  [[nodiscard]] Error error(const std::string& path) const { return located(*error_, path); }

 private:
  std::optional<Error> error_;
};

// One small number a cell, below `limit`.
std::vector<std::uint8_t> codes(const hdf::Reader& in, Reading& reading, const std::string& path, std::size_t limit) {
  const auto shape = reading.taken(in.shape(path));
  if (reading.good() && (shape.size() != 1 || shape[0] > kMostRows)) {
    reading.keep({{}, path, "must be one number a cell"});
  }
  if (!reading.good()) {
    return {};
  }
  std::vector<std::uint8_t> out(shape[0]);
  std::vector<std::int64_t> piece(kRowsAtOnce);
  for (std::size_t row = 0; row < out.size() && reading.good(); row += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, out.size() - row);
    reading.done(in.rows(path, row, rows, 0, piece.data()));
    for (std::size_t i = 0; i < rows && reading.good(); ++i) {
      if (piece[i] < 0 || piece[i] >= static_cast<std::int64_t>(limit)) {
        reading.keep({{}, path, fmt::format("holds {}, which is not from 0 to {}", piece[i], limit - 1)});
        break;
      }
      out[row + i] = static_cast<std::uint8_t>(piece[i]);
    }
  }
  return out;
}

// Where the outlines of some rows lie, checked: nucleus i is [nuclei[i], cells[i]), boundary i [cells[i], nuclei[i+1]).
struct Begins {
  std::vector<std::int64_t> nuclei, cells;
};

void read_begins(const hdf::Reader& in, Reading& reading, std::size_t row, std::size_t rows, Begins& out) {
  constexpr std::int64_t kMostPoints = 100'000;  // of one cell
  const std::string base = kOutlines;
  out.nuclei.resize(rows + 1);
  out.cells.resize(rows);
  reading.done(in.rows(base + "nucleus_begin", row, rows + 1, 0, out.nuclei.data()));
  reading.done(in.rows(base + "boundary_begin", row, rows, 0, out.cells.data()));
  for (std::size_t i = 0; i < rows && reading.good(); ++i) {
    if (out.nuclei[i] < 0 || out.nuclei[i] > out.cells[i] || out.cells[i] > out.nuclei[i + 1] ||
        out.nuclei[i + 1] - out.nuclei[i] > kMostPoints) {
      reading.keep({{}, base + "nucleus_begin", "the outlines do not follow each other; the file is damaged"});
    }
  }
}

}  // namespace

Result<CellStream> CellStream::open(const std::string& path) {
  const hdf::HdfLock lock;
  auto in = hdf::Reader::open(path);
  if (!in) {
    return tl::unexpected(located(in.error(), path));
  }
  CellStream out;
  out.path_ = path;
  if (!in->has("/uns/her2/format") || in->text("/uns/her2/format").value_or("") != kCellsFormat) {
    return fail("is no cell table of this version of her2; give the cells.h5ad that her2 ihc wrote", "/uns/her2/format",
                path);
  }
  Reading reading;
  const auto text = [&](const char* name) { return reading.taken(in->text(fmt::format("/uns/her2/{}", name))); };
  out.marker = in->has("/uns/her2/marker") ? text("marker") : "her2";
  out.slide_name = text("slide_name");
  out.slide_sha256 = text("slide_sha256");
  out.software = text("software");
  out.profile_name = text("scored_profile_name");
  out.digest = text("digest");
  out.mpp = reading.taken(in->number("/uns/her2/mpp"));
  out.classes = reading.taken(in->texts("/obs/class/categories"));
  if (reading.good() && (out.classes.empty() || out.classes.size() > 64)) {
    reading.keep({{}, "/obs/class/categories", "must name 1 to 64 classes"});
  }
  out.kinds_ = codes(*in, reading, "/obs/kind/codes", 4);
  out.classes_of_ = codes(*in, reading, "/obs/class/codes", out.classes.size());
  out.removed_ = codes(*in, reading, "/obs/removed", 2);
  if (reading.good() && in->has("/obs/role")) {
    out.control_ = codes(*in, reading, "/obs/role/codes", 2);
  } else {
    out.control_.assign(out.kinds_.size(), 0);
  }
  const std::size_t cells = out.kinds_.size();
  if (reading.good() &&
      (out.classes_of_.size() != cells || out.removed_.size() != cells || out.control_.size() != cells)) {
    reading.keep({{}, "/obs", "its columns have different lengths; give the file as her2 wrote it"});
  }
  if (!reading.good()) {
    return tl::unexpected(reading.error(path));
  }
  return out;
}

StreamedCell CellStream::brief(std::size_t row) const {
  StreamedCell cell;
  cell.row = row;
  cell.kind = static_cast<CellKind>(kinds_[row]);
  cell.klass = classes_of_[row];
  cell.removed = removed_[row] != 0;
  cell.control = control_[row] != 0;
  return cell;
}

Result<void> CellStream::each_size(const std::function<void(std::size_t, std::size_t, std::size_t)>& see) const {
  const hdf::HdfLock lock;
  auto in = hdf::Reader::open(path_);
  if (!in) {
    return tl::unexpected(located(in.error(), path_));
  }
  Reading reading;
  Begins at;
  for (std::size_t row = 0; row < size() && reading.good(); row += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, size() - row);
    read_begins(*in, reading, row, rows, at);
    for (std::size_t i = 0; i < rows && reading.good(); ++i) {
      see(row + i, static_cast<std::size_t>(at.cells[i] - at.nuclei[i]),
          static_cast<std::size_t>(at.nuclei[i + 1] - at.cells[i]));
    }
  }
  return reading.good() ? Result<void>{} : tl::unexpected(reading.error(path_));
}

Result<void> CellStream::each(bool outlines, const std::function<Result<void>(const StreamedCell&)>& see) const {
  const hdf::HdfLock lock;
  auto in = hdf::Reader::open(path_);
  if (!in) {
    return tl::unexpected(located(in.error(), path_));
  }
  const std::size_t columns = measurements().size();
  Reading reading;
  Begins at;
  std::vector<double> places(2 * kRowsAtOnce);
  std::vector<std::int64_t> exact(columns * kRowsAtOnce);
  std::vector<std::int32_t> numbers;
  std::vector<SubPoint> points;
  std::array<std::vector<float>, 3> membrane;
  membrane.fill(std::vector<float>(kRowsAtOnce));
  for (std::size_t row = 0; row < size(); row += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, size() - row);
    reading.done(in->rows("/obsm/spatial", row, rows, 2, places.data()));
    if (outlines && reading.good()) {
      reading.done(in->rows("/layers/exact", row, rows, columns, exact.data()));
      for (std::size_t part = 0; part < membrane.size(); ++part) {
        reading.done(in->rows(kMembrane.at(part), row, rows, 0, membrane.at(part).data()));
      }
      read_begins(*in, reading, row, rows, at);
      const auto first = static_cast<std::size_t>(reading.good() ? at.nuclei.front() : 0);
      const auto count = static_cast<std::size_t>(reading.good() ? at.nuclei.back() : 0) - first;
      numbers.resize(2 * count);
      points.resize(count);
      if (reading.good() && count > 0) {
        reading.done(in->rows(std::string(kOutlines) + "points", first, count, 2, numbers.data()));
      }
      for (std::size_t i = 0; i < count; ++i) {
        points[i] = {numbers[2 * i], numbers[2 * i + 1]};
      }
    }
    for (std::size_t i = 0; i < rows && reading.good(); ++i) {
      StreamedCell cell = brief(row + i);
      cell.x = places[2 * i];
      cell.y = places[2 * i + 1];
      if (outlines) {
        cell.exact = std::span(exact).subspan(i * columns, columns);
        const auto begin = static_cast<std::size_t>(at.nuclei[i] - at.nuclei.front());
        const auto middle = static_cast<std::size_t>(at.cells[i] - at.nuclei.front());
        const auto end = static_cast<std::size_t>(at.nuclei[i + 1] - at.nuclei.front());
        cell.nucleus = std::span(points).subspan(begin, middle - begin);
        cell.boundary = std::span(points).subspan(middle, end - middle);
        cell.completeness = membrane[0][i];
        cell.longest_gap = membrane[1][i];
        cell.contrast = membrane[2][i];
      }
      if (auto seen = see(cell); !seen) {
        return seen;
      }
    }
    if (!reading.good()) {
      return tl::unexpected(reading.error(path_));
    }
  }
  return {};
}

}  // namespace her2
