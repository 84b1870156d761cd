// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ish_table.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "her2/core/sha256.h"

namespace her2 {
namespace {

constexpr double kLeastSigmaUm = 0.11,
                 kMostSigmaUm = 0.55;  // of FISH signals, and of silver; red dots are twice as wide
constexpr double kWarnUm = 0.20, kRefuseUm = 0.26;

}  // namespace

std::string case_refusal(const signal::CaseLevels& levels, double pixel_um, IshAssay assay) {
  constexpr std::array<const char*, kIshChannels> kNames{"HER2", "CEP17"};
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    const auto& channel = levels.channel[c];
    if (!channel.threshold.any) {
      return fmt::format(
          "no {} signals stand out in any nucleus: the channel is missing, empty or out of focus, or the "
          "scale is wrong (--mpp)",
          kNames[c]);
    }
    const double sigma = channel.single.sigma_px * pixel_um;
    const double most = assay == IshAssay::dual_ish && c == 1 ? 2 * kMostSigmaUm : kMostSigmaUm;
    if (channel.single.count > 0 && (sigma < kLeastSigmaUm || sigma > most)) {
      return fmt::format("its {} signals would be {:.2f} um wide (sigma), which none are: the scale is wrong (--mpp)",
                         kNames[c], sigma);
    }
  }
  return {};
}

PixelSizeVerdict dual_ish_pixel_size(double mpp) {
  PixelSizeVerdict out;
  if (mpp >= kRefuseUm - 1e-9) {
    out.refusal = fmt::format(
        "its pixels are {:.3g} um; at 0.26 um nuclei were lost in 6 of 10 cases (PMC12190017): scan "
        "at 0.17 um or finer",
        mpp);
  } else if (mpp > kWarnUm + 1e-9) {
    out.warning = fmt::format(
        "Its pixels are {:.3g} um; only 0.12 and 0.17 um have been shown to agree with counts by eye "
        "(PMC12190017).",
        mpp);
  }
  return out;
}

IshTableBuilder::IshTableBuilder(IshAssay assay, const Regions* regions) : regions_(regions) {
  table_.assay = assay;
  table_.software = fmt::format("her2 {}", HER2_VERSION);
  table_.profile_name = assay == IshAssay::fish ? "fish-generic-1" : "dual-ish-generic-1";
  table_.profile_sha256 = sha256_hex(table_.profile_name);
  if (regions_ != nullptr) {
    for (const Region& region : regions_->regions) {
      table_.areas.push_back(region.name);
    }
  }
}

void IshTableBuilder::begin_field(IshField field) {
  end_field();
  if (regions_ == nullptr) {
    table_.areas.push_back(field.name);
  }
  table_.fields.push_back(std::move(field));
}

void IshTableBuilder::add(const signal::JudgedField& judged, SubPoint origin, const Box* core) {
  IshField& field = table_.fields.back();
  field.channels = judged.channels;
  field.focus = judged.focus;
  field.ratio_low = judged.ratio_low;
  field.ratio_high = judged.ratio_high;
  const auto index = static_cast<std::uint32_t>(table_.fields.size() - 1);
  const auto moved = [&](SubPoint p) { return SubPoint{p.x + origin.x, p.y + origin.y}; };
  const auto owned = [&](SubPoint p) { return core == nullptr || core->contains(p.x >> 5, p.y >> 5); };
  for (const signal::JudgedNucleus& one : judged.nuclei) {
    Entry entry{one.nucleus, one.signals, one.contour};
    entry.nucleus.field = index;
    entry.nucleus.centroid = moved(one.nucleus.centroid);
    if (!owned(entry.nucleus.centroid)) {
      continue;
    }
    entry.nucleus.area_of_tumour = index;
    if (regions_ != nullptr) {
      const int region = regions_->find(entry.nucleus.centroid);
      if (region < 0) {
        continue;
      }
      entry.nucleus.area_of_tumour = static_cast<std::uint32_t>(region);
    }
    for (IshSignal& s : entry.signals) {
      s.field = index;
      s.at = moved(s.at);
    }
    for (SubPoint& p : entry.contour) {
      p = moved(p);
    }
    entries_.push_back(std::move(entry));
  }
  for (IshSignal s : judged.stray) {
    s.field = index;
    s.at = moved(s.at);
    if (owned(s.at) && (regions_ == nullptr || regions_->find(s.at) >= 0)) {
      stray_.push_back(s);
    }
  }
}

void IshTableBuilder::end_field() {
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    const SubPoint& p = a.nucleus.centroid;
    const SubPoint& q = b.nucleus.centroid;
    return p.y != q.y ? p.y < q.y : p.x < q.x;
  });
  for (Entry& entry : entries_) {
    table_.add(std::move(entry.nucleus), entry.signals, entry.contour);
  }
  entries_.clear();
}

NucleusTable IshTableBuilder::take() {
  end_field();
  std::stable_sort(stray_.begin(), stray_.end(), [](const IshSignal& a, const IshSignal& b) {
    if (a.field != b.field) {
      return a.field < b.field;
    }
    return a.at.y != b.at.y ? a.at.y < b.at.y : a.at.x < b.at.x;
  });
  table_.signals.insert(table_.signals.end(), stray_.begin(), stray_.end());
  return std::move(table_);
}

}  // namespace her2
