// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "her2/care/option.h"
#include "her2/guideline/catalog.h"
#include "her2/language/messages.h"

namespace her2 {

// Every text of the data files that a report prints, as (key, English), each key once: names and values of facts,
// guidelines, schemes, options, rates that are watched, rules of agreement (the built-in qa/ files).
std::vector<std::pair<std::string, std::string>> texts_of_data(const Catalog& catalog,
                                                               const std::vector<OptionFile>& options);

// The same as TOML for a translator: each text with the English that it is `of`. Values stand as the English catalogue
// says them, where it does, and name no English: a value has no other meaning when its word changes.
std::string data_catalogue(const std::vector<std::pair<std::string, std::string>>& texts);

// How far a catalogue says the data over. Keys in the order of `texts`.
struct DataTranslation {
  std::size_t said = 0;
  std::vector<std::string> outdated;  // translates another English text than the file has now; not used
};
DataTranslation translated_data(const Messages& messages,
                                const std::vector<std::pair<std::string, std::string>>& texts);

}  // namespace her2
