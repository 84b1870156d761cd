// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ish_fields.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "her2/assay/ish_input.h"
#include "her2/assay/ish_slide.h"
#include "her2/assay/ish_table.h"
#include "her2/core/parallel.h"
#include "her2/slide/region.h"

namespace her2 {
namespace {

constexpr std::size_t kKept = 24;             // fields whose planes are kept between the two looks
constexpr double kSameScale = 0.02;           // relative
constexpr std::uint16_t kSaturated = 50;      // 1/10000 of the nuclei's pixels, from which it is said
constexpr std::uint16_t kLeastPlateau = 120;  // 1/100

struct Field {
  IshField facts;
  double mpp = 0;
  signal::FieldReading reading;
  bool used = false;
};

void drop_planes(signal::FieldReading& reading) {
  reading.plane = {};
  reading.smooth = {};
  reading.clipped = {};
}

class Measuring {
 public:
  Measuring(const std::vector<std::string>& inputs, const IshFieldsOptions& options)
      : inputs_(inputs), options_(options), threads_(std::max(1, options.threads)), fields_(inputs.size()) {}

  Result<IshMeasurement> run() {
    if (auto done = look(); !done) {
      return tl::unexpected(done.error());
    }
    if (auto scale = check_scales(); !scale) {
      return tl::unexpected(scale.error());
    }
    std::vector<const signal::FieldReading*> used;
    for (const Field& field : fields_) {
      if (field.used) {
        used.push_back(&field.reading);
      }
    }
    if (used.empty()) {
      return fail(fmt::format("no field can be used: {}", fields_.front().facts.refused), {}, inputs_.front());
    }
    levels_ = signal::pool_levels(used);
    if (auto why = case_refusal(levels_, used.front()->pixel_um, options_.assay); !why.empty()) {
      return refuse(why);
    }
    return judge();
  }

 private:
  // A case without signals; with what the first field that could be used says of its channels.
  tl::unexpected<Error> refuse(const std::string& why) const {
    const auto first = std::find_if(fields_.begin(), fields_.end(), [](const Field& field) { return field.used; });
    const std::string& path = inputs_[static_cast<std::size_t>(first - fields_.begin())];
    const auto input = read_ish_input(path, options_);
    const std::string more = input && options_.assay == IshAssay::fish ? clearer_nuclei(*input) : std::string{};
    return fail(more.empty() ? why : why + "; " + more, {}, path);
  }

  void tell(const char* stage, double done, std::uint64_t nuclei) {
    if (options_.progress) {
      options_.progress({stage, done, static_cast<double>(inputs_.size()), nuclei});
    }
  }

  Result<void> look() {
    std::mutex mutex;
    double done = 0;
    std::uint64_t nuclei = 0;
    tell("finding nuclei", 0, 0);
    return parallel_for(inputs_.size(), threads_, [&](std::size_t i, int) -> Result<void> {
      auto input = read_ish_input(inputs_[i], options_);
      if (!input) {
        return tl::unexpected(input.error());
      }
      Field& field = fields_[i];
      field.mpp = input->mpp;
      field.facts.name = input->name;
      field.facts.sha256 = input->sha256;
      field.facts.width = input->width;
      field.facts.height = input->height;
      field.facts.pixel_pm = static_cast<std::uint32_t>(std::lround(input->mpp * 1e6));
      field.facts.notices = input->notices;
      check_pixels(field);
      if (field.facts.refused.empty()) {
        IshReading read = read_ish_field(*input, options_);
        field.facts.refused = std::move(read.refused);
        field.reading = std::move(read.reading);
      }
      field.used = field.facts.refused.empty();
      if (i >= kKept || !field.used) {
        drop_planes(field.reading);
      }
      const std::lock_guard lock(mutex);
      done += 1;
      nuclei += field.reading.nuclei.nuclei.size();
      tell("finding nuclei", done, nuclei);
      return {};
    });
  }

  void check_pixels(Field& field) const {
    if (options_.assay != IshAssay::dual_ish) {
      return;
    }
    PixelSizeVerdict verdict = dual_ish_pixel_size(field.mpp);
    field.facts.refused = std::move(verdict.refusal);
    if (!verdict.warning.empty()) {
      field.facts.notices.push_back(std::move(verdict.warning));
    }
  }

  // Thresholds and single signals are those of one scale.
  Result<void> check_scales() const {
    for (std::size_t i = 1; i < fields_.size(); ++i) {
      if (std::abs(fields_[i].mpp - fields_[0].mpp) > kSameScale * fields_[0].mpp) {
        return fail(fmt::format("it has {:.4g} um per pixel, {} has {:.4g}: fields of one case must have one scale",
                                fields_[i].mpp, fields_[0].facts.name, fields_[0].mpp),
                    {}, inputs_[i]);
      }
    }
    return {};
  }

  Result<IshMeasurement> judge() {
    std::vector<signal::JudgedField> judged(fields_.size());
    tell("counting signals", 0, 0);
    auto done = parallel_for(fields_.size(), threads_, [&](std::size_t i, int) -> Result<void> {
      Field& field = fields_[i];
      if (!field.used) {
        return {};
      }
      if (field.reading.smooth[0].empty()) {
        auto input = read_ish_input(inputs_[i], options_);
        if (!input) {
          return tl::unexpected(input.error());
        }
        field.reading = read_ish_field(*input, options_).reading;
      }
      judged[i] = signal::judge_field(field.reading, levels_);
      field.reading = {};
      return {};
    });
    if (!done) {
      return tl::unexpected(done.error());
    }
    IshMeasurement out;
    IshTableBuilder builder(options_.assay, options_.regions);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      note(judged[i], fields_[i].facts);
      const bool used = fields_[i].facts.refused.empty();
      for (const std::string& notice : fields_[i].facts.notices) {
        if (std::find(out.warnings.begin(), out.warnings.end(), notice) == out.warnings.end()) {
          out.warnings.push_back(notice);
        }
      }
      builder.begin_field(std::move(fields_[i].facts));
      if (used) {
        builder.add(judged[i], {}, nullptr);
      }
    }
    out.table = builder.take();
    tell("counting signals", static_cast<double>(inputs_.size()), out.table.nuclei.size());
    return out;
  }

  // What a person should know of a field.
  static void note(const signal::JudgedField& judged, IshField& facts) {
    if (!facts.refused.empty()) {
      return;
    }
    constexpr std::array<const char*, kIshChannels> kNames{"HER2", "CEP17"};
    for (std::size_t c = 0; c < kIshChannels; ++c) {
      const FieldChannel& channel = judged.channels[c];
      if (channel.saturated >= kSaturated) {
        facts.notices.push_back(
            fmt::format("The camera is at its end in {:.1f} % of the nuclei's {} pixels: clusters may "
                        "hold more than is counted.",
                        channel.saturated / 100.0, kNames[c]));
      }
      if (channel.plateau > 0 && channel.plateau < kLeastPlateau) {
        facts.notices.push_back(fmt::format("The count of {} signals depends much on the threshold here.", kNames[c]));
      }
    }
  }

  const std::vector<std::string>& inputs_;
  const IshFieldsOptions& options_;
  int threads_;
  std::vector<Field> fields_;
  signal::CaseLevels levels_;
};

}  // namespace

Result<IshMeasurement> measure_fields(const std::vector<std::string>& inputs, const IshFieldsOptions& options) {
  if (inputs.empty()) {
    return fail("no field is given");
  }
  if (options.regions != nullptr && inputs.size() > 1) {
    return fail("regions can be given for one picture or slide, not for several fields");
  }
  if (inputs.size() == 1 && options.assay == IshAssay::dual_ish && is_ish_slide(inputs[0])) {
    return measure_ish_slide(inputs[0], options);
  }
  return Measuring(inputs, options).run();
}

Result<RgbImage> ish_picture(const std::string& input, const IshFieldsOptions& options, const Box& box) {
  if (options.assay == IshAssay::fish && holds_channels(input)) {
    auto read = read_ish_input(input, options);
    if (!read) {
      return tl::unexpected(read.error());
    }
    RgbImage out(static_cast<int>(box.width), static_cast<int>(box.height), 0);
    const Box inside = intersection(box, {0, 0, read->width, read->height});
    const std::array<std::size_t, 3> from{read->roles[1], read->roles[2], read->roles[0]};  // as red, green, blue
    for (std::int64_t y = inside.y; y < inside.bottom(); ++y) {
      for (std::int64_t x = inside.x; x < inside.right(); ++x) {
        std::uint8_t* to = out.at(static_cast<int>(x - box.x), static_cast<int>(y - box.y));
        for (std::size_t c = 0; c < 3; ++c) {
          const int value = read->channels.planes[from[c]].at(static_cast<int>(x), static_cast<int>(y));
          to[c] = static_cast<std::uint8_t>(std::min(255, value * 255 / read->channels.white));
        }
      }
    }
    return out;
  }
  auto slide = open_slide(input, {.mpp = options.mpp});
  if (!slide) {
    return tl::unexpected(slide.error());
  }
  auto reader = (*slide)->reader();
  if (!reader) {
    return tl::unexpected(reader.error());
  }
  RgbImage out;
  if (auto done = read_region(**reader, (*slide)->info(), 0, box, out); !done) {
    return tl::unexpected(located(done.error(), input));
  }
  return out;
}

}  // namespace her2
