// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/ish_phantom.h"

#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "her2/core/output_file.h"
#include "her2/core/parallel.h"
#include "her2/phantom/ish_scene.h"
#include "her2/slide/png_writer.h"

namespace her2 {
namespace {

struct Range {
  const char* name;
  double value, low, high;
};

std::string csv_of(const IshPhantomField& field, int number, std::string& signals) {
  std::string out;
  int index = 0;
  for (const IshTruthNucleus& n : field.nuclei) {
    out += fmt::format("{},{},{:.2f},{:.2f},{:.2f},{},{},{:.3f},{},{},{},{},{},{}\n", number, ++index, n.x, n.y,
                       n.area_um2, n.tumour ? 1 : 0, n.border ? 1 : 0, n.covered, n.whole[0], n.whole[1], n.seen[0],
                       n.seen[1], n.countable[0], n.countable[1]);
    for (const IshTruthSignal& s : n.signals) {
      signals += fmt::format("{},{},{},{:.2f},{:.2f},{:.3f},{}\n", number, index, s.channel == 0 ? "HER2" : "CEP17",
                             s.x, s.y, s.amplitude, s.in_cluster ? 1 : 0);
    }
  }
  return out;
}

Result<void> write_whole(const std::string& path, std::string_view bytes) {
  auto file = OutputFile::open(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  if (auto ok = file->write(bytes); !ok) {
    return ok;
  }
  return file->commit();
}

nlohmann::ordered_json json_of(const IshPhantomSpec& s) {
  return {{"seed", s.seed},
          {"look", s.look == IshLook::fish ? "fish" : "dual-ish"},
          {"fields", s.fields},
          {"width", s.width},
          {"height", s.height},
          {"mpp", s.mpp},
          {"section_um", s.section_um},
          {"nuclei", s.nuclei},
          {"diameter_um", s.diameter_um},
          {"copies", s.copies},
          {"ratio", s.ratio},
          {"copies_spread", s.copies_spread},
          {"overlap", s.overlap},
          {"stromal", s.stromal},
          {"amplified", s.amplified},
          {"double_minutes", s.double_minutes},
          {"cluster_low", s.cluster_low},
          {"cluster_high", s.cluster_high},
          {"cluster_um", s.cluster_um},
          {"signal_noise", s.signal_noise},
          {"signal_grey", s.signal_grey},
          {"amplitude_spread", s.amplitude_spread},
          {"her2_sigma_um", s.her2_sigma_um},
          {"cep17_sigma_um", s.cep17_sigma_um},
          {"cep17_in_her2", s.cep17_in_her2},
          {"her2_in_cep17", s.her2_in_cep17},
          {"autofluorescence", s.autofluorescence},
          {"focus_drift_um", s.focus_drift_um},
          {"debris", s.debris},
          {"jpeg_quality", s.jpeg_quality}};
}

}  // namespace

Result<void> check(const IshPhantomSpec& s) {
  for (const Range& r :
       {Range{"fields", static_cast<double>(s.fields), 1, 999},
        Range{"width", static_cast<double>(s.width), 64, 8192},
        Range{"height", static_cast<double>(s.height), 64, 8192},
        Range{"mpp", s.mpp, 0.02, 0.5},
        Range{"section", s.section_um, 1, 20},
        Range{"nuclei", static_cast<double>(s.nuclei), 0, 5000},
        Range{"diameter", s.diameter_um, 3, 30},
        Range{"copies", s.copies, 0, 60},
        Range{"ratio", s.ratio, 0.1, 30},
        Range{"overlap", s.overlap, 0, 1},
        Range{"stromal", s.stromal, 0, 1},
        Range{"amplified", s.amplified, 0, 1},
        Range{"double minutes", s.double_minutes, 0, 1},
        Range{"signal to noise", s.signal_noise, 1, 1000},
        Range{"signal level", s.signal_grey, 2, 255},
        Range{"amplitude spread", s.amplitude_spread, 0, 1},
        Range{"autofluorescence", s.autofluorescence, 0, 5},
        Range{"JPEG quality", static_cast<double>(s.jpeg_quality), 0, 100},
        Range{"cluster signals", static_cast<double>(s.cluster_low), 1, 200},
        Range{"cluster signals", static_cast<double>(s.cluster_high), static_cast<double>(s.cluster_low), 200}}) {
    if (!(r.value >= r.low && r.value <= r.high)) {
      return fail(fmt::format("{} of {} is out of its range, {} to {}", r.name, r.value, r.low, r.high));
    }
  }
  return {};
}

Result<IshPhantomField> ish_phantom_field(const IshPhantomSpec& spec, int field) {
  if (auto ok = check(spec); !ok) {
    return tl::unexpected(ok.error());
  }
  const phantom::Scene scene = phantom::make_scene(spec, field);
  IshPhantomField out;
  if (spec.look == IshLook::fish) {
    phantom::render_fish(spec, scene, field, out.rgb);
  } else {
    phantom::render_dual_ish(spec, scene, field, out.rgb);
  }
  if (spec.jpeg_quality > 0) {
    if (auto ok = through_jpeg(spec.jpeg_quality, ChromaSubsampling::s420, out.rgb); !ok) {
      return tl::unexpected(ok.error());
    }
  }
  for (const auto& nucleus : scene.nuclei) {
    out.nuclei.push_back(nucleus.truth);
  }
  return out;
}

Result<void> write_ish_phantom(const IshPhantomSpec& spec, const IshPhantomFiles& files) {
  if (auto ok = check(spec); !ok) {
    return ok;
  }
  std::error_code error;
  std::filesystem::create_directories(files.folder, error);
  if (error) {
    return fail(fmt::format("the folder cannot be made: {}", error.message()), {}, files.folder);
  }
  const auto count = static_cast<std::size_t>(spec.fields);
  std::vector<std::string> nuclei(count);
  std::vector<std::string> signals(count);
  auto done = parallel_for(count, thread_count(files.threads), [&](std::size_t i, int) -> Result<void> {
    auto field = ish_phantom_field(spec, static_cast<int>(i));
    if (!field) {
      return tl::unexpected(field.error());
    }
    nuclei[i] = csv_of(*field, static_cast<int>(i) + 1, signals[i]);
    auto png = encode_png(field->rgb);
    if (!png) {
      return tl::unexpected(png.error());
    }
    return write_whole(fmt::format("{}/field-{:03}.png", files.folder, i + 1), *png);
  });
  if (!done) {
    return done;
  }
  std::string all =
      "field,nucleus,x,y,area_um2,tumour,border,covered,her2_whole,cep17_whole,her2_seen,cep17_seen,"
      "her2_countable,cep17_countable\n";
  std::string dots = "field,nucleus,channel,x,y,amplitude,in_cluster\n";
  for (std::size_t i = 0; i < count; ++i) {
    all += nuclei[i];
    dots += signals[i];
  }
  if (auto ok = write_whole(files.folder + "/nuclei.csv", all); !ok) {
    return ok;
  }
  if (auto ok = write_whole(files.folder + "/signals.csv", dots); !ok) {
    return ok;
  }
  return write_whole(files.folder + "/phantom.json", json_of(spec).dump(2) + "\n");
}

}  // namespace her2
