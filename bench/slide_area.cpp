// SPDX-License-Identifier: Apache-2.0
// One area of dense tissue in memory: no decoding, no halo counted. For looking closely at where the time goes, under
// a profiler or an instruction counter, and for seeing at once whether a change moves a byte of the result.
//   slide_area [--side PIXELS] [--seed N] [--repeat N] [--folder FOLDER]
// Renders the area once (kept in the folder) and prints nanoseconds of CPU time a pixel and the cell table's digest.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "her2/cellfile/measurements.h"
#include "her2/ihc/area_meter.h"
#include "her2/phantom/phantom.h"
#include "her2/stain/stain_vectors.h"

namespace {

using namespace her2;

struct Arguments {
  int side = 2048, seed = 1, repeat = 3;
  std::string folder = std::filesystem::temp_directory_path().string();
};

RgbImage made_area(const Arguments& arguments) {
  const auto path = std::filesystem::path(arguments.folder) /
                    ("area-" + std::to_string(arguments.side) + "-" + std::to_string(arguments.seed) + ".rgb");
  RgbImage out(arguments.side, arguments.side);
  const auto size = static_cast<std::streamsize>(out.bytes().size());
  std::vector<char> bytes(out.bytes().size());
  if (std::ifstream in(path, std::ios::binary); in.read(bytes.data(), size)) {
    std::transform(bytes.begin(), bytes.end(), out.bytes().begin(),
                   [](char byte) { return static_cast<std::uint8_t>(byte); });
    return out;
  }
  PhantomSpec spec;
  spec.seed = static_cast<std::uint64_t>(arguments.seed);
  spec.width = spec.height = arguments.side;
  spec.mix = {.unstained = 20, .incomplete = {20, 10, 5, 0}, .complete = {5, 15, 15, 10}};
  const auto phantom = Phantom::make(spec);
  if (!phantom) {
    std::fprintf(stderr, "%s\n", phantom.error().text().c_str());
    std::exit(1);
  }
  phantom->render({0, 0, arguments.side, arguments.side}, out);
  std::transform(out.bytes().begin(), out.bytes().end(), bytes.begin(),
                 [](std::uint8_t byte) { return static_cast<char>(byte); });
  std::ofstream(path, std::ios::binary).write(bytes.data(), size);
  return out;
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
    int& number = word == "--side" ? arguments.side : word == "--seed" ? arguments.seed : arguments.repeat;
    number = std::max(1, std::atoi(value.c_str()));
  }
  const RgbImage rgb = made_area(arguments);
  const Box box{0, 0, rgb.width(), rgb.height()};
  AreaSettings settings;
  settings.white = {238, 236, 238};
  settings.unmixing = unmixing(unit_vectors({}).value());
  settings.nuclei = kBesideMembranes;
  settings.nuclei.least_contrast = 60;  // about what a sample of such a slide gives
  settings.least_nucleus_h = 100;
  const AreaFrame frame{box, box.grown(-area_halo(settings))};
  AreaMeter meter(settings);
  const AreaPixels read = [&](const Box& part, RgbImage& out) -> Result<void> {
    out.reshape(static_cast<int>(part.width), static_cast<int>(part.height));
    for (int y = 0; y < out.height(); ++y) {
      std::copy_n(rgb.at(static_cast<int>(part.x), static_cast<int>(part.y) + y), out.stride(), out.row(y));
    }
    return {};
  };
  std::vector<double> took;
  CellTable cells;
  for (int i = 0; i < arguments.repeat; ++i) {
    cells = {};
    const auto begun = std::clock();
    static_cast<void>(meter.measure(read, frame, cells));
    took.push_back(static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
  }
  const double pixels = static_cast<double>(box.width) * static_cast<double>(box.height);
  std::printf("%.1f ns a pixel (best of %d), %zu cells in the core, digest %s\n",
              *std::min_element(took.begin(), took.end()) / pixels * 1e9, arguments.repeat, cells.cells.size(),
              digest(cells).c_str());
  return 0;
}
