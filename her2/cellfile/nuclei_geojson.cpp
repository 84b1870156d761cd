// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/nuclei_geojson.h"

#include "her2/cellfile/geojson_text.h"
#include "her2/ihc/cell_table.h"

namespace her2 {
namespace {

using geojson::add;
using geojson::Buffer;
using geojson::decimal;

void feature(Buffer& out, const FoundNucleus& nucleus, const std::string& slide) {
  add(out, R"({{"type":"Feature","id":"{}","geometry":)", object_id(slide, nucleus.centroid));
  geojson::polygon(out, nucleus.ring);
  add(out, R"(,"properties":{{"objectType":"detection","measurements":{{)");
  const auto measurement = [&](const char* name, std::int64_t value, int per_unit, const char* end) {
    add(out, R"("{}":)", name);
    decimal(out, value, per_unit);
    add(out, "{}", end);
  };
  measurement("Nucleus: Area µm^2", nucleus.area, 100, ",");
  measurement("Nucleus: Circularity", nucleus.roundness, 1000, ",");
  measurement("Nucleus: Elongation", nucleus.elongation, 100, ",");
  measurement("Nucleus: Hematoxylin OD mean", nucleus.haematoxylin, 1000, ",");
  measurement("Nucleus: DAB OD mean", nucleus.dab, 1000, ",");
  measurement("Nucleus: Contrast OD", nucleus.contrast, 1000, "}}}");
}

}  // namespace

Result<void> write_nuclei_geojson(const std::vector<FoundNucleus>& nuclei, const std::string& slide_sha256,
                                  const std::string& path) {
  auto file = TextFile::create(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  Buffer buffer;
  add(buffer, R"({{"type":"FeatureCollection","features":[)");
  for (std::size_t i = 0; i < nuclei.size(); ++i) {
    add(buffer, "{}", i == 0 ? "\n" : ",\n");
    feature(buffer, nuclei[i], slide_sha256);
    if (auto done = geojson::spill(*file, buffer); !done) {
      return done;
    }
  }
  add(buffer, "\n]}}\n");
  if (auto done = geojson::spill(*file, buffer, 0); !done) {
    return done;
  }
  return file->commit();
}

}  // namespace her2
