// SPDX-License-Identifier: Apache-2.0
#include "record_options.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "her2/core/output_file.h"
#include "her2/core/sha256.h"
#include "her2/evidence/text.h"
#include "her2/exchange/calendar.h"
#include "her2/exchange/json_tree.h"
#include "her2/message/any_case.h"
#include "her2/record/pseudonym.h"
#include "her2/record/sqlite_store.h"
#include "her2/report/plain_text.h"
#include "plans.h"

namespace her2::app {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

// "2026-11-23T10:00:00Z": a day of the calendar and a time of day.
bool is_instant(const std::string& text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  bool right = text.size() == kForm.size();
  for (std::size_t i = 0; right && i < text.size(); ++i) {
    right = kForm[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == kForm[i];
  }
  return right && is_date(text.substr(0, 10)) && text.substr(11, 2) < "24" && text.substr(14, 2) < "60" &&
         text.substr(17, 2) < "60";
}

std::string user_name() {
  constexpr std::size_t kBuffer = 16384;
  std::array<char, kBuffer> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("uid {}", ::geteuid());
}

}  // namespace

void RecordOptions::add_store(CLI::App& command) {
  command.add_option("-s,--store", store, "The store's file (default: what the variable HER2_STORE names)")
      ->type_name("FILE");
  command.add_option("--wait", wait_s, "Seconds to wait while another program writes (default: 10)")
      ->check(CLI::Range(0.0, 3600.0));
}

void RecordOptions::add_actor(CLI::App& command) {
  command.add_option("--author", author, "Who does this (default: the user who runs the program)");
  command.add_option("--at", at, "When, 2026-11-23T10:00:00Z (default: now, by this machine's clock)");
}

void RecordOptions::add_format(CLI::App& command) {
  command.add_option("-f,--format", format, "text (default) or json")->check(CLI::IsMember({"text", "json"}));
}

void RecordOptions::add_catalog(CLI::App& command) {
  command.add_option("-e,--edition", edition, "Edition of the guideline (default: the latest)");
  command.add_option("--pseudonymise", key_file, "Replace identifiers by hashes with the key in this file")
      ->type_name("KEYFILE");
  catalog.add_to(command);
}

int RecordOptions::wait_ms() const { return static_cast<int>(wait_s * 1000); }

Result<std::string> RecordOptions::store_path() const {
  if (!store.empty()) {
    return store;
  }
  const char* const named = std::getenv("HER2_STORE");
  if (named == nullptr || *named == '\0') {
    return fail("which store? Name its file with --store, or in the variable HER2_STORE");
  }
  return std::string(named);
}

Result<std::unique_ptr<CaseStore>> RecordOptions::open() const {
  const auto path = store_path();
  return path ? open_store(*path, wait_ms()) : tl::unexpected(path.error());
}

Result<std::unique_ptr<CaseStore>> RecordOptions::open_or_create(const Actor& actor) const {
  const auto path = store_path();
  if (!path) {
    return tl::unexpected(path.error());
  }
  std::error_code none;
  if (std::filesystem::exists(*path, none)) {
    return open_store(*path, wait_ms());
  }
  auto made = create_store(*path, actor, wait_ms());
  if (!made && std::filesystem::exists(*path, none)) {  // another program was quicker
    return open_store(*path, wait_ms());
  }
  if (made) {
    fmt::print(stderr, "Made the store {}.\n", *path);
  }
  return made;
}

Result<Actor> RecordOptions::actor() const {
  Actor out{at, author, "her2 " HER2_VERSION};
  if (at.empty()) {
    out.at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                         fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
  } else if (!is_instant(at)) {
    return fail(fmt::format("--at {}: give the time as 2026-11-23T10:00:00Z (UTC)", in_quotes(at)));
  }
  if (author.empty()) {
    out.author = user_name();
  } else if (trimmed(author).empty() || find_bad_utf8(author) != std::string_view::npos) {
    return fail("--author: give a name in UTF-8");
  }
  return out;
}

Result<std::string> RecordOptions::name_of(const std::string& case_id) const {
  if (key_file.empty()) {
    return case_id;
  }
  const auto key = Pseudonymiser::from_file(key_file);
  return key ? Result<std::string>(key->pseudonym(case_id)) : tl::unexpected(key.error());
}

Result<std::unique_ptr<RecordEngine>> record_engine(const RecordOptions& options) {
  auto catalog = options.catalog.load();
  if (!catalog) {
    return tl::unexpected(catalog.error());
  }
  auto out = std::make_unique<RecordEngine>();
  out->catalog = std::move(*catalog);
  out->plan_for = [engine = out.get(), edition = options.edition](const std::string& tumour) -> Result<Plan> {
    auto plans = plans_for(engine->catalog, edition, tumour);
    return plans ? Result<Plan>(std::move(plans->front())) : tl::unexpected(plans.error());
  };
  return out;
}

Result<Incoming> read_document(const std::string& path, const RecordOptions& options, const RecordEngine& engine) {
  const auto text = read_file(path, kMostBytes);
  if (!text) {
    return tl::unexpected(text.error());
  }
  const auto book = built_in_codes(engine.catalog.dictionary);
  if (!book) {
    return tl::unexpected(book.error());
  }
  // names without folders: where a file lay says more of its owner than of the case
  const std::string name = path == "-" ? "standard input" : std::filesystem::path(path).filename().string();
  auto subject = parse_any_case(*text, engine.catalog.dictionary, *book, name);
  if (!subject) {
    Error error = located(subject.error(), path);
    error.file = path;
    return tl::unexpected(error);
  }
  if (options.key_file.empty()) {
    return Incoming{std::move(*subject), name, sha256_hex(*text)};
  }
  const auto key = Pseudonymiser::from_file(options.key_file);
  if (!key) {
    return tl::unexpected(key.error());
  }
  auto replaced = key->pseudonymised(std::move(*subject));
  if (!replaced) {
    return tl::unexpected(located(replaced.error(), path));
  }
  return Incoming{std::move(*replaced), {}, sha256_hex(*text)};
}

void acknowledge(const std::string& case_id, const std::optional<AuditEntry>& entry, bool json) {
  if (json) {
    fmt::print("{{\"case\": {}, \"entry\": {}, \"hash\": {}}}\n", json_string(case_id),
               entry ? std::to_string(entry->seq) : "null",
               entry ? fmt::format("\"{}\"", entry->hash) : std::string("null"));
  } else if (entry) {
    fmt::print("{}: entry {}: {}\n  {}\n", printable(case_id), entry->seq, printable(entry->says), entry->hash);
  } else {
    fmt::print("{}: nothing new, nothing was written\n", printable(case_id));
  }
  std::fflush(stdout);
}

}  // namespace her2::app
