// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/core/polygon.h"

// Synthetic HER2 IHC whose truth is known exactly. Everything is a function of the specification and of a position, so
// any piece can be rendered by itself, by any number of threads, with the same bytes. docs/phantom.md says how it is
// made and how near to tissue it comes.
namespace her2 {

// Membrane staining of a cell, by the peak contrast that a perfect scanner would show.
enum class Staining : std::uint8_t { unstained, faint, weak, moderate, strong };
std::string_view name_of(Staining staining);

enum class PhantomKind : std::uint8_t { tumour, lymphocyte, stromal };
std::string_view name_of(PhantomKind kind);

// How one class of staining looks. Values are drawn from [mean - spread, mean + spread], denser in the middle.
struct MembraneLook {
  double contrast_mod = 0, contrast_spread_mod = 0;  // DAB peak over cytoplasm as a reader sees it after the PSF, mOD
  double width_um = 0, width_spread_um = 0;          // full width at half maximum before the PSF
  double cytoplasm_mod = 0;                          // DAB of the cytoplasm over the background, mOD
};

// Shares of tumour cells on the grid intensity x completeness; any unit, they are divided by their sum.
struct PhantomMix {
  double unstained = 0;
  std::array<double, 4> incomplete{}, complete{};  // faint, weak, moderate, strong
};

enum class CompletenessLaw : std::uint8_t {
  by_class,  // complete: 0.95 to 1; incomplete: 0.2 to 0.8
  uniform,   // stained cells: 0 to 1, whatever the mix says of completeness
};

// Colours and light of one staining run and scanner.
struct PhantomStain {
  std::array<double, 3> haematoxylin{.75, .55, .37}, dab{.26, .45, .855};  // OD of R, G, B; any length
  std::array<double, 3> white{238, 236, 238};                              // I0: grey level of empty glass
  double haematoxylin_gain = 1, dab_background_mod = 8;  // strength of the counterstain; DAB everywhere in tissue
};

// "common" (blue and brown, the default), "generic" (the vectors of Ruifrok and Johnston), "pale".
Result<PhantomStain> phantom_stain(std::string_view name);

// A tissue microarray: cores on a grid around the slide's middle, each with a mix of its own. rows 0: none.
struct PhantomArray {
  int rows = 0, columns = 0;
  double core_um = 600, pitch_um = 900;  // diameter of a core; from core to core
  double slope = 0;                      // of the rows: how far down for one to the right
  double missing = 0;                    // share of places without a core
  std::vector<PhantomMix> mixes;         // row by row, from the first again when there are fewer
};

struct PhantomSpec {
  std::uint64_t seed = 1;
  std::int64_t width = 2048, height = 2048;  // level 0 pixels
  double mpp = 0.25;                         // um per level 0 pixel

  PhantomMix mix{.unstained = 35, .incomplete = {60, 5, 0, 0}, .complete = {}};
  CompletenessLaw completeness = CompletenessLaw::by_class;
  // Contrasts: the geometric middle of the generic profile's classes; widths by Scheel et al. 2018 (1+, 2+, 3+).
  std::array<MembraneLook, 4> look{
      {{150, 20, 0.64, 0.10, 105}, {265, 20, 0.8, 0.15, 135}, {390, 70, 1.0, 0.23, 185}, {900, 200, 2.14, 0.4, 450}}};
  double clustering = 0.6;  // share of cells that are like their surroundings
  bool clefts = true;       // cells of different staining stand apart; else they share the stronger one's membrane

  double cell_um = 13.5;      // distance of neighbouring tumour cells
  double nest_um = 260;       // distance of neighbouring nests of tumour cells
  double stroma = 0.30;       // share of tissue between the nests, about
  double lymphocytes = 0.25;  // share of the stroma that is infiltrated, about
  double lumen = 0.02;        // share of lattice places in nests that are lumina
  double tissue_share = 1;    // of each side of the slide; below 1 there is glass around an oval of tissue

  PhantomArray array;  // in place of the oval

  int pen_marks = 0, folds = 0, blurs = 0;  // how many of each: artefacts at places that the seed chooses
  double debris = 0.15;                     // share of 100 um squares with a speck of dirt

  PhantomStain stain;
  // The vectors with which the reader of this truth takes the stains apart: contrasts are stated as they show them.
  std::array<double, 3> reader_haematoxylin{.65, .70, .29}, reader_dab{.27, .57, .78};
  double shown_from_mod = 100;  // contrast from which PhantomCell::shown counts a place as stained
  double psf_um = 0.22;         // sigma of the scanner's point spread
  double noise = 1.2;           // standard deviation of the sensor's noise, grey levels
};

// What is true of one cell.
struct PhantomCell {
  SubPoint centroid;  // of the nucleus
  PhantomKind kind = PhantomKind::tumour;
  Contour nucleus, membrane;  // membrane: the line in its middle; empty for other kinds than tumour
  Staining staining = Staining::unstained;
  bool complete = false;    // as drawn from the mix
  double completeness = 0;  // stained share of the membrane's length
  // The same at a fixed contrast, as a reader sees it after the PSF: PhantomSpec::shown_from_mod.
  double shown_completeness = 0, shown_gap = 0;
  double longest_gap = 0;    // longest unstained stretch as share of the membrane's length
  double contrast_mod = 0;   // length-weighted mean over the stained arc: DAB peak after the PSF over the paler side
  double amplitude_mod = 0;  // the same before the PSF
  double width_um = 0;       // full width at half maximum before the PSF
  bool obscured = false;     // under a pen mark, in a fold or out of focus
  double seen_width_um = 0;  // the same after the PSF
};

// Immutable and thread-safe.
class Phantom {
 public:
  // Error: a value out of its range, with the range.
  static Result<Phantom> make(const PhantomSpec& spec);
  Phantom(Phantom&&) noexcept;
  Phantom& operator=(Phantom&&) noexcept;
  ~Phantom();

  [[nodiscard]] const PhantomSpec& spec() const;
  // The pixels of `box` (level 0; may reach beyond the slide), before any JPEG.
  void render(const Box& box, RgbImage& out) const;
  // Optical density before optics and noise, mOD: haematoxylin, DAB, and the part of the DAB that is membrane.
  void density(const Box& box, Plane<std::uint16_t>& haematoxylin, Plane<std::uint16_t>& dab,
               Plane<std::uint16_t>& membrane) const;
  // Cells whose centroid lies in `box` and in the slide, ordered by (y, x) of the centroid.
  [[nodiscard]] std::vector<PhantomCell> cells(const Box& box) const;
  // False: nothing but glass in the box. True says nothing.
  [[nodiscard]] bool has_tissue(const Box& box) const;

 private:
  struct State;
  explicit Phantom(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace her2
