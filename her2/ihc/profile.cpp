// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/profile.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "her2/evidence/text.h"
#include "her2/evidence/toml_text.h"
#include "her2/ihc/cell_table.h"

namespace her2 {
namespace {

// What a number may be, and what one of its units is worth in the profile.
struct Limits {
  double low = 0, high = 0;
  double scale = 1;  // value in the file times this is the profile's whole number
  const char* unit = "";
};
constexpr Limits kOd{0.001, 4, 1000, "OD"};
constexpr Limits kShare{0.001, 1, 1000, ""};

// Reads one table of the file; keeps the first thing that is wrong.
class Section {
 public:
  Section(const toml::table* table, std::string name, std::optional<Error>& error)
      : table_(table), name_(std::move(name)), error_(error) {}

  void only(std::initializer_list<std::string_view> keys) {
    if (table_ == nullptr) {
      return;
    }
    for (const auto& [key, node] : *table_) {
      if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
        std::string known;
        for (const std::string_view one : keys) {
          known += (known.empty() ? "" : ", ") + std::string(one);
        }
        wrong(key.str(), "is no key here; known are " + known, &node);
      }
    }
  }

  std::string text(std::string_view key, bool required) {
    const toml::node* node = get(key, required, "a text in quotes");
    const auto value = node == nullptr ? std::nullopt : node->value_exact<std::string>();
    if (node != nullptr && (!value || (required && value->empty()))) {
      wrong(key, "must be a text in quotes", node);
    }
    return value.value_or("");
  }

  bool flag(std::string_view key, bool required) {
    const toml::node* node = get(key, required, "true or false");
    const auto value = node == nullptr ? std::nullopt : node->value_exact<bool>();
    if (node != nullptr && !value) {
      wrong(key, "must be true or false", node);
    }
    return value.value_or(false);
  }

  double real(std::string_view key, double low, double high, bool required = true) {
    const toml::node* node = get(key, required, "a number");
    return node == nullptr ? 0 : real_of(*node, key, low, high, "").value_or(0);
  }

  int whole(std::string_view key, const Limits& limits) {
    const toml::node* node = get(key, true, "a number");
    const auto value = node == nullptr ? std::nullopt : real_of(*node, key, limits.low, limits.high, limits.unit);
    if (!value) {
      return 0;
    }
    const double scaled = *value * limits.scale;
    const double rounded = std::round(scaled);
    if (std::abs(scaled - rounded) > 1e-6) {
      wrong(key, fmt::format("must be a multiple of {}", 1 / limits.scale), node);
    }
    return static_cast<int>(rounded);
  }

  std::array<double, 3> vector(std::string_view key) {
    std::array<double, 3> out{};
    const toml::node* node = get(key, true, "a list of three numbers");
    const toml::array* list = node == nullptr ? nullptr : node->as_array();
    if (node != nullptr && (list == nullptr || list->size() != 3)) {
      wrong(key, "must be a list of three numbers: optical density of red, green and blue", node);
      return out;
    }
    for (std::size_t i = 0; list != nullptr && i < 3; ++i) {
      out.at(i) = real_of(*list->get(i), key, 0, 10, "").value_or(0);
    }
    if (list != nullptr && std::max({out[0], out[1], out[2]}) < 0.01) {
      wrong(key, "must be a colour: its largest number must be at least 0.01", node);
    }
    return out;
  }

  void wrong(std::string_view key, std::string reason, const toml::node* node = nullptr) {
    if (!error_) {
      const std::string line = node == nullptr ? "" : fmt::format("line {}, ", node->source().begin.line);
      const std::string in = name_.empty() ? "" : name_ + ".";
      error_ = Error{{}, fmt::format("{}key {}{}", line, in, key), std::move(reason)};
    }
  }

 private:
  const toml::node* get(std::string_view key, bool required, const char* what) {
    const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
    if (node == nullptr && required) {
      wrong(key, fmt::format("is missing; it must be {} (docs/profiles.md)", what));
    }
    return node;
  }

  std::optional<double> real_of(const toml::node& node, std::string_view key, double low, double high,
                                const char* unit) {
    const auto value = node.value<double>();  // whole numbers too
    if (!node.is_number() || !value || !(*value >= low && *value <= high)) {
      wrong(key, fmt::format("must be a number from {} to {}{}{}", low, high, *unit == '\0' ? "" : " ", unit), &node);
      return std::nullopt;
    }
    return value;
  }

  const toml::table* table_;
  std::string name_;
  std::optional<Error>& error_;
};

class ProfileReader {
 public:
  explicit ProfileReader(const toml::table& root) : root_(root) {}

  Result<Profile> read() {
    top();
    stain();
    membrane();
    limits();
    others();
    if (error_) {
      return tl::unexpected(*error_);
    }
    return std::move(out_);
  }

 private:
  Section section(std::string_view name) {
    const toml::node* node = root_.get(name);
    if (node != nullptr && !node->is_table()) {
      Section(&root_, "", error_).wrong(name, "must be a table", node);
    }
    return {node == nullptr ? nullptr : node->as_table(), std::string(name), error_};
  }

  void top() {
    Section s(&root_, "", error_);
    s.only({"name", "calibrated", "source", "for", "stain", "membrane", "intensity", "refuse", "connectivity",
            "nuclear", "control", "uncertainty"});
    out_.name = s.text("name", true);
    out_.calibrated = s.flag("calibrated", true);
    out_.source = s.text("source", true);
    Section meant = section("for");
    meant.only({"scanner", "um_per_pixel", "subsampling"});
    out_.scanner = meant.text("scanner", false);
    out_.subsampling = meant.text("subsampling", false);
    out_.mpp = meant.real("um_per_pixel", 0.01, 10, false);
    const std::array<std::string_view, 4> known{"", "4:4:4", "4:2:2", "4:2:0"};
    if (std::find(known.begin(), known.end(), out_.subsampling) == known.end()) {
      meant.wrong("subsampling", "must be 4:4:4, 4:2:2 or 4:2:0");
    }
  }

  void stain() {
    Section s = section("stain");
    s.only({"haematoxylin", "dab", "estimate"});
    out_.stain_vectors = {s.vector("haematoxylin"), s.vector("dab")};
    out_.estimate_stain = s.flag("estimate", true);
  }

  void membrane() {
    Section s = section("membrane");
    s.only({"stained_from_od", "stained_share", "complete_share", "longest_gap"});
    const Limits ladder{kLadderMod.front() / 1000.0, kLadderMod.back() / 1000.0, 1000, "OD"};
    out_.t_mem = s.whole("stained_from_od", ladder);
    out_.stained_from = s.whole("stained_share", kShare);
    out_.complete_from = s.whole("complete_share", kShare);
    out_.longest_gap = s.whole("longest_gap", {0, 1, 1000, ""});
    if (out_.complete_from < out_.stained_from) {
      s.wrong("complete_share", "must not be below stained_share");
    }
    intensities("intensity", out_.t_weak, out_.t_moderate, out_.t_strong);
  }

  void intensities(std::string_view name, int& weak, int& moderate, int& strong) {
    Section s = section(name);
    s.only({"weak_from_od", "moderate_from_od", "strong_from_od"});
    weak = s.whole("weak_from_od", kOd);
    moderate = s.whole("moderate_from_od", kOd);
    strong = s.whole("strong_from_od", kOd);
    if (weak > moderate || moderate > strong) {
      s.wrong("moderate_from_od", "must lie between weak_from_od and strong_from_od");
    }
  }

  void limits() {
    Section s = section("refuse");
    s.only({"least_tumour_cells", "coarser_than_um", "warn_coarser_than_um"});
    out_.least_cells = s.whole("least_tumour_cells", {1, 100000, 1, ""});
    out_.refuse_mpp = s.real("coarser_than_um", 0.05, 10);
    out_.warn_mpp = s.real("warn_coarser_than_um", 0.05, 10);
    if (out_.warn_mpp > out_.refuse_mpp) {
      s.wrong("warn_coarser_than_um", "must not be above coarser_than_um");
    }
    Section u = section("uncertainty");
    u.only({"threshold_od", "contrast_share", "completeness", "white_levels", "stain_degrees", "wrong_kind_share",
            "found_share"});
    out_.sd_t_mem = u.whole("threshold_od", {0, 0.5, 1000, "OD"});
    out_.sd_contrast = u.whole("contrast_share", {0, 0.5, 1000, "of 1"});
    out_.sd_complete = u.whole("completeness", {0, 0.5, 1000, "of 1"});
    out_.sd_white = u.whole("white_levels", {0, 50, 1, "grey levels"});
    out_.sd_stain_degrees10 = u.whole("stain_degrees", {0, 30, 10, "degrees"});
    out_.sd_kind = u.whole("wrong_kind_share", {0, 0.5, 1000, ""});
    out_.sd_found = u.whole("found_share", {0, 0.5, 1000, ""});
  }

  void others() {
    Section c = section("connectivity");
    c.only({"two_from", "three_from"});
    out_.connectivity_two = c.whole("two_from", kShare);
    out_.connectivity_three = c.whole("three_from", kShare);
    if (out_.connectivity_two > out_.connectivity_three) {
      c.wrong("three_from", "must not be below two_from");
    }
    intensities("nuclear", out_.nuclear_weak, out_.nuclear_moderate, out_.nuclear_strong);
    if (root_.get("control") != nullptr) {
      Section k = section("control");
      k.only({"h_score_from", "h_score_to"});
      out_.control_low = k.whole("h_score_from", {0, 300, 1, ""});
      out_.control_high = k.whole("h_score_to", {0, 300, 1, ""});
      if (out_.control_low > out_.control_high) {
        k.wrong("h_score_to", "must not be below h_score_from");
      }
    }
  }

  const toml::table& root_;
  std::optional<Error> error_;
  Profile out_;
};

// A TOML basic string.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string thousandths(int value) { return fmt::format("{}.{:03}", value / 1000, value % 1000); }

}  // namespace

Result<Profile> read_profile(std::string_view toml, const std::string& file) {
  const auto root = parse_toml(toml, file);
  if (!root) {
    return tl::unexpected(root.error());
  }
  auto profile = ProfileReader(*root).read();
  if (!profile) {
    return tl::unexpected(located(profile.error(), file));
  }
  profile->sha256 = sha256_hex(toml);
  return profile;
}

std::string profile_toml(const Profile& p) {
  std::string out = fmt::format("# HER2 IHC profile: docs/profiles.md\nname = {}\ncalibrated = {}\nsource = {}\n",
                                quoted(p.name), p.calibrated, quoted(p.source));
  out += fmt::format("\n[for]\nscanner = {}\nsubsampling = {}\n", quoted(p.scanner), quoted(p.subsampling));
  if (p.mpp > 0) {
    out += fmt::format("um_per_pixel = {}\n", p.mpp);
  }
  const auto& [h, d] = p.stain_vectors;
  out += fmt::format(
      "\n[stain]  # optical density of red, green, blue\nhaematoxylin = [{}, {}, {}]\ndab = [{}, {}, {}]\n"
      "estimate = {}\n",
      h[0], h[1], h[2], d[0], d[1], d[2], p.estimate_stain);
  out += fmt::format(
      "\n[membrane]  # shares of the boundary\nstained_from_od = {}\nstained_share = {}\n"
      "complete_share = {}\nlongest_gap = {}\n",
      thousandths(p.t_mem), thousandths(p.stained_from), thousandths(p.complete_from), thousandths(p.longest_gap));
  out += fmt::format("\n[intensity]\nweak_from_od = {}\nmoderate_from_od = {}\nstrong_from_od = {}\n",
                     thousandths(p.t_weak), thousandths(p.t_moderate), thousandths(p.t_strong));
  out += fmt::format("\n[refuse]\nleast_tumour_cells = {}\ncoarser_than_um = {}\nwarn_coarser_than_um = {}\n",
                     p.least_cells, p.refuse_mpp, p.warn_mpp);
  out += fmt::format("\n[connectivity]  # unconfirmed\ntwo_from = {}\nthree_from = {}\n",
                     thousandths(p.connectivity_two), thousandths(p.connectivity_three));
  out += fmt::format("\n[nuclear]\nweak_from_od = {}\nmoderate_from_od = {}\nstrong_from_od = {}\n",
                     thousandths(p.nuclear_weak), thousandths(p.nuclear_moderate), thousandths(p.nuclear_strong));
  if (p.control_low >= 0) {
    out += fmt::format("\n[control]\nh_score_from = {}\nh_score_to = {}\n", p.control_low, p.control_high);
  }
  out += fmt::format(
      "\n[uncertainty]  # standard deviations\nthreshold_od = {}\ncontrast_share = {}\ncompleteness = {}\nwhite_levels "
      "= {}\n"
      "stain_degrees = {}.{}\nwrong_kind_share = {}\nfound_share = {}\n",
      thousandths(p.sd_t_mem), thousandths(p.sd_contrast), thousandths(p.sd_complete), p.sd_white,
      p.sd_stain_degrees10 / 10, p.sd_stain_degrees10 % 10, thousandths(p.sd_kind), thousandths(p.sd_found));
  return out;
}

}  // namespace her2
