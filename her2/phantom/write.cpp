// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/write.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <vector>

#include "her2/core/output_file.h"
#include "her2/core/parallel.h"
#include "her2/phantom/truth_text.h"

namespace her2 {
namespace {

constexpr std::int64_t kBlock = 1024;

struct TruthBlock {
  std::string csv, geojson;
  PhantomShares shares;
};

TruthBlock truth_of(const Phantom& phantom, const Box& box) {
  TruthBlock out;
  for (const PhantomCell& cell : phantom.cells(box)) {
    out.shares.add(cell);
    out.csv += phantom::csv_row(phantom.spec(), cell);
    out.geojson += ",\n" + phantom::feature(phantom.spec(), cell);
  }
  return out;
}

// Truth beside the image, written as the blocks come, row by row.
class TruthFiles {
 public:
  Result<void> open(const std::string& stem, bool array) {
    for (auto* file : {&csv_, &geojson_, &json_}) {
      const char* suffix = file == &csv_ ? ".cells.csv" : (file == &geojson_ ? ".truth.geojson" : ".json");
      auto opened = OutputFile::open(stem + suffix);
      if (!opened) {
        return tl::unexpected(opened.error());
      }
      file->emplace(std::move(*opened));
    }
    auto ok = csv_->write(array ? phantom::kArrayHeader : phantom::kCsvHeader);
    return ok ? geojson_->write(R"({"type":"FeatureCollection","features":[)") : ok;
  }

  Result<void> add(const TruthBlock& block) {
    if (block.geojson.empty()) {
      return {};
    }
    auto ok = csv_->write(block.csv);
    if (ok) {
      ok = geojson_->write(std::string_view(block.geojson).substr(any_ ? 0 : 1));
    }
    any_ = true;
    return ok;
  }

  Result<void> finish(const std::string& summary) {
    auto ok = geojson_->write("\n]}\n");
    if (ok) {
      ok = json_->write(summary);
    }
    for (auto* file : {&csv_, &geojson_, &json_}) {
      if (ok) {
        ok = (*file)->commit();
      }
    }
    return ok;
  }

 private:
  std::optional<OutputFile> csv_, geojson_, json_;
  bool any_ = false;
};

Result<PhantomShares> write_truth(const Phantom& phantom, const PhantomFiles& files, TruthFiles* out,
                                  const Progress& progress) {
  const PhantomSpec& spec = phantom.spec();
  PhantomShares shares;
  const std::int64_t across = (spec.width + kBlock - 1) / kBlock, down = (spec.height + kBlock - 1) / kBlock;
  for (std::int64_t row = 0; row < down; ++row) {
    std::vector<TruthBlock> blocks(static_cast<std::size_t>(across));
    const auto ok =
        parallel_for(blocks.size(), thread_count(files.threads), [&](std::size_t item, int) -> Result<void> {
          const Box box{static_cast<std::int64_t>(item) * kBlock, row * kBlock, kBlock, kBlock};
          if (phantom.has_tissue(box)) {
            blocks[item] = truth_of(phantom, box);
          }
          return {};
        });
    if (!ok) {
      return tl::unexpected(ok.error());
    }
    for (const TruthBlock& block : blocks) {
      shares.add(block.shares);
      if (out != nullptr) {
        if (auto added = out->add(block); !added) {
          return tl::unexpected(added.error());
        }
      }
    }
    if (progress && !progress(static_cast<double>(row + 1) / static_cast<double>(down))) {
      return fail("stopped");
    }
  }
  return shares;
}

std::array<std::uint8_t, 3> white_of(const PhantomStain& stain) {
  std::array<std::uint8_t, 3> out{};
  for (std::size_t c = 0; c < 3; ++c) {
    out[c] = static_cast<std::uint8_t>(std::floor(stain.white[c] + 0.5));
  }
  return out;
}

Result<void> write_density(const Phantom& phantom, PyramidOptions options, const std::string& path) {
  options.compression = TiffCompression::deflate;
  options.white = {0, 0, 0};
  return write_pyramid(path, options, [&](const Box& box, RgbImage& out) -> Result<bool> {
    if (!phantom.has_tissue(box)) {
      return false;
    }
    Plane<std::uint16_t> haematoxylin, dab, membrane;
    phantom.density(box, haematoxylin, dab, membrane);
    out.resize(static_cast<int>(box.width), static_cast<int>(box.height));
    for (int y = 0; y < out.height(); ++y) {
      for (int x = 0; x < out.width(); ++x) {
        out.at(x, y)[0] = static_cast<std::uint8_t>(std::min(haematoxylin.at(x, y) / 4, 255));
        out.at(x, y)[1] = static_cast<std::uint8_t>(std::min(dab.at(x, y) / 8, 255));
        out.at(x, y)[2] = static_cast<std::uint8_t>(std::min(membrane.at(x, y) / 8, 255));
      }
    }
    return true;
  });
}

}  // namespace

Result<PhantomShares> write_phantom(const Phantom& phantom, const PhantomFiles& files, const Progress& progress) {
  const PhantomSpec& spec = phantom.spec();
  const std::string stem = std::filesystem::path(files.image).replace_extension().string();
  TruthFiles truth;
  if (files.truth) {
    if (auto opened = truth.open(stem, spec.array.rows > 0); !opened) {
      return tl::unexpected(opened.error());
    }
  }
  // Truth costs about a tenth of what rendering does.
  constexpr double kTruthShare = 0.1;
  auto shares = write_truth(phantom, files, files.truth ? &truth : nullptr,
                            [&](double share) { return !progress || progress(kTruthShare * share); });
  if (!shares) {
    return shares;
  }
  PyramidOptions options;
  options.width = spec.width;
  options.height = spec.height;
  options.mpp = spec.mpp;
  options.compression = files.compression;
  options.quality = files.quality;
  options.subsampling = files.subsampling;
  options.white = white_of(spec.stain);
  options.threads = files.threads;
  const PixelSource source = [&](const Box& box, RgbImage& out) -> Result<bool> {
    if (!phantom.has_tissue(box)) {
      return false;
    }
    phantom.render(box, out);
    return true;
  };
  const auto written = write_pyramid(files.image, options, source, [&](double share) {
    return !progress || progress(kTruthShare + (1 - kTruthShare) * share);
  });
  if (!written) {
    return tl::unexpected(written.error());
  }
  if (files.density) {
    if (auto done = write_density(phantom, options, stem + ".density.tiff"); !done) {
      return tl::unexpected(done.error());
    }
  }
  if (files.truth) {
    if (auto done = truth.finish(phantom::summary(spec, files, *shares)); !done) {
      return tl::unexpected(done.error());
    }
  }
  return shares;
}

}  // namespace her2
