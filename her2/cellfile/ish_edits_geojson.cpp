// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/ish_edits_geojson.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "her2/cellfile/feature_parts.h"

namespace her2 {
namespace {

using nlohmann::json;

constexpr double kFarthest = 60'000'000;  // pixels

struct SeenCount {
  int dots = 0, peaks = 0;  // that were found: clear ones outside clusters, peaks of clusters
  int cluster = 0;          // the estimate, in whole signals
  int dots_now = 0, peaks_now = 0;

  [[nodiscard]] bool cluster_gone() const { return peaks > 0 && peaks_now == 0; }
  [[nodiscard]] bool changed() const { return dots_now != dots || cluster_gone(); }
  [[nodiscard]] int total() const { return std::min<int>(dots_now + (cluster_gone() ? 0 : cluster), kMostSignals); }
};

struct SeenHere {
  std::string id, place;
  NucleusVerdict before = NucleusVerdict::accepted, after = NucleusVerdict::accepted;
  Polygon outline;
  std::array<SeenCount, kIshChannels> counts;
};

struct SeenDot {
  std::size_t channel = 0;
  bool clear = false, cluster = false;
  std::string nucleus;  // "": set by a person
  SubPoint at;
};

bool has(const ClassNames& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What a nucleus's class says.
std::optional<NucleusVerdict> verdict_of(const ClassNames& names) {
  if (names.empty()) {
    return std::nullopt;
  }
  if (names.front() == "Counted") {
    return NucleusVerdict::accepted;
  }
  if (names.front() == "Ignore*") {
    const auto reason = names.size() > 1 ? nucleus_verdict(names[1]) : std::nullopt;
    return reason && *reason != NucleusVerdict::accepted ? *reason : NucleusVerdict::person;
  }
  const auto named = nucleus_verdict(names.front());
  return named;
}

std::optional<SubPoint> sub_point(const json& position) {
  if (!position.is_array() || position.size() < 2 || !position[0].is_number() || !position[1].is_number()) {
    return std::nullopt;
  }
  const auto x = position[0].get<double>();
  const auto y = position[1].get<double>();
  if (!(std::abs(x) <= kFarthest) || !(std::abs(y) <= kFarthest)) {
    return std::nullopt;
  }
  const auto sub = [](double v) { return static_cast<std::int32_t>(std::floor(v * kSubpixels + 0.5)); };
  return SubPoint{sub(x), sub(y)};
}

// The points of a Point or MultiPoint; others have none.
std::vector<SubPoint> points_of(const json& feature) {
  std::vector<SubPoint> out;
  const json* geometry = member(feature, "geometry");
  const json* coordinates = geometry == nullptr ? nullptr : member(*geometry, "coordinates");
  if (coordinates == nullptr) {
    return out;
  }
  const std::string type = text_of(*geometry, "type");
  const auto take = [&](const json& position) {
    if (const auto point = sub_point(position)) {
      out.push_back(*point);
    }
  };
  if (type == "Point") {
    take(*coordinates);
  } else if (type == "MultiPoint" && coordinates->is_array()) {
    std::for_each(coordinates->begin(), coordinates->end(), take);
  }
  return out;
}

bool inside(const Polygon& polygon, SubPoint point) {
  bool in = false;
  for (const Contour& ring : polygon.rings) {
    in = contains(ring, point) ? !in : in;
  }
  return in;
}

int whole_number(const json& metadata, const std::string& key) {
  const std::string text = text_of(metadata, key.c_str());
  int out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || out > kMostSignals) {
      return -1;
    }
    out = 10 * out + (c - '0');
  }
  return text.empty() ? -1 : out;
}

class ChangedField {
 public:
  Result<void> add(const json& feature, std::size_t number) {
    const json* properties = member(feature, "properties");
    const json* metadata = properties == nullptr ? nullptr : member(*properties, "metadata");
    const ClassNames names = classification(feature);
    const bool her2 = has(names, "HER2");
    if (her2 || has(names, "CEP17")) {
      for (const SubPoint point : points_of(feature)) {
        SeenDot dot;
        dot.channel = her2 ? 0 : 1;
        dot.cluster = has(names, "Cluster");
        dot.clear = names.size() == 1;  // Doubtful, Cytoplasmic, Unassigned and Ignore* are not
        dot.nucleus = metadata == nullptr ? std::string{} : text_of(*metadata, "her2 nucleus");
        dot.at = point;
        dots_.push_back(std::move(dot));
      }
      return {};
    }
    const std::string type = object_type(feature);
    if (type != "detection" && type != "cell") {
      return {};
    }
    return add_nucleus(feature, metadata, names, number);
  }

  Result<std::vector<IshEdit>> take(const std::string& author) {
    if (nuclei_.empty()) {
      return fail("holds no nucleus; give the file that 'her2 ish --out' wrote, as QuPath exported it");
    }
    for (const SeenDot& dot : dots_) {
      place_dot(dot);
    }
    std::vector<IshEdit> out;
    for (const SeenHere& nucleus : nuclei_) {
      if (auto edit = edit_of(nucleus)) {
        edit->author = author;
        out.push_back(std::move(*edit));
      }
    }
    return out;
  }

 private:
  Result<void> add_nucleus(const json& feature, const json* metadata, const ClassNames& names, std::size_t number) {
    SeenHere out;
    out.id = text_of(feature, "id");
    out.place = fmt::format("feature {}, nucleus {}", number, out.id.empty() ? "without id" : out.id);
    const auto before = metadata == nullptr ? std::nullopt : nucleus_verdict(text_of(*metadata, "her2 verdict"));
    bool whole = before && !out.id.empty();
    for (std::size_t c = 0; c < kIshChannels && whole; ++c) {
      SeenCount& count = out.counts.at(c);
      for (const auto& [key, to] :
           {std::pair{"dots", &count.dots}, {"peaks", &count.peaks}, {"cluster", &count.cluster}}) {
        *to = whole_number(*metadata, fmt::format("her2 {} {}", name_of(static_cast<IshChannel>(c)), key));
        whole = whole && *to >= 0;
      }
    }
    if (!whole) {
      return fail(
          "has lost its id or the metadata that 'her2 ish' wrote; export with QuPath 0.5 or newer, and draw no "
          "nuclei by hand",
          out.place);
    }
    const auto after = verdict_of(names);
    if (!after) {
      return fail(fmt::format("has the class {}, which is not known; give it Counted or Ignore*",
                              names.empty() ? "(none)" : class_words(names)),
                  out.place);
    }
    out.before = *before;
    out.after = *after;
    auto outline = polygon_of(feature);
    if (!outline) {
      return tl::unexpected(located(outline.error(), "", out.place));
    }
    out.outline = std::move(*outline);
    if (!by_id_.emplace(out.id, nuclei_.size()).second) {
      return fail("stands twice", out.place);
    }
    nuclei_.push_back(std::move(out));
    return {};
  }

  void place_dot(const SeenDot& dot) {
    SeenHere* home = nullptr;
    if (!dot.nucleus.empty()) {
      const auto found = by_id_.find(dot.nucleus);
      home = found == by_id_.end() ? nullptr : &nuclei_[found->second];
    } else {
      const auto found = std::find_if(nuclei_.begin(), nuclei_.end(),
                                      [&](const SeenHere& nucleus) { return inside(nucleus.outline, dot.at); });
      home = found == nuclei_.end() ? nullptr : &*found;
    }
    if (home != nullptr) {
      SeenCount& count = home->counts.at(dot.channel);
      count.dots_now += dot.clear ? 1 : 0;
      count.peaks_now += dot.cluster ? 1 : 0;
    }
  }

  static std::optional<IshEdit> edit_of(const SeenHere& nucleus) {
    IshEdit out;
    out.nucleus = nucleus.id;
    out.place = nucleus.place;
    const bool recounted =
        std::any_of(nucleus.counts.begin(), nucleus.counts.end(), [](const SeenCount& c) { return c.changed(); });
    if (nucleus.after != NucleusVerdict::accepted) {
      if (nucleus.after == nucleus.before) {
        return std::nullopt;  // signals of a nucleus that does not count change nothing
      }
      out.action = IshEdit::Action::reject;
      out.reason = nucleus.after;
      return out;
    }
    if (recounted) {
      out.action = IshEdit::Action::recount;
      out.her2 = static_cast<std::uint16_t>(nucleus.counts[0].total());
      out.cep17 = static_cast<std::uint16_t>(nucleus.counts[1].total());
      return out;
    }
    if (nucleus.before != NucleusVerdict::accepted) {
      out.action = IshEdit::Action::accept;
      return out;
    }
    return std::nullopt;
  }

  std::vector<SeenHere> nuclei_;
  std::vector<SeenDot> dots_;
  std::unordered_map<std::string, std::size_t> by_id_;
};

}  // namespace

Result<std::vector<IshEdit>> parse_ish_geojson_edits(const ByteInput& input, const std::string& file,
                                                     const std::string& author) {
  ChangedField field;
  const auto outer =
      read_features(input, [&](const json& feature, std::size_t number) { return field.add(feature, number); });
  if (!outer) {
    return tl::unexpected(located(outer.error(), file));
  }
  auto edits = field.take(author);
  if (!edits) {
    return tl::unexpected(located(edits.error(), file));
  }
  for (IshEdit& edit : *edits) {
    edit.place = fmt::format("{}: {}", file, edit.place);
  }
  return edits;
}

Result<std::vector<IshEdit>> read_ish_geojson_edits(const std::string& path, const std::string& author) {
  auto input = file_input(path);
  if (!input) {
    return tl::unexpected(input.error());
  }
  return parse_ish_geojson_edits(*input, path, author);
}

}  // namespace her2
