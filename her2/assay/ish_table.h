// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/cellfile/regions.h"
#include "her2/core/error.h"
#include "her2/ish/nucleus_table.h"
#include "her2/signal/judge.h"

namespace her2 {

// What makes the counts of a whole case worthless: a channel in which nothing stands out, or signals of a size that
// none have (a wrong scale). Empty: nothing.
std::string case_refusal(const signal::CaseLevels& levels, double pixel_um, IshAssay assay);

// Why bright-field pixels of this size are warned about (above 0.20 um) or refused (from 0.26); empty: fine. The sizes
// are those of a comparison of six scanning protocols (PMC12190017).
struct PixelSizeVerdict {
  std::string warning, refusal;
};
PixelSizeVerdict dual_ish_pixel_size(double mpp);

// Puts judged fields together, in their order.
class IshTableBuilder {
 public:
  // `regions` may be nullptr; else only nuclei in them are kept and they are the areas.
  IshTableBuilder(IshAssay assay, const Regions* regions);
  // `field` has name, hash, size and notices; `origin` is added to coordinates (1/32 pixel).
  void begin_field(IshField field);
  void add(const signal::JudgedField& judged, SubPoint origin, const Box* core);
  NucleusTable take();

 private:
  const Regions* regions_;
  NucleusTable table_;
  std::vector<IshSignal> stray_;
  struct Entry {
    IshNucleus nucleus;
    std::vector<IshSignal> signals;
    Contour contour;
  };
  std::vector<Entry> entries_;  // of the field at hand
  void end_field();
};

}  // namespace her2
