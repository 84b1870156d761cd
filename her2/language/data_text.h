// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/evidence/dictionary.h"
#include "her2/language/messages.h"

// Texts of the data files (names of facts, comments of rows, options) in the language that the thread speaks. The files
// stay as they are; a catalogue says a text over under its id: "guideline.breast-her2-2018.dual_probe/group-4.comment".
namespace her2 {

// What the catalogue says under `key`, else `english`, the text of the file; that one too where the catalogue has
// translated another English text under this key (its `of`): a rule that was changed is not said in its old words.
// The catalogue's placeholders have no meaning here and stand as they are. Counts what is missing.
std::string data_text(std::string_view key, std::string_view english);
// The same where the text may be translated under the one key or the other: a table that a guideline took over.
std::string data_text(std::string_view key, std::string_view other, std::string_view english);

// Whether a wording translates this English text, line breaks apart, or does not say which it translates.
bool is_of(const Wording& wording, std::string_view english);

// Whether the thread speaks the language of the data files, so that nothing is said over.
bool speaks_english();

// "fact.NAME.label" and "fact.NAME.meaning".
std::string fact_label(const FactType& type);
std::string fact_meaning(const FactType& type);

// A value as tables of facts and conditions print it, "value.FACT.VALUE": in English the value itself ("low"), where
// value_words() of report/words.h says what a person reads in a sentence ("HER2-low"). Several, "low | ultralow", each.
std::string value_name(const FactType& type, std::string_view value);
std::string value_name(std::string_view choice, std::string_view value);  // by the fact's name; choices only

}  // namespace her2
