// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/region_index.h"

#include <algorithm>

namespace her2 {
namespace {

bool has_extent(const PolygonIndex& area) { return area.low().x <= area.high().x; }

}  // namespace

RegionIndex::RegionIndex(const Regions& regions) {
  areas_.reserve(regions.regions.size());
  for (const Region& region : regions.regions) {
    const PolygonIndex& area = areas_.emplace_back(region.area);
    roles_.push_back(region.role);
    low_ = {std::min(low_.x, area.low().x), std::min(low_.y, area.low().y)};
    high_ = {std::max(high_.x, area.high().x), std::max(high_.y, area.high().y)};
  }
  if (low_.x > high_.x) {
    return;
  }
  // About as many squares as regions, fewer when regions are so large that they would stand in many.
  std::int64_t side = 1;
  while (side * side < static_cast<std::int64_t>(areas_.size())) {
    ++side;
  }
  while (places_on(side) > 16 * areas_.size() && side > 1) {
    side /= 2;
  }
  const auto each_square = [this](const PolygonIndex& area, const auto& call) {
    const Squares squares = squares_of(area);
    for (std::int64_t y = squares.top; y <= squares.bottom; ++y) {
      for (std::int64_t x = squares.left; x <= squares.right; ++x) {
        call(static_cast<std::size_t>(y * side_ + x));
      }
    }
  };
  first_.assign(static_cast<std::size_t>(side_ * side_) + 1, 0);
  for (const PolygonIndex& area : areas_) {
    each_square(area, [this](std::size_t square) { ++first_[square + 1]; });
  }
  for (std::size_t i = 1; i < first_.size(); ++i) {
    first_[i] += first_[i - 1];
  }
  places_.resize(first_.back());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t i = 0; i < areas_.size(); ++i) {
    each_square(areas_[i], [&](std::size_t square) { places_[next[square]++] = static_cast<std::int32_t>(i); });
  }
}

RegionIndex::Squares RegionIndex::squares_of(const PolygonIndex& area) const {
  if (!has_extent(area)) {
    return {0, 0, -1, -1};
  }
  const auto across = [this](std::int32_t x) { return (std::int64_t{x} - low_.x) / width_; };
  const auto down = [this](std::int32_t y) { return (std::int64_t{y} - low_.y) / height_; };
  return {across(area.low().x), down(area.low().y), across(area.high().x), down(area.high().y)};
}

// Makes the grid one of side x side squares; how often regions stand in it.
std::size_t RegionIndex::places_on(std::int64_t side) {
  side_ = side;
  width_ = (std::int64_t{high_.x} - low_.x) / side + 1;
  height_ = (std::int64_t{high_.y} - low_.y) / side + 1;
  std::int64_t places = 0;
  for (const PolygonIndex& area : areas_) {
    const Squares squares = squares_of(area);
    places += (squares.right - squares.left + 1) * (squares.bottom - squares.top + 1);
  }
  return static_cast<std::size_t>(places);
}

std::span<const std::int32_t> RegionIndex::around(SubPoint point) const {
  if (first_.empty() || point.x < low_.x || point.y < low_.y || point.x > high_.x || point.y > high_.y) {
    return {};
  }
  const std::int64_t x = (std::int64_t{point.x} - low_.x) / width_;
  const std::int64_t y = (std::int64_t{point.y} - low_.y) / height_;
  const auto square = static_cast<std::size_t>(y * side_ + x);
  return std::span(places_).subspan(first_[square], first_[square + 1] - first_[square]);
}

int RegionIndex::find(SubPoint point, bool control) const {
  const RegionRole wanted = control ? RegionRole::control : RegionRole::measure;
  int found = -1;
  for (const std::int32_t i : around(point)) {
    const auto at = static_cast<std::size_t>(i);
    const bool matters = roles_[at] == RegionRole::ignore || (roles_[at] == wanted && found < 0);
    if (matters && areas_[at].contains(point)) {
      if (roles_[at] == RegionRole::ignore) {
        return -1;
      }
      found = i;
    }
  }
  return found;
}

}  // namespace her2
