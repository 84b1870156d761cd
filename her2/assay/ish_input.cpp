// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ish_input.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "her2/slide/slide.h"
#include "her2/tissue/tissue.h"

namespace her2 {
namespace {

constexpr double kLeastFieldUm = 15;     // of a side: below it hardly a nucleus fits in
constexpr std::size_t kLeastNuclei = 1;  // well formed, in the channel that should show them
constexpr double kFarClearer = 1.8;      // times the contrast of nuclei in the channel given for them
constexpr double kMostSaturated = 0.10;  // of the nuclei's pixels
constexpr float kLeastRange = 4;         // grey levels between the darkest and the brightest place of a channel
constexpr std::array<const char*, 3> kWhat{"nuclei (DAPI)", "HER2", "CEP17"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool names(std::string_view name, std::initializer_list<std::string_view> words) {
  const std::string plain = lower(name);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

// The channel that a file's own names make the likely one for a role.
std::optional<std::size_t> by_name(const std::vector<std::string>& channels, std::size_t role) {
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const std::string& name = channels[i];
    const bool fits = role == 0 ? names(name, {"dapi", "hoechst", "blue"})
                      : role == 1
                          ? names(name, {"her2", "erbb2", "orange", "cy3", "tritc", "texas", "rhod", "red"})
                          : names(name, {"cep17", "cen17", "cep 17", "fitc", "green", "gfp", "alexa488", "alexa 488"});
    if (fits) {
      return i;
    }
  }
  return std::nullopt;
}

Result<std::size_t> role_of(const std::string& wish, const std::vector<std::string>& channels, std::size_t role) {
  if (wish.empty()) {
    if (const auto found = by_name(channels, role)) {
      return *found;
    }
    // DAPI, HER2, CEP17, as they are usually taken.
    if (channels.size() == 3) {
      return role;
    }
    return fail(fmt::format("which of its {} channels shows {} is not known; say so with --{}", channels.size(),
                            kWhat[role],
                            role == 0   ? "nuclei"
                            : role == 1 ? "her2"
                                        : "cep17"));
  }
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (lower(channels[i]) == lower(wish) || std::to_string(i + 1) == wish) {
      return i;
    }
  }
  return fail(fmt::format("it has no channel \"{}\" for {}; its channels are {}", wish, kWhat[role],
                          fmt::join(channels, ", ")));
}

Result<void> find_roles(const IshRoles& wish, IshInput& input) {
  const std::vector<std::string> picture{"red", "green", "blue"};
  const std::vector<std::string>& channels = input.rgb.empty() ? input.channels.names : picture;
  const std::array<const std::string*, 3> wishes{&wish.nuclei, &wish.her2, &wish.cep17};
  if (channels.size() < 3) {
    return fail(fmt::format("it has {} channels ({}); nuclei, HER2 and CEP17 are needed", channels.size(),
                            fmt::join(channels, ", ")));
  }
  for (std::size_t role = 0; role < 3; ++role) {
    auto found = role_of(*wishes[role], channels, role);
    if (!found) {
      return tl::unexpected(found.error());
    }
    input.roles[role] = *found;
  }
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (input.roles[a] == input.roles[b]) {
        return fail(
            fmt::format("channel {} is given for both {} and {}", channels[input.roles[a]], kWhat[b], kWhat[a]));
      }
    }
  }
  return {};
}

Result<void> read_picture(const std::string& path, const IshFieldsOptions& options, IshInput& out) {
  auto slide = open_slide(path, {.mpp = options.mpp});
  if (!slide) {
    return tl::unexpected(slide.error());
  }
  const SlideInfo& info = (*slide)->info();
  const SlideLevel& full = info.levels[0];
  if (full.width * full.height > kMostFieldPixels) {
    return fail(fmt::format("it has {} x {} pixels; a field has at most {} million", full.width, full.height,
                            kMostFieldPixels / 1'000'000));
  }
  auto mpp = square_mpp(info);
  if (!mpp) {
    return tl::unexpected(mpp.error());
  }
  out.mpp = *mpp;
  out.notices = info.warnings;
  auto reader = (*slide)->reader();
  if (!reader) {
    return tl::unexpected(reader.error());
  }
  return read_region(**reader, info, 0, {0, 0, full.width, full.height}, out.rgb);
}

Result<void> read_planes(const std::string& path, const IshFieldsOptions& options, IshInput& out) {
  auto image = read_channels(path);
  if (!image) {
    return tl::unexpected(image.error());
  }
  out.channels = std::move(*image);
  out.notices = out.channels.warnings;
  if (!options.mpp && !out.channels.mpp) {
    return fail("the file states no micrometres per pixel; say them with --mpp");
  }
  out.mpp = options.mpp ? *options.mpp : *out.channels.mpp;
  return {};
}

// The planes of a FISH field with other roles.
void planes_of(const IshInput& input, const std::array<std::size_t, 3>& roles, int k, signal::FishPlanes& out) {
  if (input.rgb.empty()) {
    const auto& planes = input.channels.planes;
    signal::fish_planes(planes[roles[0]], planes[roles[1]], planes[roles[2]], input.channels.white, k, out);
  } else {
    signal::fish_planes(input.rgb, {roles[0], roles[1], roles[2]}, k, out);
  }
}

template <class T>
double range_of(const Plane<T>& plane) {
  const auto [low, high] = std::minmax_element(plane.pixels().begin(), plane.pixels().end());
  return static_cast<double>(*high) - static_cast<double>(*low);
}

std::size_t well_formed(const signal::FieldNuclei& nuclei) {
  return static_cast<std::size_t>(std::count_if(nuclei.nuclei.begin(), nuclei.nuclei.end(), [](const auto& n) {
    return n.ellipse >= 0.8 && n.solidity >= 0.9 && n.step >= 0.2;
  }));
}

std::string no_nuclei(const IshInput& input) {
  const std::string elsewhere = clearer_nuclei(input);
  return "no nuclei are in the channel given for them (DAPI): " +
         (elsewhere.empty() ? "it may be missing, or the scale is wrong" : elsewhere);
}

IshReading read_fish_field(const IshInput& input) {
  IshReading out;
  const auto constants = signal::constants_of(IshAssay::fish);
  const int k = signal::signal_reduction(input.mpp, constants);
  signal::FishPlanes planes;
  planes_of(input, input.roles, k, planes);
  if (range_of(planes.her2) < static_cast<double>(kLeastRange)) {
    out.refused = "its HER2 channel is empty";
  } else if (range_of(planes.cep17) < static_cast<double>(kLeastRange)) {
    out.refused = "its CEP17 channel is empty";
  } else if (range_of(planes.nuclei) < 64 * static_cast<double>(kLeastRange)) {
    out.refused = no_nuclei(input);
  } else {
    out.reading = signal::read_fish(planes, input.width, input.height, input.mpp, k);
    if (well_formed(out.reading.nuclei) < kLeastNuclei) {
      out.refused = no_nuclei(input);
    }
    for (std::size_t c = 0; c < kIshChannels && out.refused.empty(); ++c) {
      if (out.reading.saturated[c] > kMostSaturated) {
        out.refused = fmt::format(
            "its {} channel is saturated in {:.0f} % of the nuclei's pixels: take it again with a shorter exposure",
            kWhat[c + 1], 100 * out.reading.saturated[c]);
      }
    }
  }
  return out;
}

}  // namespace

Result<IshInput> read_ish_input(const std::string& path, const IshFieldsOptions& options) {
  IshInput out;
  out.path = path;
  out.name = std::filesystem::path(path).filename().string();
  const bool grey = options.assay == IshAssay::fish && holds_channels(path);
  auto read = grey ? read_planes(path, options, out) : read_picture(path, options, out);
  if (!read) {
    return tl::unexpected(located(read.error(), path));
  }
  if (options.assay == IshAssay::fish) {
    if (auto roles = find_roles(options.roles, out); !roles) {
      return tl::unexpected(located(roles.error(), path));
    }
  }
  out.width = grey ? out.channels.planes[0].width() : out.rgb.width();
  out.height = grey ? out.channels.planes[0].height() : out.rgb.height();
  auto sha = sha256_of_file(path);
  if (!sha) {
    return tl::unexpected(sha.error());
  }
  out.sha256 = std::move(*sha);
  return out;
}

IshReading read_ish_field(const IshInput& input, const IshFieldsOptions& options) {
  IshReading out;
  if (std::min(input.width, input.height) * input.mpp < kLeastFieldUm) {
    out.refused = fmt::format("it is {} x {} pixels, {:.3g} x {:.3g} um: too small for a nucleus", input.width,
                              input.height, input.width * input.mpp, input.height * input.mpp);
    return out;
  }
  if (options.assay == IshAssay::fish) {
    return read_fish_field(input);
  }
  const WhitePoint white = find_white(input.rgb);
  out.reading = signal::read_dual_ish(input.rgb, white.white, signal::find_channel_shift(input.rgb), input.mpp);
  if (well_formed(out.reading.nuclei) < kLeastNuclei) {
    out.refused = "no nuclei are in it: it may be no dual-ISH picture, or the scale is wrong";
  }
  return out;
}

std::string clearer_nuclei(const IshInput& input) {
  const auto constants = signal::constants_of(IshAssay::fish);
  const int k = signal::signal_reduction(input.mpp, constants);
  std::array<double, 3> contrast{};
  for (std::size_t role = 0; role < 3; ++role) {
    std::array<std::size_t, 3> roles = input.roles;
    std::swap(roles[0], roles[role]);
    signal::FishPlanes planes;
    planes_of(input, roles, k, planes);
    const auto nuclei = signal::find_field_nuclei(planes.nuclei, input.mpp * k, constants.nuclei);
    contrast[role] = well_formed(nuclei) >= 3 ? nuclei.contrast : 0;
  }
  for (std::size_t role = 1; role < 3; ++role) {
    if (contrast[role] > kFarClearer * contrast[0]) {
      return fmt::format("nuclei show in the channel given for {}: DAPI is missing or the channels are swapped",
                         kWhat[role]);
    }
  }
  return {};
}

}  // namespace her2
