// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/ihc_evidence.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr std::size_t kShares = kMembraneClasses - 1;  // all classes but unstained
constexpr std::uint64_t kMillionths = 100'000'000;     // 100 %
constexpr std::uint8_t kDigits = 6;

struct FactIds {
  std::array<FactId, kShares> shares{};
  FactId staining = 0;
  unsigned absent = 0, present = 1;  // positions of its values
};

Result<FactIds> find_facts(const Dictionary& dictionary) {
  FactIds out;
  for (std::size_t i = 0; i < kShares; ++i) {
    const std::string name(name_of(static_cast<MembraneClass>(i + 1)));
    const auto id = dictionary.find(name);
    if (!id || dictionary[*id].kind != FactKind::number || dictionary[*id].unit != "%") {
      return fail(fmt::format("the dictionary of facts has no number {} in %, which is what IHC measures", name));
    }
    out.shares.at(i) = *id;
  }
  const auto staining = dictionary.find("membrane_staining");
  const auto absent = staining ? dictionary[*staining].index_of("absent") : std::nullopt;
  const auto present = staining ? dictionary[*staining].index_of("present") : std::nullopt;
  if (!absent || !present) {
    return fail("the dictionary of facts has no membrane_staining with the values absent and present");
  }
  out.staining = *staining;
  out.absent = *absent;
  out.present = *present;
  return out;
}

Value staining_value(MembraneStaining staining, const FactIds& ids) {
  switch (staining) {
    case MembraneStaining::absent: return Value::of_choice(ids.absent);
    case MembraneStaining::present: return Value::of_choice(ids.present);
    case MembraneStaining::unknown: break;
  }
  return Value::of_choices((std::uint64_t{1} << ids.absent) | (std::uint64_t{1} << ids.present));
}

std::string floor_words(const NoiseFloor& floor) {
  return floor.cells == 0 ? "no cell far from tumour to tell the noise floor by"
                          : fmt::format("noise floor: {} of {} cells that cannot be stained look faintly stained",
                                        floor.faint, floor.cells);
}

Ensemble ensemble_of(const IhcReplicates& replicates, const FactIds& ids) {
  Ensemble out;
  out.conditional_on = replicates.conditional_on;
  out.ids.assign(ids.shares.begin(), ids.shares.end());
  const bool tells = staining_shares(replicates).unknown == 0;
  if (tells) {
    out.ids.push_back(ids.staining);
  }
  for (std::size_t r = 0; r < replicates.rows.size(); ++r) {
    const ClassCounts& counts = replicates.rows[r];
    if (counts.tumour == 0) {
      continue;
    }
    std::vector<Decimal> row;
    for (std::size_t i = 0; i < kShares; ++i) {
      row.push_back({static_cast<std::int64_t>(counts.cells.at(i + 1) * kMillionths / counts.tumour), kDigits});
    }
    if (tells) {
      const bool present = staining(counts, replicates.floors[r]) == MembraneStaining::present;
      row.push_back({static_cast<std::int64_t>(present ? ids.present : ids.absent), 0});
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace

StainingShares staining_shares(const IhcReplicates& replicates) {
  std::array<double, 3> times{};
  double rows = 0;
  for (std::size_t r = 0; r < replicates.rows.size(); ++r) {
    if (replicates.rows[r].tumour > 0) {
      times.at(static_cast<std::size_t>(staining(replicates.rows[r], replicates.floors[r]))) += 1;
      rows += 1;
    }
  }
  const auto share = [&](MembraneStaining s) { return rows > 0 ? times.at(static_cast<std::size_t>(s)) / rows : 0; };
  return {share(MembraneStaining::present), share(MembraneStaining::absent), share(MembraneStaining::unknown)};
}

Result<Specimen> ihc_specimen(const IhcEvidence& evidence, const Profile& profile, const Dictionary& dictionary) {
  const ClassCounts& counts = evidence.counts;
  if (counts.tumour == 0) {
    return fail("no tumour cells were counted, so there are no shares of them", {}, evidence.slide_name);
  }
  const auto ids = find_facts(dictionary);
  if (!ids) {
    return tl::unexpected(ids.error());
  }
  Specimen out;
  out.id = evidence.slide_name;
  out.kind = "other";
  Source source;
  source.file = evidence.slide_name;
  source.author = evidence.software;
  source.profile = fmt::format("{} (SHA-256 {})", profile.name, profile.sha256);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kShares; ++i) {
    const std::uint32_t cells = counts.cells.at(i + 1);
    source.place = fmt::format("{} of {} tumour cells", cells, counts.tumour);
    const FactId id = ids->shares.at(i);
    out.facts[id] = {id, Value::of_number(Rational(std::uint64_t{100} * cells, counts.tumour)), source, {}};
    names.push_back(dictionary[id].name);
  }
  source.place = floor_words(evidence.floor);
  out.facts[ids->staining] = {ids->staining, staining_value(staining(counts, evidence.floor), *ids), source, names};
  if (!evidence.replicates.rows.empty()) {
    out.ensembles.push_back(ensemble_of(evidence.replicates, *ids));
  }
  return out;
}

}  // namespace her2
