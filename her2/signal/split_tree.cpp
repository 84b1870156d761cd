// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/split_tree.h"

#include <algorithm>

namespace her2::signal {

std::int32_t SplitTree::root(std::vector<std::int32_t>& parents, std::int32_t i) const {
  while (parents[static_cast<std::size_t>(i)] != i) {
    auto& parent = parents[static_cast<std::size_t>(i)];
    parent = parents[static_cast<std::size_t>(parent)];
    i = parent;
  }
  return i;
}

// A copy with an empty pixel around it, and its pixels by height, greatest first, those of one height row by row.
void SplitTree::sort_pixels(const Plane<std::uint16_t>& height) {
  stride_ = height.width() + 2;
  padded_.assign(static_cast<std::size_t>(stride_) * static_cast<std::size_t>(height.height() + 2), 0);
  start_.assign(kMostHeight + 2, 0);
  int most = 0;
  for (int y = 0; y < height.height(); ++y) {
    const std::uint16_t* from = height.row(y);
    std::uint16_t* to = padded_.data() + static_cast<std::ptrdiff_t>(y + 1) * stride_ + 1;
    for (int x = 0; x < height.width(); ++x) {
      to[x] = from[x];
      if (from[x] != 0) {
        ++start_[from[x]];
        most = std::max<int>(most, from[x]);
      }
    }
  }
  std::int32_t sum = 0;
  for (int h = most; h > 0; --h) {
    const std::int32_t count = start_[static_cast<std::size_t>(h)];
    start_[static_cast<std::size_t>(h)] = sum;
    sum += count;
  }
  order_.resize(static_cast<std::size_t>(sum));
  for (std::size_t i = 0; i < padded_.size(); ++i) {
    if (padded_[i] != 0) {
      order_[static_cast<std::size_t>(start_[padded_[i]]++)] = static_cast<std::int32_t>(i);
    }
  }
}

void SplitTree::meet(std::int32_t a, std::int32_t b, int height, int least_rise) {
  a = root(parent_, a);
  b = root(parent_, b);
  if (a == b) {
    return;
  }
  const auto peak = [&](std::int32_t i) { return peak_[static_cast<std::size_t>(i)]; };
  if (peak(a) < peak(b) || (peak(a) == peak(b) && a > b)) {
    std::swap(a, b);
  }
  if (peak(b) - height < least_rise) {
    parent_[static_cast<std::size_t>(b)] = a;
    return;
  }
  if (meetings_.empty() || meetings_.back().a != a || meetings_.back().b != b) {
    meetings_.push_back({a, b});
  }
}

void SplitTree::flood(int least_rise) {
  basin_.assign(padded_.size(), 0);
  parent_.clear();
  peak_.clear();
  meetings_.clear();
  const std::array<std::ptrdiff_t, 8> around{-stride_ - 1, -stride_, -stride_ + 1, -1, 1,
                                             stride_ - 1,  stride_,  stride_ + 1};
  for (const std::int32_t pixel : order_) {
    const std::int32_t* basins = basin_.data() + pixel;
    const std::uint16_t* heights = padded_.data() + pixel;
    std::int32_t own = 0;
    int steepest = -1;
    bool several = false;
    for (const std::ptrdiff_t step : around) {
      const std::int32_t other = basins[step];
      if (other == 0) {
        continue;
      }
      several = several || (own != 0 && other != own);
      if (heights[step] > steepest) {
        steepest = heights[step];
        own = other;
      }
    }
    if (own == 0) {
      parent_.push_back(static_cast<std::int32_t>(parent_.size()));
      peak_.push_back(heights[0]);
      own = static_cast<std::int32_t>(parent_.size());
    }
    basin_[static_cast<std::size_t>(pixel)] = own;
    if (several) {
      for (const std::ptrdiff_t step : around) {
        if (basins[step] != 0 && basins[step] != own) {
          meet(basins[step] - 1, own - 1, heights[0], least_rise);
        }
      }
    }
  }
}

// Basins that were not absorbed become pieces; their pixels are laid one after the other, row by row.
void SplitTree::collect(int width, int height) {
  pieces_.clear();
  cursor_.assign(parent_.size(), -1);
  for (std::size_t i = 0; i < parent_.size(); ++i) {
    if (parent_[i] == static_cast<std::int32_t>(i)) {
      cursor_[i] = static_cast<std::int32_t>(pieces_.size());
      pieces_.emplace_back();
    }
  }
  for (std::size_t i = 0; i < parent_.size(); ++i) {
    cursor_[i] = cursor_[static_cast<std::size_t>(root(parent_, static_cast<std::int32_t>(i)))];
  }
  const auto each = [&](const auto& visit) {
    for (int y = 0; y < height; ++y) {
      const std::int32_t* row = basin_.data() + static_cast<std::ptrdiff_t>(y + 1) * stride_ + 1;
      for (int x = 0; x < width; ++x) {
        if (row[x] != 0) {
          visit(pieces_[static_cast<std::size_t>(cursor_[static_cast<std::size_t>(row[x] - 1)])], x, y);
        }
      }
    }
  };
  each([](Piece& piece, int x, int y) { piece.moments.add(x, y); });
  std::int32_t at = 0;
  for (Piece& piece : pieces_) {
    piece.first = piece.end = at;
    at += static_cast<std::int32_t>(piece.moments.n);
  }
  pixels_.resize(order_.size());
  each([&](Piece& piece, int x, int y) { pixels_[static_cast<std::size_t>(piece.end++)] = y * width + x; });
}

void SplitTree::join() {
  top_.resize(pieces_.size());
  for (std::size_t i = 0; i < top_.size(); ++i) {
    top_[i] = static_cast<std::int32_t>(i);
  }
  for (const Meeting& meeting : meetings_) {
    const auto piece = [&](std::int32_t basin) { return root(top_, cursor_[static_cast<std::size_t>(basin)]); };
    const std::int32_t a = piece(meeting.a);
    const std::int32_t b = piece(meeting.b);
    if (a == b) {
      continue;
    }
    const auto joined = static_cast<std::int32_t>(pieces_.size());
    Piece both;
    both.moments = pieces_[static_cast<std::size_t>(a)].moments;
    both.moments.add(pieces_[static_cast<std::size_t>(b)].moments);
    both.left = a;
    both.right = b;
    pieces_.push_back(both);
    top_.push_back(joined);
    top_[static_cast<std::size_t>(a)] = top_[static_cast<std::size_t>(b)] = joined;
  }
}

void SplitTree::build(const Plane<std::uint16_t>& height, int least_rise) {
  sort_pixels(height);
  flood(least_rise);
  collect(height.width(), height.height());
  join();
}

void depth_over(const Plane<std::int16_t>& plane, int level, Plane<std::uint16_t>& out) {
  const int width = plane.width();
  const int height = plane.height();
  constexpr int kFar = SplitTree::kMostHeight;
  out.reshape(width, height);
  const auto pass = [&](int y, int step) {
    const bool first = y - step < 0 || y - step >= height;
    std::uint16_t* to = out.row(y);
    const std::uint16_t* before = first ? to : out.row(y - step);
    const int begin = step > 0 ? 0 : width - 1;
    const int end = step > 0 ? width : -1;
    for (int x = begin; x != end; x += step) {
      int least = to[x];
      if (least == 0) {
        continue;
      }
      const int back = x - step;
      const int next = x + step;
      if (back >= 0 && back < width) {
        least = std::min(least, to[back] + 5);
        if (!first) {
          least = std::min(least, before[back] + 7);
        }
      }
      if (!first) {
        least = std::min(least, before[x] + 5);
        if (next >= 0 && next < width) {
          least = std::min(least, before[next] + 7);
        }
      }
      to[x] = static_cast<std::uint16_t>(least);
    }
  };
  for (int y = 0; y < height; ++y) {
    const std::int16_t* from = plane.row(y);
    std::uint16_t* to = out.row(y);
    for (int x = 0; x < width; ++x) {
      to[x] = from[x] > level ? kFar : 0;
    }
    pass(y, 1);
  }
  for (int y = height - 1; y >= 0; --y) {
    pass(y, -1);
  }
}

}  // namespace her2::signal
