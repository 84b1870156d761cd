// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/ish/nucleus_table.h"

namespace her2 {

// One correction by a person. A nucleus is found again by id or, when its field was measured anew, by a place in it.
struct IshEdit {
  std::string nucleus;  // NucleusTable::id; may be empty where field and at are given
  std::string field;    // name of the field; empty: not given
  std::optional<SubPoint> at;
  enum class Action : std::uint8_t { accept, reject, recount } action = Action::reject;
  NucleusVerdict reason = NucleusVerdict::person;  // of reject
  std::uint16_t her2 = 0, cep17 = 0;               // of recount: what the person counted; the nucleus is accepted
  std::string author;                              // who says so
  std::string time;                                // ISO 8601 as given; never made up
  std::string place;                               // where it stands in its file; for messages
};

std::string_view name_of(IshEdit::Action action);                   // "recount"
std::optional<IshEdit::Action> edit_action(std::string_view name);  // the reverse
std::optional<NucleusVerdict> nucleus_verdict(std::string_view name);

// The largest count that one nucleus may have; more is a slip of the pen.
inline constexpr std::uint16_t kMostSignals = 1000;

// The table as those people want it, one edit after the other. A recount replaces everything that was counted in both
// channels. Changed nuclei carry the author ("not stated" where empty). Fails, with the edit's place, on a nucleus that
// is not in the table or not the only one of its name.
Result<NucleusTable> with_edits(NucleusTable table, std::span<const IshEdit> edits);

}  // namespace her2
