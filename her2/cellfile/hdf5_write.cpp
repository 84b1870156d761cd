// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "her2/cellfile/hdf5.h"

namespace her2::hdf {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;  // of one packed piece, before packing

Handle without_times(hid_t kind) {
  Handle list(H5Pcreate(kind), H5Pclose);
  H5Pset_obj_track_times(list.get(), false);
  return list;
}

}  // namespace

Writer::Writer(const std::string& path) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V18);
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.get(), false);
  file_ = Handle(H5Fcreate(path.c_str(), H5F_ACC_EXCL, creation.get(), access.get()), H5Fclose);
  check(file_.ok());
}

bool Writer::check(bool good) {
  ok_ = ok_ && good;
  return ok_;
}

void Writer::group(const std::string& path, const char* encoding, const char* version) {
  if (ok_ && path != "/") {
    const Handle creation = without_times(H5P_GROUP_CREATE);
    const Handle group(H5Gcreate2(file_.get(), path.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Gclose);
    check(group.ok());
  }
  attribute(path, "encoding-type", encoding);
  attribute(path, "encoding-version", version);
}

void Writer::attribute(hid_t object, const char* name, std::string_view text) {
  const Handle type = variable_string_type();
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle made(H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const std::string copy(text);
  const char* pointer = copy.c_str();
  check(made.ok() && H5Awrite(made.get(), type.get(), &pointer) >= 0);
}

void Writer::attribute(const std::string& path, const char* name, std::string_view text) {
  if (ok_) {
    const Handle object(H5Oopen(file_.get(), path.c_str(), H5P_DEFAULT), H5Oclose);
    attribute(object.get(), name, text);
  }
}

void Writer::attribute(const std::string& path, const char* name, const std::vector<std::string>& texts) {
  if (!ok_) {
    return;
  }
  const Handle object(H5Oopen(file_.get(), path.c_str(), H5P_DEFAULT), H5Oclose);
  const Handle type = variable_string_type();
  const hsize_t count = texts.size();
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle made(H5Acreate2(object.get(), name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  std::vector<const char*> pointers;
  for (const std::string& text : texts) {
    pointers.push_back(text.c_str());
  }
  check(made.ok() && H5Awrite(made.get(), type.get(), pointers.data()) >= 0);
}

void Writer::flag(const std::string& path, const char* name, bool value) {
  if (!ok_) {
    return;
  }
  const Handle object(H5Oopen(file_.get(), path.c_str(), H5P_DEFAULT), H5Oclose);
  const Handle type = bool_type();
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle made(H5Acreate2(object.get(), name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const std::int8_t stored = value ? 1 : 0;
  check(made.ok() && H5Awrite(made.get(), type.get(), &stored) >= 0);
}

void Writer::text(const std::string& path, std::string_view text) {
  if (!ok_) {
    return;
  }
  const Handle type = variable_string_type();
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle creation = without_times(H5P_DATASET_CREATE);
  const Handle data(
      H5Dcreate2(file_.get(), path.c_str(), type.get(), space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
      H5Dclose);
  const std::string copy(text);
  const char* pointer = copy.c_str();
  if (check(data.ok() && H5Dwrite(data.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &pointer) >= 0)) {
    attribute(data.get(), "encoding-type", "string");
    attribute(data.get(), "encoding-version", "0.2.0");
  }
}

void Writer::texts(const std::string& path, const std::vector<std::string>& texts) {
  std::size_t longest = 1;
  for (const std::string& text : texts) {
    longest = std::max(longest, text.size());
  }
  rows_of_text(path, texts.size(), longest,
               [&](std::size_t row, char* out) { std::copy(texts[row].begin(), texts[row].end(), out); });
}

void Writer::number(const std::string& path, double value) {
  if (!ok_) {
    return;
  }
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle creation = without_times(H5P_DATASET_CREATE);
  const Handle data(
      H5Dcreate2(file_.get(), path.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
      H5Dclose);
  if (check(data.ok() && H5Dwrite(data.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) >= 0)) {
    attribute(data.get(), "encoding-type", "numeric-scalar");
    attribute(data.get(), "encoding-version", "0.2.0");
  }
}

void Writer::rows_of_text(const std::string& path, std::size_t rows, std::size_t length,
                          const std::function<void(std::size_t, char*)>& fill) {
  const Handle type = string_type(length);
  array(path, {rows}, type.get(), type.get(), length, "string-array",
        [&](std::size_t row, void* out) { fill(row, static_cast<char*>(out)); });
}

void Writer::rows_of_bool(const std::string& path, std::size_t rows, const std::function<bool(std::size_t)>& value) {
  const Handle type = bool_type();
  array(path, {rows}, type.get(), type.get(), 1, "array",
        [&](std::size_t row, void* out) { *static_cast<std::int8_t*>(out) = value(row) ? 1 : 0; });
}

template <class T>
void Writer::rows(const std::string& path, std::size_t rows, std::size_t columns,
                  const std::function<void(std::size_t, T*)>& fill) {
  const Shape shape = columns == 0 ? Shape{rows} : Shape{rows, columns};
  array(path, shape, stored_type<T>(), memory_type<T>(), sizeof(T) * std::max<std::size_t>(columns, 1), "array",
        [&](std::size_t row, void* out) { fill(row, static_cast<T*>(out)); });
}

// `width`: bytes of one row in memory. Packed by shuffle and deflate, with a checksum over each piece.
void Writer::array(const std::string& path, const Shape& shape, hid_t stored, hid_t memory, std::size_t width,
                   const char* encoding, const std::function<void(std::size_t, void*)>& fill) {
  if (!ok_) {
    return;
  }
  const std::size_t rows = shape[0];
  const std::size_t piece = std::clamp<std::size_t>(kPieceBytes / width, 1, std::max<std::size_t>(rows, 1));
  const int rank = static_cast<int>(shape.size());
  const Handle space(H5Screate_simple(rank, shape.data(), nullptr), H5Sclose);
  const Handle creation = without_times(H5P_DATASET_CREATE);
  Shape chunk = shape;
  chunk[0] = piece;
  if (rows > 0) {
    check(H5Pset_chunk(creation.get(), rank, chunk.data()) >= 0 && H5Pset_shuffle(creation.get()) >= 0 &&
          H5Pset_deflate(creation.get(), 4) >= 0 && H5Pset_fletcher32(creation.get()) >= 0);
  }
  const Handle data(
      H5Dcreate2(file_.get(), path.c_str(), stored, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Dclose);
  if (!check(data.ok())) {
    return;
  }
  std::vector<char> buffer(piece * width);
  Shape start(shape.size(), 0);
  for (std::size_t row = 0; row < rows; row += piece) {
    Shape count = shape;
    count[0] = std::min(piece, rows - row);
    start[0] = row;
    std::fill(buffer.begin(), buffer.end(), '\0');
    for (std::size_t i = 0; i < count[0]; ++i) {
      fill(row + i, buffer.data() + i * width);
    }
    const Handle part(H5Screate_simple(rank, count.data(), nullptr), H5Sclose);
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
    if (!check(H5Dwrite(data.get(), memory, part.get(), space.get(), H5P_DEFAULT, buffer.data()) >= 0)) {
      return;
    }
  }
  attribute(data.get(), "encoding-type", encoding);
  attribute(data.get(), "encoding-version", "0.2.0");
}

bool Writer::close() {
  if (file_.ok()) {
    check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL) >= 0);
    check(file_.close());
  }
  return ok_;
}

template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, std::int8_t*)>&);
template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, std::uint8_t*)>&);
template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, std::int16_t*)>&);
template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, std::uint16_t*)>&);
template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, std::int32_t*)>&);
template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, std::int64_t*)>&);
template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, std::uint64_t*)>&);
template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, float*)>&);
template void Writer::rows(const std::string&, std::size_t, std::size_t,
                           const std::function<void(std::size_t, double*)>&);

}  // namespace her2::hdf
