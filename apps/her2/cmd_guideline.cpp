// SPDX-License-Identifier: Apache-2.0
// her2 guideline: look at the tables, prove them, export them.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "common.h"
#include "her2/guideline/verify.h"

namespace her2::app {
namespace {

struct Arguments {
  std::string id, row, format = "md", out;
  CatalogOptions catalog;
};

Result<const Guideline*> guideline_called(const Catalog& catalog, const std::string& id) {
  if (const Guideline* found = catalog.guideline(id)) {
    return found;
  }
  std::vector<std::string> known;
  for (const auto& guideline : catalog.guidelines) {
    known.push_back(guideline.id);
  }
  return fail(fmt::format("there is no guideline '{}'; known are {}", id, fmt::join(known, ", ")));
}

int verify_all(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  const auto begin = std::chrono::steady_clock::now();
  Verification all;
  if (arguments.id.empty()) {
    all = verify(*catalog);
  } else {
    const auto guideline = guideline_called(*catalog, arguments.id);
    if (!guideline) {
      return complain(guideline.error());
    }
    all = verify(*catalog, **guideline);
  }
  std::string last;
  for (const auto& proof : all.proofs) {
    if (proof.guideline != last) {
      fmt::print("{}\n", proof.guideline);
      last = proof.guideline;
    }
    const bool good = proof.complete && proof.exclusive && proof.reachable && proof.cited;
    fmt::print("  {} {:<28} {:>3} rows, {:>2} inputs, {:>6} cases{}{}{}{}\n", good ? "proved" : "WRONG ", proof.table, proof.rows,
               proof.inputs, proof.cells, proof.complete ? "" : ", a gap", proof.exclusive ? "" : ", an overlap",
               proof.reachable ? "" : ", a row never met", proof.cited ? "" : ", a row without source");
  }
  for (const bool note : {false, true}) {
    for (const auto& finding : all.findings) {
      if (finding.note == note) {
        fmt::print("{}{}\n", note ? "note: " : "WRONG: ", text(finding));
      }
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const auto faults = std::count_if(all.findings.begin(), all.findings.end(), [](const auto& f) { return !f.note; });
  fmt::print("{} tables, {} faults, {:.1f} s: {}\n", all.proofs.size(), faults, seconds.count(),
             all.ok() ? "every possible input meets exactly one row" : "see above");
  return all.ok() ? kDone : kRefused;
}

}  // namespace

void add_guideline(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("guideline", "Look at the decision tables, prove them, export them");
  command->require_subcommand(1);
  CLI::App* verify_command = command->add_subcommand("verify", "Prove that every possible input meets exactly one row of each table");
  verify_command->add_option("id", arguments->id, "Only this guideline");
  arguments->catalog.add_to(*verify_command);
  verify_command->callback([arguments, &code] { code = verify_all(*arguments); });
}

}  // namespace her2::app
