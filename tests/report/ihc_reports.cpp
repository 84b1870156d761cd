// SPDX-License-Identifier: Apache-2.0
#include "tests/report/ihc_reports.h"

#include <array>

namespace her2::test {
namespace {

void put32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> static_cast<unsigned>(shift) & 255U);
  }
}

void chunk(std::string& out, const std::string& name, const std::string& data) {
  put32(out, static_cast<std::uint32_t>(data.size()));
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : name + data) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xEDB88320U : crc >> 1U;
    }
  }
  out += name + data;
  put32(out, ~crc);
}

// Tissue as a child would paint it: glass, stroma, nests of cells.
std::array<int, 3> tissue(int x, int y) {
  const int cell = ((x % 14) - 7) * ((x % 14) - 7) + ((y % 14) - 7) * ((y % 14) - 7);
  const int dx = x - 150;
  const int dy = y - 100;
  if (dx * dx * 4 + dy * dy * 9 > 62000 + 9000 * ((x / 23 + y / 17) % 3)) {
    return {244, 243, 241};
  }
  if (cell > 38) {
    return {150 + x / 6, 105 + x / 6, 70 + x / 5};
  }
  return cell < 12 ? std::array<int, 3>{120, 125, 165} : std::array<int, 3>{226, 214, 205};
}

std::array<int, 3> heat(int x, int y) {
  const auto base = tissue(x, y);
  if (base[0] > 240) {
    return {238, 238, 238};
  }
  const int level = (x / 8 * 8) * 3 / 300;
  static constexpr std::array<std::array<int, 3>, 4> kColours{
      {{90, 90, 180}, {255, 215, 0}, {225, 150, 50}, {200, 50, 50}}};
  return kColours.at(static_cast<std::size_t>(level));
}

std::array<int, 3> field(int x, int y) { return tissue(40 + x, 50 + y); }

MetRow score_row(const std::string& guideline, const std::string& edition, const std::string& id,
                 const std::string& reads, const std::string& score) {
  MetRow row;
  row.guideline = guideline;
  row.guideline_title = "HER2 in invasive breast carcinoma";
  row.edition = edition;
  row.table = "ihc_score";
  row.table_title = "IHC score from the grid";
  row.row = id;
  row.when = "moderate_complete + weak_complete > 10";
  row.reads = reads;
  row.conclusions = {{"HER2 IHC score", score}};
  row.citations = {{"EG6", "ASCO pocket card of the 2018 update, page 6: IHC"}};
  return row;
}

CaseStatus edition_of(const std::string& scheme, const std::string& edition,
                      std::vector<std::pair<std::string, std::string>> values, const std::string& reads) {
  CaseStatus status;
  status.case_id = "made-up";
  status.tumour = "breast";
  status.scheme = scheme;
  status.scheme_title = "HER2 IHC";
  status.edition = edition;
  status.guidelines = {{scheme, std::string(64, 'c')}};
  status.software = "her2 test";
  SpecimenStatus specimen;
  specimen.id = "slide";
  Answer her2;
  her2.fact = "her2_status";
  her2.label = "HER2 status";
  Answer score;
  score.fact = "ihc_score";
  score.label = "HER2 IHC score";
  score.state = values.size() == 1 ? AnswerState::decided : AnswerState::open;
  for (const auto& [value, probability] : values) {
    score.values.push_back({value, scheme + " ihc_score/" + value, probability, {}});
  }
  if (values.size() == 1) {
    score.rows = {score_row(scheme, edition, values[0].first, reads, values[0].first)};
  }
  specimen.answers = {her2, score};
  specimen.replicates = 1000;
  specimen.conditional_on = "the tumour region and the profile's thresholds";
  status.specimens = {specimen};
  return status;
}

void add_shares(IhcReport& r, const std::array<double, 9>& percent, double spread) {
  static constexpr std::array<std::pair<const char*, const char*>, 9> kNames{
      {{"unstained", "unstained"},
       {"faint_incomplete", "faint, incomplete"},
       {"faint_complete", "faint, complete"},
       {"weak_incomplete", "weak, incomplete"},
       {"weak_complete", "weak, complete"},
       {"moderate_incomplete", "moderate, incomplete"},
       {"moderate_complete", "moderate, complete"},
       {"strong_incomplete", "strong, incomplete"},
       {"strong_complete", "strong, complete"}}};
  for (std::size_t i = 0; i < percent.size(); ++i) {
    const double p = percent.at(i);
    r.shares.push_back({kNames.at(i).first,
                        kNames.at(i).second,
                        static_cast<std::uint64_t>(p * static_cast<double>(r.tumour_cells) / 100),
                        {p, std::max(0.0, p - spread), p + spread}});
  }
}

void add_slide(IhcReport& r) {
  r.slide = {"TX-0042 <HER2>.svs",
             std::string(64, 'a'),
             "Aperio SVS",
             "JPEG",
             "4:2:0",
             "Aperio GT 450",
             98304,
             61440,
             0.2528,
             "file",
             0.2528,
             40,
             {"label", "macro"}};
  r.profile = {"generic-uncalibrated",
               std::string(64, 'b'),
               "starting values: three published tiles",
               false,
               {{"stained from", "0.10 OD"},
                {"weak from", "0.15 OD"},
                {"moderate from", "0.25 OD"},
                {"strong from", "0.50 OD"},
                {"complete from", "90 % of the boundary, no gap over 10 %"}}};
  r.stain.white = {243, 244, 241};
  r.stain.haematoxylin = {0.651, 0.701, 0.290};
  r.stain.dab = {0.269, 0.568, 0.778};
  r.areas = {{"measured", 84.21}, {"out of focus", 2.3}, {"pen", 0.41}, {"fold", 0.9}, {"glass", 303.1}};
  r.software = "her2 test";
  r.files = {"result.json", "report.html", "cells.h5ad", "cells.geojson.gz"};
  r.pictures = {
      {"thumbnail", "The slide", "98,304 x 61,440 pixels, 24.9 x 15.5 mm.", made_up_png(300, 200, tissue), 300, 200},
      {"heatmap", "Where the stained cells are", "Mean intensity of the tumour cells in squares of 83 um.",
       made_up_png(300, 200, heat), 300, 200}};
}

void add_field(IhcReport& r, const std::string& id, const std::string& title) {
  r.pictures.push_back({"field-" + id, title, "60 um across; 14 of 23 tumour cells are of this class.",
                        made_up_png(120, 120, field), 120, 120});
}

}  // namespace

std::string made_up_png(int width, int height, std::array<int, 3> (*paint)(int, int)) {
  std::string rows;
  for (int y = 0; y < height; ++y) {
    rows += '\0';
    for (int x = 0; x < width; ++x) {
      for (const int value : paint(x, y)) {
        rows += static_cast<char>(value);
      }
    }
  }
  std::string packed = "\x78\x01";
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : rows) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  for (std::size_t at = 0; at < rows.size(); at += 65535) {
    const std::string part = rows.substr(at, 65535);
    packed += at + 65535 >= rows.size() ? '\1' : '\0';
    const auto size = static_cast<std::uint32_t>(part.size());
    for (const std::uint32_t v : {size, ~size}) {
      packed += static_cast<char>(v & 255U);
      packed += static_cast<char>(v >> 8U & 255U);
    }
    packed += part;
  }
  put32(packed, b << 16U | a);
  std::string header;
  put32(header, static_cast<std::uint32_t>(width));
  put32(header, static_cast<std::uint32_t>(height));
  header += std::string("\x08\x02\x00\x00\x00", 5);
  std::string out = "\x89PNG\r\n\x1a\n";
  chunk(out, "IHDR", header);
  chunk(out, "IDAT", packed);
  chunk(out, "IEND", "");
  return out;
}

IhcReport plain_ihc() {
  IhcReport r;
  add_slide(r);
  r.profile.name = "mylab";
  r.profile.calibrated = true;
  r.tumour_cells = 412345;
  add_shares(r, {1.2, 1.4, 0.1, 2.1, 1.9, 4.1, 6.2, 9.9, 73.1}, 1.1);
  r.h_score = {266, 261, 270};
  r.noise_floor_percent = 1.9;
  r.kinds = {{"tumour", "tumour-like", 412345},
             {"lymphocyte", "lymphocytes", 93111},
             {"stromal", "stromal", 60321},
             {"other", "other", 1204}};
  r.qc = {{"stain", Severity::ok, "Stain", "IHC with DAB and haematoxylin."},
          {"focus", Severity::ok, "Focus", "97 % of the tissue is sharp."}};
  r.histogram.bin_od = 0.05;
  r.histogram.cells = {4900,  3000,  4100,  6000,  9000,  11000, 14000, 19000, 24000, 30000, 37000,
                       45000, 51000, 49000, 42000, 30000, 18000, 9000,  4000,  1300,  45};
  r.histogram.cuts = {{0.10, "faint"}, {0.15, "weak"}, {0.25, "moderate"}, {0.50, "strong"}};
  r.second = {true, 0.81, "3+", true, "The connectivity of the stained membranes gives 3+ too."};
  r.replicates = 1000;
  r.conditional_on = "the tumour region and the kinds of cells";
  r.heterogeneity = {{"Highest field of 1 mm²", "H-score 291"}, {"Lowest field of 1 mm²", "H-score 214"}};
  r.regions = {{"Tumor 1", "measured", 80.1, 400001, 268, {}}, {"core", "control", 1.2, 12344, 290, {}}};
  r.editions = {edition_of("breast-her2-2023", "ASCO/CAP 2023", {{"3+", "1"}},
                           "strong, complete staining in more than 10 % of tumour cells"),
                edition_of("breast-her2-2007", "ASCO/CAP 2007", {{"3+", "1"}},
                           "strong, complete staining in more than 30 % of tumour cells")};
  add_field(r, "strong-complete", "Strong, complete");
  add_field(r, "moderate-complete", "Moderate, complete");
  add_field(r, "unstained", "Unstained");
  r.timing = {71.2, 3100, 4, 812, {{"decode", 31.5}, {"cells", 22}}};
  return r;
}

IhcReport borderline_ihc() {
  IhcReport r = plain_ihc();
  r.profile.name = "generic-uncalibrated";
  r.profile.calibrated = false;
  r.shares.clear();
  r.tumour_cells = 3120;
  add_shares(r, {31.3, 24.2, 0.6, 20.1, 9.8, 8.1, 4.2, 1.2, 0.5}, 3.2);
  r.h_score = {85.9, 78, 96};
  r.qc.push_back(
      {"resolution", Severity::warning, "Resolution", "0.49 um per pixel halves faint membranes; 0.25 is wanted."});
  r.notes = {"No regions were given: the denominator is tumour-like cells, and DCIS is not excluded."};
  r.second = {true, 0.09, "1+", false,
              "The connectivity of the stained membranes gives 1+, the cells give 2+: look at the slide."};
  r.editions = {edition_of("breast-her2-2023", "ASCO/CAP 2023", {{"2+", "0.7125"}, {"1+", "0.2875"}}, ""),
                edition_of("breast-her2-2013", "ASCO/CAP 2013", {{"2+", "0.9810"}, {"1+", "0.0190"}}, ""),
                edition_of("breast-her2-five-strata-2026", "International consensus 2026", {{"1+", "1"}},
                           "weak, complete staining in at most 10 % of tumour cells")};
  r.editions[0].specimens[0].changes = {
      {"weak_complete", "weak, complete", "9.8", "5.7", "%", "1+", "breast-her2-2023 ihc_score/1+"}};
  r.edits = 12;
  r.edit_authors = {"Dr A & B"};
  r.histogram.cells = {980, 420, 510, 380, 260, 190, 130, 90, 60, 40, 25, 14, 9, 5, 3, 2, 1, 1};
  return r;
}

IhcReport refused_ihc() {
  IhcReport r;
  add_slide(r);
  r.qc = {{"stain", Severity::refused, "Stain",
           "This looks like haematoxylin and eosin, not IHC with DAB; give the HER2 slide."},
          {"focus", Severity::ok, "Focus", "99 % of the tissue is sharp."}};
  return r;
}

std::vector<std::pair<std::string, IhcReport>> all_ihc() {
  return {{"ihc-plain", plain_ihc()}, {"ihc-borderline", borderline_ihc()}, {"ihc-refused", refused_ihc()}};
}

}  // namespace her2::test
