// SPDX-License-Identifier: Apache-2.0
// her2 slide: what a slide is and how it looks, before anything is measured on it.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common.h"
#include "her2/core/parallel.h"
#include "her2/slide/png_writer.h"
#include "her2/slide/slide.h"
#include "her2/slide/thumbnail.h"

namespace her2::app {
namespace {

struct SlideArguments {
  std::vector<std::string> paths;
  std::string path, out, format = "text";
  double mpp = 0;
  int size = 1024, threads = 0;

  [[nodiscard]] SlideOptions options() const { return mpp > 0 ? SlideOptions{mpp} : SlideOptions{}; }
};

std::string joined(const std::vector<std::string>& texts) { return fmt::format("{}", fmt::join(texts, ", ")); }

void line(const char* name, const std::string& text) {
  if (!text.empty()) {
    fmt::print("  {:<12} {}\n", name, text);
  }
}

std::string scale_text(const SlideInfo& info) {
  const std::string power = info.objective ? fmt::format(", {:g}x", *info.objective) : "";
  if (!info.mpp_x || !info.mpp_y) {
    return "not stated; give it with --mpp" + power;
  }
  const std::string um = *info.mpp_x == *info.mpp_y ? fmt::format("{:.5g}", *info.mpp_x)
                                                    : fmt::format("{:.5g} x {:.5g}", *info.mpp_x, *info.mpp_y);
  return fmt::format("{} um/px ({}){}", um, info.mpp_source, power);
}

std::string size_text(const SlideInfo& info) {
  const SlideLevel& full = info.levels.front();
  std::string out = fmt::format("{} x {} px", full.width, full.height);
  if (info.mpp_x && info.mpp_y) {
    constexpr double kUmPerMm = 1000;
    out += fmt::format(", {:.2f} x {:.2f} mm", static_cast<double>(full.width) * *info.mpp_x / kUmPerMm,
                       static_cast<double>(full.height) * *info.mpp_y / kUmPerMm);
  }
  return out;
}

void print_text(const SlideInfo& info) {
  fmt::print("{}\n", info.path);
  line("format", info.format);
  line("size", size_text(info));
  line("scale", scale_text(info));
  line("pixels", info.compression + (info.subsampling.empty() ? "" : " " + info.subsampling) +
                     (info.has_icc_profile ? ", with an ICC profile (not applied)" : ""));
  line("scanner", info.scanner);
  for (std::size_t i = 0; i < info.levels.size(); ++i) {
    const SlideLevel& level = info.levels[i];
    line(i == 0 ? "levels" : "", fmt::format("{}  {:>7} x {:<7} 1/{:<6.4g} {} {} of {} x {}", i, level.width,
                                             level.height, level.downsample, level.tiles_across * level.tiles_down,
                                             level.tiles_across * level.tiles_down == 1 ? "tile" : "tiles",
                                             level.tile_width, level.tile_height));
  }
  line("never read", joined(info.left_out));
  for (const auto& warning : info.warnings) {
    line("warning", warning);
  }
}

nlohmann::ordered_json to_json(const SlideInfo& info) {
  const auto number = [](const std::optional<double>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
  };
  nlohmann::ordered_json levels = nlohmann::ordered_json::array();
  for (const auto& level : info.levels) {
    levels.push_back({{"width", level.width},
                      {"height", level.height},
                      {"downsample", level.downsample},
                      {"tile_width", level.tile_width},
                      {"tile_height", level.tile_height},
                      {"tiles", level.tiles_across * level.tiles_down}});
  }
  return {{"path", info.path},
          {"format", info.format},
          {"mpp_x", number(info.mpp_x)},
          {"mpp_y", number(info.mpp_y)},
          {"mpp_source", info.mpp_source},
          {"objective", number(info.objective)},
          {"compression", info.compression},
          {"subsampling", info.subsampling},
          {"scanner", info.scanner},
          {"icc_profile", info.has_icc_profile},
          {"levels", levels},
          {"never_read", info.left_out},
          {"warnings", info.warnings}};
}

// One slide that cannot be opened does not keep the others from being shown.
int show_info(const SlideArguments& arguments) {
  int code = kDone;
  bool first = true;
  for (const auto& path : arguments.paths) {
    const auto slide = open_slide(path, arguments.options());
    if (!slide) {
      code = complain(slide.error());
      continue;
    }
    if (arguments.format == "json") {
      const auto text = to_json((*slide)->info()).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      fmt::print("{}\n", text);
      continue;
    }
    fmt::print("{}", first ? "" : "\n");
    print_text((*slide)->info());
    first = false;
  }
  return code;
}

Result<void> write_thumbnail(const SlideArguments& arguments) {
  const auto slide = open_slide(arguments.path, arguments.options());
  if (!slide) {
    return tl::unexpected(slide.error());
  }
  for (const auto& warning : (*slide)->info().warnings) {
    fmt::print(stderr, "her2: {}: {}\n", arguments.path, warning);
  }
  const auto image = make_thumbnail(**slide, arguments.size, thread_count(arguments.threads));
  if (!image) {
    return tl::unexpected(image.error());
  }
  const auto bytes = encode_png(*image);
  if (!bytes) {
    return tl::unexpected(bytes.error());
  }
  return write_text(arguments.out, *bytes);
}

}  // namespace

void add_slide(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("slide", "What a slide is and how it looks, before it is scored");
  command->require_subcommand(1);
  auto arguments = std::make_shared<SlideArguments>();
  CLI::App* info = command->add_subcommand("info", "Format, size, um per pixel, levels, and what is never read");
  info->add_option("slides", arguments->paths, "Slides or images; a folder is a DICOM series")->required();
  info->add_option("--format", arguments->format, "text, or json: one object a line")
      ->check(CLI::IsMember({"text", "json"}));
  info->callback([arguments, &code] { code = show_info(*arguments); });

  CLI::App* thumbnail = command->add_subcommand("thumbnail", "The whole slide as a small PNG image");
  thumbnail->add_option("slide", arguments->path, "Slide or image")->required();
  thumbnail->add_option("out", arguments->out, "PNG file to write; - is standard output")->required();
  thumbnail->add_option("--size", arguments->size, "Pixels of the longer side (1024)")->check(CLI::Range(1, 20000));
  thumbnail->add_option("--threads", arguments->threads, "Threads (all)")->check(CLI::Range(0, 1024));
  thumbnail->callback([arguments, &code] {
    const auto written = write_thumbnail(*arguments);
    code = written ? kDone : complain(written.error());
  });
  for (CLI::App* each : {info, thumbnail}) {
    each->add_option("--mpp", arguments->mpp, "Micrometres per pixel, before what the file says")
        ->check(CLI::PositiveNumber);
  }
  command->footer(
      "\nLabel and overview pictures, which may show names, are never read.\n"
      "\nExamples:\n  her2 slide info *.svs\n  her2 slide thumbnail slide.svs slide.png --size 2000");
}

}  // namespace her2::app
