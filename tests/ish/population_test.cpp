// SPDX-License-Identifier: Apache-2.0
// A second population is found where there is one, and seldom where there is none.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "her2/ish/mixture.h"
#include "her2/ish/population.h"
#include "tests/ish/simulated_counts.h"

namespace her2 {
namespace {

using simulated::Model;

NucleusTable table_of(const std::vector<NucleusCount>& nuclei) {
  NucleusTable table;
  table.assay = IshAssay::counts;
  table.fields.emplace_back();
  table.areas = {"A", "B"};
  for (const NucleusCount& n : nuclei) {
    IshNucleus nucleus;
    nucleus.area_of_tumour = n.area;
    nucleus.counts[0].clear = static_cast<std::uint16_t>(n.her2);
    nucleus.counts[1].clear = static_cast<std::uint16_t>(n.cep17);
    table.add(std::move(nucleus), {}, {});
  }
  return table;
}

// Share of cases, percent.
double found_share(const Model& model, double her2, int n, int cases) {
  double found = 0;
  for (int r = 0; r < cases; ++r) {
    simulated::Nuclei nuclei(model, her2, 2.1, 5, static_cast<std::uint64_t>(r));
    const auto counts = nuclei.take(n);
    found += second_population(table_of(counts), counts).found ? 100.0 / cases : 0;
  }
  return found;
}

TEST(IshPopulation, SeldomFoundWhereThereIsNone) {
  for (const Model& model : {Model{"real-like", .47, .30, .3}, Model{"Poisson", 1, 1, 0}, Model{"over", 1.6, 1, .2}}) {
    EXPECT_LE(found_share(model, 4, 60, 60), 5) << model.name;
  }
}

TEST(IshPopulation, FoundWhereAFifthHasFiveTimesTheSignals) {
  EXPECT_GE(found_share({"mosaic", .6, .5, .2, .2, 5}, 2.5, 60, 40), 90);
}

// What is found is printed as docs/ish.md has it.
TEST(LongIshPopulation, Table) {
  for (const Model& model : {Model{"real-like", .47, .30, .3}, Model{"Poisson", 1, 1, 0}, Model{"over", 1.6, 1, .2},
                             Model{"truncated", .47, .30, .3, 0, 1, .45, 1}}) {
    for (const double her2 : {2.5, 4.0, 12.0}) {
      for (const int n : {20, 60, 200}) {
        const double found = found_share(model, her2, n, 200);
        fmt::print("none: {} HER2 {} n {}: {:.1f} %\n", model.name, her2, n, found);
        EXPECT_LE(found, 9) << model.name << ", HER2 " << her2 << ", " << n;
      }
    }
  }
  for (const double share : {.1, .2, .5}) {
    for (const double factor : {3., 5.}) {
      for (const int n : {20, 60, 200}) {
        fmt::print("second: {:.0f} % with {:.0f} times, n {}: {:.1f} %\n", 100 * share, factor, n,
                   found_share({"two", .6, .5, .2, share, factor}, 2.5, n, 100));
      }
    }
  }
}

}  // namespace
}  // namespace her2
