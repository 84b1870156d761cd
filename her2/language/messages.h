// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/core/error.h"
#include "her2/language/plural_rule.h"

namespace her2 {

// How a language writes numbers and dates: [locale] of a catalogue.
struct Locale {
  std::string language = "en";             // BCP 47: "en", "pt-BR"
  std::string decimal = ".", group = ",";  // signs; `group` may be empty
  int group_from = 4;                      // fewest digits that are grouped: 4: "1,234"; 5: "1234", "12 345"
  std::string percent = "{n} %";           // {n}: the number
  std::string date = "{y}-{m}-{d}";        // {y} four digits, {m} and {d} two
  std::vector<std::pair<std::string, PluralRule>> plurals;  // category ("one"), its rule; "other" where none holds
};

// One sentence with named places: "{counted} of {found} nuclei".
class Sentence {
 public:
  struct Part {
    std::string text;
    bool place = false;  // text is the name of a placeholder
  };

  // Fails on a brace that stands alone and on names other than a-z, 0-9 and "_".
  static Result<Sentence> parse(std::string_view text);

  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] std::vector<std::string> places() const;  // names of the placeholders, sorted, each once

 private:
  std::vector<Part> parts_;
};

// What stands under one key: a sentence, or one for each plural category.
struct Wording {
  std::map<std::string, Sentence, std::less<>> forms;  // "other" always; "one", "few" where the number decides
  std::string by;                                      // the placeholder that decides; empty: one form
  std::string of;  // texts of the data: the English that was translated; may be empty
};

// A catalogue: all sentences of the reports in one language (docs/languages.md).
class Messages {
 public:
  // The parts of a catalogue, each (name of the file for errors, its TOML). `english`, when given, holds every key and
  // placeholder: a key that it does not have, a placeholder too many and one too few are errors, a missing key is not.
  // Errors name file, line and key.
  static Result<Messages> read(const std::vector<std::pair<std::string, std::string_view>>& files,
                               const Messages* english);

  [[nodiscard]] const Locale& locale() const { return locale_; }

  // nullptr when there is no such key ("status.look_at").
  [[nodiscard]] const Wording* find(std::string_view key) const;

  [[nodiscard]] const std::map<std::string, Wording, std::less<>>& all() const { return wordings_; }

  // Groups whose keys are names of the data (facts and their values): a catalogue may hold any of them.
  [[nodiscard]] bool is_open(std::string_view key) const;

 private:
  friend class MessagesReader;
  Locale locale_;
  std::vector<std::string> open_;
  std::map<std::string, Wording, std::less<>> wordings_;
};

// The catalogue that is built in; every key is in it.
const Messages& english_messages();

// Languages that are built in: {"en"}.
std::vector<std::string> languages_built_in();

}  // namespace her2
