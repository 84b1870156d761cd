// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "her2/exchange/byte_source.h"
#include "her2/guideline/plan.h"
#include "prognosis_options.h"

namespace her2::app {

struct CareTableArguments {
  std::string path, map, out, format;  // format: "" is tsv
  bool quiet = false;
  unsigned threads = 0;
};

// Tells subtype, stage and prognosis of every row of a table; returns the exit code. `piped`: the table's bytes when
// its path is "-".
int care_of_table(const CareTableArguments& arguments, const PrognosisOptions& prognosis,
                  std::unique_ptr<ByteSource> piped, const Plan& plan);

}  // namespace her2::app
