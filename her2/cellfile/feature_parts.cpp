// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/feature_parts.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace her2 {
namespace {

using nlohmann::json;

constexpr double kFarthest = 60'000'000;  // pixels: sub-pixels must fit 32 bits

Result<SubPoint> point_of(const json& position, std::size_t number) {
  const bool pair = position.is_array() && position.size() >= 2 && position[0].is_number() && position[1].is_number();
  const double x = pair ? position[0].get<double>() : 0;
  const double y = pair ? position[1].get<double>() : 0;
  if (!pair || !(std::abs(x) <= kFarthest && std::abs(y) <= kFarthest)) {
    return fail(fmt::format("point {} must be [x, y] in pixels of the slide", number));
  }
  return SubPoint{static_cast<std::int32_t>(std::floor(x * kSubpixels + 0.5)),
                  static_cast<std::int32_t>(std::floor(y * kSubpixels + 0.5))};
}

Result<Contour> ring_of(const json& ring) {
  if (!ring.is_array()) {
    return fail("a ring must be a list of points");
  }
  Contour out;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto point = point_of(ring[i], i + 1);
    if (!point) {
      return tl::unexpected(point.error());
    }
    if (out.empty() || out.back() != *point) {
      out.push_back(*point);
    }
  }
  while (out.size() > 1 && out.front() == out.back()) {
    out.pop_back();
  }
  if (out.size() < 3 || doubled_area(out) == 0) {
    return fail("a ring must have at least three different points and enclose an area");
  }
  return out;
}

// An ellipse within a box: the unit circle's points ((1 - t^2) / (1 + t^2), 2 t / (1 + t^2)), t = 0 to 1 in 16 steps a
// quarter, so that no trigonometric function decides where a border lies.
Contour ellipse_in(const Contour& box) {
  SubPoint low = box[0];
  SubPoint high = box[0];
  for (const SubPoint p : box) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const double rx = (double{1} * high.x - low.x) / 2;
  const double ry = (double{1} * high.y - low.y) / 2;
  constexpr int kSteps = 16;
  Contour out;
  for (int i = 0; i < 4 * kSteps; ++i) {
    const double t = double{1} * (i % kSteps) / kSteps;
    double x = (1 - t * t) / (1 + t * t);
    double y = 2 * t / (1 + t * t);
    for (int quarter = 0; quarter < i / kSteps; ++quarter) {
      const double turned = -y;
      y = x;
      x = turned;
    }
    out.push_back({static_cast<std::int32_t>(std::floor(low.x + rx * (1 + x) + 0.5)),
                   static_cast<std::int32_t>(std::floor(low.y + ry * (1 + y) + 0.5))});
  }
  return out;
}

Result<void> add_rings(const json& rings, bool ellipse, Polygon& out) {
  if (!rings.is_array() || rings.empty()) {
    return fail("a polygon must be a list of rings");
  }
  for (std::size_t i = 0; i < rings.size(); ++i) {
    auto ring = ring_of(rings[i]);
    if (!ring) {
      return tl::unexpected(Error{{}, fmt::format("ring {}", i + 1), ring.error().reason});
    }
    out.rings.push_back(ellipse && ring->size() == 4 ? ellipse_in(*ring) : std::move(*ring));
  }
  return {};
}

}  // namespace

const json* member(const json& object, const char* key) {
  if (!object.is_object()) {
    return nullptr;
  }
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string text_of(const json& object, const char* key) {
  const json* value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

ClassNames classification(const json& feature) {
  const json* properties = member(feature, "properties");
  const json* given = properties == nullptr ? nullptr : member(*properties, "classification");
  if (given == nullptr) {
    return {};
  }
  if (given->is_string()) {
    return split_class(given->get<std::string>());
  }
  ClassNames out;
  if (const json* names = member(*given, "names"); names != nullptr && names->is_array()) {
    for (const json& name : *names) {
      out.push_back(name.is_string() ? name.get<std::string>() : "?");
    }
  } else if (const std::string name = text_of(*given, "name"); !name.empty()) {
    out = split_class(name);
  }
  return out;
}

std::string object_type(const json& feature) {
  const json* properties = member(feature, "properties");
  std::string type = properties == nullptr ? "" : text_of(*properties, "objectType");
  if (type.empty() && properties != nullptr) {
    type = text_of(*properties, "object_type");
  }
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type.empty() ? "annotation" : type;
}

Result<Polygon> polygon_of(const json& feature) {
  const json* geometry = member(feature, "geometry");
  const std::string type = geometry == nullptr ? "" : text_of(*geometry, "type");
  if (type != "Polygon" && type != "MultiPolygon") {
    return fail(type.empty() ? std::string("has no geometry; a Polygon or MultiPolygon is expected")
                             : fmt::format("is a {}; only closed shapes (Polygon, MultiPolygon) can be regions", type));
  }
  const json* coordinates = member(*geometry, "coordinates");
  if (coordinates == nullptr || !coordinates->is_array() || coordinates->empty()) {
    return fail(fmt::format("is a {} without coordinates", type));
  }
  const json* ellipse = member(*geometry, "isEllipse");
  const bool round = ellipse != nullptr && ellipse->is_boolean() && ellipse->get<bool>();
  Polygon out;
  if (type == "Polygon") {
    if (auto done = add_rings(*coordinates, round, out); !done) {
      return tl::unexpected(done.error());
    }
    return out;
  }
  for (const json& part : *coordinates) {
    if (auto done = add_rings(part, false, out); !done) {
      return tl::unexpected(done.error());
    }
  }
  return out;
}

std::string class_words(const ClassNames& names) { return fmt::format("{}", fmt::join(names, ": ")); }

}  // namespace her2
