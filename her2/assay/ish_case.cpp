// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ish_case.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "her2/assay/contact_sheet.h"
#include "her2/cellfile/ish_geojson.h"
#include "her2/ish/counting.h"
#include "her2/slide/png_writer.h"

namespace her2 {
namespace {

// Fields are decoded once and kept, slides are asked for each piece.
class FieldSource {
 public:
  explicit FieldSource(const IshImages& images, const NucleusTable& table) : images_(images), table_(table) {}

  Result<RgbImage> operator()(std::uint32_t field, const Box& box) {
    constexpr std::int64_t kMostPixels = 40'000'000;
    const IshField& it = table_.fields[field];
    if (std::int64_t{it.width} * it.height > kMostPixels) {
      return ish_picture(images_.inputs[field], images_.options, box);
    }
    if (field != kept_field_ || kept_.empty()) {
      auto whole = ish_picture(images_.inputs[field], images_.options, {0, 0, it.width, it.height});
      if (!whole) {
        return whole;
      }
      kept_ = std::move(*whole);
      kept_field_ = field;
    }
    RgbImage out(static_cast<int>(box.width), static_cast<int>(box.height), table_.assay == IshAssay::fish ? 0 : 255);
    for (std::int64_t y = std::max<std::int64_t>(box.y, 0); y < std::min<std::int64_t>(box.bottom(), it.height); ++y) {
      const std::int64_t begin = std::max<std::int64_t>(box.x, 0);
      const std::int64_t end = std::min<std::int64_t>(box.right(), it.width);
      if (begin < end) {
        std::copy_n(kept_.at(static_cast<int>(begin), static_cast<int>(y)), 3 * (end - begin),
                    out.at(static_cast<int>(begin - box.x), static_cast<int>(y - box.y)));
      }
    }
    return out;
  }

 private:
  const IshImages& images_;
  const NucleusTable& table_;
  RgbImage kept_;
  std::uint32_t kept_field_ = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "field-2" before "field-10".
bool natural_less(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (!is_digit(a.front()) || !is_digit(b.front())) {
      if (a.front() != b.front()) {
        return a.front() < b.front();
      }
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const auto number = [](std::string_view& text) {
      text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
      const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
      const std::string_view out = text.substr(0, end);
      text.remove_prefix(end);
      return out;
    };
    const std::string_view x = number(a);
    const std::string_view y = number(b);
    if (x != y) {
      return x.size() != y.size() ? x.size() < y.size() : x < y;
    }
  }
  return a.empty() && !b.empty();
}

}  // namespace

Result<void> read_images(IshImages& images, IshRun& run) {
  std::sort(images.inputs.begin(), images.inputs.end(), [](const std::string& a, const std::string& b) {
    const std::string x = std::filesystem::path(a).filename().string();
    const std::string y = std::filesystem::path(b).filename().string();
    return natural_less(x, y) || (!natural_less(y, x) && a < b);
  });
  auto measured = measure_fields(images.inputs, images.options);
  if (!measured) {
    return tl::unexpected(measured.error());
  }
  run.warnings = std::move(measured->warnings);
  ReaderCounts reader;
  reader.reader = measured->table.software;
  reader.table = std::move(measured->table);
  if (reader.table.name.empty() && !reader.table.fields.empty()) {
    const std::size_t more = reader.table.fields.size() - 1;
    reader.table.name = reader.table.fields[0].name + (more > 0 ? fmt::format(" and {} more", more) : "");
  }
  run.readers.insert(run.readers.begin(), std::move(reader));
  return {};
}

Result<void> add_contact_sheets(const IshImages& images, IshReport& report) {
  const std::vector<std::size_t> all = accepted(report.table);
  const std::size_t shown = std::min(all.size(), kMostSheets * kSheetNuclei);
  std::vector<std::size_t> nuclei;
  for (std::size_t i = 0; i < shown; ++i) {
    nuclei.push_back(all[i * all.size() / shown]);
  }
  FieldSource source(images, report.table);
  for (std::size_t first = 0; first < nuclei.size(); first += kSheetNuclei) {
    const auto part = std::span(nuclei).subspan(first, std::min(kSheetNuclei, nuclei.size() - first));
    const auto sheet = contact_sheet(report.table, part, first + 1, std::ref(source));
    if (!sheet) {
      return tl::unexpected(sheet.error());
    }
    auto png = encode_png(*sheet);
    if (!png) {
      return tl::unexpected(png.error());
    }
    IhcPicture picture;
    picture.id = fmt::format("nuclei-{}", first / kSheetNuclei + 1);
    picture.title = fmt::format("Counted nuclei {} to {}", first + 1, first + part.size());
    picture.caption = fmt::format(
        "Nuclei {} to {} of {} counted{}. Rings: HER2 magenta, CEP17 green; broken rings are doubtful "
        "signals. Below: HER2/CEP17.",
        first + 1, first + part.size(), all.size(), shown < all.size() ? " (a sample of them is shown)" : "");
    picture.width = sheet->width();
    picture.height = sheet->height();
    picture.png = std::move(*png);
    report.pictures.push_back(std::move(picture));
  }
  return {};
}

Result<void> write_fields_geojson(IshReport& report, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return fail("this folder cannot be made: " + error.message(), {}, folder);
  }
  std::set<std::string> names;
  for (std::size_t f = 0; f < report.table.fields.size(); ++f) {
    std::string name = std::filesystem::path(report.table.fields[f].name).stem().string();
    if (!names.insert(name).second) {
      name = fmt::format("{}-{}", name, f + 1);
    }
    name += ".geojson.gz";
    if (auto written = write_ish_geojson(report.table, static_cast<std::uint32_t>(f),
                                         (std::filesystem::path(folder) / name).string());
        !written) {
      return written;
    }
    report.files.push_back(name);
  }
  return {};
}

}  // namespace her2
