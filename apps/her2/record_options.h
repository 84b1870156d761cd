// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "common.h"
#include "her2/record/acts.h"
#include "her2/record/case_store.h"
#include "language_options.h"

namespace her2::app {

// What every command on a store takes.
struct RecordOptions {
  std::string store, at, author, edition, format = "text", key_file;
  double wait_s = 10;
  CatalogOptions catalog;
  LanguageOptions speech;

  void add_store(CLI::App& command);
  void add_actor(CLI::App& command);    // --at, --author
  void add_format(CLI::App& command);   // --format text | json
  void add_catalog(CLI::App& command);  // --edition, --guidelines, --set, --pseudonymise

  // Given, or the environment's HER2_STORE. Fails when there is neither.
  [[nodiscard]] Result<std::string> store_path() const;
  [[nodiscard]] Result<std::unique_ptr<CaseStore>> open() const;
  // Opens the store, or makes it where there is no file of its name, and says so on standard error.
  [[nodiscard]] Result<std::unique_ptr<CaseStore>> open_or_create(const Actor& actor) const;
  // --at and --author, or this machine's clock (UTC) and the user who runs the program.
  [[nodiscard]] Result<Actor> actor() const;
  // What the case is called in the store: its pseudonym under --pseudonymise.
  [[nodiscard]] Result<std::string> name_of(const std::string& case_id) const;
  [[nodiscard]] bool json() const { return format == "json"; }

 private:
  [[nodiscard]] int wait_ms() const;
};

// A catalog and what decides cases by it. It must stay where it is.
struct RecordEngine {
  Catalog catalog;
  PlanFor plan_for;
  [[nodiscard]] RecordContext context() const { return {catalog.dictionary, plan_for}; }
};
Result<std::unique_ptr<RecordEngine>> record_engine(const RecordOptions& options);

// A case file, FHIR bundle or HL7 v2 message, under --pseudonymise with its identifiers replaced.
Result<Incoming> read_document(const std::string& path, const RecordOptions& options, const RecordEngine& engine);

// The line that says that an entry is on the disk: written at once, so that whoever reads it can rely on it.
void acknowledge(const std::string& case_id, const std::optional<AuditEntry>& entry, bool json);

// The parts of `her2 case`.
void add_case_write(CLI::App& command, int& code);  // new, add, amend, sign
void add_case_read(CLI::App& command, int& code);   // show, history, list
void add_case_move(CLI::App& command, int& code);   // export, import

}  // namespace her2::app
