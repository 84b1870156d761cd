// SPDX-License-Identifier: Apache-2.0
// What scoring a slide of dense tissue costs, against the floor: libjpeg-turbo decoding each tile once from memory.
//   slide_ihc [--threads N] [--rounds N] [--side PIXELS] [--folder FOLDER] [--alone 1]
// Renders a phantom into the folder (kept for the next time), 4:2:0 and 4:4:4, and lets the competitors take turns.
// Shown are medians of the wall clock, medians of the CPU's time (all threads, system included: what counts on a
// machine with other work), and medians of the ratio of CPU time to the floor's within a round. Pixels are those of
// level 0: nearly all are tissue. `--alone 1` leaves the competitors out, for a profiler; it prints the best round.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <utility>
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
  int threads = 1, rounds = 3, side = 6144, alone = 0;
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

struct Took {
  double wall = 0, cpu = 0;  // seconds
};

template <class Work>
Took took(const Work& work) {
  const auto begun = std::clock();
  Took out;
  out.wall = seconds(work);
  out.cpu = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
  return out;
}

struct Scored {
  Took all;
  double overview = 0, sample = 0, cells = 0;  // share of the wall clock
  std::size_t found = 0;
  std::uint64_t tiles = 0, again = 0;
};

Scored score(const Slide& slide, int threads) {
  MeasureOptions options;
  options.profile = need(find_profile("generic-uncalibrated"));
  options.threads = threads;
  Scored out;
  out.all = took([&] {
    const auto measured = need(measure_slide(slide, "", options));
    const double sum = measured.seconds_overview + measured.seconds_sample + measured.seconds_cells;
    out.overview = measured.seconds_overview / sum;
    out.sample = measured.seconds_sample / sum;
    out.cells = measured.seconds_cells / sum;
    out.found = measured.table.cells.size();
    out.tiles = measured.tiles;
    out.again = measured.tiles_again;
  });
  return out;
}

void score_alone(const std::string& path, const Arguments& arguments) {
  const auto slide = need(open_slide(path));
  const SlideLevel& level = slide->info().levels.front();
  const double pixels = static_cast<double>(level.width) * static_cast<double>(level.height) / 1e6;
  Scored best;
  for (int round = 0; round < arguments.rounds; ++round) {
    const Scored now = score(*slide, arguments.threads);
    best = round == 0 || now.all.cpu < best.all.cpu ? now : best;
  }
  std::printf(
      "%.1f MPix per CPU second; overview, quality and connectivity %.0f %%, sample %.0f %%, cells %.0f %%: %zu\n",
      pixels / best.all.cpu, 100 * best.overview, 100 * best.sample, 100 * best.cells, best.found);
}

void compare(const std::string& path, const Arguments& arguments) {
  const auto slide = need(open_slide(path));
  const SlideInfo& info = slide->info();
  const SlideLevel& level = info.levels.front();
  const auto streams = streams_of(path);
  const int threads = arguments.threads;
  const double pixels = static_cast<double>(level.width) * static_cast<double>(level.height) / 1e6;
  constexpr std::size_t kCompetitors = 4;
  std::array<std::vector<double>, kCompetitors> wall, cpu, to_floor;
  Scored last;
  for (int round = 0; round < arguments.rounds; ++round) {
    std::array<Took, kCompetitors> now{};
    now[0] = took([&] { bench::floor(streams, level, threads); });
    now[1] = took([&] { ours(*slide, threads); });
    now[2] = took([&] { by_openslide(path, level, threads); });
    last = score(*slide, threads);
    now[3] = last.all;
    for (std::size_t i = 0; i < kCompetitors; ++i) {
      wall[i].push_back(now[i].wall);
      cpu[i].push_back(now[i].cpu);
      to_floor[i].push_back(now[0].cpu / now[i].cpu);
    }
  }
  std::printf("%s: %s, %zu tiles of %d x %d, %.0f MPix, threads: %d; %zu cells\n",
              std::filesystem::path(path).filename().c_str(), info.subsampling.c_str(), streams.size(),
              level.tile_width, level.tile_height, pixels, threads, last.found);
  const char* names[] = {"floor (libjpeg-turbo)", "her2 reading", "OpenSlide reading", "her2 scoring, all of it"};
  for (std::size_t i = 0; i < kCompetitors; ++i) {
    std::printf("  %-24s %7.1f MPix/s %7.1f MPix per CPU second  %5.2f of the floor\n", names[i],
                pixels / median(wall[i]), pixels / median(cpu[i]), median(to_floor[i]));
  }
  std::printf("  of scoring: overview, quality and connectivity %.0f %%, sample of nuclei %.0f %%, cells %.0f %%\n",
              100 * last.overview, 100 * last.sample, 100 * last.cells);
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
    int& number = word == "--threads"  ? arguments.threads
                  : word == "--rounds" ? arguments.rounds
                  : word == "--alone"  ? arguments.alone
                                       : arguments.side;
    number = std::max(1, std::atoi(value.c_str()));
  }
  std::filesystem::create_directories(arguments.folder);
  for (const auto& [subsampling, name] :
       {std::pair{ChromaSubsampling::s420, "420"}, {ChromaSubsampling::s444, "444"}}) {
    const std::string path = made_phantom(arguments, subsampling, name);
    if (arguments.alone > 0) {
      score_alone(path, arguments);
    } else {
      compare(path, arguments);
    }
  }
  return 0;
}
