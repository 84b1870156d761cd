// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/core/polygon.h"
#include "her2/slide/tiff_writer.h"

// Synthetic HER2 / CEP17 FISH and dual-ISH fields whose truth is known exactly. Nuclei are ellipsoids in a section of
// finite thickness: signals that were cut away are not seen, as in tissue. Everything is a function of the
// specification and the field's number. docs/ish-signals.md says how near to real fields it comes.
namespace her2 {

enum class IshLook : std::uint8_t { fish, dual_ish };

struct IshPhantomSpec {
  std::uint64_t seed = 1;
  IshLook look = IshLook::fish;
  int fields = 1;
  int width = 2040, height = 1536;  // pixels of a field
  double mpp = 0.07;                // um per pixel
  double section_um = 4;            // thickness

  int nuclei = 90;                // of a field, about
  double diameter_um = 9.5;       // of whole nuclei
  double diameter_spread = 0.12;  // relative standard deviation
  double overlap = 0.06;          // share of nuclei that lie over another
  double stromal = 0.08;          // share of nuclei that are small or long

  double copies = 4, ratio = 2;            // mean HER2 signals of a whole nucleus; over CEP17
  double copies_spread = 0.3;              // relative standard deviation between nuclei
  double amplified = 0;                    // share of nuclei with clusters (HSR) instead
  double double_minutes = 0;               // share of nuclei with many scattered signals instead
  int cluster_low = 6, cluster_high = 20;  // signals of a cluster
  double cluster_um = 0.6;                 // its radius

  double signal_noise = 12;        // peak of a single signal over the noise beside it: 6 poor, 12 moderate, 24 good
  double signal_grey = 120;        // peak of a mean single signal in focus, grey levels (FISH); the camera ends at 255
  double amplitude_spread = 0.25;  // relative standard deviation between signals
  double her2_sigma_um = 0.20, cep17_sigma_um = 0.25;  // dual ISH: 0.20 and 0.42
  double cep17_in_her2 = 0.25, her2_in_cep17 = 0.18;   // bleed-through of FISH
  double autofluorescence = 0.15;                      // haze over single signals
  double focus_drift_um = 0.6;                         // of the focal plane from one side of the field to the other
  int debris = 12;
  int jpeg_quality = 92;  // 4:2:0; 0: none
};

struct IshTruthSignal {
  int channel = 0;       // 0 HER2, 1 CEP17
  double x = 0, y = 0;   // pixels
  double amplitude = 1;  // over a mean single one's
  bool in_cluster = false;
};

struct IshTruthNucleus {
  double x = 0, y = 0, area_um2 = 0;                // middle in pixels; of its outline in the section
  double semi_x = 0, semi_y = 0, cos = 1, sin = 0;  // outline: an ellipse, pixels
  std::array<int, 2> whole{}, seen{};               // signals of the whole nucleus, and in the section
  std::array<int, 2> countable{};  // seen ones, those nearer than one signal diameter to a stronger one left out
  bool border = false;             // cut by the field's edge
  bool tumour = true;
  double covered = 0;                   // share that lies over or under another nucleus
  std::vector<IshTruthSignal> signals;  // seen
};

struct IshPhantomField {
  RgbImage rgb;
  std::vector<IshTruthNucleus> nuclei;
};

// Error: a value out of its range, with the range.
Result<void> check(const IshPhantomSpec& spec);
// One field, 0 to spec.fields - 1.
Result<IshPhantomField> ish_phantom_field(const IshPhantomSpec& spec, int field);

struct IshPhantomFiles {
  std::string folder;  // field-001.png ..., nuclei.csv, signals.csv, phantom.json
  int threads = 0;
};
// Writes all fields and their truth. Each file appears whole or not at all.
Result<void> write_ish_phantom(const IshPhantomSpec& spec, const IshPhantomFiles& files);

}  // namespace her2
