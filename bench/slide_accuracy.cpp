// SPDX-License-Identifier: Apache-2.0
// How right `her2 ihc` is on phantoms, whose truth is known: cells found, completeness, widths, contrasts, classes and
// shares, over seeds, stains and laws of completeness.
//   slide_accuracy [--seeds FIRST-LAST] [--stain NAME] [--score 1+] [--law by_class|uniform] [--jpeg none|444|420]
//                  [--touching yes] [--profile FILE] [--side PIXELS] [--threads N]
// Without --stain, --score or --law each of them in turn.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/slide_competitors.h"
#include "her2/assay/ihc_run.h"
#include "her2/phantom/write.h"
#include "tests/assay/phantom_truth.h"

namespace {

using namespace her2;
using namespace her2::test;

struct Arguments {
  int first = 1, last = 4, side = 1700, threads = 1;
  std::vector<std::string> stains{"common", "generic", "pale"}, scores{"1+", "2+", "3+"}, laws{"by_class", "uniform"};
  std::string jpeg = "420", profile = "generic-uncalibrated";
  bool touching = false;
};

std::optional<ChromaSubsampling> subsampling(const std::string& name) {
  return name == "420"   ? std::optional(ChromaSubsampling::s420)
         : name == "444" ? std::optional(ChromaSubsampling::s444)
                         : std::nullopt;
}

void print(const char* name, const Accuracy& a) {
  std::printf("%s\n  F1 %.3f  tumour %.3f |", name, a.f1(), a.tumour_f1());
  std::printf(
      " recall tumour %.3f lymph %.3f stromal %.3f | precision %.3f, invented: nests %.0f stroma %.0f of %.0f\n",
      a.truth_found[0] / a.truth[0], a.truth_found[1] / std::max(1.0, a.truth[1]),
      a.truth_found[2] / std::max(1.0, a.truth[2]), sum_of(a.cells_right) / sum_of(a.cells), a.invented_in_nests,
      a.invented_in_stroma, sum_of(a.cells));
  for (std::size_t k = 0; k < 3; ++k) {
    std::printf("  true %-10s", std::string(name_of(static_cast<PhantomKind>(k))).c_str());
    for (std::size_t j = 0; j < 4; ++j) {
      std::printf(" %s %.0f", std::string(name_of(static_cast<CellKind>(j))).c_str(), a.kinds[k][j]);
    }
    std::printf("\n");
  }
  for (std::size_t s = 0; s < 5; ++s) {
    if (a.completeness[s].n > 0) {
      std::printf(
          "  %-9s n %5.0f completeness %+.3f |%.3f| gap %+.3f |%.3f| contrast %+.3f sd %.3f width %+.3f |%.3f|\n",
          std::string(name_of(static_cast<Staining>(s))).c_str(), a.completeness[s].n, a.completeness[s].mean(),
          a.completeness[s].mean_absolute(), a.gap[s].mean(), a.gap[s].mean_absolute(), a.contrast[s].mean(),
          a.contrast[s].deviation(), a.width_um[s].mean(), a.width_um[s].mean_absolute());
    }
  }
  const double truth = std::max(1.0, sum_of(a.true_cells));
  const double scored = std::max(1.0, sum_of(a.scored_cells));
  std::printf("  share %% true/scored:");
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    std::printf(" %.1f/%.1f", 100 * a.true_cells[c] / truth, 100 * a.scored_cells[c] / scored);
  }
  std::printf("\n");
}

void add_to(Accuracy& all, const Accuracy& one) {
  const auto add = [](auto& to, const auto& from) {
    for (std::size_t i = 0; i < to.size(); ++i) {
      to[i] += from[i];
    }
  };
  add(all.truth, one.truth);
  add(all.truth_found, one.truth_found);
  add(all.cells, one.cells);
  add(all.cells_right, one.cells_right);
  add(all.true_cells, one.true_cells);
  add(all.scored_cells, one.scored_cells);
  for (std::size_t i = 0; i < 3; ++i) {
    add(all.kinds[i], one.kinds[i]);
  }
  for (std::size_t i = 0; i < kMembraneClasses; ++i) {
    add(all.classes[i], one.classes[i]);
  }
  all.invented_in_nests += one.invented_in_nests;
  all.invented_in_stroma += one.invented_in_stroma;
  for (std::size_t s = 0; s < 5; ++s) {
    all.completeness[s].add(one.completeness[s]);
    all.gap[s].add(one.gap[s]);
    all.contrast[s].add(one.contrast[s]);
    all.width_um[s].add(one.width_um[s]);
  }
}

Arguments read(int argc, char** argv) {
  Arguments out;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    const std::string value = argv[i + 1];
    if (word == "--seeds") {
      out.first = std::atoi(value.c_str());
      out.last = std::atoi(value.substr(value.find('-') + 1).c_str());
    } else if (word == "--stain") {
      out.stains = {value};
    } else if (word == "--score") {
      out.scores = {value};
    } else if (word == "--law") {
      out.laws = {value};
    } else if (word == "--jpeg") {
      out.jpeg = value;
    } else if (word == "--side") {
      out.side = std::atoi(value.c_str());
    } else if (word == "--profile") {
      out.profile = value;
    } else if (word == "--touching") {
      out.touching = value == "yes";
    } else if (word == "--threads") {
      out.threads = std::atoi(value.c_str());
    }
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = read(argc, argv);
  const Profile profile = bench::need(find_profile(arguments.profile));
  Accuracy all;
  for (const std::string& stain : arguments.stains) {
    for (const std::string& law : arguments.laws) {
      for (const std::string& score : arguments.scores) {
        Accuracy some;
        for (int seed = arguments.first; seed <= arguments.last; ++seed) {
          PhantomSpec spec;
          spec.seed = static_cast<std::uint64_t>(seed);
          spec.width = spec.height = arguments.side;
          spec.mix = bench::need(preset_mix(score));
          spec.stain = bench::need(phantom_stain(stain));
          spec.completeness = law == "uniform" ? CompletenessLaw::uniform : CompletenessLaw::by_class;
          spec.clefts = !arguments.touching;
          const RenderedPhantom slide(spec, subsampling(arguments.jpeg));
          judge(measured(slide, profile, arguments.threads).table, slide.phantom(), profile, some);
        }
        print((stain + " " + law + " " + score).c_str(), some);
        std::fflush(stdout);
        add_to(all, some);
      }
    }
  }
  print("all", all);
  return 0;
}
