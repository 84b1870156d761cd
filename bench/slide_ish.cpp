// SPDX-License-Identifier: Apache-2.0
// What counting an ISH field costs on one core, step by step, against decoding it.
//   slide_ish FIELD --mpp UM [--dual-ish] [--rounds N]
// Medians of the CPU's time. bench/ish_peers.py holds it against scikit-image's blob_log.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "her2/signal/judge.h"
#include "her2/signal/raster.h"
#include "her2/slide/slide.h"
#include "her2/tissue/tissue.h"

namespace {

using namespace her2;

template <class T>
T need(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().text().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) {
    return std::move(*result);
  }
}

double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Round {
  double decode = 0, signals = 0, dots = 0, judge = 0;
  std::size_t found = 0;
};

RgbImage decode(const std::string& path) {
  const auto slide = need(open_slide(path));
  const SlideLevel& full = slide->info().levels[0];
  RgbImage out;
  need(read_region(*need(slide->reader()), slide->info(), 0, {0, 0, full.width, full.height}, out));
  return out;
}

Round run(const std::string& path, double mpp, bool dual) {
  Round out;
  double begun = now();
  const auto lap = [&](double& into) {
    const double end = now();
    into = (end - begun) * 1e3;
    begun = end;
  };
  const RgbImage rgb = decode(path);
  lap(out.decode);
  signal::FieldReading reading;
  if (dual) {
    reading = signal::read_dual_ish(rgb, find_white(rgb).white, signal::find_channel_shift(rgb), mpp);
  } else {
    const int k = signal::signal_reduction(mpp, signal::constants_of(IshAssay::fish));
    signal::FishPlanes planes;
    signal::fish_planes(rgb, {}, k, planes);
    reading = signal::read_fish(planes, rgb.width(), rgb.height(), mpp, k);
  }
  lap(out.signals);
  for (std::size_t c = 0; c < kIshChannels; ++c) {  // dots alone, as blob_log finds them: once more
    signal::Blur(reading.filter_px[c])(reading.plane[c], reading.smooth[c]);
    signal::SpotSearch search;
    search.filter_px = reading.filter_px[c];
    search.measure = false;
    (void)signal::find_spots(reading.plane[c], reading.smooth[c], reading.nuclei, reading.clipped, 1, search);
  }
  lap(out.dots);
  const auto judged = signal::judge_field(reading, signal::pool_levels({&reading}));
  lap(out.judge);
  out.found = judged.nuclei.size();
  return out;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  std::string path;
  double mpp = 0.07;
  bool dual = false;
  int rounds = 5;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--dual-ish") {
      dual = true;
    } else if (argument == "--mpp" && i + 1 < argc) {
      mpp = std::atof(argv[++i]);
    } else if (argument == "--rounds" && i + 1 < argc) {
      rounds = std::max(1, std::atoi(argv[++i]));
    } else {
      path = argument;
    }
  }
  std::vector<double> decoded, read, dots, judged, all;
  std::size_t nuclei = 0;
  for (int i = 0; i < rounds; ++i) {
    const Round one = run(path, mpp, dual);
    decoded.push_back(one.decode);
    read.push_back(one.signals);
    dots.push_back(one.dots);
    judged.push_back(one.judge);
    all.push_back(one.decode + one.signals + one.judge);
    nuclei = one.found;
  }
  std::printf(
      "%zu nuclei; decode %.0f ms, nuclei and maxima %.0f ms (dots alone %.1f ms), counting %.0f ms; all %.0f ms, %.1f "
      "times decoding\n",
      nuclei, median(decoded), median(read), median(dots), median(judged), median(all), median(all) / median(decoded));
  return 0;
}
