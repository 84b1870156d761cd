// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/cells_geojson.h"

#include <fmt/format.h>

#include "her2/cellfile/geojson_text.h"
#include "her2/cellfile/gzip.h"
#include "her2/cellfile/measurements.h"
#include "her2/cellfile/outline_begins.h"
#include "her2/cellfile/qupath.h"

namespace her2 {
namespace {

using geojson::add;
using geojson::Buffer;
using geojson::decimal;
using geojson::json_text;
using geojson::polygon;

class CellWriter {
 public:
  CellWriter(const CellTable& table, const ScoredCells& scored, const Profile& profile)
      : table_(table), scored_(scored), profile_(profile), slide_(json_text(table.slide_sha256)) {
    for (const std::string& region : table.regions) {
      regions_.push_back(json_text(region));
    }
  }

  void feature(Buffer& out, std::size_t i) const {
    const MeasuredCell& cell = table_.cells[i];
    add(out, R"({{"type":"Feature","id":"{}","geometry":)", table_.id(i));
    const CellOutline outline = table_.outlines.read(i);
    polygon(out, outline.boundary());
    add(out, R"(,"nucleusGeometry":)");
    polygon(out, outline.nucleus());
    const CellKind kind = scored_.kind[i];
    const MembraneClass membrane = scored_.membrane[i];
    const auto names = qupath_class(kind, membrane);
    const auto colour = qupath_colour(kind, membrane);
    add(out, R"(,"properties":{{"objectType":"cell","classification":{{"names":["{}"],"color":[{}]}})",
        fmt::join(names, "\",\""), fmt::join(colour, ","));
    measurements_of(out, cell);
    add(out, R"(,"metadata":{{"her2 kind":"{}","her2 class":"{}","her2 slide":{})", name_of(kind), name_of(membrane),
        slide_);
    if (cell.region >= 0) {
      add(out, R"(,"her2 region":{})", regions_.at(static_cast<std::size_t>(cell.region)));
    }
    add(out, "}}}}}}");
  }

 private:
  void measurements_of(Buffer& out, const MeasuredCell& cell) const {
    add(out, R"(,"measurements":{{)");
    for (const Measurement& m : measurements()) {
      add(out, R"("{}":)", m.qupath);
      decimal(out, m.get(cell), m.per_unit);
      out.push_back(',');
    }
    if (table_.marker != "her2") {
      out.resize(out.size() - 1);  // the last comma
      out.push_back('}');
      return;
    }
    const MembraneAt membrane = membrane_at(cell, profile_.t_mem);
    add(out, R"("Membrane: Completeness %":)");
    decimal(out, membrane.completeness, 10);
    add(out, R"(,"Membrane: Longest gap %":)");
    decimal(out, membrane.longest_gap, 10);
    add(out, R"(,"Membrane: DAB OD contrast median":)");
    decimal(out, membrane.intensity, 1000);
    out.push_back('}');
  }

  const CellTable& table_;
  const ScoredCells& scored_;
  const Profile& profile_;
  std::string slide_;
  std::vector<std::string> regions_;
};

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' ? "\"\"" : std::string(1, c);
  }
  return out + "\"";
}

void csv_row(Buffer& out, const CellTable& table, const ScoredCells& scored, const Profile& profile, std::size_t i) {
  const MeasuredCell& cell = table.cells[i];
  add(out, "{},", table.id(i));
  decimal(out, std::int64_t{cell.centroid.x} * 100000 / kSubpixels, 100000);
  out.push_back(',');
  decimal(out, std::int64_t{cell.centroid.y} * 100000 / kSubpixels, 100000);
  const std::string region = cell.region < 0 ? "" : csv_field(table.regions[static_cast<std::size_t>(cell.region)]);
  add(out, ",{},{},{},{}", name_of(scored.kind[i]), name_of(scored.membrane[i]), scored.removed[i] ? 1 : 0, region);
  const MembraneAt membrane = membrane_at(cell, profile.t_mem);
  for (const auto& [value, per_unit] : {std::pair{membrane.completeness, 10}, std::pair{membrane.longest_gap, 10},
                                        std::pair{membrane.intensity, 1000}}) {
    out.push_back(',');
    decimal(out, value, per_unit);
  }
  for (const Measurement& m : measurements()) {
    out.push_back(',');
    decimal(out, m.get(cell), m.per_unit);
  }
  out.push_back('\n');
}

// Writes `head`, for each cell what `one` appends, and `tail`.
template <class F>
Result<void> write_all(const CellTable& table, const ScoredCells& scored, const std::string& path,
                       const std::string& head, F one, std::string_view tail) {
  if (scored.membrane.size() != table.cells.size()) {
    return fail("the cells and their classes do not belong together", {}, path);
  }
  auto file = TextFile::create(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  Buffer buffer;
  buffer.append(head);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    one(buffer, i);
    if (auto done = geojson::spill(*file, buffer); !done) {
      return done;
    }
  }
  buffer.append(tail);
  if (!table.outlines.whole()) {
    return fail(kOutlinesLost, {}, path);
  }
  if (auto done = geojson::spill(*file, buffer, 0); !done) {
    return done;
  }
  return file->commit();
}

}  // namespace

Result<void> write_cells_geojson(const CellTable& table, const ScoredCells& scored, const Profile& profile,
                                 const std::string& path) {
  const CellWriter writer(table, scored, profile);
  bool first = true;
  return write_all(
      table, scored, path, "{\"type\":\"FeatureCollection\",\"features\":[",
      [&](Buffer& out, std::size_t i) {
        if (!scored.removed[i]) {
          out.append(std::string_view(first ? "\n" : ",\n"));
          first = false;
          writer.feature(out, i);
        }
      },
      "\n]}\n");
}

Result<void> write_cells_csv(const CellTable& table, const ScoredCells& scored, const Profile& profile,
                             const std::string& path) {
  std::string head =
      "id,x_px,y_px,kind,class,removed,region,completeness_percent,longest_gap_percent,membrane_contrast_od";
  for (const Measurement& m : measurements()) {
    head += fmt::format(",{}", m.name);
  }
  return write_all(
      table, scored, path, head + "\n", [&](Buffer& out, std::size_t i) { csv_row(out, table, scored, profile, i); },
      "");
}

}  // namespace her2
