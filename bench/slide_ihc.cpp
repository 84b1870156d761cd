// SPDX-License-Identifier: Apache-2.0
// What scoring a slide of dense tissue costs, against the floor: libjpeg-turbo decoding each tile once from memory.
//   slide_ihc [--threads N] [--rounds N] [--side PIXELS] [--folder FOLDER]
// Renders a phantom into the folder (kept for the next time), 4:2:0 and 4:4:4, and lets the competitors take turns.
// Shown are medians, and medians of the ratios within a round. Pixels are those of level 0: nearly all are tissue.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/slide_competitors.h"
#include "her2/assay/ihc_run.h"
#include "her2/assay/measure_slide.h"
#include "her2/phantom/phantom.h"
#include "her2/phantom/write.h"
#include "her2/slide/slide.h"

namespace {

using namespace her2;
using namespace her2::bench;

struct Arguments {
  int threads = 1, rounds = 3, side = 6144;
  std::string folder = std::filesystem::temp_directory_path().string();
};

std::string made_phantom(const Arguments& arguments, ChromaSubsampling subsampling, const char* name) {
  const auto path =
      (std::filesystem::path(arguments.folder) / ("phantom-" + std::to_string(arguments.side) + "-" + name + ".tiff"))
          .string();
  if (!std::filesystem::exists(path)) {
    PhantomSpec spec;
    spec.width = spec.height = arguments.side;
    spec.mix = need(preset_mix("2+"));
    PhantomFiles files;
    files.image = path;
    files.subsampling = subsampling;
    files.truth = false;
    need(write_phantom(need(Phantom::make(spec)), files));
  }
  return path;
}

struct Scored {
  double all = 0, cells = 0;  // seconds: everything; the second pass alone
  std::size_t found = 0;
  std::uint64_t tiles = 0, again = 0;
};

Scored score(const Slide& slide, int threads) {
  MeasureOptions options;
  options.profile = need(find_profile("generic-uncalibrated"));
  options.threads = threads;
  Scored out;
  out.all = seconds([&] {
    const auto measured = need(measure_slide(slide, "", options));
    out.cells = measured.seconds_cells;
    out.found = measured.table.cells.size();
    out.tiles = measured.tiles;
    out.again = measured.tiles_again;
  });
  return out;
}

void compare(const std::string& path, const Arguments& arguments) {
  const auto slide = need(open_slide(path));
  const SlideInfo& info = slide->info();
  const SlideLevel& level = info.levels.front();
  const auto streams = streams_of(path);
  const int threads = arguments.threads;
  const double pixels = static_cast<double>(level.width) * static_cast<double>(level.height) / 1e6;
  constexpr std::size_t kCompetitors = 5;
  std::array<std::vector<double>, kCompetitors> times;
  std::array<std::vector<double>, kCompetitors> to_floor;
  Scored last;
  for (int round = 0; round < arguments.rounds; ++round) {
    std::array<double, kCompetitors> now{};
    now[0] = seconds([&] { bench::floor(streams, level, threads); });
    now[1] = seconds([&] { ours(*slide, threads); });
    now[2] = seconds([&] { by_openslide(path, level, threads); });
    last = score(*slide, threads);
    now[3] = last.all;
    now[4] = last.cells;
    for (std::size_t i = 0; i < kCompetitors; ++i) {
      times[i].push_back(now[i]);
      to_floor[i].push_back(now[0] / now[i]);
    }
  }
  std::printf(
      "%s: %s, %zu tiles of %d x %d, %.0f MPix, %d threads; %zu cells, %llu tiles decoded, %llu of them again\n",
      std::filesystem::path(path).filename().c_str(), info.subsampling.c_str(), streams.size(), level.tile_width,
      level.tile_height, pixels, threads, last.found, static_cast<unsigned long long>(last.tiles),
      static_cast<unsigned long long>(last.again));
  const char* names[] = {"floor (libjpeg-turbo)", "her2 reading", "OpenSlide reading", "her2 scoring, all of it",
                         "her2 scoring, second pass"};
  for (std::size_t i = 0; i < kCompetitors; ++i) {
    const double time = median(times[i]);
    std::printf("  %-26s %8.1f MPix/s  %8.1f a thread  %5.2f of the floor\n", names[i], pixels / time,
                pixels / time / threads, median(to_floor[i]));
  }
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    const std::string value = argv[i + 1];
    if (word == "--folder") {
      arguments.folder = value;
      continue;
    }
    int& number = word == "--threads" ? arguments.threads : word == "--rounds" ? arguments.rounds : arguments.side;
    number = std::max(1, std::atoi(value.c_str()));
  }
  std::filesystem::create_directories(arguments.folder);
  compare(made_phantom(arguments, ChromaSubsampling::s420, "420"), arguments);
  compare(made_phantom(arguments, ChromaSubsampling::s444, "444"), arguments);
  return 0;
}
