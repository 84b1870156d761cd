// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/care/option.h"
#include "her2/care/said.h"
#include "her2/guideline/table.h"

// Texts of guidelines and options in the language that the thread speaks (language/data_text.h), and the keys under
// which a catalogue says them over. A text that a guideline took over from the one that it is based on may be said over
// under the one's id or the other's.
namespace her2 {

std::string guideline_title(const Guideline& guideline);
std::string guideline_summary(const Guideline& guideline);
std::vector<std::string> guideline_unconfirmed(const Guideline& guideline);
std::string table_title(const Guideline& guideline, const Table& table);
std::string row_action(const Guideline& guideline, const Table& table, const Row& row);
std::string row_comment(const Guideline& guideline, const Table& table, const Row& row);
std::string parameter_meaning(const Guideline& guideline, const Parameter& parameter);
std::string scheme_title(const Scheme& scheme);

std::string option_name(const Option& option);
std::string option_intended_for(const Option& option);
std::string option_setting(const Option& option);
std::string option_indication(const Option& option);
std::string option_regimen(const Option& option);
std::vector<std::string> option_results(const Option& option);
// `remark` is one of option.remarks, `label` one of option.labels.
std::string remark_says(const Option& option, const Remark& remark);
std::string label_says(const Option& option, const OptionLabel& label);
std::string option_file_title(const OptionFile& file);

// Every text of the data that reports print, as (key, English), in the order of the files; each key once.
using DataTexts = std::vector<std::pair<std::string, std::string>>;
DataTexts data_texts(const Dictionary& dictionary);
DataTexts data_texts(const Guideline& guideline);
DataTexts data_texts(const Scheme& scheme);
DataTexts data_texts(const OptionFile& file);

}  // namespace her2
