// SPDX-License-Identifier: Apache-2.0
// Corrections of four nuclei, as a table or JSON. What is read must read back from our own JSON, and be applicable or
// refused with a reason.
#include "fuzz/dictionary.h"
#include "her2/exchange/ish_counts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  static const NucleusTable table = [] {
    NucleusTable out;
    out.name = "t.csv";
    out.fields.emplace_back();
    out.areas = {""};
    for (int i = 0; i < 4; ++i) {
      IshNucleus nucleus;
      nucleus.name = std::to_string(i);
      out.add(std::move(nucleus), {}, {});
    }
    return out;
  }();
  const auto read = parse_ish_edits(fuzz::text_of(data, size), "e");
  if (!read) {
    fuzz::require(!read.error().reason.empty() && read.error().file == "e");
    return 0;
  }
  const std::string text = ish_edits_json(*read);
  const auto again = parse_ish_edits(text, "again");
  fuzz::require(again.has_value());
  fuzz::require(ish_edits_json(*again) == text);
  const auto edited = with_edits(table, *read);
  fuzz::require(edited.has_value() || !edited.error().reason.empty());
  return 0;
}
