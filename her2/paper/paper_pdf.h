// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/report/report_page.h"

namespace her2 {

enum class PaperSize : std::uint8_t {
  a4,      // 210 x 297 mm
  letter,  // 8.5 x 11 in
};

// What stands on every sheet and in the file's properties. All texts as they come; they may be empty.
struct PaperOptions {
  PaperSize size = PaperSize::a4;
  std::string title;      // "HER2 report": properties, and the head of every sheet at the right
  std::string running;    // "Case P-07 · specimen S1": the head of every sheet at the left
  std::string subject;    // properties
  std::string software;   // "her2 0.1.0": properties
  std::string notice;     // the foot of every sheet: kResearchUse
  std::string created;    // "2026-11-23T10:00:00Z": properties, date of the signature; empty: the file has no date
  bool sign_off = false;  // ends with a block to sign
  std::string signed_by;  // stands in it; empty: a line to write on
};

// The fonts' families; scripts/install-deps.sh installs them (Debian's fonts-noto-core).
inline constexpr const char* kPaperFont = "Noto Sans";

// Writes a report on sheets: PDF 1.5 with embedded fonts, numbered pages ("page 2 of 5"), bookmarks and structure tags,
// drawings as vectors. `write` is called several times (once to count the pages) and must write the same each time.
// Same input and same fonts, same bytes: there is no clock in it. Characters that no font of this machine has stand as
// boxes with their code, and the last page says how many. Fails when the font is not installed or memory runs out.
// Thread-safe.
Result<std::string> paper_pdf(const PaperOptions& options, const std::function<void(ReportPage&)>& write);

}  // namespace her2
