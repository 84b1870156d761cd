// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/guideline/table.h"

// Texts of a guideline in the language that the thread speaks (language/data_text.h).
namespace her2 {

// The key under which a catalogue says a text over: "guideline.ID.what", or with the part that it belongs to.
std::string guideline_key(std::string_view id, std::string_view part, std::string_view what);
// What a flag belongs to.
std::string flag_part(const Flag& flag);

// A text that the guideline took over from the one that it is based on may be said over under the one's id or the
// other's. `text` is the file's.
std::string guideline_said(const Guideline& guideline, std::string_view part, std::string_view what,
                           const std::string& text);
std::string flag_says(const Guideline& guideline, const Flag& flag);

}  // namespace her2
