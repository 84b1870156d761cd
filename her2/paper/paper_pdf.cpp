// SPDX-License-Identifier: Apache-2.0
#include "her2/paper/paper_pdf.h"

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/paper/paper_page.h"

namespace her2 {
namespace {

// What no font of the machine could show; the note is part of what is counted, so it comes in the next pass.
void note_unknown(PaperPage& page, int characters) {
  page.item("!", say("paper.unknown_characters", {{"characters", characters}}), 2, Ink::warning);
}

struct Pass {
  int pages = 0;
  int unknown = 0;
  Result<std::string> bytes;
};

Pass pass(const PaperOptions& options, const std::function<void(ReportPage&)>& write, int pages, int unknown) {
  Sheets sheets(options, pages);
  if (const std::string font = sheets.font(); font != kPaperFont) {
    return {0, 0,
            fail(fmt::format("the font {} is not installed (found instead: {}); install Debian's fonts-noto-core",
                             kPaperFont, font.empty() ? "none" : font))};
  }
  PaperPage page(sheets);
  write(page);
  page.close();
  const int found = sheets.unknown_characters();
  if (unknown > 0) {
    note_unknown(page, unknown);
  }
  if (options.sign_off) {
    page.sign_off(options.signed_by, options.created);
  }
  const int last = sheets.page();
  return {last, found, sheets.finish()};
}

}  // namespace

Result<std::string> paper_pdf(const PaperOptions& options, const std::function<void(ReportPage&)>& write) {
  Pass last = pass(options, write, 0, 0);
  const int unknown = last.unknown;
  if (last.bytes && unknown > 0) {
    last = pass(options, write, last.pages, unknown);  // with the note the pages may be one more
  }
  if (last.bytes) {
    last = pass(options, write, last.pages, unknown);
  }
  return std::move(last.bytes);
}

}  // namespace her2
