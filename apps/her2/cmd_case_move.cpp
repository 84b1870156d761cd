// SPDX-License-Identifier: Apache-2.0
// her2 case export, import: cases out of a store and into it.
#include <filesystem>

#include <fmt/format.h>

#include "her2/exchange/case_json.h"
#include "her2/record/cohort_table.h"
#include "her2/record/recorded_case.h"
#include "record_options.h"

namespace her2::app {
namespace {

struct Arguments {
  RecordOptions record;
  std::string case_id, cohort, out;
  std::vector<std::string> files;
};

// "cohort.csv" -> "cohort.dictionary.csv".
std::string dictionary_name(const std::string& path) {
  const std::filesystem::path name(path);
  return (name.parent_path() / (name.stem().string() + ".dictionary.csv")).string();
}

Result<void> export_cohort(const Arguments& arguments, CaseStore& store, const Dictionary& dictionary) {
  const auto table = cohort_table(store, dictionary);
  if (!table) {
    return tl::unexpected(table.error());
  }
  if (arguments.cohort == "sqlite") {
    return write_cohort_sqlite(*table, arguments.out);
  }
  auto written = write_text(arguments.out, cohort_csv(*table));
  return written ? write_text(dictionary_name(arguments.out), dictionary_csv(*table)) : written;
}

Result<void> export_case(const Arguments& arguments) {
  if (arguments.cohort.empty() == arguments.case_id.empty()) {
    return fail("name one case, or --cohort csv or sqlite for all of them");
  }
  if (!arguments.cohort.empty() && (arguments.out.empty() || arguments.out == "-")) {
    return fail("--cohort writes files: name one with --out");
  }
  const auto engine = record_engine(arguments.record);
  if (!engine) {
    return tl::unexpected(engine.error());
  }
  const Dictionary& dictionary = (*engine)->catalog.dictionary;
  const auto name = arguments.record.name_of(arguments.case_id);
  const auto store = name ? arguments.record.open() : tl::unexpected(name.error());
  if (!store) {
    return tl::unexpected(store.error());
  }
  if (!arguments.cohort.empty()) {
    return export_cohort(arguments, **store, dictionary);
  }
  const auto found = (*store)->find(*name);
  if (!found) {
    return tl::unexpected(found.error());
  }
  if (!*found) {
    return fail("there is no case of this name in the store; 'her2 case list' shows those that are", {},
                "case " + *name);
  }
  const auto subject = case_of(**found, dictionary);
  return subject ? write_text(arguments.out, case_json(*subject, dictionary)) : tl::unexpected(subject.error());
}

int import_cases(const Arguments& arguments) {
  const auto engine = record_engine(arguments.record);
  const auto actor = arguments.record.actor();
  if (!engine || !actor) {
    return complain(engine ? actor.error() : engine.error());
  }
  const auto store = arguments.record.open_or_create(*actor);
  if (!store) {
    return complain(store.error());
  }
  int code = kDone;
  for (const auto& path : arguments.files) {
    const auto document = read_document(path, arguments.record, **engine);
    if (!document) {
      complain(document.error());
      code = arguments.files.size() == 1 ? kBadInput : kRefused;
      continue;
    }
    const std::string& name = document->subject.id;
    const auto entry = (*store)->write(*actor, name, [&](const CaseRecord* now, RowIds& ids) {
      return new_case(now, ids, (*engine)->context(), name, document->subject.tumour, &*document);
    });
    if (!entry) {
      complain(located(entry.error(), path, "case " + name));
      code = arguments.files.size() == 1 ? kBadInput : kRefused;
      continue;
    }
    acknowledge(name, *entry, arguments.record.json());
  }
  return code;
}

}  // namespace

void add_case_move(CLI::App& command, int& code) {
  auto taking = std::make_shared<Arguments>();
  CLI::App* out = command.add_subcommand("export", "A case as a case file, or all cases as one table");
  taking->record.add_store(*out);
  taking->record.add_catalog(*out);
  out->add_option("case", taking->case_id, "The case");
  out->add_option("--cohort", taking->cohort, "All cases: csv (with a data dictionary beside it) or sqlite")
      ->check(CLI::IsMember({"csv", "sqlite"}));
  out->add_option("-o,--out", taking->out, "File to write (default: standard output); it appears whole or not at all");
  out->footer(
      "\nExamples:\n"
      "  her2 case export case-17 --out case-17.json             imported again, it has the same facts\n"
      "  her2 case export --cohort csv --out cohort.csv          and cohort.dictionary.csv\n"
      "  her2 case export --cohort sqlite --out cohort.sqlite    tables cohort and dictionary\n"
      "\nFHIR and HL7 v2: 'her2 export' of the case file.");
  out->callback([taking, &code] {
    const auto done = export_case(*taking);
    code = done ? kDone : complain(done.error());
  });

  auto bringing = std::make_shared<Arguments>();
  CLI::App* in = command.add_subcommand("import", "Case files, FHIR or HL7 v2 as new cases; makes the store if needed");
  bringing->record.add_store(*in);
  bringing->record.add_actor(*in);
  bringing->record.add_format(*in);
  bringing->record.add_catalog(*in);
  in->add_option("documents", bringing->files, "One case each")->required();
  in->footer(
      "\nEach case is one entry: on the disk when its line is printed, or not written at all.\n"
      "\nExamples:\n"
      "  her2 case import cases/*.json --store laboratory.her2\n"
      "  her2 case import bundle.json --pseudonymise key.bin"
      "\n\nExit codes: 0 all recorded; 1 some refused; 2 bad input, nothing written.");
  in->callback([bringing, &code] { code = import_cases(*bringing); });
}

}  // namespace her2::app
