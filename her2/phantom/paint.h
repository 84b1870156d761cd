// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/phantom/artefacts.h"
#include "her2/phantom/brush.h"
#include "her2/phantom/layout.h"
#include "her2/phantom/mesh.h"
#include "her2/phantom/optics.h"

namespace her2::phantom {

// Draws all that lies in a box as optical density.
class Painter {
 public:
  Painter(const PhantomSpec& spec, const Layout& layout, const OpticsTable& optics, const Artefacts& artefacts)
      : spec_(spec), layout_(layout), optics_(optics), artefacts_(artefacts) {}
  [[nodiscard]] Planes paint(const Box& box) const;

 private:
  struct Canvas;
  void ground(Canvas& canvas) const;
  void glass(Canvas& canvas) const;
  void dirt(Canvas& canvas) const;
  void fold(Canvas& canvas) const;
  void ink(Canvas& canvas) const;
  void cell(const EpithelialCell& cell, Canvas& canvas) const;
  void nucleus(const struct Nucleus& nucleus, Canvas& canvas) const;
  void membranes(const std::vector<EpithelialCell>& cells, Canvas& canvas) const;
  [[nodiscard]] int px(double um) const;  // at least 1

  const PhantomSpec& spec_;
  const Layout& layout_;
  const OpticsTable& optics_;
  const Artefacts& artefacts_;
  Brush brush_;
};

}  // namespace her2::phantom
