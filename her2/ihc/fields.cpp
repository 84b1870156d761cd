// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/fields.h"

#include <algorithm>

namespace her2 {
namespace {

std::int32_t floor_div(std::int32_t a, std::int32_t b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }

}  // namespace

FieldGrid::FieldGrid(double side_um, double mpp)
    : side_(static_cast<std::int32_t>(std::min(1e9, std::max(1.0, side_um / mpp * kSubpixels + 0.5)))) {}

FieldKey FieldGrid::of(SubPoint point) const { return {floor_div(point.y, side_), floor_div(point.x, side_)}; }

SubPoint FieldGrid::corner(FieldKey field) const { return {field.second * side_, field.first * side_}; }

}  // namespace her2
