// SPDX-License-Identifier: Apache-2.0
// her2 phantom: synthetic slides with exact truth.
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "common.h"
#include "her2/phantom/write.h"

namespace her2::app {
namespace {

struct PhantomOptions {
  PhantomSpec spec;
  PhantomFiles files;
  std::string score = "1+", mix, stain = "common", completeness = "class", subsampling = "4:2:0", compression = "jpeg";
  std::string tma;
  bool touching = false, no_truth = false;
};

// "3x4": rows of columns of cores, whose scores go round.
Result<void> fill_in_array(PhantomOptions& o) {
  if (o.tma.empty()) {
    return {};
  }
  PhantomArray& array = o.spec.array;
  int end = 0;
  if (std::sscanf(o.tma.c_str(), "%3dx%3d%n", &array.rows, &array.columns, &end) != 2 ||
      static_cast<std::size_t>(end) != o.tma.size() || array.rows < 1 || array.columns < 1) {
    return fail("must be ROWSxCOLUMNS, such as 3x4", {}, "--tma");
  }
  for (const char* score : {"3+", "0", "2+", "1+"}) {
    array.mixes.push_back(*preset_mix(score));
  }
  if (array.pitch_um < 1.15 * array.core_um) {
    array.pitch_um = 1.5 * array.core_um;
  }
  o.spec.width = std::llround((array.columns + 0.2) * array.pitch_um / o.spec.mpp);
  o.spec.height = std::llround((array.rows + 0.2) * array.pitch_um / o.spec.mpp);
  return {};
}

Result<void> fill_in(PhantomOptions& o) {
  const auto mix = o.mix.empty() ? preset_mix(o.score) : read_mix(o.mix);
  if (!mix) {
    return tl::unexpected(located(mix.error(), {}, o.mix.empty() ? "--score" : "--mix"));
  }
  const auto stain = phantom_stain(o.stain);
  if (!stain) {
    return tl::unexpected(located(stain.error(), {}, "--stain"));
  }
  o.spec.mix = *mix;
  if (auto ok = fill_in_array(o); !ok) {
    return ok;
  }
  o.spec.stain = *stain;
  o.spec.completeness = o.completeness == "uniform" ? CompletenessLaw::uniform : CompletenessLaw::by_class;
  o.spec.clefts = !o.touching;
  o.files.truth = !o.no_truth;
  o.files.subsampling = o.subsampling == "4:4:4"   ? ChromaSubsampling::s444
                        : o.subsampling == "4:2:2" ? ChromaSubsampling::s422
                                                   : ChromaSubsampling::s420;
  o.files.compression = o.compression == "jpeg"      ? TiffCompression::jpeg
                        : o.compression == "deflate" ? TiffCompression::deflate
                                                     : TiffCompression::none;
  return {};
}

// A bar on standard error when that is a terminal.
bool show_progress(double share) {
  constexpr int kWidth = 40;
  const int full = static_cast<int>(share * kWidth);
  fmt::print(stderr, "\r  rendering [{:=<{}}{: <{}}] {:3.0f} %", "", full, "", kWidth - full, share * 100);
  if (share >= 1) {
    fmt::print(stderr, "\r{: <70}\r", "");
  }
  std::fflush(stderr);
  return true;
}

int make_phantom(PhantomOptions& o) {
  if (auto ok = fill_in(o); !ok) {
    return complain(ok.error());
  }
  const auto phantom = Phantom::make(o.spec);
  if (!phantom) {
    return complain(phantom.error());
  }
  const auto shares = write_phantom(*phantom, o.files, is_terminal(2) ? Progress(show_progress) : Progress{});
  if (!shares) {
    return complain(shares.error());
  }
  fmt::print("{}: {} x {} pixels of {} um, {} tumour cells, {} lymphocytes, {} stromal cells\n", o.files.image,
             o.spec.width, o.spec.height, o.spec.mpp, shares->tumour, shares->lymphocytes, shares->stromal);
  for (std::size_t k = 0; k < shares->grid.size(); ++k) {
    const auto& [none, incomplete, complete] = shares->grid[k];
    if (none + incomplete + complete > 0) {
      const auto percent = [&](std::uint64_t count) {
        return 100.0 * static_cast<double>(count) / static_cast<double>(shares->tumour);
      };
      fmt::print("  {:<10} none {:5.1f} %   incomplete {:5.1f} %   complete {:5.1f} %\n",
                 name_of(static_cast<Staining>(k)), percent(none), percent(incomplete), percent(complete));
    }
  }
  return kDone;
}

}  // namespace

void add_phantom(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("phantom", "Synthetic slides with exact truth, for tests and for teaching");
  command->require_subcommand(1);
  CLI::App* ihc = command->add_subcommand("ihc", "A HER2 IHC slide; its truth goes beside it as CSV, GeoJSON and JSON");
  auto o = std::make_shared<PhantomOptions>();
  ihc->add_option("--out", o->files.image, "The slide to write, such as phantom.tiff")->required();
  ihc->add_option("--seed", o->spec.seed, "Another seed, another slide")->capture_default_str();
  ihc->add_option("--width", o->spec.width, "Pixels")->capture_default_str();
  ihc->add_option("--height", o->spec.height, "Pixels")->capture_default_str();
  ihc->add_option("--mpp", o->spec.mpp, "Micrometres per pixel")->capture_default_str();
  auto* score =
      ihc->add_option("--score", o->score, "A mix of cells that scores 0, 1+, 2+ or 3+")->capture_default_str();
  ihc->add_option("--mix", o->mix, "Shares of cells: unstained=60,faint_incomplete=30,weak_complete=10")
      ->excludes(score);
  ihc->add_option("--completeness", o->completeness, "class: complete or incomplete; uniform: anything from 0 to 1")
      ->check(CLI::IsMember({"class", "uniform"}))
      ->capture_default_str();
  ihc->add_option("--clustering", o->spec.clustering, "Share of cells that stain as their surroundings do")
      ->capture_default_str();
  ihc->add_flag("--touching", o->touching, "Cells that stain differently share one membrane, without clefts");
  ihc->add_option("--tissue", o->spec.tissue_share, "Share of each side that is tissue; the rest is glass")
      ->capture_default_str();
  ihc->add_option("--tma", o->tma,
                  "A microarray of ROWSxCOLUMNS cores that score 3+, 0, 2+, 1+ in turn; sets width and height");
  ihc->add_option("--core", o->spec.array.core_um, "Diameter of its cores, um")->capture_default_str();
  ihc->add_option("--missing", o->spec.array.missing, "Share of its places without a core")->capture_default_str();
  ihc->add_option("--slope", o->spec.array.slope, "Of its rows: how far down for one to the right")
      ->capture_default_str();
  ihc->add_option("--stroma", o->spec.stroma, "Share of the tissue between the nests")->capture_default_str();
  ihc->add_option("--lymphocytes", o->spec.lymphocytes, "Share of the stroma that is infiltrated")
      ->capture_default_str();
  ihc->add_option("--pen", o->spec.pen_marks, "Pen marks")->capture_default_str();
  ihc->add_option("--folds", o->spec.folds, "Folds of the tissue")->capture_default_str();
  ihc->add_option("--blurs", o->spec.blurs, "Places out of focus")->capture_default_str();
  ihc->add_option("--stain", o->stain, "common, generic or pale")->capture_default_str();
  ihc->add_option("--psf", o->spec.psf_um, "Sigma of the scanner's blur, um")->capture_default_str();
  ihc->add_option("--noise", o->spec.noise, "Sensor noise, grey levels")->capture_default_str();
  ihc->add_option("--compression", o->compression, "jpeg, deflate or none")
      ->check(CLI::IsMember({"jpeg", "deflate", "none"}))
      ->capture_default_str();
  ihc->add_option("--quality", o->files.quality, "Of JPEG")->capture_default_str();
  ihc->add_option("--subsampling", o->subsampling, "Of JPEG's colours")
      ->check(CLI::IsMember({"4:4:4", "4:2:2", "4:2:0"}))
      ->capture_default_str();
  ihc->add_flag("--no-truth", o->no_truth, "Only the slide");
  ihc->add_flag(
      "--density", o->files.density,
      "Also NAME.density.tiff: optical density before optics (R haematoxylin / 4, G DAB / 8, B membrane / 8, mOD)");
  ihc->add_option("--threads", o->files.threads, "0: all")->capture_default_str();
  ihc->callback([o, &code] { code = make_phantom(*o); });
  ihc->footer("\nExample:\n  her2 phantom ihc --out phantom.tiff --score 2+ --width 8192 --height 8192 --tissue 0.8");
}

}  // namespace her2::app
