// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/core/error.h"

namespace her2 {

// Whether a folder of this name can be made, or is there: fails where a file has the name or its parent cannot be
// written.
Result<void> can_be_folder(const std::string& path);

// The files of one result. They are written into a folder within the result's own, and moved to their places together
// by commit(), the last one added last. Without commit() nothing is left behind, not even a folder that was made for
// it.
class ResultFolder {
 public:
  static Result<ResultFolder> make(const std::string& path);
  ResultFolder(ResultFolder&& other) noexcept;
  ResultFolder& operator=(ResultFolder&&) = delete;
  ~ResultFolder();

  // Where the file of this name is to be written.
  std::string add(const std::string& name);
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  Result<void> commit();

 private:
  ResultFolder() = default;
  std::string path_, part_;
  std::vector<std::string> made_;  // folders made for it, the outermost first
  std::vector<std::string> names_;
  bool open_ = false;
};

}  // namespace her2
