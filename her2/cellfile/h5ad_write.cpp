// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "her2/cellfile/h5ad.h"
#include "her2/cellfile/hdf5.h"
#include "her2/cellfile/measurements.h"
#include "her2/cellfile/outline_begins.h"
#include "her2/ihc/nuclear_slide.h"

namespace her2 {
namespace {

constexpr std::size_t kIdLength = 36;

class H5adWriter {
 public:
  // `control`: which cells belong to an on-slide control.
  H5adWriter(const CellTable& table, const ScoredCells& scored, const std::vector<bool>& control,
             const Profile& profile, const std::string& path)
      : table_(table), scored_(scored), control_(control), profile_(profile), count_(table.cells.size()), out_(path) {}

  bool write() {
    out_.group("/", "anndata");
    obs();
    var();
    x();
    obsm();
    for (const char* name : {"/varm", "/obsp", "/varp"}) {
      out_.group(name, "dict");
    }
    uns();
    return out_.close();
  }

 private:
  template <class T, class F>
  void categories(const std::string& path, const std::vector<std::string>& names, F code) {
    out_.group(path, "categorical", "0.2.0");
    out_.flag(path, "ordered", false);
    out_.rows<T>(path + "/codes", count_, 0, [&](std::size_t i, T* to) { *to = code(i); });
    out_.texts(path + "/categories", names);
  }

  void obs() {
    out_.group("/obs", "dataframe", "0.2.0");
    out_.attribute("/obs", "_index", "_index");
    out_.attribute("/obs", "column-order",
                   std::vector<std::string>{"kind", "kind_confidence", "class", "completeness", "longest_gap",
                                            "membrane_contrast_od", "region", "removed", "role", "measured_kind"});
    out_.rows_of_text("/obs/_index", count_, kIdLength, [&](std::size_t i, char* to) {
      const std::string id = table_.id(i);
      std::copy_n(id.begin(), std::min(id.size(), kIdLength), to);
    });
    std::vector<std::string> kinds;
    for (const CellKind kind : {CellKind::tumour, CellKind::lymphocyte, CellKind::stromal, CellKind::other}) {
      kinds.emplace_back(name_of(kind));
    }
    categories<std::int8_t>("/obs/kind", kinds,
                            [&](std::size_t i) { return static_cast<std::int8_t>(scored_.kind[i]); });
    categories<std::int8_t>("/obs/measured_kind", kinds,
                            [&](std::size_t i) { return static_cast<std::int8_t>(table_.cells[i].kind); });
    classes();
    categories<std::int16_t>("/obs/region", table_.regions, [&](std::size_t i) { return table_.cells[i].region; });
    out_.rows_of_bool("/obs/removed", count_, [&](std::size_t i) { return scored_.removed[i]; });
    categories<std::int8_t>("/obs/role", {"measured", "control"},
                            [&](std::size_t i) { return static_cast<std::int8_t>(control_[i] ? 1 : 0); });
    out_.rows<std::uint8_t>("/obs/kind_confidence", count_, 0,
                            [&](std::size_t i, std::uint8_t* to) { *to = table_.cells[i].confidence; });
    membrane("/obs/completeness", &MembraneAt::completeness);
    membrane("/obs/longest_gap", &MembraneAt::longest_gap);
    membrane("/obs/membrane_contrast_od", &MembraneAt::intensity);
  }

  void classes() {
    std::vector<std::string> names;
    if (table_.marker == "her2") {
      for (std::size_t c = 0; c < kMembraneClasses; ++c) {
        names.emplace_back(name_of(static_cast<MembraneClass>(c)));
      }
      categories<std::int8_t>("/obs/class", names,
                              [&](std::size_t i) { return static_cast<std::int8_t>(scored_.membrane[i]); });
      return;
    }
    for (std::size_t c = 0; c < 4; ++c) {
      names.emplace_back(name_of(static_cast<NuclearClass>(c)));
    }
    categories<std::int8_t>("/obs/class", names,
                            [&](std::size_t i) { return static_cast<std::int8_t>(as_nuclear(scored_.membrane[i])); });
  }

  void membrane(const char* path, int MembraneAt::*part) {
    out_.rows<float>(path, count_, 0, [&](std::size_t i, float* to) {
      *to = static_cast<float>(membrane_at(table_.cells[i], profile_.t_mem).*part) / 1000.0F;
    });
  }

  void var() {
    out_.group("/var", "dataframe", "0.2.0");
    out_.attribute("/var", "_index", "_index");
    out_.attribute("/var", "column-order", std::vector<std::string>{"unit", "per_unit", "qupath"});
    std::vector<std::string> names;
    std::vector<std::string> units;
    std::vector<std::string> qupath;
    std::vector<std::int32_t> per_unit;
    for (const Measurement& m : measurements()) {
      names.emplace_back(m.name);
      units.emplace_back(m.unit);
      qupath.emplace_back(m.qupath);
      per_unit.push_back(m.per_unit);
    }
    out_.texts("/var/_index", names);
    out_.texts("/var/unit", units);
    out_.texts("/var/qupath", qupath);
    out_.values<std::int32_t>("/var/per_unit", per_unit);
  }

  void x() {
    const auto columns = measurements();
    out_.rows<float>("/X", count_, columns.size(), [&](std::size_t i, float* to) {
      for (const Measurement& m : columns) {
        *to++ = static_cast<float>(m.get(table_.cells[i])) / static_cast<float>(m.per_unit);
      }
    });
    out_.group("/layers", "dict");
    out_.rows<std::int64_t>("/layers/exact", count_, columns.size(), [&](std::size_t i, std::int64_t* to) {
      for (const Measurement& m : columns) {
        *to++ = m.get(table_.cells[i]);
      }
    });
  }

  void obsm() {
    out_.group("/obsm", "dict");
    out_.rows<double>("/obsm/spatial", count_, 2, [&](std::size_t i, double* to) {
      to[0] = double{1} * table_.cells[i].centroid.x / kSubpixels;
      to[1] = double{1} * table_.cells[i].centroid.y / kSubpixels;
    });
    ladder("/obsm/ladder_completeness", &LadderStep::completeness);
    ladder("/obsm/ladder_longest_gap", &LadderStep::longest_gap);
    ladder("/obsm/ladder_contrast", &LadderStep::intensity);
  }

  void ladder(const char* path, std::uint16_t LadderStep::*part) {
    out_.rows<std::uint16_t>(path, count_, kLadderMod.size(), [&](std::size_t i, std::uint16_t* to) {
      for (const LadderStep& step : table_.cells[i].ladder) {
        *to++ = step.*part;
      }
    });
  }

  void uns() {
    out_.group("/uns", "dict");
    out_.group("/uns/her2", "dict");
    const auto text = [&](const char* name, const std::string& value) {
      out_.text(fmt::format("/uns/her2/{}", name), value);
    };
    text("format", kCellsFormat);
    text("marker", table_.marker);
    text("slide_name", table_.slide_name);
    text("slide_sha256", table_.slide_sha256);
    text("stain_says", table_.stain_says);
    text("subsampling", table_.subsampling);
    text("profile_name", table_.profile_name);
    text("profile_sha256", table_.profile_sha256);
    text("scored_profile_name", profile_.name);
    text("scored_profile_sha256", profile_.sha256);
    text("software", table_.software);
    text("digest", digest(table_));
    out_.number("/uns/her2/mpp", table_.mpp);
    out_.number("/uns/her2/work_mpp", table_.work_mpp);
    out_.number("/uns/her2/stain_estimated", table_.stain_estimated ? 1 : 0);
    out_.number("/uns/her2/microarray", table_.microarray ? 1 : 0);
    out_.texts("/uns/her2/regions", table_.regions);
    const std::vector<std::int32_t> white(table_.white.begin(), table_.white.end());
    out_.values<std::int32_t>("/uns/her2/white", white);
    std::vector<std::int32_t> vectors;
    for (const auto& vector : table_.stain_vectors) {
      vectors.insert(vectors.end(), vector.begin(), vector.end());
    }
    out_.values<std::int32_t>("/uns/her2/stain_vectors", vectors, 3);
    out_.values<std::int16_t>("/uns/her2/ladder_mod", kLadderMod);
    out_.group("/uns/her2/outlines", "dict");
    const OutlineBegins begins = outline_begins(table_.outlines, [](SubPoint) {});
    CellOutline outline;  // of `cell` - 1, of which the points from `next` on are not written
    std::size_t cell = 0;
    std::size_t next = 0;
    out_.rows<std::int32_t>("/uns/her2/outlines/points", begins.nuclei.back(), 2, [&](std::size_t, std::int32_t* to) {
      for (; next == outline.points.size() && cell < table_.outlines.size(); next = 0) {
        outline = table_.outlines.read(cell++);
      }
      if (next == outline.points.size()) {
        return;  // the temporary file failed meanwhile, which is told at the end
      }
      to[0] = outline.points[next].x;
      to[1] = outline.points[next++].y;
    });
    out_.values<std::uint64_t>("/uns/her2/outlines/nucleus_begin", begins.nuclei);
    out_.values<std::uint64_t>("/uns/her2/outlines/boundary_begin", begins.boundaries);
  }

  const CellTable& table_;
  const ScoredCells& scored_;
  const std::vector<bool>& control_;
  const Profile& profile_;
  std::size_t count_;
  hdf::Writer out_;
};

// Measured cells and those of controls in one table, ordered by place.
struct AllCells {
  CellTable table;
  ScoredCells scored;
  std::vector<bool> control;
};

Result<AllCells> together(const CellTable& table, const ScoredCells& scored, const CellTable& controls,
                          const Profile& profile) {
  ScoredCells of_controls;
  if (nuclear_marker(table.marker)) {
    auto slide = score_nuclear_slide(controls, {}, profile);
    if (!slide) {
      return tl::unexpected(slide.error());
    }
    of_controls = std::move(slide->cells);
  } else {
    auto cells = score_cells(controls, {}, profile);
    if (!cells) {
      return tl::unexpected(cells.error());
    }
    of_controls = std::move(*cells);
  }
  AllCells out;
  out.table = table.without_cells();
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < table.cells.size() || b < controls.cells.size()) {
    bool control = a == table.cells.size();
    if (!control && b < controls.cells.size()) {
      const SubPoint p = table.cells[a].centroid;
      const SubPoint q = controls.cells[b].centroid;
      control = q.y != p.y ? q.y < p.y : q.x < p.x;
    }
    const CellTable& from = control ? controls : table;
    const ScoredCells& classes = control ? of_controls : scored;
    std::size_t& i = control ? b : a;
    out.table.add_from(from.cells[i], from, i);
    out.scored.membrane.push_back(classes.membrane[i]);
    out.scored.kind.push_back(classes.kind[i]);
    out.scored.removed.push_back(classes.removed[i]);
    out.control.push_back(control);
    ++i;
  }
  return out;
}

bool flushed(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  return good;
}

}  // namespace

Result<void> write_h5ad(const CellTable& table, const ScoredCells& scored, const Profile& profile,
                        const std::string& path, const CellTable* controls) {
  if (scored.membrane.size() != table.cells.size() || table.outlines.size() != table.cells.size()) {
    return fail("the cells and their classes do not belong together", {}, path);
  }
  AllCells all;
  if (controls != nullptr) {
    auto joined = together(table, scored, *controls, profile);
    if (!joined) {
      return tl::unexpected(located(joined.error(), path));
    }
    all = std::move(*joined);
  } else {
    all.control.assign(table.cells.size(), false);
  }
  const std::string part = fmt::format("{}.part-{}", path, ::getpid());
  errno = 0;
  bool good = false;
  {
    const hdf::HdfLock lock;
    const bool joined = controls != nullptr;
    good = H5adWriter(joined ? all.table : table, joined ? all.scored : scored, all.control, profile, part).write();
  }
  const bool whole = (controls != nullptr ? all.table : table).outlines.whole();
  if (!whole) {
    ::unlink(part.c_str());
    return fail(kOutlinesLost, {}, path);
  }
  if (good && flushed(part) && ::rename(part.c_str(), path.c_str()) == 0) {
    return {};
  }
  const std::string why = errno == 0 ? "the folder must exist and the disk have room" : std::strerror(errno);
  ::unlink(part.c_str());
  return fail(fmt::format("cannot be written: {}", why), {}, path);
}

}  // namespace her2
