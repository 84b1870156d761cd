// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/hdf5.h"

#include <utility>

namespace her2::hdf {
namespace {

std::mutex& library() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

HdfLock::HdfLock() : lock_(library()) {
  H5dont_atexit();  // nothing of ours is open then; after a damaged file the library would complain on standard error
  H5open();
  H5Eget_auto2(H5E_DEFAULT, &report_, &report_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

HdfLock::~HdfLock() { H5Eset_auto2(H5E_DEFAULT, report_, report_data_); }

Handle& Handle::operator=(Handle&& other) noexcept {
  if (this != &other) {
    close();
    id_ = std::exchange(other.id_, -1);
    close_ = other.close_;
  }
  return *this;
}

bool Handle::close() {
  const hid_t id = std::exchange(id_, -1);
  return id < 0 || close_(id) >= 0;
}

template <>
hid_t memory_type<std::int8_t>() {
  return H5T_NATIVE_INT8;
}
template <>
hid_t memory_type<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}
template <>
hid_t memory_type<std::int16_t>() {
  return H5T_NATIVE_INT16;
}
template <>
hid_t memory_type<std::uint16_t>() {
  return H5T_NATIVE_UINT16;
}
template <>
hid_t memory_type<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
hid_t memory_type<std::int64_t>() {
  return H5T_NATIVE_INT64;
}
template <>
hid_t memory_type<std::uint64_t>() {
  return H5T_NATIVE_UINT64;
}
template <>
hid_t memory_type<float>() {
  return H5T_NATIVE_FLOAT;
}
template <>
hid_t memory_type<double>() {
  return H5T_NATIVE_DOUBLE;
}

template <>
hid_t stored_type<std::int8_t>() {
  return H5T_STD_I8LE;
}
template <>
hid_t stored_type<std::uint8_t>() {
  return H5T_STD_U8LE;
}
template <>
hid_t stored_type<std::int16_t>() {
  return H5T_STD_I16LE;
}
template <>
hid_t stored_type<std::uint16_t>() {
  return H5T_STD_U16LE;
}
template <>
hid_t stored_type<std::int32_t>() {
  return H5T_STD_I32LE;
}
template <>
hid_t stored_type<std::int64_t>() {
  return H5T_STD_I64LE;
}
template <>
hid_t stored_type<std::uint64_t>() {
  return H5T_STD_U64LE;
}
template <>
hid_t stored_type<float>() {
  return H5T_IEEE_F32LE;
}
template <>
hid_t stored_type<double>() {
  return H5T_IEEE_F64LE;
}

Handle string_type(std::size_t length) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), length);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

Handle variable_string_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

Handle bool_type() {
  Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose);
  const std::int8_t no = 0;
  const std::int8_t yes = 1;
  H5Tenum_insert(type.get(), "FALSE", &no);
  H5Tenum_insert(type.get(), "TRUE", &yes);
  return type;
}

}  // namespace her2::hdf
