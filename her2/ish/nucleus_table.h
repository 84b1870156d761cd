// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/polygon.h"

// The nucleus table: what was seen of each nucleus of an ISH case and of each signal, from pixels (assay fills it) or
// from a person's counts. Counts, ratio, group and probabilities are pure functions of this table and a person's edits.
// All measurements are integers. Coordinates are 1/32 pixel of the nucleus's own field; (0, 0) is its top left corner.
namespace her2 {

enum class IshAssay : std::uint8_t { fish, dual_ish, counts };  // fluorescence; bright field; counted by a person
enum class IshChannel : std::uint8_t { her2, cep17 };
inline constexpr std::size_t kIshChannels = 2;

// Why a nucleus was not counted, as a trained reader would say it; the first one that holds, in this order.
enum class NucleusVerdict : std::uint8_t {
  accepted,
  border,   // cut by the edge of the field
  overlap,  // lies over or under another
  out_of_focus,
  damaged,           // torn, crushed, folded
  shape,             // small and round, or long: lymphocyte or stromal cell
  autofluorescence,  // the background inside hides signals
  weak_signals,      // signals are there, too weak to be told from background
  too_few_signals,   // without any signal of one channel: cut, or the probe did not reach it
  person,            // a person took it out
};
inline constexpr std::size_t kNucleusVerdicts = 10;

enum class SignalState : std::uint8_t {
  clear,
  doubtful,     // defocused, faint, tail of a doublet, hidden below another: a reader may count it or not
  cytoplasmic,  // clear, over no nucleus and farther than its own width from any nuclear stain
  unassigned,   // clear, at the edge of a nucleus or over nuclear stain in which no nucleus was told apart
};

// One spot. A doublet closer than one signal diameter is one spot (split-signal rule).
struct IshSignal {
  IshChannel channel = IshChannel::her2;
  SignalState state = SignalState::clear;
  bool in_cluster = false;      // a peak of a cluster: counted by the nucleus's ClusterCount, not as a spot
  std::uint8_t confidence = 0;  // that it is a signal, percent
  std::uint16_t snr = 0;        // peak over the noise of its nucleus's background, 1/10
  std::int32_t amplitude = 0;   // peak over background, in the detector's units
  std::uint32_t field = 0;      // index into NucleusTable::fields
  SubPoint at;
};

// Signals of all clusters of a nucleus in one channel, in 1/100 signal. All 0: no cluster.
struct ClusterCount {
  std::uint16_t integrated = 0;  // integrated intensity over the slide's mean single signal
  std::uint16_t greedy = 0;      // greedy fit with the amplitude capped at a single signal's
  std::uint16_t spread = 0;      // standard deviation of one estimate
  bool at_least = false;         // the camera was saturated: there may be more
  [[nodiscard]] bool any() const { return integrated != 0 || greedy != 0; }
};

// What was counted of one channel in one nucleus.
struct SignalCount {
  std::uint16_t clear = 0;     // spots outside clusters
  std::uint16_t doubtful = 0;  // the same, doubtful
  ClusterCount cluster;
};

struct IshNucleus {
  std::uint32_t field = 0;           // index into NucleusTable::fields
  std::uint32_t area_of_tumour = 0;  // which area of invasive tumour it lies in, from 0; NucleusTable::areas names it
  SubPoint centroid;
  std::uint32_t size = 0;  // area of the contour, 0.01 um2; 0: not known
  NucleusVerdict verdict = NucleusVerdict::accepted;
  std::uint8_t confidence = 100;                 // that the verdict is right, percent
  std::array<SignalCount, kIshChannels> counts;  // by IshChannel; also kept for nuclei that were not accepted
  std::string name;                              // what a person's table calls it ("12"); empty: id() names it
  std::string editor;                            // who changed verdict or counts; empty: nobody (edits.h)
};

// What is known of one channel of a field.
struct FieldChannel {
  std::uint16_t signal_sigma = 0;  // apparent sigma of single signals, nm
  std::uint16_t saturated = 0;     // share of the nuclei's pixels at the camera's end, 1/10000
  std::uint16_t crosstalk = 0;     // share of the other channel that shows in this one, 1/1000
  std::int32_t threshold = 0;      // of the peaks' filter response, in the detector's units
  std::uint16_t plateau = 0;       // by what factor the threshold may move with counts within 3 %, 1/100; 0: unknown
};

struct IshField {
  std::string name;                    // file name without folder
  std::string sha256;                  // of the file's content; object ids rest on it
  std::int32_t width = 0, height = 0;  // pixels
  std::uint32_t pixel_pm = 0;          // picometres per pixel (0.0645 um: 64500); 0: not known
  std::array<FieldChannel, kIshChannels> channels;
  std::uint16_t focus = 0;                      // share of nuclei in focus, 1/1000
  std::uint16_t ratio_low = 0, ratio_high = 0;  // ratio with thresholds times and over 1.4, 1/1000; 0: not known
  std::vector<std::string> notices;             // what a person should know of it, a sentence each
  std::string refused;                          // why nothing of it was counted, a sentence; empty: it was
};

struct NucleusTable {
  IshAssay assay = IshAssay::fish;
  std::string name;                          // of the case or slide
  std::string software;                      // "her2 0.1.0"; for counts by a person "reader"'s name where one is given
  std::string profile_name, profile_sha256;  // constants it was measured with; empty for counts by a person
  bool named = false;  // nuclei carry names by which two people's counts of one nucleus can be told
  std::vector<IshField> fields;
  std::vector<std::string> areas;  // names of the areas of invasive tumour; one entry at least when there are nuclei
  std::vector<IshNucleus> nuclei;  // ordered by (field, centroid.y, centroid.x); a person's table: as given
  std::vector<IshSignal> signals;  // of nucleus i: [signal_begin[i], signal_begin[i + 1]); after the last nucleus's
                                   // come those over no nucleus (states cytoplasmic and unassigned)
  std::vector<SubPoint> points;    // contour of nucleus i: [point_begin[i], point_begin[i + 1])
  std::vector<std::uint64_t> signal_begin{0}, point_begin{0};  // nuclei.size() + 1 entries

  [[nodiscard]] std::span<const IshSignal> signals_of(std::size_t nucleus) const;
  [[nodiscard]] std::span<const IshSignal> stray_signals() const;  // over no nucleus
  [[nodiscard]] std::span<const SubPoint> contour(std::size_t nucleus) const;
  // Stays when the field is measured again: object_id() of field and centroid; a person's table: the name there.
  [[nodiscard]] std::string id(std::size_t nucleus) const;
  // Before any stray signal is appended to `signals`.
  void add(IshNucleus nucleus, std::span<const IshSignal> its_signals, std::span<const SubPoint> its_contour);
};

std::string_view name_of(NucleusVerdict verdict);  // "out-of-focus"
std::string_view name_of(SignalState state);       // "doubtful"
std::string_view name_of(IshChannel channel);      // "HER2", "CEP17"
std::string_view name_of(IshAssay assay);          // "fish", "dual-ish", "counts"
std::string_view words(NucleusVerdict verdict);    // for a person: "cut by the edge of the field"

}  // namespace her2
