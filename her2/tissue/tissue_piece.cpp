// SPDX-License-Identifier: Apache-2.0
#include "her2/tissue/tissue_piece.h"

#include <algorithm>
#include <utility>

#include "her2/tissue/tissue.h"

namespace her2 {

void TissuePiece::add(int px, int py) {
  left = pixels == 0 ? px : std::min(left, px);
  right = pixels == 0 ? px : std::max(right, px);
  top = pixels == 0 ? py : std::min(top, py);
  bottom = pixels == 0 ? py : std::max(bottom, py);
  ++pixels;
  sum_x += px;
  sum_y += py;
}

void TissuePiece::add_corners(int px, int py) {
  for (int corner = 0; corner < 4; ++corner) {
    edge.push_back({(px + corner % 2) * kSubpixels, (py + corner / 2) * kSubpixels});
  }
}

std::vector<TissuePiece> tissue_pieces(const Plane<std::uint8_t>& ground, Plane<std::int32_t>& label) {
  constexpr auto kTissue = static_cast<std::uint8_t>(Ground::tissue);
  label.resize(ground.width(), ground.height());
  std::vector<TissuePiece> out;
  std::vector<std::pair<int, int>> todo;
  for (int y = 0; y < ground.height(); ++y) {
    for (int x = 0; x < ground.width(); ++x) {
      if (label.at(x, y) != 0 || ground.at(x, y) != kTissue) {
        continue;
      }
      const auto number = static_cast<std::int32_t>(out.size()) + 1;
      TissuePiece piece;
      todo.assign(1, {x, y});
      label.at(x, y) = number;
      while (!todo.empty()) {
        const auto [px, py] = todo.back();
        todo.pop_back();
        piece.add(px, py);
        bool inner = true;
        for (int k = 0; k < 9; ++k) {
          const int nx = px + k % 3 - 1;
          const int ny = py + k / 3 - 1;
          if (!ground.inside(nx, ny) || ground.at(nx, ny) != kTissue) {
            inner = false;
          } else if (label.at(nx, ny) == 0) {
            label.at(nx, ny) = number;
            todo.emplace_back(nx, ny);
          }
        }
        if (!inner) {
          piece.add_corners(px, py);
        }
      }
      out.push_back(std::move(piece));
    }
  }
  return out;
}

}  // namespace her2
