// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdf5.h>

#include "her2/core/error.h"

// The little of HDF5 that an AnnData file needs. HDF5's own messages are kept quiet; one thread at a time is inside the
// library (HdfLock), as it may have been built without locks of its own.
namespace her2::hdf {

// Holds the library for this thread and its messages back.
class HdfLock {
 public:
  HdfLock();
  ~HdfLock();
  HdfLock(const HdfLock&) = delete;
  HdfLock& operator=(const HdfLock&) = delete;

 private:
  std::unique_lock<std::mutex> lock_;
  H5E_auto2_t report_ = nullptr;
  void* report_data_ = nullptr;
};

// Closes what it holds. Negative: nothing.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close closer) : id_(id), close_(closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept;
  ~Handle() { close(); }
  bool close();  // true when there was nothing to close, or closing succeeded
  [[nodiscard]] hid_t get() const { return id_; }
  [[nodiscard]] bool ok() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

// What a number is in the file (little endian, of this width) and in memory.
template <class T>
hid_t memory_type();
template <class T>
hid_t stored_type();

enum class Text : std::uint8_t { fixed, variable };

// A string type: UTF-8, of `length` bytes padded with zeros, or of any length.
Handle string_type(std::size_t length);
Handle variable_string_type();
Handle bool_type();  // as h5py stores numpy's

using Shape = std::vector<hsize_t>;

// Writes a file. The first failure stays: later calls do nothing, close() tells.
class Writer {
 public:
  explicit Writer(const std::string& path);

  void group(const std::string& path, const char* encoding, const char* version = "0.1.0");
  void attribute(const std::string& path, const char* name, std::string_view text);
  void attribute(const std::string& path, const char* name, const std::vector<std::string>& texts);
  void flag(const std::string& path, const char* name, bool value);
  void text(const std::string& path, std::string_view text);
  void texts(const std::string& path, const std::vector<std::string>& texts);
  void number(const std::string& path, double value);
  // Strings all of the same length, asked for row by row.
  void rows_of_text(const std::string& path, std::size_t rows, std::size_t length,
                    const std::function<void(std::size_t row, char* out)>& fill);
  void rows_of_bool(const std::string& path, std::size_t rows, const std::function<bool(std::size_t row)>& value);
  // An array of `columns` (0: one dimension), packed, written in pieces of bounded size: fill(row, out) writes one row.
  template <class T>
  void rows(const std::string& path, std::size_t rows, std::size_t columns,
            const std::function<void(std::size_t row, T* out)>& fill);
  template <class T>
  void values(const std::string& path, std::span<const T> values, std::size_t columns = 0) {
    const std::size_t wide = columns == 0 ? 1 : columns;
    rows<T>(path, values.size() / wide, columns,
            [&](std::size_t row, T* out) { std::copy_n(values.data() + row * wide, wide, out); });
  }
  // False when anything failed.
  bool close();

 private:
  void array(const std::string& path, const Shape& shape, hid_t stored, hid_t memory, std::size_t width,
             const char* encoding, const std::function<void(std::size_t row, void* out)>& fill);
  void attribute(hid_t object, const char* name, std::string_view text);
  bool check(bool good);

  Handle file_;
  bool ok_ = true;
};

// Reads a file. Errors have place (the name in the file) and reason.
class Reader {
 public:
  static Result<Reader> open(const std::string& path);

  [[nodiscard]] bool has(const std::string& path) const;
  [[nodiscard]] Result<std::string> text(const std::string& path) const;
  [[nodiscard]] Result<std::vector<std::string>> texts(const std::string& path) const;
  [[nodiscard]] Result<double> number(const std::string& path) const;
  // Rows of a dataset: 1 or 2 dimensions. Refuses sizes that its bytes cannot hold.
  [[nodiscard]] Result<Shape> shape(const std::string& path) const;
  // Values of rows [row, row + rows), converted to T; a number that does not fit is T's nearest.
  template <class T>
  [[nodiscard]] Result<void> rows(const std::string& path, std::size_t row, std::size_t rows, std::size_t columns,
                                  T* out) const;
  template <class T>
  [[nodiscard]] Result<std::vector<T>> values(const std::string& path) const;

 private:
  Reader() = default;
  [[nodiscard]] Handle dataset(const std::string& path) const;
  [[nodiscard]] Result<void> read(const std::string& path, hid_t memory, std::size_t row, std::size_t rows,
                                  std::size_t columns, void* out) const;

  Handle file_;
};

}  // namespace her2::hdf
