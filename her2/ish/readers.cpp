// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/readers.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "her2/ish/groups.h"
#include "her2/ish/intervals.h"
#include "her2/stats/student.h"

namespace her2 {
namespace {

using Pair = std::pair<NucleusCount, NucleusCount>;

// Nuclei by name; empty when a name stands twice.
std::map<std::string, NucleusCount> by_name(const NucleusTable& table) {
  std::map<std::string, NucleusCount> out;
  const auto nuclei = accepted(table);
  const auto counts = counted(table);
  for (std::size_t i = 0; i < nuclei.size(); ++i) {
    if (!out.emplace(table.nuclei[nuclei[i]].name, counts[i]).second) {
      return {};
    }
  }
  return out;
}

std::vector<Pair> pairs_of(const NucleusTable& first, const NucleusTable& second) {
  if (!first.named || !second.named) {
    return {};
  }
  const auto a = by_name(first);
  const auto b = by_name(second);
  std::vector<Pair> out;
  for (const auto& [name, count] : a) {
    if (const auto found = b.find(name); found != b.end()) {
      out.emplace_back(count, found->second);
    }
  }
  if (2 * out.size() < std::min(a.size(), b.size()) || out.size() < 2) {
    out.clear();
  }
  return out;
}

PairedDifference difference(const std::vector<Pair>& pairs, std::uint32_t NucleusCount::*channel) {
  PairedDifference out;
  const auto n = static_cast<double>(pairs.size());
  double squares = 0;
  for (const auto& [a, b] : pairs) {
    const double d = static_cast<double>(b.*channel) - static_cast<double>(a.*channel);
    out.mean += d / n;
    squares += d * d;
    out.equal += a.*channel == b.*channel ? 1 : 0;
  }
  const double sd = std::sqrt(std::max(squares - n * out.mean * out.mean, 0.0) / (n - 1));
  out.limits = {out.mean - 1.96 * sd, out.mean + 1.96 * sd};
  return out;
}

void set_ratio(ReaderComparison& out, double log_factor, double error, double df) {
  const double reach = error * student_quantile(0.975, df);
  out.ratio_factor = std::exp(log_factor);
  out.ratio_limits = {std::exp(log_factor - reach), std::exp(log_factor + reach)};
  out.ratio_differs = out.ratio_limits.low > 1 || out.ratio_limits.high < 1;
}

// Relative residual of one nucleus: what it adds to the logarithm of the ratio.
double residual(const NucleusCount& nucleus, const CountSums& sums) {
  return nucleus.her2 / sums.her2_mean() - nucleus.cep17 / sums.cep17_mean();
}

void paired_ratio(const std::vector<Pair>& pairs, ReaderComparison& out) {
  CountSums a;
  CountSums b;
  for (const auto& [first, second] : pairs) {
    a.add(first);
    b.add(second);
  }
  if (a.her2 == 0 || a.cep17 == 0 || b.her2 == 0 || b.cep17 == 0) {
    return;
  }
  double squares = 0;
  for (const auto& [first, second] : pairs) {
    const double d = residual(second, b) - residual(first, a);
    squares += d * d;
  }
  const auto n = static_cast<double>(pairs.size());
  set_ratio(out, std::log(b.her2_mean() / b.cep17_mean()) - std::log(a.her2_mean() / a.cep17_mean()),
            std::sqrt(squares / (n * (n - 1))), n - 1);
}

void unpaired_ratio(const std::vector<NucleusCount>& first, const std::vector<NucleusCount>& second,
                    ReaderComparison& out) {
  const auto a = log_moments(first);
  const auto b = log_moments(second);
  if (!a || !b) {
    return;
  }
  const double va = a->ratio.error * a->ratio.error;
  const double vb = b->ratio.error * b->ratio.error;
  set_ratio(out, b->ratio.at - a->ratio.at, std::sqrt(va + vb),
            (va + vb) * (va + vb) / (va * va / a->ratio.df + vb * vb / b->ratio.df));
}

}  // namespace

ReaderComparison compare_readers(const NucleusTable& first, const NucleusTable& second) {
  ReaderComparison out;
  const auto a = counted(first);
  const auto b = counted(second);
  const auto group = [](const CountSums& sums) { return ish_group(sums.her2, sums.cep17, sums.nuclei); };
  out.first_group = group(sums_of(a));
  out.second_group = group(sums_of(b));
  out.groups_differ = out.first_group != out.second_group;
  const auto pairs = pairs_of(first, second);
  out.paired = !pairs.empty();
  out.pairs = pairs.size();
  if (out.paired) {
    out.her2 = difference(pairs, &NucleusCount::her2);
    out.cep17 = difference(pairs, &NucleusCount::cep17);
    paired_ratio(pairs, out);
  } else {
    unpaired_ratio(a, b, out);
  }
  return out;
}

}  // namespace her2
