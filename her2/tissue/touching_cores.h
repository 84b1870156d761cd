// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "her2/core/plane.h"
#include "her2/tissue/core_array.h"

namespace her2 {

// Cores by (row, column).
using CorePlaces = std::map<std::pair<int, int>, TissuePiece>;

// Cuts one piece of tissue that lies over several places of an array, where cores touch. `known` are cores that stand
// alone: from the nearest of them each place is counted out; the piece's pixels go to the nearest place, whose centre
// then moves to the middle of its pixels, and so on until nothing moves (Lloyd 1982): between two round cores of one
// size that is the line through their neck. A place that gets less than `least` pixels, or whose centre moves away by
// more than 0.4 of the distance between places, is none, and its pixels go to the next. Empty when fewer than two
// places are left: then the piece is one.
CorePlaces cut_touching(const TissuePiece& piece, std::int32_t number, const Plane<std::int32_t>& label,
                        const CoreArray& array,
                        const std::vector<std::pair<std::pair<int, int>, const TissuePiece*>>& known,
                        std::int64_t least);

}  // namespace her2
