// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/spots.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "her2/signal/raster.h"

namespace her2::signal {
namespace {

constexpr double kOut = 1.6;     // of the radius: the outer end of the ring that gives the surroundings
constexpr float kStandsOut = 2;  // times m + 3 q that the reference must reach
constexpr std::size_t kLeastMaxima = 8;
constexpr std::size_t kLeastLower = 15;  // single signals that must be left when clusters are left out
constexpr float kApart = 3;              // times brighter
constexpr double kWider = 1.15;
constexpr float kClear = 1.5;  // times the texture that the single signals which are left must reach

// Where a parabola through three values has its top, -0.5 to 0.5.
float top_of(float before, float here, float after) {
  const float bend = before - 2 * here + after;
  return bend < 0 ? std::clamp((before - after) * 0.5F / bend, -0.5F, 0.5F) : 0.0F;
}

// A disc of pixels and the ring around it, as offsets.
struct Template {
  struct Step {
    int dx, dy;
  };
  std::vector<Step> disc, ring;
  int reach = 0;
  explicit Template(double radius) {
    reach = static_cast<int>(std::floor(radius * kOut)) + 1;
    for (int dy = -reach; dy <= reach; ++dy) {
      for (int dx = -reach; dx <= reach; ++dx) {
        const double r2 = dx * dx + dy * dy;
        if (r2 <= radius * radius) {
          disc.push_back({dx, dy});
        } else if (r2 <= radius * radius * kOut * kOut) {
          ring.push_back({dx, dy});
        }
      }
    }
  }
};

class Meter {
 public:
  Meter(const Plane<float>& plane, const Plane<float>& smooth, const Plane<std::uint8_t>& clipped, std::uint8_t bit,
        const SpotSearch& search)
      : plane_(plane), smooth_(smooth), clipped_(clipped), bit_(bit), search_(search), places_(search.radius_px) {}

  void measure(Spot& spot) {
    const int px = std::clamp(static_cast<int>(spot.x), 0, plane_.width() - 1);
    const int py = std::clamp(static_cast<int>(spot.y), 0, plane_.height() - 1);
    const int reach = places_.reach;
    const bool inside = px >= reach && py >= reach && px + reach < plane_.width() && py + reach < plane_.height();
    const auto at = [&](const Plane<float>& plane, Template::Step s) {
      return inside
                 ? plane.at(px + s.dx, py + s.dy)
                 : plane.at(std::clamp(px + s.dx, 0, plane.width() - 1), std::clamp(py + s.dy, 0, plane.height() - 1));
    };
    ring_.clear();
    for (const auto step : places_.ring) {
      ring_.push_back(at(plane_, step));
    }
    // The lower third: neighbouring signals and the other side of a rim do not count as surroundings.
    const auto third = ring_.begin() + static_cast<std::ptrdiff_t>(ring_.size() * 2 / 5);
    std::nth_element(ring_.begin(), third, ring_.end());
    const float ground = *third;
    float sum = 0;
    for (const auto step : places_.disc) {
      sum += at(plane_, step) - ground;
      spot.clipped = spot.clipped || (step.dx * step.dx + step.dy * step.dy <= 2 &&
                                      (clipped_.at(std::clamp(px + step.dx, 0, plane_.width() - 1),
                                                   std::clamp(py + step.dy, 0, plane_.height() - 1)) &
                                       bit_) != 0);
    }
    spot.integrated = sum;
    spot.peak = smooth_.at(px, py) - ground;
    const auto filter2 = static_cast<float>(search_.filter_px * search_.filter_px);
    const float total2 = spot.peak * filter2 / std::max(spot.response, 1e-6F);
    spot.sigma = std::sqrt(std::max(total2 - filter2, 0.0F));
  }

 private:
  const Plane<float>& plane_;
  const Plane<float>& smooth_;
  const Plane<std::uint8_t>& clipped_;
  std::uint8_t bit_;
  const SpotSearch& search_;
  Template places_;
  std::vector<float> ring_;
};

// Between-class variance is greatest there (Otsu 1979). `sorted` upwards.
double otsu(const std::vector<float>& sorted) {
  double all = 0;
  for (const float v : sorted) {
    all += static_cast<double>(v);
  }
  double below = 0;
  double best = -1;
  auto at = static_cast<double>(sorted.front());
  const auto n = static_cast<double>(sorted.size());
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
    below += static_cast<double>(sorted[i]);
    const auto n0 = static_cast<double>(i + 1);
    const double apart = below / n0 - (all - below) / (n - n0);
    const double between = n0 * (n - n0) * apart * apart;
    if (between > best) {
      best = between;
      at = 0.5 * (static_cast<double>(sorted[i]) + static_cast<double>(sorted[i + 1]));
    }
  }
  return at;
}

std::vector<Spot> maxima_of(const Plane<float>& response, const FieldNuclei& nuclei) {
  std::vector<Spot> out;
  for (int y = 1; y + 1 < response.height(); ++y) {
    const float* above = response.row(y - 1);
    const float* here = response.row(y);
    const float* below = response.row(y + 1);
    for (int x = 1; x + 1 < response.width(); ++x) {
      const float v = here[x];
      if (!(v > 0) || !(v > here[x - 1]) || v < here[x + 1] || !(v > above[x - 1]) || !(v > above[x]) ||
          !(v > above[x + 1]) || v < below[x - 1] || v < below[x] || v < below[x + 1]) {
        continue;
      }
      Spot spot;
      spot.x = static_cast<float>(x) + 0.5F + top_of(here[x - 1], v, here[x + 1]);
      spot.y = static_cast<float>(y) + 0.5F + top_of(above[x], v, below[x]);
      spot.response = v;
      spot.nucleus = nuclei.at(static_cast<double>(spot.x), static_cast<double>(spot.y));
      out.push_back(spot);
    }
  }
  return out;
}

// Median and 1.48 median absolute deviations of the responses in nuclei.
float texture_of(const std::vector<Spot>& spots) {
  std::vector<float> values;
  for (const Spot& spot : spots) {
    if (spot.nucleus >= 0) {
      values.push_back(spot.response);
    }
  }
  if (values.empty()) {
    return 0;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  const float median = *middle;
  for (float& v : values) {
    v = std::abs(v - median);
  }
  std::nth_element(values.begin(), middle, values.end());
  return median + 1.48F * *middle;
}

// Clusters of amplified nuclei outshine single signals many times and would push the threshold over them. Where the
// clear maxima fall into two classes on a logarithmic scale, three times apart, and the brighter ones are wider (as
// clusters are, but signals over texture are not), the upper class is left out. `sorted` upwards.
void leave_out_clusters(std::vector<Maximum>& sorted, float texture) {
  const auto first = std::find_if(sorted.begin(), sorted.end(), [&](const Maximum& m) { return m.response > texture; });
  std::vector<float> logs;
  for (auto it = first; it != sorted.end(); ++it) {
    logs.push_back(static_cast<float>(log_of(static_cast<double>(it->response))));
  }
  if (logs.size() < 2 * kLeastLower) {
    return;
  }
  const auto split = std::lower_bound(logs.begin(), logs.end(), static_cast<float>(otsu(logs))) - logs.begin();
  const auto middle = first + split;
  const auto width = [](auto from, auto to) {
    std::vector<double> sigmas;
    for (auto it = from; it != to; ++it) {
      sigmas.push_back(static_cast<double>(it->sigma));
    }
    return median_of(sigmas);
  };
  if (split < static_cast<std::ptrdiff_t>(kLeastLower) || middle == sorted.end()) {
    return;
  }
  const bool apart = (middle + (sorted.end() - middle) / 2)->response > kApart * (first + split / 2)->response;
  const bool clear = (first + split / 2)->response > kClear * texture;
  if (apart && clear && width(middle, sorted.end()) > kWider * width(first, middle)) {
    sorted.erase(middle, sorted.end());
  }
}

}  // namespace

std::vector<Spot> find_spots(const Plane<float>& plane, const Plane<float>& smooth, const FieldNuclei& nuclei,
                             const Plane<std::uint8_t>& clipped, std::uint8_t bit, const SpotSearch& search) {
  Plane<float> response;
  dot_response(smooth, static_cast<float>(search.filter_px * search.filter_px), response);
  std::vector<Spot> out = maxima_of(response, nuclei);
  if (!search.measure) {
    return out;
  }
  const float least = texture_of(out);
  Meter meter(plane, smooth, clipped, bit, search);
  for (Spot& spot : out) {
    if (spot.nucleus >= 0 && spot.response > least) {
      meter.measure(spot);
    }
  }
  return out;
}

SpotThreshold find_threshold(std::vector<Maximum> maxima, std::size_t nuclei, bool clusters) {
  SpotThreshold out;
  if (maxima.size() < kLeastMaxima || nuclei == 0) {
    return out;
  }
  std::sort(maxima.begin(), maxima.end(), [](const Maximum& a, const Maximum& b) {
    return a.response != b.response ? a.response < b.response : a.sigma < b.sigma;
  });
  out.median = maxima[maxima.size() / 2].response;
  std::vector<float> apart;
  apart.reserve(maxima.size());
  for (const Maximum& one : maxima) {
    apart.push_back(std::abs(one.response - out.median));
  }
  std::sort(apart.begin(), apart.end());
  out.spread = 1.48F * apart[apart.size() / 2];
  if (clusters) {
    leave_out_clusters(maxima, out.median + 8 * out.spread);
  }
  std::vector<float> responses;
  responses.reserve(maxima.size());
  for (const Maximum& one : maxima) {
    responses.push_back(one.response);
  }
  const std::size_t brightest = std::min(nuclei, responses.size());
  out.reference = responses[responses.size() - 1 - brightest / 2];
  const auto m = static_cast<double>(out.median);
  const auto q = static_cast<double>(out.spread);
  const auto ref = static_cast<double>(out.reference);
  const double noise = m + 3 * q;
  const double product = std::sqrt(noise * ref) * (0.4 * ref) * otsu(responses) * (m + 8 * q);
  out.value = static_cast<float>(std::sqrt(std::sqrt(product)));
  out.any = ref > static_cast<double>(kStandsOut) * noise;
  return out;
}

}  // namespace her2::signal
