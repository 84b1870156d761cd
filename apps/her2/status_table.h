// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "her2/exchange/byte_source.h"
#include "her2/guideline/plan.h"

namespace her2::app {

struct TableArguments {
  std::string path, map, out, format;
  bool edition_by_row = false;  // no --edition: a row's own edition counts where the map has such a column
  bool strict = false, quiet = false;
  unsigned threads = 0;
};

// Decides every row of a table; returns the exit code. `piped`: the table's bytes when its path is "-".
int status_of_table(const TableArguments& arguments, std::unique_ptr<ByteSource> piped, const Catalog& catalog,
                    const std::vector<Plan>& plans);

}  // namespace her2::app
