// SPDX-License-Identifier: Apache-2.0
// her2 guideline: look at the tables, prove them, export them.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "common.h"
#include "guideline_diff.h"
#include "her2/care/option_proof.h"
#include "her2/guideline/dmn.h"
#include "her2/guideline/smtlib.h"
#include "her2/guideline/verify.h"
#include "her2/report/guideline_document.h"
#include "language_options.h"

namespace her2::app {
namespace {

struct Arguments {
  std::string id, row, format = "md", out;
  CatalogOptions catalog;
  LanguageOptions language;
};

// The catalog, and the option files as tables beside the guidelines.
struct WithOptions {
  Catalog catalog;
  std::vector<OptionFile> options;
};

Result<WithOptions> load_all(const CatalogOptions& options) {
  auto catalog = options.load();
  if (!catalog) {
    return tl::unexpected(catalog.error());
  }
  const auto files = options.files();
  if (!files) {
    return tl::unexpected(files.error());
  }
  auto read = load_options(*files, catalog->dictionary);
  if (!read) {
    return tl::unexpected(read.error());
  }
  for (const OptionFile& file : *read) {
    catalog->guidelines.push_back(option_tables(file, catalog->dictionary));
  }
  return WithOptions{std::move(*catalog), std::move(*read)};
}

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

TextStyle terminal_style() {
  TextStyle style;
  style.colour = wants_colour(1);
  style.width = terminal_width();
  return style;
}

int print(const std::string& text, const std::string& path = {}) {
  const auto written = write_text(path, text);
  return written ? kDone : complain(written.error());
}

int list(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  return catalog ? print(catalog_text(*catalog, terminal_style())) : complain(catalog.error());
}

int show(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  const auto guideline = guideline_called(*catalog, arguments.id);
  return guideline ? print(guideline_text(**guideline, catalog->dictionary, terminal_style()))
                   : complain(guideline.error());
}

template <class Items>
std::string names_of(const Items& items) {
  std::vector<std::string> out;
  for (const auto& item : items) {
    if constexpr (requires { item.name; }) {
      out.push_back(item.name);
    } else {
      out.push_back(item.id);
    }
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

// A row as "TABLE/ROW", a whole table as "TABLE", a flag by its id.
Result<std::string> explained(const Catalog& catalog, const Guideline& guideline, const std::string& what) {
  const auto slash = what.find('/');
  const std::string name = what.substr(0, slash);
  const Table* table = guideline.table(name);
  if (table == nullptr) {
    for (const auto& flag : guideline.flags) {
      if (flag.id == what) {
        return explain_flag(guideline, flag, catalog.dictionary, terminal_style());
      }
    }
    return fail(fmt::format("{} has no table '{}'; its tables are {}", guideline.id, name, names_of(guideline.tables)));
  }
  if (slash == std::string::npos) {
    return explain_table(guideline, *table, catalog.dictionary, terminal_style());
  }
  for (const auto& row : table->rows) {
    if (row.id == what.substr(slash + 1)) {
      return explain_row(guideline, *table, row, catalog.dictionary, terminal_style());
    }
  }
  return fail(
      fmt::format("table {} has no row '{}'; its rows are {}", name, what.substr(slash + 1), names_of(table->rows)));
}

int explain(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  const auto guideline = guideline_called(*catalog, arguments.id);
  if (!guideline) {
    return complain(guideline.error());
  }
  const auto text = explained(*catalog, **guideline, arguments.row);
  return text ? print(*text) : complain(text.error());
}

int export_one(const Arguments& arguments) {
  const auto all = load_all(arguments.catalog);
  if (!all) {
    return complain(all.error());
  }
  const Catalog* catalog = &all->catalog;
  const auto guideline = guideline_called(*catalog, arguments.id);
  if (!guideline) {
    return complain(guideline.error());
  }
  const std::string text = arguments.format == "html"     ? guideline_html(**guideline, catalog->dictionary)
                           : arguments.format == "smtlib" ? smtlib(catalog->dictionary, **guideline)
                           : arguments.format == "dmn"    ? dmn(catalog->dictionary, **guideline)
                                                          : guideline_markdown(**guideline, catalog->dictionary);
  return print(text, arguments.out);
}

Result<Verification> verified(const WithOptions& loaded, const std::string& id) {
  Verification all;
  if (id.empty()) {
    all = verify(loaded.catalog);
  } else {
    const auto guideline = guideline_called(loaded.catalog, id);
    if (!guideline) {
      return tl::unexpected(guideline.error());
    }
    all = verify(loaded.catalog, **guideline);
  }
  for (const OptionFile& file : loaded.options) {
    if (id.empty() || id == "options-" + file.id) {
      all.append(verify_option_parts(file, loaded.catalog.dictionary));
    }
  }
  return all;
}

int verify_all(const Arguments& arguments) {
  const auto begin = std::chrono::steady_clock::now();
  const auto loaded = load_all(arguments.catalog);
  if (!loaded) {
    return complain(loaded.error());
  }
  const auto result = verified(*loaded, arguments.id);
  if (!result) {
    return complain(result.error());
  }
  const Verification& all = *result;
  std::string last;
  for (const auto& proof : all.proofs) {
    if (proof.guideline != last) {
      fmt::print("{}\n", proof.guideline);
      last = proof.guideline;
    }
    const bool good = proof.complete && proof.exclusive && proof.reachable && proof.cited;
    fmt::print("  {} {:<28} {:>3} rows, {:>2} inputs, {:>6} cases{}{}{}{}\n", good ? "proved" : "WRONG ", proof.table,
               proof.rows, proof.inputs, proof.cells, proof.complete ? "" : ", a gap",
               proof.exclusive ? "" : ", an overlap", proof.reachable ? "" : ", a row never met",
               proof.cited ? "" : ", a row without source");
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
  const auto sub = [&](const char* name, const char* says, int (*work)(const Arguments&)) {
    CLI::App* made = command->add_subcommand(name, says);
    arguments->catalog.add_to(*made);
    arguments->language.add_to(*made);
    made->callback([arguments, work, &code] {
      code = in_language(arguments->language, arguments->format, [&] { return work(*arguments); });
    });
    return made;
  };
  sub("list", "All schemes and guidelines, with what is unconfirmed", list);
  CLI::App* show_command = sub("show", "One guideline with all its tables", show);
  show_command->add_option("id", arguments->id, "Guideline, such as breast-her2-2018")->required();
  CLI::App* verify_command =
      sub("verify", "Prove that every possible input meets exactly one row of each table", verify_all);
  verify_command->add_option("id", arguments->id, "Only this guideline");
  CLI::App* explain_command = sub("explain", "One row, one table or one flag in full", explain);
  explain_command->add_option("id", arguments->id, "Guideline")->required();
  explain_command->add_option("row", arguments->row, "TABLE/ROW, TABLE, or a flag's id")->required();
  CLI::App* export_command = sub(
      "export", "Write a guideline for review (md, html), for a solver (smtlib) or a rule engine (dmn)", export_one);
  export_command->add_option("id", arguments->id, "Guideline")->required();
  export_command->add_option("-f,--format", arguments->format, "md, html, smtlib or dmn")
      ->check(CLI::IsMember({"md", "html", "smtlib", "dmn"}));
  export_command->add_option("-o,--out", arguments->out, "File to write (default: standard output)");
  add_guideline_diff(*command, code);
  command->footer(
      "\nExamples:\n"
      "  her2 guideline diff 2013 2018\n"
      "  her2 guideline explain breast-her2-2018 dual_probe/group-4\n"
      "  her2 guideline export breast-her2-2018 --format html --out 2018.html\n"
      "  her2 guideline verify --guidelines my-guidelines/");
}

}  // namespace her2::app
