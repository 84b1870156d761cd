// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/regions.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "her2/cellfile/feature_parts.h"

namespace her2 {
namespace {

using nlohmann::json;

std::optional<RegionRole> role_of(const ClassNames& names) {
  if (names.empty()) {
    return RegionRole::measure;
  }
  std::string word = names.front();
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  static constexpr std::array<std::string_view, 4> kMeasured{"tumor", "tumour", "region*", "positive"};
  static constexpr std::array<std::string_view, 6> kIgnored{"necrosis", "stroma", "immune cells",
                                                            "other",    "dcis",   "artefact"};
  if (std::find(kMeasured.begin(), kMeasured.end(), word) != kMeasured.end()) {
    return RegionRole::measure;
  }
  if (word == "control") {
    return RegionRole::control;
  }
  const bool ignored = word.ends_with('*') || std::find(kIgnored.begin(), kIgnored.end(), word) != kIgnored.end();
  return ignored ? std::optional(RegionRole::ignore) : std::nullopt;
}

class RegionReader {
 public:
  Result<void> add(const json& feature, std::size_t number) {
    const std::string place = fmt::format("feature {}", number);
    const std::string type = object_type(feature);
    if (type == "root") {
      return {};
    }
    if (type != "annotation" && type != "tmacore") {
      return fail(fmt::format("is a {}; regions are annotations: export only those from QuPath", type), place);
    }
    const ClassNames names = classification(feature);
    const auto role = role_of(names);
    if (!role) {
      return fail(fmt::format("has the class {}, which is not known here; give Tumor (or no class) to what is to be "
                              "measured, Control to a control, Ignore* to what is not",
                              class_words(names)),
                  place);
    }
    auto area = polygon_of(feature);
    if (!area) {
      const std::string& inner = area.error().place;
      return tl::unexpected(Error{{}, inner.empty() ? place : place + ", " + inner, area.error().reason});
    }
    const json* properties = member(feature, "properties");
    std::string name = properties == nullptr ? "" : text_of(*properties, "name");
    if (name.empty()) {
      const std::string by = names.empty() ? "Region" : fmt::format("{}", fmt::join(names, ": "));
      name = fmt::format("{} {}", by, ++numbers_[by]);
    }
    constexpr std::size_t kMostRegions = 32767;
    if (out_.regions.size() >= kMostRegions) {
      return fail(fmt::format("is one more than the {} regions that a table can hold", kMostRegions), place);
    }
    out_.regions.push_back({std::move(name), *role, std::move(*area)});
    return {};
  }

  Result<Regions> take() {
    const bool any = std::any_of(out_.regions.begin(), out_.regions.end(),
                                 [](const Region& region) { return region.role != RegionRole::ignore; });
    if (!any) {
      return fail("has no region to measure; draw one and give it the class Tumor");
    }
    return std::move(out_);
  }

 private:
  Regions out_;
  std::map<std::string, int> numbers_;
};

}  // namespace

int Regions::find(SubPoint point, bool control) const {
  int found = -1;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const Region& region = regions[i];
    const RegionRole wanted = control ? RegionRole::control : RegionRole::measure;
    const bool matters = region.role == RegionRole::ignore || (region.role == wanted && found < 0);
    if (matters && region.area.contains(point)) {
      if (region.role == RegionRole::ignore) {
        return -1;
      }
      found = static_cast<int>(i);
    }
  }
  return found;
}

Result<Regions> parse_regions(const ByteInput& input, const std::string& file) {
  RegionReader reader;
  const auto outer = read_features(input, [&](const json& feature, std::size_t n) { return reader.add(feature, n); });
  if (!outer) {
    return tl::unexpected(located(outer.error(), file));
  }
  auto regions = reader.take();
  if (!regions) {
    return tl::unexpected(located(regions.error(), file));
  }
  return regions;
}

Result<Regions> read_regions(const std::string& path) {
  auto input = file_input(path);
  if (!input) {
    return tl::unexpected(input.error());
  }
  return parse_regions(*input, path == "-" ? "standard input" : path);
}

}  // namespace her2
