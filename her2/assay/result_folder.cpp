// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/result_folder.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

namespace her2 {
namespace {

namespace fs = std::filesystem;

// The folders of a path that are not there yet, the outermost first.
std::vector<std::string> not_there(fs::path path) {
  std::vector<std::string> out;
  std::error_code error;
  for (path = fs::absolute(path, error).lexically_normal(); !path.empty() && !fs::exists(path, error);
       path = path.parent_path()) {
    if (!path.filename().empty()) {
      out.push_back(path.string());
    }
    if (path == path.parent_path()) {
      break;
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

Result<void> can_be_folder(const std::string& path) {
  std::error_code error;
  fs::path there = fs::absolute(path, error).lexically_normal();
  while (!there.empty() && !fs::exists(there, error) && there != there.parent_path()) {
    there = there.parent_path();
  }
  if (!fs::is_directory(there, error)) {
    return fail(there == fs::absolute(path, error).lexically_normal()
                    ? std::string("is a file; --out names a folder")
                    : fmt::format("cannot be made: {} is a file", there.string()),
                {}, path);
  }
  if (::access(there.c_str(), W_OK | X_OK) != 0) {
    return fail(fmt::format("cannot be written: {} is not yours to write in", there.string()), {}, path);
  }
  return {};
}

Result<ResultFolder> ResultFolder::make(const std::string& path) {
  ResultFolder out;
  out.path_ = path;
  out.part_ = (fs::path(path) / fmt::format(".part-{}", ::getpid())).string();
  out.made_ = not_there(path);
  out.open_ = true;
  std::error_code error;
  fs::create_directories(out.part_, error);
  if (error) {
    return fail("this folder cannot be made: " + error.message(), {}, path);
  }
  return out;
}

ResultFolder::ResultFolder(ResultFolder&& other) noexcept
    : path_(std::move(other.path_)),
      part_(std::move(other.part_)),
      made_(std::move(other.made_)),
      names_(std::move(other.names_)),
      open_(std::exchange(other.open_, false)) {}

ResultFolder::~ResultFolder() {
  if (!open_) {
    return;
  }
  std::error_code error;
  fs::remove_all(part_, error);
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) {
    fs::remove(*folder, error);  // only while it is empty
  }
}

std::string ResultFolder::add(const std::string& name) {
  names_.push_back(name);
  return (fs::path(part_) / name).string();
}

Result<void> ResultFolder::commit() {
  std::error_code error;
  for (const std::string& name : names_) {
    fs::rename(fs::path(part_) / name, fs::path(path_) / name, error);
    if (error) {
      return fail("cannot be written: " + error.message(), {}, (fs::path(path_) / name).string());
    }
  }
  fs::remove(part_, error);
  made_.clear();
  open_ = false;
  return {};
}

}  // namespace her2
