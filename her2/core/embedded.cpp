// SPDX-License-Identifier: Apache-2.0
#include "her2/core/embedded.h"

#include <algorithm>

namespace her2 {

std::vector<std::string_view> embedded_names(std::string_view folder) {
  std::vector<std::string_view> names;
  for (const auto& file : detail::embedded_files()) {
    if (file.path.size() > folder.size() && file.path.starts_with(folder) &&
        (folder.empty() || folder.ends_with('/') || file.path[folder.size()] == '/')) {
      names.push_back(file.path);
    }
  }
  return names;
}

std::optional<std::string_view> embedded_file(std::string_view path) {
  const auto files = detail::embedded_files();
  const auto at = std::ranges::lower_bound(files, path, {}, &detail::EmbeddedFile::path);
  if (at == files.end() || at->path != path) {
    return std::nullopt;
  }
  return at->bytes;
}

}  // namespace her2
