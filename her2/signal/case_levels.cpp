// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/case_levels.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "her2/signal/raster.h"

namespace her2::signal {
namespace {

constexpr double kAlone = 6;  // sigmas to the next maximum of half the threshold
constexpr double kLeastEllipse = 0.78, kLeastSolidity = 0.90;
constexpr std::size_t kLeastSingles = 8;
constexpr double kLeastOfMode = 0.3, kMostOfMode = 2.2;
constexpr double kSteps = 1.05;  // of the threshold, when its plateau is walked
constexpr double kWithin = 0.03;

double spread_of(std::vector<double> values, double middle) {
  for (double& v : values) {
    v = std::abs(v - middle);
  }
  return 1.48 * median_of(values);
}

bool stands_alone(const Spot& spot, const std::vector<Spot>& all, std::size_t index, float least, double apart) {
  const auto near = [&](const Spot& other) {
    const auto dx = static_cast<double>(other.x - spot.x);
    const auto dy = static_cast<double>(other.y - spot.y);
    return other.response > least && dx * dx + dy * dy < apart * apart;
  };
  // Spots are in the order of rows: only those in near rows need be asked.
  for (std::size_t i = index; i-- > 0 && static_cast<double>(spot.y - all[i].y) < apart + 2;) {
    if (near(all[i])) {
      return false;
    }
  }
  for (std::size_t i = index + 1; i < all.size() && static_cast<double>(all[i].y - spot.y) < apart + 2; ++i) {
    if (near(all[i])) {
      return false;
    }
  }
  return true;
}

SingleSignal single_of(const std::vector<const FieldReading*>& fields, std::size_t channel, float threshold) {
  std::vector<double> sigmas;
  std::vector<double> peaks;
  std::vector<double> sums;
  for (const FieldReading* field : fields) {
    const double apart = kAlone * field->sigma_px[channel];
    const auto& spots = field->spots[channel];
    for (std::size_t i = 0; i < spots.size(); ++i) {
      const Spot& spot = spots[i];
      if (spot.nucleus < 0 || spot.response < threshold || spot.clipped ||
          !well_formed(field->nuclei.nuclei[static_cast<std::size_t>(spot.nucleus)]) ||
          !stands_alone(spot, spots, i, threshold / 2, apart)) {
        continue;
      }
      sigmas.push_back(static_cast<double>(spot.sigma));
      peaks.push_back(static_cast<double>(spot.peak));
      sums.push_back(static_cast<double>(spot.integrated));
    }
  }
  SingleSignal out;
  out.count = sums.size();
  if (out.count < kLeastSingles) {
    return out;
  }
  out.sigma_px = median_of(sigmas);
  // Means of what lies around the mode: a cluster without any neighbour is no single signal.
  const auto usual = [](std::vector<double>& values) {
    const double mode = mode_of(values);
    std::erase_if(values, [&](double v) { return v < kLeastOfMode * mode || v > kMostOfMode * mode; });
    double sum = 0;
    for (const double v : values) {
      sum += v;
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, values.size()));
  };
  out.peak = usual(peaks);
  out.integrated = usual(sums);
  double squares = 0;
  for (const double v : sums) {
    squares += (v - out.integrated) * (v - out.integrated);
  }
  out.variation =
      std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, sums.size()))) / std::max(out.integrated, 1e-6);
  return out;
}

// `sorted` upwards. How far the threshold may go up and down with counts within 3 %.
double plateau_of(const std::vector<float>& sorted, float threshold) {
  const auto count = [&](double at) {
    const auto from = std::lower_bound(sorted.begin(), sorted.end(), static_cast<float>(at));
    return static_cast<double>(sorted.end() - from);
  };
  const double now = count(static_cast<double>(threshold));
  double factor = 1;
  for (const double step : {kSteps, 1 / kSteps}) {
    double at = step;
    for (int i = 0; i < 60 && std::abs(count(static_cast<double>(threshold) * at) - now) <= kWithin * now; ++i) {
      at *= step;
    }
    const double last = at / step;
    factor *= last > 1 ? last : 1 / last;
  }
  return factor;
}

void pool_channel(const std::vector<const FieldReading*>& fields, std::size_t channel, std::size_t nuclei,
                  ChannelLevels& out) {
  std::vector<float> responses;
  std::vector<Maximum> maxima;
  for (const FieldReading* field : fields) {
    for (const Spot& spot : field->spots[channel]) {
      if (spot.nucleus >= 0 && well_formed(field->nuclei.nuclei[static_cast<std::size_t>(spot.nucleus)])) {
        responses.push_back(spot.response);
        maxima.push_back({spot.response, spot.sigma});
      }
    }
  }
  std::sort(responses.begin(), responses.end());
  out.threshold = find_threshold(std::move(maxima), nuclei, channel == 0);
  out.threshold.value *= static_cast<float>(fields.front()->threshold_share);
  if (out.threshold.any) {
    out.plateau = plateau_of(responses, out.threshold.value);
    out.single = single_of(fields, channel, out.threshold.value);
  }
}

}  // namespace

bool well_formed(const SeenNucleus& nucleus) {
  return !nucleus.border && nucleus.ellipse >= kLeastEllipse && nucleus.solidity >= kLeastSolidity;
}

CaseLevels pool_levels(const std::vector<const FieldReading*>& fields) {
  CaseLevels out;
  std::vector<double> areas;
  std::vector<double> sharp;
  std::vector<double> inside;
  std::array<std::vector<double>, kIshChannels> grounds;
  for (const FieldReading* field : fields) {
    for (std::size_t i = 0; i < field->nuclei.nuclei.size(); ++i) {
      const SeenNucleus& nucleus = field->nuclei.nuclei[i];
      if (!well_formed(nucleus)) {
        continue;
      }
      areas.push_back(nucleus.area_um2);
      sharp.push_back(nucleus.sharpness);
      inside.push_back(nucleus.inside);
      for (std::size_t c = 0; c < kIshChannels; ++c) {
        grounds[c].push_back(static_cast<double>(field->ground[i][c]));
      }
    }
  }
  if (areas.empty()) {
    return out;
  }
  const std::size_t nuclei = areas.size();
  out.usual_area_um2 = median_of(areas);
  out.usual_inside = median_of(inside);
  std::sort(sharp.begin(), sharp.end());
  out.usual_sharpness = sharp[sharp.size() * 3 / 4];
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    out.usual_ground[c] = median_of(grounds[c]);
    out.ground_spread[c] = spread_of(grounds[c], out.usual_ground[c]);
    pool_channel(fields, c, nuclei, out.channel[c]);
  }
  return out;
}

}  // namespace her2::signal
