// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace her2 {

// What went wrong, for a person: which file, where in it, and one sentence that says what was expected and what to do.
// `file` and `place` are empty where there is none. Errors are values; exceptions do not cross a room's boundary.
struct Error {
  std::string file;    // path as the user gave it, or "standard input"
  std::string place;   // "line 3, column 7", "row 12, column ihc_score", "table dual_probe, row group-1"
  std::string reason;  // one sentence without the file and place

  // "FILE: PLACE: REASON", leaving out what is empty.
  [[nodiscard]] std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;

// `return fail("...")` from any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(std::string reason, std::string place = {}, std::string file = {}) {
  return tl::unexpected<Error>(Error{std::move(file), std::move(place), std::move(reason)});
}

// The same error with file or place filled in where they were empty.
[[nodiscard]] Error located(Error error, const std::string& file, const std::string& place = {});

}  // namespace her2
