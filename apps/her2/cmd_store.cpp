// SPDX-License-Identifier: Apache-2.0
// her2 store: check, verify, backup, migrate.
#include <cstdio>

#include <fmt/format.h>

#include "her2/exchange/json_tree.h"
#include "her2/record/sqlite_store.h"
#include "her2/record/store_verify.h"
#include "record_options.h"

namespace her2::app {
namespace {

struct Arguments {
  RecordOptions record;
  std::string head, target;
};

int tell(const StoreFindings& found, const std::string& path, const char* sound, bool json) {
  if (json) {
    std::string faults;
    for (const auto& fault : found.faults) {
      faults += (faults.empty() ? "" : ", ") + json_string(fault);
    }
    fmt::print(
        "{{\"store\": {}, \"version\": {}, \"entries\": {}, \"rows\": {}, \"head\": \"{}\", \"faults\": [{}]}}\n",
        json_string(path), found.version, found.entries, found.rows, found.head, faults);
    return found.faults.empty() ? kDone : kRefused;
  }
  for (const auto& fault : found.faults) {
    fmt::print("{}: {}\n", path, fault);
  }
  fmt::print("{}: {} entries, {} rows, version {}: {}\nhead {}\n", path, found.entries, found.rows, found.version,
             found.faults.empty() ? sound
                                  : fmt::format("{} fault{}", found.faults.size(), found.faults.size() == 1 ? "" : "s"),
             found.head);
  return found.faults.empty() ? kDone : kRefused;
}

int check(const Arguments& arguments, const std::string& path) {
  const auto found = check_store(path);
  return found ? tell(*found, path, "the file is sound", arguments.record.json()) : complain(found.error());
}

int verify(const Arguments& arguments, const std::string& path) {
  const auto found = verify_store(path, arguments.head);
  return found ? tell(*found, path, "the chain is whole", arguments.record.json()) : complain(found.error());
}

int backup(const Arguments& arguments, const std::string& path) {
  const auto last = backup_store(path, arguments.target);
  if (!last) {
    return complain(last.error());
  }
  if (arguments.record.json()) {
    fmt::print("{{\"backup\": {}, \"entries\": {}, \"head\": \"{}\"}}\n", json_string(arguments.target), last->seq,
               last->hash);
  } else {
    fmt::print("{}: {} entries\nhead {}\n", arguments.target, last->seq, last->hash);
  }
  return kDone;
}

int migrate(const Arguments& arguments, const std::string& path) {
  const auto actor = arguments.record.actor();
  const auto before = actor ? migrate_store(path, *actor) : tl::unexpected(actor.error());
  if (!before) {
    return complain(before.error());
  }
  if (arguments.record.json()) {
    fmt::print("{{\"store\": {}, \"from\": {}}}\n", json_string(path), *before);
  } else {
    fmt::print("{}: was of version {}, and is of the newest now\n", path, *before);
  }
  return kDone;
}

CLI::App* subcommand(CLI::App& parent, const char* name, const char* says, const std::shared_ptr<Arguments>& arguments,
                     int& code, int (*run)(const Arguments&, const std::string&)) {
  CLI::App* command = parent.add_subcommand(name, says);
  command->add_option("store", arguments->record.store, "The store's file (default: what HER2_STORE names)");
  arguments->record.add_format(*command);
  command->callback([arguments, &code, run] {
    const auto path = arguments->record.store_path();
    code = path ? run(*arguments, *path) : complain(path.error());
  });
  return command;
}

}  // namespace

void add_store(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("store", "A store's file: whether it is sound and unaltered; copies of it");
  command->require_subcommand(1);
  subcommand(*command, "check", "Whether the file is sound: pages, indexes, references", std::make_shared<Arguments>(),
             code, check);
  auto verifying = std::make_shared<Arguments>();
  CLI::App* verified = subcommand(*command, "verify", "Whether any row was altered, taken out, put in or moved",
                                  verifying, code, verify);
  verified->add_option("--head", verifying->head, "A head noted earlier and kept elsewhere; it must be in the chain");
  verified->footer(
      "\nWhoever can rewrite the whole file can rewrite the chain. Note the head that this prints, keep it elsewhere, "
      "and\n"
      "ask for it later: a store that was cut short or written anew does not have it.\n"
      "\nExamples:\n"
      "  her2 store verify laboratory.her2\n"
      "  her2 store verify laboratory.her2 --head 5d41...");
  auto copying = std::make_shared<Arguments>();
  CLI::App* copied =
      subcommand(*command, "backup", "A copy as of one moment, while others read and write", copying, code, backup);
  copied->add_option("target", copying->target, "The copy; there must be no file of this name")->required();
  auto migrating = std::make_shared<Arguments>();
  CLI::App* migrated =
      subcommand(*command, "migrate", "Bring a store of an older version to the newest", migrating, code, migrate);
  migrating->record.add_actor(*migrated);
  command->footer(
      "\nExamples:\n"
      "  her2 store check laboratory.her2\n"
      "  her2 store backup laboratory.her2 2026-11-23.her2\n"
      "\nExit codes: 0 sound; 1 faults were found, one a line; 2 not a store, or it cannot be opened.");
}

}  // namespace her2::app
