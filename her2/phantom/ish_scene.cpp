// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/ish_scene.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "her2/phantom/noise.h"

namespace her2::phantom {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kHill = 2.449489742783178;  // over the standard deviation of Dice::hill()
constexpr double kDiameter = 2.355;          // sigmas: full width at half maximum
constexpr double kInside = 0.86;             // of a nucleus's radius in which signals lie

double spread(Dice& dice, double relative) { return std::max(0.3, 1 + relative * kHill * dice.hill()); }

// A whole number of this mean.
int whole(Dice& dice, double mean) { return static_cast<int>(std::floor(mean + dice.unit())); }

struct Unit3 {
  double x, y, z;
};
Unit3 in_ball(Dice& dice) {
  for (;;) {
    const Unit3 p{2 * dice.unit() - 1, 2 * dice.unit() - 1, 2 * dice.unit() - 1};
    if (p.x * p.x + p.y * p.y + p.z * p.z <= 1) {
      return p;
    }
  }
}

class Builder {
 public:
  Builder(const IshPhantomSpec& spec, int field)
      : spec_(spec), dice_(key(mix(spec.seed), field, 0x495348)), margin_(0.5 * spec.diameter_um / spec.mpp) {}

  Scene run() {
    Scene out;
    for (int i = 0; i < spec_.nuclei; ++i) {
      SceneNucleus nucleus;
      if (place(out, nucleus)) {
        fill(nucleus);
        out.nuclei.push_back(std::move(nucleus));
      }
    }
    std::stable_sort(out.nuclei.begin(), out.nuclei.end(), [](const SceneNucleus& a, const SceneNucleus& b) {
      return a.truth.y != b.truth.y ? a.truth.y < b.truth.y : a.truth.x < b.truth.x;
    });
    measure_cover(out);
    return out;
  }

 private:
  void shape(SceneNucleus& n) {
    const bool other = dice_.unit() < spec_.stromal;
    double diameter = spec_.diameter_um * spread(dice_, spec_.diameter_spread);
    double stretch = dice_.between(1.0, 1.35);
    if (other) {
      n.truth.tumour = false;
      const bool is_long = dice_.unit() < 0.6;
      stretch = is_long ? dice_.between(2.6, 3.6) : 1.08;
      diameter *= is_long ? 0.75 : 0.58;
    }
    const double long_um = diameter / 2 * std::sqrt(stretch);
    const double short_um = diameter / 2 / std::sqrt(stretch);
    n.semi_z_um = std::min(long_um, short_um) * 0.95;
    // The middle lies anywhere where at least a fifth of the nucleus is still in the section.
    n.z_um = dice_.between(-0.5 * n.semi_z_um, spec_.section_um + 0.5 * n.semi_z_um);
    const double nearest = std::clamp(n.z_um, 0.0, spec_.section_um);
    const double off = (nearest - n.z_um) / n.semi_z_um;
    const double cut = std::sqrt(std::max(0.05, 1 - off * off));
    n.truth.semi_x = long_um * cut / spec_.mpp;
    n.truth.semi_y = short_um * cut / spec_.mpp;
    const double u = dice_.hill() * 1.5;
    const double v = dice_.hill() * 1.5 + 1e-3;
    const double size = std::sqrt(u * u + v * v);
    n.truth.cos = u / size;
    n.truth.sin = v / size;
    n.truth.area_um2 = kPi * n.truth.semi_x * n.truth.semi_y * spec_.mpp * spec_.mpp;
    n.brightness = dice_.between(0.55, 1.2);
    n.key = dice_.next();
  }

  // A place without (or, for some, with) another nucleus below.
  bool place(const Scene& scene, SceneNucleus& n) {
    shape(n);
    const bool over = dice_.unit() < spec_.overlap;
    for (int attempt = 0; attempt < 60; ++attempt) {
      n.truth.x = dice_.between(-0.3 * margin_, spec_.width + 0.3 * margin_);
      n.truth.y = dice_.between(-0.3 * margin_, spec_.height + 0.3 * margin_);
      double nearest = 1e9;
      for (const SceneNucleus& other : scene.nuclei) {
        const double dx = n.truth.x - other.truth.x;
        const double dy = n.truth.y - other.truth.y;
        const double reach = radius_towards(n, dx, dy) + radius_towards(other, dx, dy);
        nearest = std::min(nearest, std::sqrt(dx * dx + dy * dy) / reach);
      }
      if (over ? nearest > 0.65 && nearest < 0.9 : nearest > 0.97) {
        finish_place(n);
        return true;
      }
    }
    return false;
  }

  static double radius_towards(const SceneNucleus& n, double dx, double dy) {
    const double r = std::sqrt(dx * dx + dy * dy) + 1e-9;
    const double u = (dx * n.truth.cos + dy * n.truth.sin) / r / n.truth.semi_x;
    const double v = (-dx * n.truth.sin + dy * n.truth.cos) / r / n.truth.semi_y;
    return 1 / std::sqrt(u * u + v * v);
  }

  void finish_place(SceneNucleus& n) const {
    const double across = std::sqrt(n.truth.semi_x * n.truth.cos * n.truth.semi_x * n.truth.cos +
                                    n.truth.semi_y * n.truth.sin * n.truth.semi_y * n.truth.sin);
    const double down = std::sqrt(n.truth.semi_x * n.truth.sin * n.truth.semi_x * n.truth.sin +
                                  n.truth.semi_y * n.truth.cos * n.truth.semi_y * n.truth.cos);
    n.truth.border = n.truth.x - across < 1 || n.truth.y - down < 1 || n.truth.x + across > spec_.width - 1 ||
                     n.truth.y + down > spec_.height - 1;
  }

  void add(SceneNucleus& n, int channel, const Unit3& at, bool clustered) {
    ++n.truth.whole[static_cast<std::size_t>(channel)];
    SceneSignal s;
    s.truth.channel = channel;
    s.truth.in_cluster = clustered;
    s.truth.amplitude = spread(dice_, spec_.amplitude_spread);
    const double whole_x = n.truth.semi_x;  // signals keep to the outline that the section shows
    const double px = at.x * whole_x;
    const double py = at.y * n.truth.semi_y;
    s.truth.x = n.truth.x + px * n.truth.cos - py * n.truth.sin;
    s.truth.y = n.truth.y + px * n.truth.sin + py * n.truth.cos;
    s.z_um = n.z_um + at.z * n.semi_z_um;
    if (s.z_um < 0 || s.z_um > spec_.section_um || s.truth.x < 0 || s.truth.y < 0 || s.truth.x >= spec_.width ||
        s.truth.y >= spec_.height) {
      return;
    }
    ++n.truth.seen[static_cast<std::size_t>(channel)];
    n.signals.push_back(s);
  }

  void scatter(SceneNucleus& n, int channel, int count) {
    for (int i = 0; i < count; ++i) {
      Unit3 p = in_ball(dice_);
      p = {p.x * kInside, p.y * kInside, p.z * kInside};
      add(n, channel, p, false);
    }
  }

  void cluster(SceneNucleus& n, int count) {
    Unit3 middle = in_ball(dice_);
    middle = {middle.x * 0.5, middle.y * 0.5, 0};
    // Clusters lie in the section: what is tested is counting them, not cutting them.
    const double z = (spec_.section_um / 2 - n.z_um) / n.semi_z_um;
    const double r = spec_.cluster_um / spec_.mpp;
    for (int i = 0; i < count; ++i) {
      const Unit3 p = in_ball(dice_);
      add(n, 0, {middle.x + p.x * r / n.truth.semi_x, middle.y + p.y * r / n.truth.semi_y, z}, true);
    }
  }

  void fill(SceneNucleus& n) {
    const double her2 = n.truth.tumour ? spec_.copies : 2;
    const double cep17 = n.truth.tumour ? spec_.copies / spec_.ratio : 2;
    const double kind = dice_.unit();
    if (n.truth.tumour && kind < spec_.amplified) {
      const double many = dice_.between(spec_.cluster_low, spec_.cluster_high + 1);
      cluster(n, static_cast<int>(many));
    } else if (n.truth.tumour && kind < spec_.amplified + spec_.double_minutes) {
      scatter(n, 0, static_cast<int>(dice_.between(15, 40)));
    } else {
      scatter(n, 0, whole(dice_, her2 * spread(dice_, spec_.copies_spread)));
    }
    scatter(n, 1, whole(dice_, cep17 * spread(dice_, spec_.copies_spread)));
    count(n);
  }

  // Seen signals, those nearer than one signal diameter to a stronger one left out.
  void count(SceneNucleus& n) const {
    std::vector<const SceneSignal*> order;
    for (const SceneSignal& s : n.signals) {
      order.push_back(&s);
      n.truth.signals.push_back(s.truth);
    }
    std::stable_sort(order.begin(), order.end(), [](const SceneSignal* a, const SceneSignal* b) {
      return a->truth.amplitude > b->truth.amplitude;
    });
    std::vector<const SceneSignal*> kept;
    for (const SceneSignal* s : order) {
      const double sigma = s->truth.channel == 0 ? spec_.her2_sigma_um : spec_.cep17_sigma_um;
      const double apart = kDiameter * sigma / spec_.mpp;
      const bool half = std::any_of(kept.begin(), kept.end(), [&](const SceneSignal* k) {
        const double dx = s->truth.x - k->truth.x;
        const double dy = s->truth.y - k->truth.y;
        return k->truth.channel == s->truth.channel && dx * dx + dy * dy < apart * apart;
      });
      if (!half) {
        kept.push_back(s);
        ++n.truth.countable[static_cast<std::size_t>(s->truth.channel)];
      }
    }
  }

  static bool holds(const SceneNucleus& n, double x, double y) {
    const double dx = x - n.truth.x;
    const double dy = y - n.truth.y;
    const double u = (dx * n.truth.cos + dy * n.truth.sin) / n.truth.semi_x;
    const double v = (-dx * n.truth.sin + dy * n.truth.cos) / n.truth.semi_y;
    return u * u + v * v <= 1;
  }

  // By 400 points of each nucleus.
  static void measure_cover(Scene& scene) {
    for (SceneNucleus& n : scene.nuclei) {
      int inside = 0;
      int covered = 0;
      for (int i = -10; i <= 10; ++i) {
        for (int j = -10; j <= 10; ++j) {
          const double u = i * 0.1 * n.truth.semi_x;
          const double v = j * 0.1 * n.truth.semi_y;
          const double x = n.truth.x + u * n.truth.cos - v * n.truth.sin;
          const double y = n.truth.y + u * n.truth.sin + v * n.truth.cos;
          if (!holds(n, x, y)) {
            continue;
          }
          ++inside;
          covered += std::any_of(scene.nuclei.begin(), scene.nuclei.end(),
                                 [&](const SceneNucleus& other) { return &other != &n && holds(other, x, y); })
                         ? 1
                         : 0;
        }
      }
      n.truth.covered = inside > 0 ? static_cast<double>(covered) / inside : 0;
    }
  }

  const IshPhantomSpec& spec_;
  Dice dice_;
  double margin_;
};

}  // namespace

Scene make_scene(const IshPhantomSpec& spec, int field) { return Builder(spec, field).run(); }

}  // namespace her2::phantom
