// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/nuclear.h"

#include <map>

#include <fmt/format.h>

#include "her2/ihc/fields.h"

namespace her2 {
namespace {

constexpr int kStepsPerField = 4;

struct MarkerNames {
  std::string_view option, name, percent, intensity;
};
constexpr std::array<MarkerNames, 3> kMarkers{{{"er", "ER", "er_percent", "er_intensity"},
                                               {"pgr", "PgR", "pgr_percent", "pgr_intensity"},
                                               {"ki67", "Ki-67", "ki67_percent", ""}}};

// Whether a has the higher share of positive cells; both have cells.
bool higher(const NuclearCounts& a, const NuclearCounts& b) {
  return std::uint64_t{a.positive()} * b.tumour() > std::uint64_t{b.positive()} * a.tumour();
}

std::optional<HotSpot> find_hot_spot(const CellTable& table, const std::vector<std::int8_t>& classes) {
  if (!(table.mpp > 0)) {
    return std::nullopt;
  }
  const FieldGrid grid(kHotSpotUm / kStepsPerField, table.mpp);
  std::map<FieldKey, NuclearCounts> fields;  // by its first step
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] < 0) {
      continue;
    }
    const auto [row, column] = grid.of(table.cells[i].centroid);
    for (std::int32_t up = 0; up < kStepsPerField; ++up) {
      for (std::int32_t left = 0; left < kStepsPerField; ++left) {
        if (row >= up && column >= left) {  // fields lie on the slide
          fields[{row - up, column - left}].add(static_cast<NuclearClass>(classes[i]));
        }
      }
    }
  }
  std::optional<HotSpot> best;
  for (const auto& [key, counts] : fields) {
    if (counts.tumour() >= kHotSpotCells && (!best || higher(counts, best->counts))) {
      best = HotSpot{grid.corner(key), double{1} * grid.side() * kStepsPerField / kSubpixels, counts};
    }
  }
  return best;
}

Ensemble ensemble_of(const IhcReplicates& replicates, FactId percent) {
  constexpr std::uint64_t kMillionths = 100'000'000;  // 100 %
  Ensemble out;
  out.conditional_on = replicates.conditional_on;
  out.ids = {percent};
  for (const ClassCounts& row : replicates.rows) {
    if (row.tumour > 0) {
      const std::uint64_t positive = row.tumour - row.cells[static_cast<std::size_t>(MembraneClass::unstained)];
      out.rows.push_back({{static_cast<std::int64_t>(positive * kMillionths / row.tumour), 6}});
    }
  }
  return out;
}

}  // namespace

std::optional<NuclearMarker> nuclear_marker(std::string_view name) {
  for (std::size_t i = 0; i < kMarkers.size(); ++i) {
    if (kMarkers.at(i).option == name) {
      return static_cast<NuclearMarker>(i);
    }
  }
  return std::nullopt;
}

std::string_view name_of(NuclearMarker marker) { return kMarkers.at(static_cast<std::size_t>(marker)).name; }
std::string_view option_of(NuclearMarker marker) { return kMarkers.at(static_cast<std::size_t>(marker)).option; }

std::string_view name_of(NuclearClass c) {
  static constexpr std::array<std::string_view, 4> kNames{"negative", "weak", "moderate", "strong"};
  return kNames.at(static_cast<std::size_t>(c));
}

MembraneClass as_membrane(NuclearClass c) {
  static constexpr std::array<MembraneClass, 4> kClasses{MembraneClass::unstained, MembraneClass::weak_complete,
                                                         MembraneClass::moderate_complete,
                                                         MembraneClass::strong_complete};
  return kClasses.at(static_cast<std::size_t>(c));
}

NuclearClass as_nuclear(MembraneClass c) {
  static constexpr std::array<int, kMembraneClasses> kClasses{0, 1, 1, 1, 1, 2, 2, 3, 3};
  return static_cast<NuclearClass>(kClasses.at(static_cast<std::size_t>(c)));
}

NuclearClass nuclear_class_of(const MeasuredCell& cell, const Profile& profile) {
  const int dab = cell.nucleus_dab;
  return dab < profile.nuclear_weak       ? NuclearClass::negative
         : dab < profile.nuclear_moderate ? NuclearClass::weak
         : dab < profile.nuclear_strong   ? NuclearClass::moderate
                                          : NuclearClass::strong;
}

double NuclearCounts::percent() const { return tumour() == 0 ? 0 : 100.0 * positive() / tumour(); }

double NuclearCounts::h_score() const {
  const double sum = 1.0 * cells[1] + 2.0 * cells[2] + 3.0 * cells[3];
  return tumour() == 0 ? 0 : 100 * sum / tumour();
}

Allred allred(const NuclearCounts& counts) {
  const std::uint64_t k = counts.positive();
  const std::uint64_t n = counts.tumour();
  if (k == 0) {
    return {};
  }
  Allred out;
  out.proportion = 100 * k < n ? 1 : 10 * k <= n ? 2 : 3 * k <= n ? 3 : 3 * k <= 2 * n ? 4 : 5;
  const std::uint64_t sum = counts.cells[1] + std::uint64_t{2} * counts.cells[2] + std::uint64_t{3} * counts.cells[3];
  out.intensity = static_cast<int>((2 * sum + k) / (2 * k));
  return out;
}

NuclearScore score_nuclei(const CellTable& table, const ScoredCells& scored, const Profile& profile) {
  NuclearScore out;
  std::vector<std::int8_t> classes(table.cells.size(), -1);  // of tumour cells
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (!scored.removed[i] && scored.kind[i] == CellKind::tumour) {
      const NuclearClass c =
          scored.membrane_edited[i] ? as_nuclear(scored.membrane[i]) : nuclear_class_of(table.cells[i], profile);
      classes[i] = static_cast<std::int8_t>(c);
      out.counts.add(c);
    }
  }
  out.hot_spot = find_hot_spot(table, classes);
  return out;
}

Result<Specimen> nuclear_specimen(const CellTable& table, const NuclearCounts& counts, NuclearMarker marker,
                                  const Dictionary& dictionary, const IhcReplicates& replicates) {
  const MarkerNames& names = kMarkers.at(static_cast<std::size_t>(marker));
  if (counts.tumour() == 0) {
    return fail("no tumour cells were counted, so there is no share of them", {}, table.slide_name);
  }
  Specimen out;
  out.id = table.slide_name;
  out.kind = "other";
  Source source;
  source.file = table.slide_name;
  source.place = fmt::format("{} of {} tumour cells", counts.positive(), counts.tumour());
  source.author = table.software;
  source.profile = fmt::format("{} (SHA-256 {})", table.profile_name, table.profile_sha256);
  const auto percent = dictionary.find(names.percent);
  if (!percent) {
    return fail(fmt::format("the dictionary of facts has no {}, which is what was measured", names.percent));
  }
  out.facts[*percent] = {
      *percent, Value::of_number(Rational(std::uint64_t{100} * counts.positive(), counts.tumour())), source, {}};
  if (!replicates.rows.empty()) {
    out.ensembles.push_back(ensemble_of(replicates, *percent));
  }
  if (!names.intensity.empty()) {
    static constexpr std::array<std::string_view, 4> kWords{"none", "weak", "moderate", "strong"};
    const auto intensity = dictionary.find(names.intensity);
    const std::string_view word = kWords.at(static_cast<std::size_t>(allred(counts).intensity));
    const auto index = intensity ? dictionary[*intensity].index_of(word) : std::nullopt;
    if (!index) {
      return fail(fmt::format("the dictionary of facts has no {} with the value {}", names.intensity, word));
    }
    out.facts[*intensity] = {*intensity, Value::of_choice(*index), source, {}};
  }
  return out;
}

}  // namespace her2
