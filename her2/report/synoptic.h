// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/report/report_page.h"
#include "her2/report/status_model.h"

// The data elements of a synoptic biomarker report, for breast and gastric cancer: which the CAP template for breast
// biomarkers (v1.6.1.0, June 2025, as a public transcription has it) asks for, in our own words. The elements for
// gastric cancer are remembered, not read; the report says so. The templates' own keys are licensed and are not in
// her2: a user gives those of his licence in a file. docs/reports.md lists every element.
namespace her2 {

enum class SynopticTier : std::uint8_t { core, conditional, optional };

struct SynopticElement {
  std::string id;     // "er_result": stable, for programs and key files
  std::string label;  // "ER result"
  SynopticTier tier = SynopticTier::core;
  std::string value;      // in words, with its unit; empty: not stated
  std::string code;       // a choice's value: "low-positive"; empty for numbers and texts
  std::string key;        // of the element, from the user's file; empty: none
  std::string value_key;  // of the value
};

struct SynopticGroup {
  std::string title;
  std::vector<SynopticElement> elements;
};

// One specimen.
struct SynopticReport {
  std::string case_id, specimen, tumour, edition, software;  // edition: "HER2 in breast cancer, ASCO/CAP 2023"
  std::vector<SynopticGroup> groups;
  std::vector<std::string> comments;  // the guideline's comments for the report
  std::vector<std::string> missing;   // labels of core elements that are not stated
  std::string note;                   // what the elements rest on
};

// "er_result" or "er_result.low-positive" -> the key of a licensed template.
using SynopticKeys = std::map<std::string, std::string, std::less<>>;

// Reads a key file: TOML with one table `keys`. Fails with the file and place of what is no key, or names no element.
Result<SynopticKeys> parse_synoptic_keys(std::string_view toml, const std::string& file);

// A report for each specimen. Fails for tumours other than breast and gastric, and without specimens.
Result<std::vector<SynopticReport>> synoptic_reports(const CaseStatus& status, const SynopticKeys& keys = {});

// Every element on its line; a core element that is not stated says so.
void write_synoptic(ReportPage& page, const std::vector<SynopticReport>& reports);
std::string synoptic_json(const std::vector<SynopticReport>& reports);

}  // namespace her2
