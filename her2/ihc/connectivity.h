// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "her2/core/plane.h"
#include "her2/ihc/profile.h"

// A second opinion that needs no cells: how connected the stained membranes are. Strong complete membranes make one
// net, faint incomplete ones make scraps. After the idea of Bruegmann et al., Breast Cancer Res Treat 2012;132:41-49
// (HER2-CONNECT), whose exact formula is not public: this one is our own, for research, and never the score.
namespace her2 {

// It is measured on squares of about 256 um that belong to the slide: square (i, j) begins at working pixel (i, j)
// times its side. Pieces are cut at a square's edges, so that squares can be measured in any order and anywhere.
struct ConnectivityBlocks {
  explicit ConnectivityBlocks(double work_mpp);

  int zoom = 1;        // 2: measured on means of 2 x 2 working pixels
  double pitch = 0.5;  // um per measured pixel
  int side = 0;        // of a square, working pixels; a multiple of zoom
  int halo = 0;        // working pixels that are needed around a square; a multiple of zoom

  [[nodiscard]] Box block(std::int64_t column, std::int64_t row) const {
    return {column * side, row * side, side, side};
  }
};

// Sums over squares; add them in any order.
struct ConnectivitySums {
  std::uint64_t length = 0;     // of the membranes' middle lines, without scraps, in nm
  std::uint64_t connected = 0;  // of that in pieces of at least kConnectedUm, nm
  std::uint64_t squares = 0;

  ConnectivitySums& operator+=(const ConnectivitySums& other);
  [[nodiscard]] double connectivity() const;  // connected over length, 0 to 1; 0 without any length
  bool operator==(const ConnectivitySums&) const = default;
};

inline constexpr double kScrapUm = 4;        // own: shorter pieces are specks
inline constexpr double kConnectedUm = 100;  // own: about twice around a cell

// One square. `dab`: mOD, of the square grown by `halo` on every side. A pixel is membrane when it exceeds both of two
// opposite shoulders, 2 um off, by t_mem in one of four directions; what touches within two pixels is joined, thinned
// to its middle line (Zhang and Suen, CACM 1984;27:236-239), and parted into pieces of 8-connected pixels. Pure;
// integers only.
ConnectivitySums connectivity_of(const Plane<std::int16_t>& dab, const ConnectivityBlocks& blocks, int t_mem);

// What connectivity speaks for: "0 or 1+" (which it does not tell apart) up to the profile's connectivity_two, "2+" up
// to connectivity_three, else "3+". Empty when no square was measured.
struct ConnectivityOpinion {
  std::string likely;
  std::string says;                                         // one sentence
  [[nodiscard]] bool agrees(std::string_view score) const;  // with an IHC score: "0", "0+", "1+", "2+", "3+"
};
ConnectivityOpinion connectivity_opinion(const ConnectivitySums& sums, const Profile& profile);

}  // namespace her2
