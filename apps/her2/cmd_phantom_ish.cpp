// SPDX-License-Identifier: Apache-2.0
// her2 phantom ish: synthetic FISH and dual-ISH fields with exact truth.
#include <fmt/format.h>

#include "common.h"
#include "her2/phantom/ish_phantom.h"

namespace her2::app {
namespace {

struct IshPhantomOptions {
  IshPhantomSpec spec;
  IshPhantomFiles files;
  std::string assay = "fish";
};

int make_fields(IshPhantomOptions& o, const CLI::App& command) {
  IshPhantomSpec& spec = o.spec;
  if (o.assay == "dual-ish") {
    spec.look = IshLook::dual_ish;
    // What real fields of it look like, where nothing else was asked for.
    const auto unless_given = [&](const char* option, auto& value, auto usual) {
      value = command.get_option(option)->count() == 0 ? usual : value;
    };
    unless_given("--width", spec.width, 1600);
    unless_given("--height", spec.height, 1200);
    unless_given("--nuclei", spec.nuclei, 50);
    unless_given("--cep17-sigma", spec.cep17_sigma_um, 0.42);
  }
  if (auto done = write_ish_phantom(spec, o.files); !done) {
    return complain(done.error());
  }
  fmt::print("{}: {} field{} of {} x {} pixels of {} um; truth in nuclei.csv and signals.csv\n", o.files.folder,
             spec.fields, spec.fields == 1 ? "" : "s", spec.width, spec.height, spec.mpp);
  return kDone;
}

}  // namespace

void add_phantom_ish(CLI::App& phantom, int& code) {
  CLI::App* ish =
      phantom.add_subcommand("ish", "FISH or dual-ISH fields; the truth of every nucleus and signal goes beside them");
  auto o = std::make_shared<IshPhantomOptions>();
  IshPhantomSpec& s = o->spec;
  ish->add_option("--out", o->files.folder, "The folder to write to")->required();
  ish->add_option("--assay", o->assay, "fish or dual-ish")
      ->check(CLI::IsMember({"fish", "dual-ish"}))
      ->capture_default_str();
  ish->add_option("--fields", s.fields, "How many")->capture_default_str();
  ish->add_option("--copies", s.copies, "HER2 signals of a whole nucleus; sections show fewer")->capture_default_str();
  ish->add_option("--ratio", s.ratio, "HER2 over CEP17")->capture_default_str();
  ish->add_option("--spread", s.copies_spread, "Relative standard deviation of copies between nuclei")
      ->capture_default_str();
  ish->add_option("--amplified", s.amplified, "Share of nuclei with a cluster of HER2 signals")->capture_default_str();
  ish->add_option("--cluster-low", s.cluster_low, "Fewest signals of a cluster")->capture_default_str();
  ish->add_option("--cluster-high", s.cluster_high, "Most signals of a cluster")->capture_default_str();
  ish->add_option("--double-minutes", s.double_minutes, "Share of nuclei with many scattered HER2 signals")
      ->capture_default_str();
  ish->add_option("--nuclei", s.nuclei, "Of a field")->capture_default_str();
  ish->add_option("--overlap", s.overlap, "Share of nuclei that lie over another")->capture_default_str();
  ish->add_option("--section", s.section_um, "Thickness of the section, um")->capture_default_str();
  ish->add_option("--noise", s.signal_noise, "A signal's peak over the noise: 6 poor, 12 moderate, 24 good")
      ->capture_default_str();
  ish->add_option("--autofluorescence", s.autofluorescence, "Haze over single signals")->capture_default_str();
  ish->add_option("--exposure", s.signal_grey, "Peak of a mean signal, grey levels; clusters saturate beyond 255")
      ->capture_default_str();
  ish->add_option("--her2-sigma", s.her2_sigma_um, "um")->capture_default_str();
  ish->add_option("--cep17-sigma", s.cep17_sigma_um, "um")->capture_default_str();
  ish->add_option("--width", s.width, "Pixels")->capture_default_str();
  ish->add_option("--height", s.height, "Pixels")->capture_default_str();
  ish->add_option("--mpp", s.mpp, "Micrometres per pixel")->capture_default_str();
  ish->add_option("--quality", s.jpeg_quality, "What JPEG of this quality leaves; 0: no JPEG")->capture_default_str();
  ish->add_option("--seed", s.seed, "Another seed, other fields")->capture_default_str();
  ish->add_option("--threads", o->files.threads, "0: all")->capture_default_str();
  ish->callback([o, ish, &code] { code = make_fields(*o, *ish); });
  ish->footer("\nExample:\n  her2 phantom ish --out fields --fields 4 --copies 4.3 --ratio 2.1 --amplified 0.2");
}

}  // namespace her2::app
