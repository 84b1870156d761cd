// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ish_slide.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "her2/assay/ish_input.h"
#include "her2/assay/ish_table.h"
#include "her2/core/sha256.h"
#include "her2/signal/judge.h"
#include "her2/slide/slide.h"

namespace her2 {
namespace {

constexpr int kArea = 1536;          // pixels, side of what is worked through at once: fixed, so that all runs agree
constexpr double kHaloUm = 24;       // around it: nuclei, and the background that is taken off them
constexpr double kLeastShare = 0.2;  // of the usual contrast: what is paler is no nucleus

WorkGrid whole_grid(const SlideInfo& info, double mpp) {
  WorkGrid out;
  out.work_mpp = mpp;
  out.bounds = {0, 0, info.levels[0].width, info.levels[0].height};
  return out;
}

class SlideMeasuring {
 public:
  SlideMeasuring(const Slide& slide, double mpp, const IshFieldsOptions& options)
      : options_(options),
        mpp_(mpp),
        halo_(static_cast<int>(kHaloUm / mpp) + 1),
        walk_(slide, mpp, options.threads, options_.progress, whole_grid(slide.info(), mpp)) {}

  Result<IshMeasurement> run(IshField facts) {
    if (auto ready = walk_.look_for_tissue(false); !ready) {
      return tl::unexpected(ready.error());
    }
    white_ = walk_.ground().white;
    if (auto sampled = sample(); !sampled) {
      return tl::unexpected(sampled.error());
    }
    const int k = signal::signal_reduction(mpp_, signal::constants_of(IshAssay::dual_ish));
    if (auto why = case_refusal(levels_, mpp_ * k, IshAssay::dual_ish); !why.empty()) {
      return fail(std::move(why));
    }
    return measure(std::move(facts));
  }

 private:
  // Thresholds, single signals, the camera's shift and what nuclei look like, from areas chosen by hash.
  Result<void> sample() {
    const std::vector<Box> areas = walk_.sample_areas();
    std::vector<signal::ChannelShift> shifts(areas.size());
    auto done = walk_.each(areas, halo_, "looking at colours",
                           [&](std::size_t i, const RgbImage& rgb, const AreaFrame&) -> std::uint64_t {
                             shifts[i] = signal::find_channel_shift(rgb);
                             return 0;
                           });
    if (!done) {
      return done;
    }
    for (const auto& shift : shifts) {
      shift_ = shift.dots > shift_.dots ? shift : shift_;
    }
    std::vector<signal::FieldReading> readings(areas.size());
    done = walk_.each(areas, halo_, "looking at signals",
                      [&](std::size_t i, const RgbImage& rgb, const AreaFrame&) -> std::uint64_t {
                        readings[i] = signal::read_dual_ish(rgb, white_, shift_, mpp_);
                        return readings[i].nuclei.nuclei.size();
                      });
    if (!done) {
      return done;
    }
    std::vector<const signal::FieldReading*> all;
    std::vector<double> contrasts;
    for (const auto& reading : readings) {
      all.push_back(&reading);
      for (const auto& nucleus : reading.nuclei.nuclei) {
        contrasts.push_back(nucleus.contrast);
      }
    }
    std::sort(contrasts.begin(), contrasts.end());
    least_contrast_ = contrasts.empty() ? 0 : kLeastShare * contrasts[contrasts.size() * 3 / 4];
    levels_ = signal::pool_levels(all);
    return {};
  }

  Result<IshMeasurement> measure(IshField facts) {
    const std::vector<Box> areas = walk_.areas(kArea, 0, 0);
    std::vector<signal::JudgedField> judged(areas.size());
    std::vector<Box> boxes(areas.size());
    auto done = walk_.each(areas, halo_, "counting signals",
                           [&](std::size_t i, const RgbImage& rgb, const AreaFrame& frame) -> std::uint64_t {
                             judged[i] = signal::judge_field(
                                 signal::read_dual_ish(rgb, white_, shift_, mpp_, least_contrast_), levels_);
                             boxes[i] = frame.box;
                             return judged[i].nuclei.size();
                           });
    if (!done) {
      return tl::unexpected(done.error());
    }
    facts.channels = describe(judged);
    const std::array<FieldChannel, kIshChannels> channels = facts.channels;
    IshTableBuilder builder(IshAssay::dual_ish, options_.regions);
    builder.begin_field(std::move(facts));
    for (std::size_t i = 0; i < areas.size(); ++i) {
      judged[i].channels = channels;
      judged[i].ratio_low = judged[i].ratio_high = 0;
      builder.add(
          judged[i],
          {static_cast<std::int32_t>(boxes[i].x * kSubpixels), static_cast<std::int32_t>(boxes[i].y * kSubpixels)},
          &areas[i]);
      judged[i] = {};
    }
    IshMeasurement out;
    out.table = builder.take();
    out.warnings = out.table.fields[0].notices;
    return out;
  }

  // Of all areas: thresholds are the same everywhere, saturation is the mean.
  static std::array<FieldChannel, kIshChannels> describe(const std::vector<signal::JudgedField>& judged) {
    std::array<FieldChannel, kIshChannels> out{};
    for (std::size_t c = 0; c < kIshChannels && !judged.empty(); ++c) {
      out[c] = judged.front().channels[c];
      std::uint64_t sum = 0;
      for (const auto& one : judged) {
        sum += one.channels[c].saturated;
      }
      out[c].saturated = static_cast<std::uint16_t>(sum / judged.size());
    }
    return out;
  }

  const IshFieldsOptions& options_;
  double mpp_;
  int halo_;
  SlideWalk walk_;
  White white_{255, 255, 255};
  signal::ChannelShift shift_;
  signal::CaseLevels levels_;
  double least_contrast_ = 0;
};

}  // namespace

bool is_ish_slide(const std::string& path) {
  const auto slide = open_slide(path);
  if (!slide) {
    return false;
  }
  const SlideLevel& full = (*slide)->info().levels[0];
  return full.width * full.height > kMostFieldPixels;
}

Result<IshMeasurement> measure_ish_slide(const std::string& path, const IshFieldsOptions& options) {
  auto slide = open_slide(path, {.mpp = options.mpp});
  if (!slide) {
    return tl::unexpected(slide.error());
  }
  const SlideInfo& info = (*slide)->info();
  const auto mpp = square_mpp(info);
  if (!mpp) {
    return tl::unexpected(located(mpp.error(), path));
  }
  const PixelSizeVerdict size = dual_ish_pixel_size(*mpp);
  if (!size.refusal.empty()) {
    return fail(size.refusal, {}, path);
  }
  auto sha = sha256_of_file(path);
  if (!sha) {
    return tl::unexpected(sha.error());
  }
  IshField facts;
  facts.name = std::filesystem::path(path).filename().string();
  facts.sha256 = std::move(*sha);
  facts.width = static_cast<std::int32_t>(info.levels[0].width);
  facts.height = static_cast<std::int32_t>(info.levels[0].height);
  facts.pixel_pm = static_cast<std::uint32_t>(std::lround(*mpp * 1e6));
  facts.notices = info.warnings;
  if (!size.warning.empty()) {
    facts.notices.push_back(size.warning);
  }
  auto out = SlideMeasuring(**slide, *mpp, options).run(std::move(facts));
  return out ? std::move(out) : tl::unexpected(located(out.error(), path));
}

}  // namespace her2
