// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/measurements.h"
#include "her2/cellfile/outline_begins.h"

#include <array>
#include <bit>
#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace her2 {
namespace {

template <auto kMember>
constexpr Measurement column(const char* name, const char* qupath, const char* unit, int per_unit) {
  return {name,
          qupath,
          unit,
          per_unit,
          [](const MeasuredCell& cell) { return std::int64_t{cell.*kMember}; },
          [](MeasuredCell& cell, std::int64_t value) {
            using T = std::remove_reference_t<decltype(cell.*kMember)>;
            if (value < std::int64_t{std::numeric_limits<T>::min()} ||
                value > std::int64_t{std::numeric_limits<T>::max()}) {
              return false;
            }
            cell.*kMember = static_cast<T>(value);
            return true;
          }};
}

using C = MeasuredCell;
// The confidence comes last: the digest leaves it out.
constexpr std::array kColumns{
    column<&C::nucleus_area>("nucleus_area_um2", "Nucleus: Area µm^2", "um2", 100),
    column<&C::roundness>("nucleus_circularity", "Nucleus: Circularity", "", 1000),
    column<&C::elongation>("nucleus_elongation", "Nucleus: Elongation", "", 100),
    column<&C::nucleus_h>("nucleus_haematoxylin_od", "Nucleus: Hematoxylin OD mean", "OD", 1000),
    column<&C::nucleus_dab>("nucleus_dab_od", "Nucleus: DAB OD mean", "OD", 1000),
    column<&C::cell_area>("cell_area_um2", "Cell: Area µm^2", "um2", 100),
    column<&C::boundary>("cell_perimeter_um", "Cell: Perimeter µm", "um", 100),
    column<&C::cytoplasm_dab>("cytoplasm_dab_od", "Cytoplasm: DAB OD mean", "OD", 1000),
    column<&C::membrane_dab>("membrane_dab_od", "Membrane: DAB OD mean", "OD", 1000),
    column<&C::width_half>("membrane_width_half_um", "Membrane: Width at half maximum µm", "um", 1000),
    column<&C::width_fixed>("membrane_width_fixed_um", "Membrane: Width at 0.2 OD µm", "um", 1000),
    column<&C::border>("free_border_percent", "Cell: Free border %", "%", 1),
    column<&C::confidence>("kind_confidence_percent", "Cell: Kind confidence %", "%", 1),
};

// Mixes 64-bit values one after the other: xor, multiplication and shift (as in FNV-1a, a word at a time).
class Mixer {
 public:
  void add(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9E3779B97F4A7C15U;
    state_ ^= state_ >> 32U;
  }
  void add(std::string_view text) {
    add(text.size());
    for (const char c : text) {
      add(static_cast<unsigned char>(c));
    }
  }
  void add(SubPoint point) {
    add(std::uint64_t{static_cast<std::uint32_t>(point.x)} << 32U | static_cast<std::uint32_t>(point.y));
  }
  void add(const MeasuredCell& cell) {
    add(cell.centroid);
    add(static_cast<std::uint64_t>(cell.region));
    for (const Measurement& m : kColumns) {
      if (&m != &kColumns.back()) {
        add(static_cast<std::uint64_t>(m.get(cell)));
      }
    }
    for (const LadderStep& step : cell.ladder) {
      add(std::uint64_t{step.completeness} << 32U | std::uint64_t{step.longest_gap} << 16U | step.intensity);
    }
  }
  [[nodiscard]] std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325U;
};

}  // namespace

std::span<const Measurement> measurements() { return kColumns; }

std::string digest(const CellTable& table) {
  Mixer mix;
  for (const std::string* text : {&table.slide_name, &table.slide_sha256, &table.subsampling, &table.profile_name,
                                  &table.profile_sha256, &table.software}) {
    mix.add(*text);
  }
  if (table.marker != "her2" || table.microarray) {
    mix.add(table.marker);
    mix.add(table.microarray ? 1 : 0);
  }
  for (const std::string& region : table.regions) {
    mix.add(region);
  }
  mix.add(std::bit_cast<std::uint64_t>(table.mpp));
  mix.add(std::bit_cast<std::uint64_t>(table.work_mpp));
  mix.add(table.stain_estimated ? 1 : 0);
  for (const int level : table.white) {
    mix.add(static_cast<std::uint64_t>(level));
  }
  for (const auto& vector : table.stain_vectors) {
    for (const int part : vector) {
      mix.add(static_cast<std::uint64_t>(part));
    }
  }
  for (const MeasuredCell& cell : table.cells) {
    mix.add(cell);
  }
  const OutlineBegins begins = outline_begins(table.outlines, [&](SubPoint point) { mix.add(point); });
  for (const auto* some : {&begins.nuclei, &begins.boundaries}) {
    for (const std::uint64_t at : *some) {
      mix.add(at);
    }
  }
  return fmt::format("{:016x}", mix.value());
}

}  // namespace her2
