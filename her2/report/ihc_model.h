// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/report/status_model.h"

// What `her2 ihc` says of one slide, in words and plain values: every face (JSON, text, HTML) prints this and nothing
// else. Floating point is for showing only; what was decided was decided on whole numbers before.
namespace her2 {

// `low` and `high` hold IhcReport::coverage_percent of the replicates.
struct IhcInterval {
  double value = 0;
  double low = 0, high = 0;  // equal to value when there is no ensemble
};

struct IhcSlide {
  std::string name, sha256;            // file name without folder
  std::string format, compression;     // "Aperio SVS", "JPEG"
  std::string subsampling;             // "4:2:0"; empty: none or not known
  std::string scanner;                 // may be empty
  std::int64_t width = 0, height = 0;  // level 0 pixels
  double mpp = 0;                      // um per level 0 pixel
  std::string mpp_source;              // "file", "--mpp"
  double work_mpp = 0;                 // um per pixel that was measured on
  double objective = 0;                // 0: not known
  std::vector<std::string> left_out;   // label, macro: named, never read
};

struct IhcProfile {
  std::string name, sha256, source;
  bool calibrated = false;
  std::vector<std::pair<std::string, std::string>> constants;  // "stained from", "0.10 OD"
};

struct IhcStain {
  std::array<int, 3> white{255, 255, 255};      // I0 of red, green, blue
  std::array<double, 3> haematoxylin{}, dab{};  // unit vectors in OD
  bool estimated = false;                       // from this slide; else the profile's
  std::string says;                             // which were taken, and why
};

enum class Severity : std::uint8_t { ok, warning, refused };

struct IhcVerdict {
  std::string id;  // "focus", "resolution", "tumour_cells": stable, for programs
  Severity severity = Severity::ok;
  std::string label;   // "Focus"
  std::string reason;  // one sentence
};

struct IhcArea {
  std::string reason;  // "measured", "out of focus", "pen", "fold", "not in a region"
  double mm2 = 0;
};

struct IhcShare {
  std::string fact;   // "strong_complete"; "unstained"
  std::string label;  // "strong, complete"
  std::uint64_t cells = 0;
  IhcInterval percent;  // of tumour cells
};

struct IhcKind {
  std::string kind;   // "tumour", "lymphocyte", "stromal", "other"
  std::string label;  // "tumour-like"
  std::uint64_t cells = 0;
};

// One drawn region, or one core of a microarray.
struct IhcRegion {
  std::string name;
  std::string role;  // "measured", "control", "core"
  double mm2 = 0;
  std::uint64_t tumour_cells = 0;
  double h_score = 0;
  std::vector<double> percent;  // of each of IhcReport::shares
  std::string score = {};       // of a core: "2+", "2+ (71 %) or 1+ (29 %)"; empty: not scored by itself, or none
  std::string likeliest = {};   // its most probable value
  std::string why_not = {};     // a core without a score: one sentence
};

// What only nuclear markers (ER, PgR, Ki-67) have.
struct IhcNuclear {
  std::string fact;               // "er_percent"
  IhcInterval percent;            // positive tumour nuclei: the Ki-67 index
  std::optional<int> proportion;  // Allred; nothing for Ki-67
  int intensity = 0;
  bool hot_spot = false;  // a field with enough cells was found
  double x = 0, y = 0;    // its top left corner, level 0 pixels
  double side_um = 0;
  double hot_percent = 0;
  std::uint64_t hot_cells = 0;  // tumour cells in it
};

struct IhcHistogram {
  double bin_od = 0;                 // width of a bin; the first begins at 0
  std::vector<std::uint64_t> cells;  // tumour cells by median membrane contrast, unstained ones in bin 0; of nuclear
                                     // markers by mean DAB of the nucleus
  std::vector<std::pair<double, std::string>> cuts;  // OD, "weak": the profile's
};

// The same slide judged without cells, by how connected its stained membranes are.
struct IhcSecondOpinion {
  bool measured = false;
  double connectivity = 0;  // 0 to 1
  std::string score;        // "2+"; empty: none can be given
  bool agrees = true;       // with the score of the primary edition
  std::string says;         // one sentence
};

struct IhcPicture {
  std::string id;       // file name without ".png": "heatmap", "field-strong-complete"
  std::string title;    // "Where the stained cells are"
  std::string caption;  // what it shows, with its scale
  std::string png;      // the file's bytes
  int width = 0, height = 0;
};

struct IhcTiming {
  double seconds = 0;
  double megapixels = 0;  // decoded
  int threads = 0;
  double peak_mb = 0;
  std::vector<std::pair<std::string, double>> parts;  // "decode", seconds
};

struct IhcReport {
  std::string marker = "HER2";            // "ER", "PgR", "Ki-67"
  std::string answer_fact = "ihc_score";  // what the editions decide: "er_status", "pgr_status", "ki67_class"
  std::optional<IhcNuclear> nuclear;
  bool microarray = false;  // each core is scored by itself, the slide as a whole is not
  IhcSlide slide;
  IhcProfile profile;
  IhcStain stain;
  std::vector<IhcVerdict> qc;      // all that was looked at
  std::vector<std::string> notes;  // "The denominator is tumour-like cells; DCIS is not excluded."

  std::vector<IhcArea> areas;
  std::vector<IhcKind> kinds;
  std::vector<IhcRegion> regions;
  std::uint64_t tumour_cells = 0;  // the denominator
  // All nine classes, unstained first, in the order of the grid; of nuclear markers negative, weak, moderate, strong.
  std::vector<IhcShare> shares;
  IhcInterval h_score;
  double noise_floor_percent = 0;  // share of cells that look faintly stained where nothing can be
  IhcHistogram histogram;
  IhcSecondOpinion second;
  // "diversity", "0.41"; "highest 0.5 mm field", "H-score 230": heterogeneity in words. May be empty.
  std::vector<std::pair<std::string, std::string>> heterogeneity;

  // The cells' shares decided under each edition; one specimen each, whose answer for answer_fact is the score. Empty
  // when the slide was refused, and for a microarray.
  std::vector<CaseStatus> editions;
  std::vector<CaseStatus> english_editions = {};  // for programs; empty: `editions` are in English
  std::size_t primary = 0;                        // the edition that the headline takes
  std::string conditional_on;                     // what the intervals and probabilities hold fixed
  std::uint64_t replicates = 0;
  int coverage_percent = 95;  // of every interval

  std::uint64_t edits = 0;                // corrections by people that were counted
  std::vector<std::string> edit_authors;  // each once
  std::vector<IhcPicture> pictures;       // thumbnail and heat map first
  std::vector<std::string> files;         // written beside the report: "cells.h5ad"
  std::string software;                   // "her2 0.1.0"
  IhcTiming timing;                       // stands apart: everything else is the same in every run

  // The slide gives no score; the reasons are the verdicts with Severity::refused.
  [[nodiscard]] bool refused() const;
  [[nodiscard]] bool refused_by_quality() const;  // by such a verdict alone
};

// The phrases that all faces share.
struct IhcHeadline {
  std::string score;                        // "HER2 IHC 2+", "HER2 IHC 1+ (62 %) or 2+ (38 %)", "No score"
  std::string detail;                       // "H-score 187 (171 to 203), 12,345 tumour cells"
  bool positive = false, negative = false;  // 3+; 0, 0+ and 1+
};
IhcHeadline ihc_headline(const IhcReport& report);

// The answer of one edition for a fact; nullptr when it gives none.
const Answer* answer_of(const CaseStatus& edition, std::string_view fact);
const Answer* ihc_score_of(const CaseStatus& edition);  // for ihc_score

// "ASCO/CAP 2023"; of nuclear markers the guideline that gave the answer.
std::string edition_words(const IhcReport& report, const CaseStatus& edition);

std::string allred_words(const IhcNuclear& nuclear);  // "7 (proportion 5, intensity 2)"; empty for Ki-67
// "23.1 % of 412 tumour cells in the field of 500 um at x 3000, y 1200"; empty when there is none.
std::string hot_spot_words(const IhcNuclear& nuclear);

// "2+"; "2+ (71 %) or 1+ (29 %)", the most probable first; "0 or 1+" without probabilities; "no answer".
std::string score_words(const Answer& answer);

// "0+": the most probable value of the score; empty when there is none.
std::string likeliest(const Answer& answer);

std::string with_commas(std::uint64_t number);         // "12,345", grouped as the language of the report does
std::string interval_words(const IhcInterval& value);  // "12.3 (10.1 to 14.9)"
const char* name_of(Severity severity);                // "ok", "warning", "refused"

}  // namespace her2
