// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/truth_text.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "her2/phantom/array.h"
#include "her2/phantom/noise.h"

namespace her2::phantom {
namespace {

// A UUID of version 8 (RFC 9562) made of seed and place.
std::string id_of(const PhantomSpec& spec, const PhantomCell& cell) {
  const std::uint64_t a = key(spec.seed, cell.centroid.x, cell.centroid.y), b = mix(a ^ 0x49440000U);
  return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}", a >> 32U, (a >> 16U) & 0xFFFFU, a & 0xFFFU,
                     0x8000U | ((b >> 48U) & 0x3FFFU), b & 0xFFFFFFFFFFFFU);
}

double px(std::int32_t sub) { return static_cast<double>(sub) / kSubpixels; }

double area_um2(const PhantomSpec& spec, const Contour& ring) {
  return std::abs(static_cast<double>(doubled_area(ring))) / 2 / (kSubpixels * kSubpixels) * spec.mpp * spec.mpp;
}

std::string polygon(const Contour& ring) {
  std::string out = R"({"type":"Polygon","coordinates":[[)";
  for (std::size_t i = 0; i <= ring.size(); ++i) {
    const SubPoint& p = ring[i % ring.size()];
    fmt::format_to(std::back_inserter(out), "{}[{:.2f},{:.2f}]", i == 0 ? "" : ",", px(p.x), px(p.y));
  }
  return out + "]]}";
}

// Names and colours (R, G, B) as QuPath has them for intensity classes.
std::string classification(const PhantomCell& cell) {
  if (cell.kind == PhantomKind::lymphocyte) {
    return R"({"name":"Immune cells","color":[160,90,160]})";
  }
  if (cell.kind == PhantomKind::stromal) {
    return R"({"name":"Stroma","color":[150,200,150]})";
  }
  switch (cell.completeness < 0.05 ? Staining::unstained : cell.staining) {
    case Staining::unstained: return R"({"names":["Tumor","Negative"],"color":[90,90,180]})";
    case Staining::faint: return R"({"names":["Tumor","faint"],"color":[255,235,120]})";
    case Staining::weak: return R"({"names":["Tumor","weak"],"color":[255,215,0]})";
    case Staining::moderate: return R"({"names":["Tumor","moderate"],"color":[225,150,50]})";
    case Staining::strong: break;
  }
  return R"({"names":["Tumor","strong"],"color":[200,50,50]})";
}

nlohmann::ordered_json mix_json(const PhantomMix& mix) {
  nlohmann::ordered_json out{{"unstained", mix.unstained}};
  for (std::size_t k = 0; k < 4; ++k) {
    const std::string name(name_of(static_cast<Staining>(k + 1)));
    out[name + "_incomplete"] = mix.incomplete[k];
    out[name + "_complete"] = mix.complete[k];
  }
  return out;
}

}  // namespace

std::string csv_row(const PhantomSpec& spec, const PhantomCell& cell) {
  const bool tumour = cell.kind == PhantomKind::tumour;
  std::string out = fmt::format("{},{},{:.2f},{:.2f},{},", id_of(spec, cell), name_of(cell.kind), px(cell.centroid.x),
                                px(cell.centroid.y), cell.obscured ? 1 : 0);
  if (tumour) {
    fmt::format_to(std::back_inserter(out), "{},{},{:.4f},{:.4f},{:.1f},{:.1f},{:.3f},{:.3f},", name_of(cell.staining),
                   cell.complete ? 1 : 0, cell.completeness, cell.longest_gap, cell.contrast_mod, cell.amplitude_mod,
                   cell.width_um, cell.seen_width_um);
  } else {
    out += ",,,,,,,,";
  }
  fmt::format_to(std::back_inserter(out), "{:.2f},", area_um2(spec, cell.nucleus));
  if (tumour) {
    fmt::format_to(std::back_inserter(out), "{:.2f}", area_um2(spec, cell.membrane));
  }
  if (spec.array.rows > 0) {
    const CorePlace core = core_at(spec, px(cell.centroid.x) * spec.mpp, px(cell.centroid.y) * spec.mpp);
    out += core.row < 0 ? "," : fmt::format(",{}{}", static_cast<char>('A' + core.row % 26), core.column + 1);
  }
  return out + "\n";
}

std::string feature(const PhantomSpec& spec, const PhantomCell& cell) {
  const bool tumour = cell.kind == PhantomKind::tumour;
  std::string out = fmt::format(R"({{"type":"Feature","id":"{}","geometry":{})", id_of(spec, cell),
                                polygon(tumour ? cell.membrane : cell.nucleus));
  if (tumour) {
    out += R"(,"nucleusGeometry":)" + polygon(cell.nucleus);
  }
  fmt::format_to(std::back_inserter(out), R"(,"properties":{{"objectType":"{}","classification":{})",
                 tumour ? "cell" : "detection", classification(cell));
  if (tumour) {
    fmt::format_to(std::back_inserter(out),
                   R"(,"measurements":{{"Truth: completeness":{:.4f},"Truth: longest gap":{:.4f},)"
                   R"("Truth: contrast mOD":{:.1f},"Truth: width um":{:.3f},"Truth: seen width um":{:.3f}}})",
                   cell.completeness, cell.longest_gap, cell.contrast_mod, cell.width_um, cell.seen_width_um);
  }
  return out + "}}";
}

std::string summary(const PhantomSpec& spec, const PhantomFiles& files, const PhantomShares& shares) {
  using nlohmann::ordered_json;
  ordered_json look = ordered_json::object(), grid = ordered_json::object();
  for (std::size_t k = 0; k < 5; ++k) {
    const std::string name(name_of(static_cast<Staining>(k)));
    const auto& counts = shares.grid[k];
    grid[name] = {{"none", counts[0]}, {"incomplete", counts[1]}, {"complete", counts[2]}};
    if (k > 0) {
      const MembraneLook& l = spec.look[k - 1];
      look[name] = {{"contrast_mod", l.contrast_mod},
                    {"contrast_spread_mod", l.contrast_spread_mod},
                    {"width_um", l.width_um},
                    {"width_spread_um", l.width_spread_um},
                    {"cytoplasm_mod", l.cytoplasm_mod}};
    }
  }
  ordered_json mixes = ordered_json::array();
  for (const PhantomMix& mix : spec.array.mixes) {
    mixes.push_back(mix_json(mix));
  }
  const ordered_json out{
      {"schema", "her2.phantom.1"},
      {"spec",
       {{"seed", spec.seed},
        {"width", spec.width},
        {"height", spec.height},
        {"mpp", spec.mpp},
        {"mix", mix_json(spec.mix)},
        {"completeness", spec.completeness == CompletenessLaw::uniform ? "uniform" : "by class"},
        {"look", look},
        {"clustering", spec.clustering},
        {"clefts", spec.clefts},
        {"cell_um", spec.cell_um},
        {"nest_um", spec.nest_um},
        {"stroma", spec.stroma},
        {"lymphocytes", spec.lymphocytes},
        {"lumen", spec.lumen},
        {"tissue_share", spec.tissue_share},
        {"array",
         {{"rows", spec.array.rows},
          {"columns", spec.array.columns},
          {"core_um", spec.array.core_um},
          {"pitch_um", spec.array.pitch_um},
          {"slope", spec.array.slope},
          {"missing", spec.array.missing},
          {"mixes", mixes}}},
        {"pen_marks", spec.pen_marks},
        {"folds", spec.folds},
        {"blurs", spec.blurs},
        {"debris", spec.debris},
        {"stain",
         {{"haematoxylin", spec.stain.haematoxylin},
          {"dab", spec.stain.dab},
          {"white", spec.stain.white},
          {"haematoxylin_gain", spec.stain.haematoxylin_gain},
          {"dab_background_mod", spec.stain.dab_background_mod}}},
        {"reader_haematoxylin", spec.reader_haematoxylin},
        {"reader_dab", spec.reader_dab},
        {"psf_um", spec.psf_um},
        {"noise", spec.noise}}},
      {"image",
       {{"compression", files.compression == TiffCompression::jpeg ? "JPEG" : "lossless"},
        {"quality", files.quality},
        {"subsampling", files.subsampling == ChromaSubsampling::s444   ? "4:4:4"
                        : files.subsampling == ChromaSubsampling::s422 ? "4:2:2"
                                                                       : "4:2:0"}}},
      {"truth",
       {{"tumour", shares.tumour}, {"lymphocyte", shares.lymphocytes}, {"stromal", shares.stromal}, {"grid", grid}}}};
  return out.dump(2) + "\n";
}

}  // namespace her2::phantom
