// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "her2/cellfile/hdf5.h"

namespace her2::hdf {
namespace {

constexpr const char* kDamaged = "cannot be read: the file is damaged or was cut short; copy or make it again";
constexpr std::size_t kLongestText = std::size_t{1} << 20;

tl::unexpected<Error> wrong(const std::string& path, std::string reason) { return fail(std::move(reason), path); }

// A dataset's text values, whether stored at one length or each at its own.
Result<std::vector<std::string>> read_texts(hid_t data, const std::string& path) {
  const Handle type(H5Dget_type(data), H5Tclose);
  const Handle space(H5Dget_space(data), H5Sclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  if (!type.ok() || count < 0 || H5Tget_class(type.get()) != H5T_STRING) {
    return wrong(path, "must be text");
  }
  if (count > 100'000) {
    return wrong(path, "holds more texts than can be");
  }
  const auto rows = static_cast<std::size_t>(count);
  std::vector<std::string> out;
  if (H5Tis_variable_str(type.get()) > 0) {
    const Handle memory = variable_string_type();
    std::vector<char*> pointers(rows, nullptr);
    if (rows > 0 && H5Dread(data, memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) {
      return wrong(path, kDamaged);
    }
    for (const char* pointer : pointers) {
      out.emplace_back(pointer == nullptr ? "" : pointer);
    }
    H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, pointers.data());
    return out;
  }
  const std::size_t length = H5Tget_size(type.get());
  if (length == 0 || length > kLongestText || length * rows > (std::size_t{1} << 28)) {
    return wrong(path, "holds more text than can be");
  }
  std::vector<char> bytes(length * rows);
  if (rows > 0 && H5Dread(data, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0) {
    return wrong(path, kDamaged);
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const char* text = bytes.data() + i * length;
    out.emplace_back(text, static_cast<std::size_t>(std::find(text, text + length, '\0') - text));
  }
  return out;
}

}  // namespace

Result<Reader> Reader::open(const std::string& path) {
  Reader reader;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  reader.file_ = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
  if (!reader.file_.ok()) {
    return fail(H5Fis_hdf5(path.c_str()) > 0
                    ? std::string(kDamaged)
                    : "is no HDF5 file, or cannot be opened; give a cells.h5ad that her2 wrote");
  }
  return reader;
}

bool Reader::has(const std::string& path) const {
  for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    if (H5Lexists(file_.get(), path.substr(0, at).c_str(), H5P_DEFAULT) <= 0) {
      return false;
    }
  }
  return H5Lexists(file_.get(), path.c_str(), H5P_DEFAULT) > 0;
}

Handle Reader::dataset(const std::string& path) const {
  return has(path) ? Handle(H5Dopen2(file_.get(), path.c_str(), H5P_DEFAULT), H5Dclose) : Handle();
}

Result<std::string> Reader::text(const std::string& path) const {
  auto all = texts(path);
  if (!all) {
    return tl::unexpected(all.error());
  }
  if (all->size() != 1) {
    return wrong(path, "must be one text");
  }
  return std::move(all->front());
}

Result<std::vector<std::string>> Reader::texts(const std::string& path) const {
  const Handle data = dataset(path);
  if (!data.ok()) {
    return wrong(path, "is missing; give a cells.h5ad that her2 wrote");
  }
  return read_texts(data.get(), path);
}

Result<double> Reader::number(const std::string& path) const {
  double out = 0;
  const auto size = shape(path);
  if (!size) {
    return tl::unexpected(size.error());
  }
  if (!size->empty()) {
    return wrong(path, "must be one number");
  }
  const Handle data = dataset(path);
  if (H5Dread(data.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &out) < 0) {
    return wrong(path, kDamaged);
  }
  return out;
}

Result<Shape> Reader::shape(const std::string& path) const {
  const Handle data = dataset(path);
  if (!data.ok()) {
    return wrong(path, "is missing; give a cells.h5ad that her2 wrote");
  }
  const Handle type(H5Dget_type(data.get()), H5Tclose);
  const Handle space(H5Dget_space(data.get()), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space.get());
  const H5T_class_t kind = H5Tget_class(type.get());
  if (rank < 0 || rank > 2 || (kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_ENUM)) {
    return wrong(path, "must be a number, or an array of numbers with one or two dimensions");
  }
  Shape out(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space.get(), out.data(), nullptr);
  // Deflate packs to no less than 1/1032.
  const auto claimed = static_cast<double>(H5Sget_simple_extent_npoints(space.get()));
  if (claimed > 1100.0 * (1000 + static_cast<double>(H5Dget_storage_size(data.get())))) {
    return wrong(path, "claims more numbers than its bytes can hold; the file is damaged");
  }
  return out;
}

Result<void> Reader::read(const std::string& path, hid_t memory, std::size_t row, std::size_t rows, std::size_t columns,
                          void* out) const {
  const Handle data = dataset(path);
  const Handle space(H5Dget_space(data.get()), H5Sclose);
  const int rank = columns == 0 ? 1 : 2;
  if (H5Sget_simple_extent_ndims(space.get()) != rank) {
    return wrong(path, fmt::format("must have {} dimension(s)", rank));
  }
  const Shape start{row, 0};
  const Shape count{rows, columns};
  const Handle part(H5Screate_simple(rank, count.data(), nullptr), H5Sclose);
  if (rows > 0 && (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) < 0 ||
                   H5Dread(data.get(), memory, part.get(), space.get(), H5P_DEFAULT, out) < 0)) {
    return wrong(path, kDamaged);
  }
  return {};
}

template <class T>
Result<void> Reader::rows(const std::string& path, std::size_t row, std::size_t rows, std::size_t columns,
                          T* out) const {
  return read(path, memory_type<T>(), row, rows, columns, out);
}

template <class T>
Result<std::vector<T>> Reader::values(const std::string& path) const {
  const auto size = shape(path);
  if (!size) {
    return tl::unexpected(size.error());
  }
  if (size->empty()) {
    return wrong(path, "must be an array of numbers");
  }
  const std::size_t columns = size->size() == 2 ? (*size)[1] : 0;
  std::vector<T> out((*size)[0] * std::max<std::size_t>(columns, 1));
  if (columns == 0 && size->size() == 2) {
    return out;
  }
  if (auto done = read(path, memory_type<T>(), 0, (*size)[0], columns, out.data()); !done) {
    return tl::unexpected(done.error());
  }
  return out;
}

template Result<void> Reader::rows(const std::string&, std::size_t, std::size_t, std::size_t, std::int64_t*) const;
template Result<void> Reader::rows(const std::string&, std::size_t, std::size_t, std::size_t, double*) const;
template Result<void> Reader::rows(const std::string&, std::size_t, std::size_t, std::size_t, float*) const;
template Result<void> Reader::rows(const std::string&, std::size_t, std::size_t, std::size_t, std::int32_t*) const;
template Result<std::vector<std::int64_t>> Reader::values(const std::string&) const;
template Result<std::vector<double>> Reader::values(const std::string&) const;

}  // namespace her2::hdf
