// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "common.h"
#include "her2/run/care_report.h"

namespace her2::app {

// What `her2 care` and `her2 explain` ask of a case.
struct CareArguments {
  std::string input = "-", edition, policy = "most-recent", what_if, tnm;
  bool all = true;  // also prognosis, and what would change the answer
  CatalogOptions catalog;
  PrognosisOptions prognosis;  // the model and the user's stage tables

  void add_to(CLI::App& command);
};

// A report and all that it points to.
struct CareCase {
  Catalog catalog;
  CareRules rules;
  CareReport report;
};

Result<std::unique_ptr<CareCase>> care_case(const CareArguments& arguments);

}  // namespace her2::app
