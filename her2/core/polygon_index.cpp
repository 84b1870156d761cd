// SPDX-License-Identifier: Apache-2.0
#include "her2/core/polygon_index.h"

#include <algorithm>

namespace her2 {

PolygonIndex::PolygonIndex(const Polygon& polygon) {
  std::vector<Edge> edges;
  for (const Contour& ring : polygon.rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const SubPoint a = ring[i];
      const SubPoint b = ring[i + 1 < ring.size() ? i + 1 : 0];
      low_ = {std::min(low_.x, a.x), std::min(low_.y, a.y)};
      high_ = {std::max(high_.x, a.x), std::max(high_.y, a.y)};
      if (a.y != b.y) {  // no row crosses a level edge
        edges.push_back({a, b});
      }
    }
  }
  if (edges.empty()) {
    return;
  }
  // As many bands as a quarter of the edges, fewer when edges are so tall that they would stand in many.
  const auto first_row = [](const Edge& edge) { return std::min(edge.a.y, edge.b.y); };
  const auto last_row = [](const Edge& edge) { return std::max(edge.a.y, edge.b.y) - 1; };
  const std::size_t most_places = 3 * edges.size();
  const std::int64_t rows = std::int64_t{high_.y} - low_.y;
  std::size_t places = 0;
  for (std::size_t bands = edges.size() / 4 + 1;; bands /= 2) {
    band_height_ = rows / static_cast<std::int64_t>(bands) + 1;
    places = 0;
    for (const Edge& edge : edges) {
      places += band(last_row(edge)) - band(first_row(edge)) + 1;
    }
    if (places <= most_places || bands == 1) {
      break;
    }
  }
  first_.assign(band(high_.y) + 2, 0);
  for (const Edge& edge : edges) {
    for (std::size_t i = band(first_row(edge)); i <= band(last_row(edge)); ++i) {
      ++first_[i + 1];
    }
  }
  for (std::size_t i = 1; i < first_.size(); ++i) {
    first_[i] += first_[i - 1];
  }
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  edges_.resize(places);
  for (const Edge& edge : edges) {
    for (std::size_t i = band(first_row(edge)); i <= band(last_row(edge)); ++i) {
      edges_[next[i]++] = edge;
    }
  }
}

bool PolygonIndex::contains(SubPoint point) const {
  if (edges_.empty() || point.y < low_.y || point.y >= high_.y || point.x < low_.x || point.x >= high_.x) {
    return false;
  }
  const std::size_t at = band(point.y);
  bool odd = false;
  for (std::size_t i = first_[at]; i < first_[at + 1]; ++i) {
    odd ^= crosses_right_of(edges_[i].a, edges_[i].b, point);
  }
  return odd;
}

}  // namespace her2
