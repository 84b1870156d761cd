// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace her2 {

// The files of `guidelines/`, `maps/`, `profiles/`, `qa/`, `schemas/` and `cases/` as they were when the program was
// built. Everything returned lives as long as the program; safe from any thread. Link her2::embedded.

// Paths below `folder`, sorted: embedded_names("maps") -> {"maps/metabric.toml", ...}. Empty without such a folder.
[[nodiscard]] std::vector<std::string_view> embedded_names(std::string_view folder);

// The bytes of one file, e.g. "guidelines/facts.toml"; nullopt when there is none of that path.
[[nodiscard]] std::optional<std::string_view> embedded_file(std::string_view path);

namespace detail {

struct EmbeddedFile {
  std::string_view path;
  std::string_view bytes;
};

// All files, sorted by path. Written at build time by cmake/EmbedData.cmake.
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace detail
}  // namespace her2
