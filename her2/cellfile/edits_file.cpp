// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/edits_file.h"

#include <array>
#include <cmath>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "her2/cellfile/feature_parts.h"

namespace her2 {
namespace {

using nlohmann::json;

constexpr const char* kEditsFormat = "her2-edits/1";

int intensity_of(MembraneClass membrane) {
  return (static_cast<int>(membrane) + 1) / 2;  // unstained 0, faint 1, weak 2, moderate 3, strong 4
}

bool complete(MembraneClass membrane) {
  return membrane != MembraneClass::unstained && static_cast<int>(membrane) % 2 == 0;
}

MembraneClass membrane_of(int intensity, bool whole) {
  return intensity == 0 ? MembraneClass::unstained : static_cast<MembraneClass>(2 * intensity - (whole ? 0 : 1));
}

// The class that a person means who saw `before`.
MembraneClass membrane_meant(const ClassMeaning& meaning, MembraneClass before) {
  static constexpr std::array<int, 4> kOurs{0, 2, 3, 4};  // Negative, 1+ (weak), 2+, 3+
  int intensity = meaning.intensity ? kOurs.at(static_cast<std::size_t>(*meaning.intensity)) : intensity_of(before);
  const bool was_faint = intensity_of(before) == 1;
  if (meaning.faint || (meaning.intensity == 1 && was_faint)) {
    intensity = 1;
  }
  return membrane_of(intensity, meaning.complete.value_or(complete(before)));
}

// Cells as QuPath gave them back.
class ChangedCells {
 public:
  explicit ChangedCells(const CellTable& table) : table_(table), seen_(table.cells.size(), false) {
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
      ids_.emplace(table.id(i), i);
    }
  }

  Result<void> add(const json& feature, std::size_t number) {
    const std::string type = object_type(feature);
    if (type != "cell" && type != "detection") {
      return {};
    }
    const std::string id = text_of(feature, "id");
    std::string place = fmt::format("feature {}", number);
    const auto found = ids_.find(id);
    if (found == ids_.end()) {
      return fail(fmt::format("the cell {} is not among those of {}; cells cannot be added by hand, and the file must "
                              "come from this table's own cells.geojson",
                              id.empty() ? "without id" : id, table_.slide_name),
                  place);
    }
    place += ", cell " + id;
    if (seen_[found->second]) {
      return fail("stands twice", place);
    }
    seen_[found->second] = true;
    ++count_;
    return changed(feature, found->second, place);
  }

  Result<std::vector<Edit>> take() {
    const std::size_t all = table_.cells.size();
    if (2 * count_ < all) {
      return fail(fmt::format("holds only {} of the {} cells of {}; export all objects from QuPath, not a selection",
                              count_, all, table_.slide_name));
    }
    for (std::size_t i = 0; i < all; ++i) {
      if (!seen_[i]) {
        edits_.push_back(edit_of(i, Edit::Action::remove));
      }
    }
    return std::move(edits_);
  }

 private:
  [[nodiscard]] Edit edit_of(std::size_t cell, Edit::Action action) const {
    Edit edit;
    edit.cell = table_.id(cell);
    edit.centroid = table_.cells[cell].centroid;
    edit.slide_sha256 = table_.slide_sha256;
    edit.action = action;
    return edit;
  }

  Result<void> changed(const json& feature, std::size_t cell, const std::string& place) {
    const json* properties = member(feature, "properties");
    const json* metadata = properties == nullptr ? nullptr : member(*properties, "metadata");
    const auto kind = metadata == nullptr ? std::nullopt : cell_kind(text_of(*metadata, "her2 kind"));
    const auto membrane = metadata == nullptr ? std::nullopt : membrane_class(text_of(*metadata, "her2 class"));
    if (!kind || !membrane) {
      return fail("has lost its metadata \"her2 kind\" and \"her2 class\"; export with QuPath 0.5 or newer", place);
    }
    if (text_of(*metadata, "her2 slide") != table_.slide_sha256) {
      return fail(fmt::format("belongs to another slide than {}", table_.slide_name), place);
    }
    const ClassNames names = classification(feature);
    const auto meaning = names.empty() ? std::nullopt : class_meaning(names);
    if (!meaning) {
      return fail(names.empty() ? std::string("has no class; give it one, or delete the cell")
                                : fmt::format("has the class {}, which is not known; give it Tumor with Negative, 1+, "
                                              "2+ or 3+, Immune cells, Stroma, Other or Ignore*",
                                              class_words(names)),
                  place);
    }
    if (meaning->ignored) {
      edits_.push_back(edit_of(cell, Edit::Action::remove));
      return {};
    }
    // An intensity without a kind, as QuPath's own classifiers give, is about a tumour cell.
    const CellKind new_kind = meaning->kind.value_or(CellKind::tumour);
    if (new_kind != *kind) {
      edits_.push_back(edit_of(cell, Edit::Action::kind));
      edits_.back().kind = new_kind;
    }
    const MembraneClass meant = membrane_meant(*meaning, *membrane);
    if (new_kind == CellKind::tumour && meant != *membrane) {
      edits_.push_back(edit_of(cell, Edit::Action::membrane));
      edits_.back().membrane = meant;
    }
    return {};
  }

  const CellTable& table_;
  std::unordered_map<std::string, std::size_t> ids_;
  std::vector<bool> seen_;
  std::size_t count_ = 0;
  std::vector<Edit> edits_;
};

Result<SubPoint> centroid_of(const json& record) {
  SubPoint out;
  for (const auto& [key, to] : {std::pair{"x", &out.x}, std::pair{"y", &out.y}}) {
    const json* value = member(record, key);
    constexpr double kFarthest = 60'000'000;
    if (value == nullptr || !value->is_number() || !(std::abs(value->get<double>()) <= kFarthest)) {
      return fail(fmt::format("\"{}\" must be the cell's place in pixels of the slide", key));
    }
    *to = static_cast<std::int32_t>(std::floor(value->get<double>() * kSubpixels + 0.5));
  }
  return out;
}

Result<Edit> edit_record(const json& record, const std::string& slide) {
  const auto centroid = centroid_of(record);
  if (!centroid) {
    return tl::unexpected(centroid.error());
  }
  Edit edit;
  edit.cell = text_of(record, "cell");
  edit.centroid = *centroid;
  edit.slide_sha256 = slide;
  edit.author = text_of(record, "author");
  edit.time = text_of(record, "time");
  const std::string action = text_of(record, "action");
  if (action == "remove") {
    return edit;
  }
  const auto kind = cell_kind(text_of(record, "kind"));
  const auto membrane = membrane_class(text_of(record, "membrane"));
  if (action == "kind" && kind) {
    edit.action = Edit::Action::kind;
    edit.kind = *kind;
    return edit;
  }
  if (action == "membrane" && membrane) {
    edit.action = Edit::Action::membrane;
    edit.membrane = *membrane;
    return edit;
  }
  return fail(
      "\"action\" must be remove, kind with a \"kind\" (tumour, lymphocyte, stromal, other), or membrane with a "
      "\"membrane\" (unstained, faint_incomplete ... strong_complete)");
}

Result<std::vector<Edit>> edit_records(const json& outer, const CellTable& table) {
  const std::string slide = text_of(outer, "slide_sha256");
  if (slide != table.slide_sha256) {
    return fail(fmt::format("is about another slide than {}: its slide_sha256 differs", table.slide_name));
  }
  const json* records = member(outer, "edits");
  if (records == nullptr || !records->is_array()) {
    return fail("must have a list \"edits\"");
  }
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < records->size(); ++i) {
    auto edit = edit_record((*records)[i], slide);
    if (!edit) {
      return tl::unexpected(located(edit.error(), "", fmt::format("edit {}", i + 1)));
    }
    edits.push_back(std::move(*edit));
  }
  return edits;
}

}  // namespace

Result<std::vector<Edit>> parse_edits(const ByteInput& input, const std::string& file, const CellTable& table) {
  std::optional<ChangedCells> cells;
  const auto outer = read_features(input, [&](const json& feature, std::size_t number) {
    if (!cells) {
      cells.emplace(table);
    }
    return cells->add(feature, number);
  });
  if (!outer) {
    return tl::unexpected(located(outer.error(), file));
  }
  const std::string format = text_of(*outer, "format");
  if (!format.empty() && format != kEditsFormat) {
    return fail(fmt::format("has the format {}; this program reads {}", format, kEditsFormat), {}, file);
  }
  if (format.empty() && !cells) {
    return fail("holds no cells and no edits; give the cells file as QuPath exported it, or her2's own edits", {},
                file);
  }
  auto edits = format.empty() ? cells->take() : edit_records(*outer, table);
  if (!edits) {
    return tl::unexpected(located(edits.error(), file));
  }
  return edits;
}

Result<std::vector<Edit>> read_edits(const std::string& path, const CellTable& table) {
  auto input = file_input(path);
  if (!input) {
    return tl::unexpected(input.error());
  }
  return parse_edits(*input, path == "-" ? "standard input" : path, table);
}

std::string edits_json(const std::vector<Edit>& edits, const std::string& slide_sha256) {
  nlohmann::ordered_json out;
  out["format"] = kEditsFormat;
  out["slide_sha256"] = slide_sha256;
  out["edits"] = nlohmann::ordered_json::array();
  for (const Edit& edit : edits) {
    nlohmann::ordered_json record;
    record["cell"] = edit.cell;
    record["x"] = double{1} * edit.centroid.x / kSubpixels;
    record["y"] = double{1} * edit.centroid.y / kSubpixels;
    switch (edit.action) {
      case Edit::Action::remove: record["action"] = "remove"; break;
      case Edit::Action::kind:
        record["action"] = "kind";
        record["kind"] = name_of(edit.kind);
        break;
      case Edit::Action::membrane:
        record["action"] = "membrane";
        record["membrane"] = name_of(edit.membrane);
        break;
    }
    record["author"] = edit.author;
    record["time"] = edit.time;
    out["edits"].push_back(std::move(record));
  }
  return out.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace her2
