// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/guideline/catalog.h"
#include "her2/guideline/condition.h"

namespace her2 {

// What it means when all criteria of an option are met.
enum class OptionSense : std::uint8_t {
  option,         // the facts meet the criteria of this treatment
  test,           // a test whose result other options ask for
  omission,       // the facts meet the criteria for leaving something out
  not_indicated,  // these treatments are not indicated
};
[[nodiscard]] std::string_view name_of(OptionSense sense);

// A condition of an option file. `unconfirmed`: its limit is remembered or derived, not read in a source.
struct Criterion {
  Condition when;
  std::string when_text;
  bool unconfirmed = false;
};

struct OptionTrial {
  std::string name, id;  // "monarchE", "NCT03155997"; id may be empty
  bool id_unconfirmed = false;
};

struct OptionLabel {
  std::string authority, date, says;  // "FDA", "2023-03-03" or "" where the day is not known
  bool unconfirmed = false;
};

// Something to know about an option. Without `when` it always holds.
struct Remark {
  enum class Kind : std::uint8_t { contraindication, caution, note };
  Kind kind = Kind::note;
  std::string says;
  std::optional<Condition> when;
  std::string when_text;
  bool unconfirmed = false;
};

// One treatment, test or omission with the criteria that recorded facts must meet: one [[option]] of an option file.
struct Option {
  std::string id, name, kind, setting, intended_for, indication, regimen;
  OptionSense sense = OptionSense::option;
  std::vector<Criterion> criteria;     // all of them must be met; at least one
  std::vector<Criterion> trial_entry;  // what the trial asked beyond that
  std::vector<OptionTrial> trials;
  std::vector<std::string> results;
  std::vector<OptionLabel> labels;
  std::vector<Remark> remarks;
  std::vector<std::string> cite;  // keys of OptionFile::sources, at least one
  bool unconfirmed = false;       // the whole option rests on something doubtful

  // Facts that the criteria read, ascending.
  [[nodiscard]] std::vector<FactId> facts(const Dictionary& dictionary) const;
};

// The content of one file of guidelines/options/ (docs/options.md).
struct OptionFile {
  std::string id, title, hash;                 // hash: SHA-256 of the file, 64 hex digits
  std::map<std::string, std::string> sources;  // key -> citation
  std::vector<Option> options;
};

// Facts of which the option asks whether they are recorded at all ("is missing"); ascending.
[[nodiscard]] std::vector<FactId> facts_asked_for(const Option& option, const Dictionary& dictionary);

// Reads one option file. Fails with the option and what is wrong: unknown keys, names and values, options that cite
// nothing. Errors lack the file's name.
Result<OptionFile> load_option_file(const std::string& content, const Dictionary& dictionary);

// All files "options/*.toml" among guideline files, in the order in which they are shown. Fails with the file; refuses
// two options of one id.
Result<std::vector<OptionFile>> load_options(const GuidelineFiles& files, const Dictionary& dictionary);

}  // namespace her2
