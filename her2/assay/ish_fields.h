// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/assay/slide_walk.h"
#include "her2/cellfile/regions.h"
#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/ish/nucleus_table.h"

namespace her2 {

// Which channel is what: "red", "green", "blue" of a picture; a channel's name in the file or its number from 1. Empty:
// DAPI blue, HER2 red, CEP17 green; in multi-channel files by their names ("DAPI", "SpectrumOrange", "FITC", ...).
struct IshRoles {
  std::string nuclei, her2, cep17;
};

struct IshFieldsOptions {
  IshAssay assay = IshAssay::fish;   // fish or dual_ish
  std::optional<double> mpp;         // um per pixel, stated by the user: goes before what files say
  IshRoles roles;                    // of FISH
  const Regions* regions = nullptr;  // of a single input: only nuclei in regions to measure, which are the areas
  int threads = 1;
  ProgressCall progress;  // "reading fields", "finding nuclei", "counting signals"; `cells` are nuclei
};

// A picture of a field for a contact sheet, as it was read, with nothing corrected.
struct IshPicture {
  std::uint32_t field = 0;
  RgbImage rgb;  // FISH channels in their roles' colours: HER2 red, CEP17 green, DAPI blue
};

struct IshMeasurement {
  NucleusTable table;
  std::vector<std::string> warnings;  // of the case: pixels coarser than published protocols allow for
};

// Measures the fields of one case: nuclei, signals, clusters, verdicts. Thresholds are pooled over all fields of the
// case. A dual-ISH slide of any size is walked through in areas. Each input is one field, in the order given; two
// fields are the two areas of tumour that guidelines ask for unless `regions` name areas. The bytes do not depend on
// threads; nuclei and counts do not depend on the order of inputs. A field that cannot be used is refused with its
// reason and the others go on; fails when none can be used, when a file cannot be read, or when the scale is not known.
Result<IshMeasurement> measure_fields(const std::vector<std::string>& inputs, const IshFieldsOptions& options);

// A piece of a field in colours for people; `box` in the field's pixels. What lies outside is black (FISH) or white.
Result<RgbImage> ish_picture(const std::string& input, const IshFieldsOptions& options, const Box& box);

}  // namespace her2
