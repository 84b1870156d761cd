// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/nucleus_table.h"

#include <utility>

#include "her2/core/object_id.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, kNucleusVerdicts> kVerdictNames{
    "accepted", "border",           "overlap",      "out-of-focus",    "damaged",
    "shape",    "autofluorescence", "weak-signals", "too-few-signals", "person"};
constexpr std::array<std::string_view, kNucleusVerdicts> kVerdictWords{"counted",
                                                                       "cut by the edge of the field",
                                                                       "overlapping another nucleus",
                                                                       "out of focus",
                                                                       "damaged",
                                                                       "shape of a lymphocyte or stromal cell",
                                                                       "autofluorescence hides the signals",
                                                                       "signals too weak",
                                                                       "no signal of one channel",
                                                                       "taken out by a person"};
constexpr std::array<std::string_view, 4> kStateNames{"clear", "doubtful", "cytoplasmic", "unassigned"};
constexpr std::array<std::string_view, kIshChannels> kChannelNames{"HER2", "CEP17"};
constexpr std::array<std::string_view, 3> kAssayNames{"fish", "dual-ish", "counts"};

}  // namespace

std::string_view name_of(NucleusVerdict verdict) { return kVerdictNames.at(static_cast<std::size_t>(verdict)); }
std::string_view name_of(SignalState state) { return kStateNames.at(static_cast<std::size_t>(state)); }
std::string_view name_of(IshChannel channel) { return kChannelNames.at(static_cast<std::size_t>(channel)); }
std::string_view name_of(IshAssay assay) { return kAssayNames.at(static_cast<std::size_t>(assay)); }
std::string_view words(NucleusVerdict verdict) { return kVerdictWords.at(static_cast<std::size_t>(verdict)); }

std::span<const IshSignal> NucleusTable::signals_of(std::size_t nucleus) const {
  return std::span(signals).subspan(signal_begin[nucleus], signal_begin[nucleus + 1] - signal_begin[nucleus]);
}

std::span<const IshSignal> NucleusTable::stray_signals() const {
  return std::span(signals).subspan(signal_begin.back());
}

std::span<const SubPoint> NucleusTable::contour(std::size_t nucleus) const {
  return std::span(points).subspan(point_begin[nucleus], point_begin[nucleus + 1] - point_begin[nucleus]);
}

std::string NucleusTable::id(std::size_t nucleus) const {
  const IshNucleus& it = nuclei[nucleus];
  return it.name.empty() ? object_id(fields[it.field].sha256, it.centroid) : it.name;
}

void NucleusTable::add(IshNucleus nucleus, std::span<const IshSignal> its_signals,
                       std::span<const SubPoint> its_contour) {
  nuclei.push_back(std::move(nucleus));
  signals.insert(signals.end(), its_signals.begin(), its_signals.end());
  signal_begin.push_back(signals.size());
  points.insert(points.end(), its_contour.begin(), its_contour.end());
  point_begin.push_back(points.size());
}

}  // namespace her2
