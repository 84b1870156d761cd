// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/geojson_text.h"

#include <nlohmann/json.hpp>

#include "her2/cellfile/cells_geojson.h"

namespace her2::geojson {

void decimal(Buffer& out, std::int64_t value, int per_unit) {
  const std::int64_t size = value < 0 ? -value : value;
  add(out, "{}{}", value < 0 ? "-" : "", size / per_unit);
  std::int64_t rest = size % per_unit;
  if (rest != 0) {
    out.push_back('.');
    for (std::int64_t digit = per_unit / 10; rest != 0; digit /= 10) {
      out.push_back(static_cast<char>('0' + rest / digit));
      rest %= digit;
    }
  }
}

std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void polygon(Buffer& out, std::span<const SubPoint> outline) {
  const auto ring = simple_ring(outline);
  add(out, R"({{"type":"Polygon","coordinates":[[)");
  for (std::size_t i = 0; i <= ring.size(); ++i) {
    const Centipoint p = ring[i < ring.size() ? i : 0];
    out.push_back('[');
    decimal(out, p.x, 100);
    out.push_back(',');
    decimal(out, p.y, 100);
    add(out, "]{}", i < ring.size() ? "," : "");
  }
  add(out, "]]}}");
}

Result<void> spill(TextFile& file, Buffer& buffer, std::size_t least) {
  if (buffer.size() < least) {
    return {};
  }
  auto done = file.write({buffer.data(), buffer.size()});
  buffer.clear();
  return done;
}

}  // namespace her2::geojson
