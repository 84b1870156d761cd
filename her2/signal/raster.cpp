// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/raster.h"

#include <algorithm>
#include <cmath>

namespace her2::signal {
namespace {

// Least value of every window of `size` along a line (van Herk 1992, Gil and Werman 1993); `in` has count + size - 1
// values. `work`: twice as many.
template <class Pick>
void slide_window(const std::int16_t* in, int count, int size, std::int16_t* out, std::vector<std::int16_t>& work,
                  const Pick& pick) {
  const int all = count + size - 1;
  work.resize(static_cast<std::size_t>(all) * 2);
  std::int16_t* forth = work.data();
  std::int16_t* back = forth + all;
  for (int start = 0; start < all; start += size) {
    const int end = std::min(start + size, all);
    forth[start] = in[start];
    for (int i = start + 1; i < end; ++i) {
      forth[i] = pick(forth[i - 1], in[i]);
    }
    back[end - 1] = in[end - 1];
    for (int i = end - 2; i >= start; --i) {
      back[i] = pick(back[i + 1], in[i]);
    }
  }
  for (int i = 0; i < count; ++i) {
    out[i] = pick(back[i], forth[i + size - 1]);
  }
}

template <class Pick>
void extreme(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out, const Pick& pick) {
  const int width = in.width();
  const int height = in.height();
  const int size = 2 * radius + 1;
  Plane<std::int16_t> rows;
  rows.reshape(width, height);
  std::vector<std::int16_t> line(static_cast<std::size_t>(std::max(width, height) + size));
  std::vector<std::int16_t> work;
  std::vector<std::int16_t> result(static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    const std::int16_t* from = in.row(y);
    for (int i = 0; i < width + size - 1; ++i) {
      line[static_cast<std::size_t>(i)] = from[std::clamp(i - radius, 0, width - 1)];
    }
    slide_window(line.data(), width, size, rows.row(y), work, pick);
  }
  out.reshape(width, height);
  for (int x = 0; x < width; ++x) {
    for (int i = 0; i < height + size - 1; ++i) {
      line[static_cast<std::size_t>(i)] = rows.at(x, std::clamp(i - radius, 0, height - 1));
    }
    slide_window(line.data(), height, size, result.data(), work, pick);
    for (int y = 0; y < height; ++y) {
      out.at(x, y) = result[static_cast<std::size_t>(y)];
    }
  }
}

}  // namespace

void bin(const Plane<std::int16_t>& in, int k, Plane<std::int16_t>& out) {
  k = std::clamp(k, 1, std::max(1, std::min(in.width(), in.height())));
  const int width = in.width() / k;
  const int height = in.height() / k;
  out.reshape(width, height);
  std::vector<std::int32_t> sums(static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int i = 0; i < k; ++i) {
      const std::int16_t* from = in.row(y * k + i);
      for (int x = 0; x < width; ++x, from += k) {
        std::int32_t sum = 0;
        for (int j = 0; j < k; ++j) {
          sum += from[j];
        }
        sums[static_cast<std::size_t>(x)] += sum;
      }
    }
    for (int x = 0; x < width; ++x) {
      out.at(x, y) = static_cast<std::int16_t>(sums[static_cast<std::size_t>(x)] / (k * k));
    }
  }
}

void erode(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out) {
  extreme(in, radius, out, [](std::int16_t a, std::int16_t b) { return std::min(a, b); });
}

void dilate(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out) {
  extreme(in, radius, out, [](std::int16_t a, std::int16_t b) { return std::max(a, b); });
}

Blur::Blur(double sigma) {
  const int radius = std::max(1, static_cast<int>(std::floor(3 * sigma + 0.5)));
  std::vector<double> weights;
  double sum = 0;
  for (int i = 0; i <= radius; ++i) {
    weights.push_back(exp_of(-0.5 * i * i / (sigma * sigma)));
    sum += weights.back() * (i == 0 ? 1 : 2);
  }
  for (const double weight : weights) {
    half_.push_back(static_cast<float>(weight / sum));
  }
}

void Blur::operator()(const Plane<float>& in, Plane<float>& out) {
  const int width = in.width();
  const int height = in.height();
  const int radius = reach();
  rows_.reshape(width, height);
  line_.resize(static_cast<std::size_t>(width + 2 * radius));
  for (int y = 0; y < height; ++y) {
    const float* from = in.row(y);
    std::fill_n(line_.begin(), radius, from[0]);
    std::copy(from, from + width, line_.begin() + radius);
    std::fill_n(line_.begin() + radius + width, radius, from[width - 1]);
    float* to = rows_.row(y);
    const float* middle = line_.data() + radius;
    for (int x = 0; x < width; ++x) {
      to[x] = middle[x] * half_[0];
    }
    for (int i = 1; i <= radius; ++i) {
      const float weight = half_[static_cast<std::size_t>(i)];
      for (int x = 0; x < width; ++x) {
        to[x] += (middle[x - i] + middle[x + i]) * weight;
      }
    }
  }
  out.reshape(width, height);
  for (int y = 0; y < height; ++y) {
    float* to = out.row(y);
    const float* middle = rows_.row(y);
    for (int x = 0; x < width; ++x) {
      to[x] = middle[x] * half_[0];
    }
    for (int i = 1; i <= radius; ++i) {
      const float* above = rows_.row(std::max(y - i, 0));
      const float* below = rows_.row(std::min(y + i, height - 1));
      const float weight = half_[static_cast<std::size_t>(i)];
      for (int x = 0; x < width; ++x) {
        to[x] += (above[x] + below[x]) * weight;
      }
    }
  }
}

void dot_response(const Plane<float>& smooth, float scale, Plane<float>& out) {
  const int width = smooth.width();
  const int height = smooth.height();
  out.resize(width, height, 0.0F);
  for (int y = 1; y + 1 < height; ++y) {
    const float* above = smooth.row(y - 1);
    const float* here = smooth.row(y);
    const float* below = smooth.row(y + 1);
    float* to = out.row(y);
    for (int x = 1; x + 1 < width; ++x) {
      const float xx = here[x - 1] - 2 * here[x] + here[x + 1];
      const float yy = above[x] - 2 * here[x] + below[x];
      const float xy = (above[x - 1] - above[x + 1] - below[x - 1] + below[x + 1]) * 0.25F;
      const float half = (xx - yy) * 0.5F;
      const float largest = (xx + yy) * 0.5F + std::sqrt(half * half + xy * xy);
      to[x] = largest < 0 ? -largest * scale : 0.0F;
    }
  }
}

double log_of(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // exact: [0.5, 1)
  if (m < 0.70710678118654752) {
    m *= 2;
    --exponent;
  }
  const double t = (m - 1) / (m + 1);
  const double t2 = t * t;
  double sum = 0;
  for (int k = 15; k >= 1; k -= 2) {
    sum = sum * t2 + 1.0 / k;
  }
  return 2 * t * sum + exponent * 0.69314718055994531;
}

double exp_of(double x) {
  const double y = x / 1024;  // |y| below 0.7
  double sum = 1;
  for (int k = 14; k >= 1; --k) {
    sum = 1 + sum * y / k;
  }
  for (int i = 0; i < 10; ++i) {
    sum *= sum;
  }
  return sum;
}

double mode_of(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  std::size_t first = 0;
  std::size_t count = values.size();
  while (count > 2) {
    const std::size_t half = (count + 1) / 2;
    std::size_t best = first;
    for (std::size_t i = first; i + half <= first + count; ++i) {
      if (values[i + half - 1] - values[i] < values[best + half - 1] - values[best]) {
        best = i;
      }
    }
    first = best;
    count = half;
  }
  return count == 2 ? (values[first] + values[first + 1]) / 2 : values[first];
}

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace her2::signal
