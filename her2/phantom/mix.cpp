// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "her2/phantom/write.h"

namespace her2 {
namespace {

constexpr std::string_view kNames =
    "unstained, and faint, weak, moderate or strong with _incomplete or _complete, such as faint_incomplete";

double* share_of(PhantomMix& mix, std::string_view name) {
  if (name == "unstained") {
    return &mix.unstained;
  }
  for (std::size_t k = 0; k < 4; ++k) {
    const std::string_view staining = name_of(static_cast<Staining>(k + 1));
    if (name == fmt::format("{}_incomplete", staining)) {
      return &mix.incomplete[k];
    }
    if (name == fmt::format("{}_complete", staining)) {
      return &mix.complete[k];
    }
  }
  return nullptr;
}

}  // namespace

Result<PhantomMix> preset_mix(std::string_view score) {
  if (score == "0") {
    return PhantomMix{.unstained = 95, .incomplete = {5, 0, 0, 0}, .complete = {}};
  }
  if (score == "1+") {
    return PhantomMix{.unstained = 35, .incomplete = {60, 5, 0, 0}, .complete = {}};
  }
  if (score == "2+") {
    return PhantomMix{.unstained = 5, .incomplete = {15, 15, 10, 0}, .complete = {0, 35, 20, 0}};
  }
  if (score == "3+") {
    return PhantomMix{.unstained = 2, .incomplete = {0, 0, 6, 2}, .complete = {0, 0, 6, 84}};
  }
  return fail(fmt::format("there is no score '{}'; there are 0, 1+, 2+, 3+", score));
}

Result<PhantomMix> read_mix(std::string_view text) {
  PhantomMix out;
  double sum = 0;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) {
      return fail(fmt::format("'{}' is no NAME=SHARE, such as faint_incomplete=30", part));
    }
    double* share = share_of(out, part.substr(0, equals));
    if (share == nullptr) {
      return fail(fmt::format("there is no class '{}'; there are {}", part.substr(0, equals), kNames));
    }
    const std::string_view number = part.substr(equals + 1);
    const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), *share);
    if (code != std::errc{} || end != number.data() + number.size() || !(*share >= 0) || *share > 1e6) {
      return fail(fmt::format("'{}' is no share; it must be a number from 0 on", number));
    }
    sum += *share;
  }
  if (!(sum > 0)) {
    return fail(fmt::format("the mix has no cells; name shares of {}", kNames));
  }
  return out;
}

void PhantomShares::add(const PhantomCell& cell) {
  if (cell.kind != PhantomKind::tumour) {
    ++(cell.kind == PhantomKind::lymphocyte ? lymphocytes : stromal);
    return;
  }
  ++tumour;
  const bool complete = cell.completeness >= 0.9 && cell.longest_gap <= 0.1;
  const bool none = cell.staining == Staining::unstained || cell.completeness < 0.05;
  ++grid[static_cast<std::size_t>(cell.staining)][none ? 0 : (complete ? 2 : 1)];
}

void PhantomShares::add(const PhantomShares& other) {
  tumour += other.tumour;
  lymphocytes += other.lymphocytes;
  stromal += other.stromal;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    for (std::size_t j = 0; j < grid[i].size(); ++j) {
      grid[i][j] += other.grid[i][j];
    }
  }
}

}  // namespace her2
