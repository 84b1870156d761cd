// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "her2/core/error.h"

// GeoJSON that anyone may have written, object by object, so that a file of millions of cells takes little memory.
namespace her2 {

// Reads up to `room` bytes; 0 at the end.
using ByteInput = std::function<Result<std::size_t>(char* out, std::size_t room)>;

// Gets each feature and its number from 1; an error ends the reading.
using FeatureSink = std::function<Result<void>(nlohmann::json feature, std::size_t number)>;

// Reads a FeatureCollection, a bare list of Features (QuPath writes both) or one Feature. Returns what else the outer
// object held, as an object. Fails on what is no JSON (with the byte where), is nested deeper than 32 levels, or has
// single values or features that no drawing has (64 MiB, 5 million values). Exceptions do not leave.
Result<nlohmann::json> read_features(const ByteInput& input, const FeatureSink& sink);

ByteInput memory_input(std::string_view text);
// The file, unpacked when gzipped; "-" is standard input. Its errors carry the file.
Result<ByteInput> file_input(const std::string& path);

}  // namespace her2
