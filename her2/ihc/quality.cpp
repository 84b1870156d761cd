// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/quality.h"

#include <algorithm>

#include <fmt/format.h>

namespace her2 {
namespace {

// Limits: our own (docs/quality.md). Shares in 1/1000.
constexpr std::uint64_t kDarkShare = 500;                      // of all pixels: fluorescence
constexpr std::uint64_t kPinkShare = 500, kPinkWarning = 250;  // of coloured tissue
constexpr std::uint64_t kClippedShare = 300, kClippedWarning = 50;
constexpr double kLeastTissueMm2 = 0.01;
constexpr std::uint64_t kBlurred = 10, kSoft = 20;  // sharpness
constexpr std::uint64_t kFewEdges = 10;             // of tissue
constexpr double kFocusMpp = 0.6;                   // coarser than that, focus cannot be told
constexpr int kDimWhite = 150;                      // grey levels

bool at_least(std::uint64_t part, std::uint64_t of, std::uint64_t thousandths) {
  return of > 0 && part * 1000 >= of * thousandths;
}

// What a poor picture loses first.
const char* faint(const QualityFacts& facts) {
  return facts.nuclear_marker ? "faintly stained nuclei" : "faint membranes";
}

double percent(std::uint64_t part, std::uint64_t of) {
  return of == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(of);
}

QualityVerdict light(const QualityFacts& facts) {
  const QualitySums& s = facts.sums;
  if (at_least(s.dark, s.pixels, kDarkShare)) {
    return {"light", QualityLevel::refused, "Light",
            fmt::format("{:.0f} % of the picture is dark, as in fluorescence; IHC is read in bright field.",
                        percent(s.dark, s.pixels))};
  }
  return {"light", QualityLevel::ok, "Light", "The picture is bright field."};
}

QualityVerdict tissue(const QualityFacts& facts) {
  if (facts.tissue_mm2 < kLeastTissueMm2) {
    return {"tissue", QualityLevel::refused, "Tissue",
            fmt::format("Only {:.3f} mm2 of tissue were found, less than {} mm2.", facts.tissue_mm2, kLeastTissueMm2)};
  }
  return {"tissue", QualityLevel::ok, "Tissue", fmt::format("{:.2f} mm2 of tissue.", facts.tissue_mm2)};
}

QualityVerdict stain(const QualityFacts& facts) {
  const QualitySums& s = facts.sums;
  const double pink = percent(s.pink, s.coloured);
  if (at_least(s.pink, s.coloured, kPinkShare)) {
    return {
        "stain", QualityLevel::refused, "Stain",
        fmt::format("{:.0f} % of the stained tissue is pink as eosin is: this is H&E or another stain, not IHC with "
                    "DAB and haematoxylin.",
                    pink)};
  }
  if (at_least(s.pink, s.coloured, kPinkWarning)) {
    return {"stain", QualityLevel::warning, "Stain",
            fmt::format("{:.0f} % of the stained tissue is pink as eosin is; DAB and haematoxylin are not.", pink)};
  }
  return {"stain", QualityLevel::ok, "Stain",
          fmt::format("Of the stained tissue {:.0f} % is brown, {:.0f} % blue and {:.0f} % pink.",
                      percent(s.brown, s.coloured), percent(s.blue, s.coloured), pink)};
}

QualityVerdict resolution(const QualityFacts& facts, const Profile& profile) {
  const std::string is = fmt::format("The slide has {:.3f} um per pixel", facts.mpp);
  if (facts.mpp > profile.refuse_mpp) {
    return {"resolution", facts.allow_coarse ? QualityLevel::warning : QualityLevel::refused, "Resolution",
            fmt::format("{}, coarser than {} um, at which {} are lost{}.", is, profile.refuse_mpp, faint(facts),
                        facts.allow_coarse ? "; it was measured because that was asked for" : "")};
  }
  if (facts.mpp > profile.warn_mpp) {
    return {"resolution", QualityLevel::warning, "Resolution",
            fmt::format("{}, coarser than {} um: {} are weakened.", is, profile.warn_mpp, faint(facts))};
  }
  return {"resolution", QualityLevel::ok, "Resolution", is + "."};
}

QualityVerdict focus(const QualityFacts& facts) {
  const QualitySums& s = facts.sums;
  if (facts.mpp > kFocusMpp || s.tissue == 0) {
    return {"focus", QualityLevel::ok, "Focus", "Focus cannot be told at this resolution."};
  }
  if (!at_least(s.edges, s.tissue, kFewEdges)) {
    return {"focus", QualityLevel::refused, "Focus",
            fmt::format("Only {:.1f} % of the tissue shows a clear edge: it is out of focus, or there are no cells.",
                        percent(s.edges, s.tissue))};
  }
  const std::string is = fmt::format("Edges have a sharpness of {:.3f}", s.sharpness());
  if (!at_least(s.fine, s.coarse, kBlurred)) {
    return {"focus", QualityLevel::refused, "Focus", is + ", as tissue has that is far out of focus."};
  }
  if (!at_least(s.fine, s.coarse, kSoft)) {
    return {"focus", QualityLevel::warning, "Focus",
            fmt::format("{}: the slide is soft, {} are weakened.", is, faint(facts))};
  }
  return {"focus", QualityLevel::ok, "Focus", is + "."};
}

QualityVerdict clipping(const QualityFacts& facts) {
  const QualitySums& s = facts.sums;
  const double share = percent(s.clipped, s.tissue);
  if (at_least(s.clipped, s.tissue, kClippedShare)) {
    return {
        "clipping", QualityLevel::refused, "Illumination",
        fmt::format("{:.0f} % of the tissue is clipped to black or white, so its density cannot be measured.", share)};
  }
  if (at_least(s.clipped, s.tissue, kClippedWarning)) {
    return {"clipping", QualityLevel::warning, "Illumination",
            fmt::format("{:.0f} % of the tissue is clipped to black or white.", share)};
  }
  const auto [low, high] = std::minmax_element(facts.white.begin(), facts.white.end());
  if (*high == 255) {
    return {"clipping", QualityLevel::warning, "Illumination",
            "Glass is as bright as the scanner can tell, so the true white may be brighter and densities too low."};
  }
  if (*low < kDimWhite) {
    return {"clipping", QualityLevel::warning, "Illumination",
            fmt::format("Glass is dim ({} of 255), so densities are coarse.", *low)};
  }
  if (!facts.white_from_glass) {
    return {"clipping", QualityLevel::warning, "Illumination",
            "There is no glass to take the white from; the brightest pixels were taken."};
  }
  return {"clipping", QualityLevel::ok, "Illumination",
          fmt::format("White is {}, {}, {} of 255.", facts.white[0], facts.white[1], facts.white[2])};
}

QualityVerdict tumour_cells(const QualityFacts& facts, const Profile& profile) {
  const bool few = facts.tumour_cells < static_cast<std::uint32_t>(profile.least_cells);
  return {"tumour_cells", few ? QualityLevel::refused : QualityLevel::ok, "Tumour cells",
          few ? fmt::format("{} tumour cells were found; the profile asks for at least {}.", facts.tumour_cells,
                            profile.least_cells)
              : fmt::format("{} tumour cells.", facts.tumour_cells)};
}

QualityVerdict controls(const QualityFacts& facts, const Profile& profile) {
  if (!facts.control_h_score) {
    return {"controls", QualityLevel::ok, "Controls", "No control was marked on the slide."};
  }
  const std::string is =
      fmt::format("The control's H-score is {:.0f} ({} cells)", *facts.control_h_score, facts.control_cells);
  if (profile.control_low < 0) {
    return {"controls", QualityLevel::warning, "Controls", is + "; the profile states no limits for it."};
  }
  const std::string limits = fmt::format("{} to {}", profile.control_low, profile.control_high);
  const bool off = facts.control_cells == 0 || *facts.control_h_score < profile.control_low ||
                   *facts.control_h_score > profile.control_high;
  return {"controls", off ? QualityLevel::refused : QualityLevel::ok, "Controls",
          off ? fmt::format("{}, off the profile's limits of {}.", is, limits)
              : fmt::format("{}, within the profile's limits of {}.", is, limits)};
}

QualityVerdict meant_for(const QualityFacts& facts, const Profile& profile) {
  const auto warn = [](std::string reason) {
    return QualityVerdict{"profile", QualityLevel::warning, "Profile", std::move(reason)};
  };
  if (!profile.calibrated) {
    return warn(fmt::format("Profile {} is calibrated to no laboratory.", profile.name));
  }
  if (!profile.subsampling.empty() && !facts.subsampling.empty() && profile.subsampling != facts.subsampling) {
    return warn(fmt::format("Profile {} is for chroma {}, the slide has {}.", profile.name, profile.subsampling,
                            facts.subsampling));
  }
  if (profile.mpp > 0 && (facts.mpp > 1.1 * profile.mpp || facts.mpp < profile.mpp / 1.1)) {
    return warn(
        fmt::format("Profile {} is for {} um per pixel, the slide has {:.3f}.", profile.name, profile.mpp, facts.mpp));
  }
  return {"profile", QualityLevel::ok, "Profile", fmt::format("Profile {} is calibrated.", profile.name)};
}

}  // namespace

std::vector<QualityVerdict> judge_before_measuring(const QualityFacts& facts, const Profile& profile) {
  return {light(facts), tissue(facts), stain(facts), resolution(facts, profile), focus(facts), clipping(facts)};
}

std::vector<QualityVerdict> judge_quality(const QualityFacts& facts, const Profile& profile) {
  std::vector<QualityVerdict> out = judge_before_measuring(facts, profile);
  out.push_back(tumour_cells(facts, profile));
  out.push_back(controls(facts, profile));
  out.push_back(meant_for(facts, profile));
  return out;
}

bool is_refused(const std::vector<QualityVerdict>& verdicts) {
  return std::any_of(verdicts.begin(), verdicts.end(),
                     [](const QualityVerdict& v) { return v.level == QualityLevel::refused; });
}

}  // namespace her2
