// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "her2/cellfile/gzip.h"
#include "her2/core/error.h"
#include "her2/core/polygon.h"

// Pieces of GeoJSON as text, for writers that go cell by cell.
namespace her2::geojson {

using Buffer = fmt::memory_buffer;

template <class... Args>
void add(Buffer& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

// A whole number of 1/per_unit (a power of ten) with no more decimals than it has: 1250 of 1000 is 1.25.
void decimal(Buffer& out, std::int64_t value, int per_unit);

// A Polygon of one ring: pixels of level 0 with two decimals; simple_ring() of the outline.
void polygon(Buffer& out, std::span<const SubPoint> outline);

// Text as a JSON string with its quotes.
std::string json_text(const std::string& text);

// Writes the buffer out and empties it, once it holds at least so many bytes.
Result<void> spill(TextFile& file, Buffer& buffer, std::size_t least = std::size_t{1} << 20);

}  // namespace her2::geojson
