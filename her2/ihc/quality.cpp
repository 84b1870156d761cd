// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/quality.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/language/say.h"

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

// A limit with the digits that it has.
std::string plain(double value) { return number_in(fmt::format("{}", value)); }

// What a poor picture loses first.
std::string faint(const QualityFacts& facts) {
  return facts.nuclear_marker ? say("ihc_quality.faintly_stained_nuclei") : say("ihc_quality.faint_membranes");
}

double percent(std::uint64_t part, std::uint64_t of) {
  return of == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(of);
}

QualityVerdict light(const QualityFacts& facts) {
  const QualitySums& s = facts.sums;
  if (at_least(s.dark, s.pixels, kDarkShare)) {
    return {"light", QualityLevel::refused, say("ihc_quality.light"),
            say("ihc_quality.of_the_picture_is_dark_as_in", {{"percent", percent_in(percent(s.dark, s.pixels), 0)}})};
  }
  return {"light", QualityLevel::ok, say("ihc_quality.light"), say("ihc_quality.the_picture_is_bright_field")};
}

QualityVerdict tissue(const QualityFacts& facts) {
  if (facts.tissue_mm2 < kLeastTissueMm2) {
    return {"tissue", QualityLevel::refused, say("ihc_quality.tissue"),
            say("ihc_quality.only_mm2_of_tissue_were_found_less",
                {{"tissue_mm2", number_in(facts.tissue_mm2, 3)}, {"plain", plain(kLeastTissueMm2)}})};
  }
  return {"tissue", QualityLevel::ok, say("ihc_quality.tissue"),
          say("ihc_quality.mm2_of_tissue", {{"tissue_mm2", number_in(facts.tissue_mm2, 2)}})};
}

QualityVerdict stain(const QualityFacts& facts) {
  const QualitySums& s = facts.sums;
  const double pink = percent(s.pink, s.coloured);
  if (at_least(s.pink, s.coloured, kPinkShare)) {
    return {"stain", QualityLevel::refused, say("ihc_quality.stain"),
            say("ihc_quality.not_ihc", {{"pink", percent_in(pink, 0)}})};
  }
  if (at_least(s.pink, s.coloured, kPinkWarning)) {
    return {"stain", QualityLevel::warning, say("ihc_quality.stain"),
            say("ihc_quality.some_pink", {{"pink", percent_in(pink, 0)}})};
  }
  return {
      "stain", QualityLevel::ok, say("ihc_quality.stain"),
      say("ihc_quality.of_the_stained_tissue_is_brown_blue", {{"percent", percent_in(percent(s.brown, s.coloured), 0)},
                                                              {"percent2", percent_in(percent(s.blue, s.coloured), 0)},
                                                              {"pink", percent_in(pink, 0)}})};
}

QualityVerdict resolution(const QualityFacts& facts, const Profile& profile) {
  const std::string is = say("ihc_quality.the_slide_has_um_per_pixel", {{"mpp", number_in(facts.mpp, 3)}});
  if (facts.mpp > profile.refuse_mpp) {
    return {"resolution", facts.allow_coarse ? QualityLevel::warning : QualityLevel::refused,
            say("ihc_quality.resolution"),
            facts.allow_coarse ? say("ihc_quality.coarse_as_asked",
                                     {{"is", is}, {"plain", plain(profile.refuse_mpp)}, {"faint", faint(facts)}})
                               : say("ihc_quality.too_coarse",
                                     {{"is", is}, {"plain", plain(profile.refuse_mpp)}, {"faint", faint(facts)}})};
  }
  if (facts.mpp > profile.warn_mpp) {
    return {"resolution", QualityLevel::warning, say("ihc_quality.resolution"),
            say("ihc_quality.coarser_than_um_are_weakened",
                {{"is", is}, {"plain", plain(profile.warn_mpp)}, {"faint", faint(facts)}})};
  }
  return {"resolution", QualityLevel::ok, say("ihc_quality.resolution"), is + "."};
}

QualityVerdict focus(const QualityFacts& facts) {
  const QualitySums& s = facts.sums;
  if (facts.mpp > kFocusMpp || s.tissue == 0) {
    return {"focus", QualityLevel::ok, say("ihc_quality.focus"), say("ihc_quality.focus_cannot_be_told_at_this")};
  }
  if (!at_least(s.edges, s.tissue, kFewEdges)) {
    return {
        "focus", QualityLevel::refused, say("ihc_quality.focus"),
        say("ihc_quality.only_of_the_tissue_shows_a_clear", {{"percent", percent_in(percent(s.edges, s.tissue), 1)}})};
  }
  const std::string is = say("ihc_quality.edges_have_a_sharpness_of", {{"sharpness", number_in(s.sharpness(), 3)}});
  if (!at_least(s.fine, s.coarse, kBlurred)) {
    return {"focus", QualityLevel::refused, say("ihc_quality.focus"),
            say("ihc_quality.as_tissue_has_that_is_far_out", {{"is", is}})};
  }
  if (!at_least(s.fine, s.coarse, kSoft)) {
    return {"focus", QualityLevel::warning, say("ihc_quality.focus"),
            say("ihc_quality.the_slide_is_soft_are_weakened", {{"is", is}, {"faint", faint(facts)}})};
  }
  return {"focus", QualityLevel::ok, say("ihc_quality.focus"), is + "."};
}

QualityVerdict clipping(const QualityFacts& facts) {
  const QualitySums& s = facts.sums;
  const double share = percent(s.clipped, s.tissue);
  if (at_least(s.clipped, s.tissue, kClippedShare)) {
    return {"clipping", QualityLevel::refused, say("ihc_quality.illumination"),
            say("ihc_quality.clipped_too_much", {{"share", percent_in(share, 0)}})};
  }
  if (at_least(s.clipped, s.tissue, kClippedWarning)) {
    return {"clipping", QualityLevel::warning, say("ihc_quality.illumination"),
            say("ihc_quality.clipped", {{"share", percent_in(share, 0)}})};
  }
  const auto [low, high] = std::minmax_element(facts.white.begin(), facts.white.end());
  if (*high == 255) {
    return {"clipping", QualityLevel::warning, say("ihc_quality.illumination"),
            say("ihc_quality.glass_is_as_bright_as_the_scanner")};
  }
  if (*low < kDimWhite) {
    return {"clipping", QualityLevel::warning, say("ihc_quality.illumination"),
            say("ihc_quality.glass_is_dim_of_255_so_densities", {{"low", *low}})};
  }
  if (!facts.white_from_glass) {
    return {"clipping", QualityLevel::warning, say("ihc_quality.illumination"),
            say("ihc_quality.there_is_no_glass_to_take_the")};
  }
  return {"clipping", QualityLevel::ok, say("ihc_quality.illumination"),
          say("ihc_quality.white_is_of_255",
              {{"white", facts.white[0]}, {"white2", facts.white[1]}, {"white3", facts.white[2]}})};
}

QualityVerdict tumour_cells(const QualityFacts& facts, const Profile& profile) {
  const bool few = facts.tumour_cells < static_cast<std::uint32_t>(profile.least_cells);
  return {"tumour_cells", few ? QualityLevel::refused : QualityLevel::ok, say("ihc_quality.tumour_cells"),
          few ? say("ihc_quality.tumour_cells_were_found_the_profile",
                    {{"tumour_cells", facts.tumour_cells}, {"least_cells", profile.least_cells}})
              : say("ihc_quality.tumour_cells_found", {{"tumour_cells", facts.tumour_cells}})};
}

QualityVerdict controls(const QualityFacts& facts, const Profile& profile) {
  if (!facts.control_h_score) {
    return {"controls", QualityLevel::ok, say("ihc_quality.controls"),
            say("ihc_quality.no_control_was_marked_on_the_slide")};
  }
  const std::string is =
      say("ihc_quality.the_controls_h_score_is_cells",
          {{"control_h_score", number_in(*facts.control_h_score, 0)}, {"control_cells", facts.control_cells}});
  if (profile.control_low < 0) {
    return {"controls", QualityLevel::warning, say("ihc_quality.controls"),
            say("ihc_quality.the_profile_states_no_limits_for_it", {{"is", is}})};
  }
  const std::string limits =
      say("ihc_quality.to", {{"control_low", profile.control_low}, {"control_high", profile.control_high}});
  const bool off = facts.control_cells == 0 || *facts.control_h_score < profile.control_low ||
                   *facts.control_h_score > profile.control_high;
  return {"controls", off ? QualityLevel::refused : QualityLevel::ok, say("ihc_quality.controls"),
          off ? say("ihc_quality.off_the_profiles_limits_of", {{"is", is}, {"limits", limits}})
              : say("ihc_quality.within_the_profiles_limits_of", {{"is", is}, {"limits", limits}})};
}

QualityVerdict meant_for(const QualityFacts& facts, const Profile& profile) {
  const auto warn = [](std::string reason) {
    return QualityVerdict{"profile", QualityLevel::warning, say("ihc_quality.profile"), std::move(reason)};
  };
  if (!profile.calibrated) {
    return warn(say("ihc_quality.profile_is_calibrated_to_no_laboratory", {{"name", profile.name}}));
  }
  if (!profile.subsampling.empty() && !facts.subsampling.empty() && profile.subsampling != facts.subsampling) {
    return warn(
        say("ihc_quality.profile_is_for_chroma_the_slide_has",
            {{"name", profile.name}, {"subsampling", profile.subsampling}, {"subsampling2", facts.subsampling}}));
  }
  if (profile.mpp > 0 && (facts.mpp > 1.1 * profile.mpp || facts.mpp < profile.mpp / 1.1)) {
    return warn(say("ihc_quality.profile_is_for_um_per_pixel_the",
                    {{"name", profile.name}, {"plain", plain(profile.mpp)}, {"mpp", number_in(facts.mpp, 3)}}));
  }
  return {"profile", QualityLevel::ok, say("ihc_quality.profile"),
          say("ihc_quality.profile_is_calibrated", {{"name", profile.name}})};
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
