// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/ihc/ensemble.h"
#include "her2/ihc/profile.h"
#include "her2/ihc/score.h"

// ER, PgR and Ki-67: stained nuclei, from the same cell table and edits as HER2. Pure functions.
namespace her2 {

enum class NuclearMarker : std::uint8_t { er, pgr, ki67 };
std::optional<NuclearMarker> nuclear_marker(std::string_view name);  // "er", "pgr", "ki67"
std::string_view name_of(NuclearMarker marker);                      // "ER", "PgR", "Ki-67"
std::string_view option_of(NuclearMarker marker);                    // "er", "pgr", "ki67"

enum class NuclearClass : std::uint8_t { negative, weak, moderate, strong };
// By the mean DAB of the nucleus against the profile's [nuclear] thresholds.
NuclearClass nuclear_class_of(const MeasuredCell& cell, const Profile& profile);
std::string_view name_of(NuclearClass c);  // "negative", "weak", "moderate", "strong"

// A nucleus as if its staining were on a membrane, so that files, corrections and drawings need know no second kind of
// class: negative is unstained, the others are complete. And back: faint and weak are weak, completeness says nothing.
MembraneClass as_membrane(NuclearClass c);
NuclearClass as_nuclear(MembraneClass c);

struct NuclearCounts {
  std::array<std::uint32_t, 4> cells{};  // tumour cells by NuclearClass

  [[nodiscard]] std::uint32_t tumour() const { return cells[0] + cells[1] + cells[2] + cells[3]; }
  [[nodiscard]] std::uint32_t positive() const { return cells[1] + cells[2] + cells[3]; }
  [[nodiscard]] double percent() const;  // positive, of any intensity; the Ki-67 index. 0 without cells
  [[nodiscard]] double h_score() const;  // 1 x % weak + 2 x % moderate + 3 x % strong, 0 to 300
  void add(NuclearClass c) { ++cells.at(static_cast<std::size_t>(c)); }
};

// Allred score: proportion 0 to 5 and average intensity 0 to 3, total 0 or 2 to 8. On exact shares: 0; below 1 %; to 10
// %; to a third; to two thirds; above (Harvey et al., J Clin Oncol 1999;17:1474-1481; the fractions as Allred 1998 has
// them are from memory). Intensity: mean of the positive nuclei (weak 1, moderate 2, strong 3), rounded half up.
struct Allred {
  int proportion = 0, intensity = 0;
  [[nodiscard]] int total() const { return proportion + intensity; }
};
Allred allred(const NuclearCounts& counts);

// The square field of kHotSpotUm with the highest share of positive tumour nuclei, of those with at least
// kHotSpotCells of them; fields overlap in steps of a quarter of their side. Of equal ones the upper, then the left.
inline constexpr double kHotSpotUm = 500;            // own
inline constexpr std::uint32_t kHotSpotCells = 100;  // own
struct HotSpot {
  SubPoint corner;  // top left, level 0
  double side = 0;  // level 0 pixels
  NuclearCounts counts;
};

struct NuclearScore {
  NuclearCounts counts;
  std::optional<HotSpot> hot_spot;  // nothing: no field has enough cells, or the table no um per pixel
};
// `scored`: after edits (score_cells()). Where a person has set a class, its intensity is that of the nucleus.
NuclearScore score_nuclei(const CellTable& table, const ScoredCells& scored, const Profile& profile);

// A slide of a nuclear marker, scored: its cells with their classes as_membrane(), and how sure the counts are.
struct NuclearSlide {
  ScoredCells cells;
  NuclearScore score;
  IhcReplicates replicates;  // in the same classes: unstained and complete ones alone (ensemble.h)
};
// Fails as score_cells() and replicate() do. In each replicate what replicate() says is moved; "contrast" is the mean DAB
// of a nucleus.
Result<NuclearSlide> score_nuclear_slide(const CellTable& table, const std::vector<Edit>& edits, const Profile& profile);

// A specimen (its id: the slide's name) with er_percent and er_intensity, pgr_percent and pgr_intensity, or
// ki67_percent; percents are exact quotients. With replicates also their ensemble of the percent, rounded down to six
// decimals. Fails without tumour cells, and when the dictionary lacks the fact.
Result<Specimen> nuclear_specimen(const CellTable& table, const NuclearCounts& counts, NuclearMarker marker,
                                  const Dictionary& dictionary, const IhcReplicates& replicates = {});

}  // namespace her2
