// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "her2/phantom/ish_phantom.h"

// Where nuclei and signals of one field lie, before any light.
namespace her2::phantom {

// A signal with its depth, um below the section's upper face.
struct SceneSignal {
  IshTruthSignal truth;
  double z_um = 0;
};

struct SceneNucleus {
  IshTruthNucleus truth;
  std::uint64_t key = 0;
  double z_um = 0;  // of its middle
  double semi_z_um = 0;
  double brightness = 1;  // DAPI or haematoxylin, over the usual
  std::vector<SceneSignal> signals;
};

struct Scene {
  std::vector<SceneNucleus> nuclei;
  double focus_um(const IshPhantomSpec& spec, double x) const {
    return spec.section_um / 2 + spec.focus_drift_um * (x / spec.width - 0.5);
  }
};

Scene make_scene(const IshPhantomSpec& spec, int field);

// exp(-q) to a few per cent by basic operations, 0 from 24 on.
inline double bell(double q) {
  double p = std::max(0.0, 1 - q / 24);
  p *= p;
  p *= p;
  p *= p;
  return p * p * p;
}

// What light does to a scene. Both fill `rgb` before noise of the last kind, JPEG.
void render_fish(const IshPhantomSpec& spec, const Scene& scene, int field, RgbImage& rgb);
void render_dual_ish(const IshPhantomSpec& spec, const Scene& scene, int field, RgbImage& rgb);

}  // namespace her2::phantom
