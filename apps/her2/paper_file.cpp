// SPDX-License-Identifier: Apache-2.0
#include "paper_file.h"

#include <string_view>

#include <fmt/format.h>

#ifdef HER2_PAPER
#include "her2/language/say.h"
#include "her2/paper/paper_pdf.h"
#endif
#include "her2/report/words.h"

namespace her2::app {
namespace {

// Two digits of `text` at `from`, as a number.
int two_digits(const std::string& text, std::size_t from) { return (text[from] - '0') * 10 + (text[from + 1] - '0'); }

}  // namespace

void PaperArguments::add_to(CLI::App& command) {
  command.add_option("--paper", size, "PDF: size of the sheets, a4 or letter")
      ->check(CLI::IsMember({"a4", "letter"}))
      ->capture_default_str();
  command.add_option("--signed-by", signed_by, "PDF: name in the sign-off (default: an empty line)");
  command.add_option("--at", at, "PDF: time of signature and file, 2026-11-23T10:00:00Z (default: none)");
}

std::string running_head(const CaseStatus& status) {
  std::vector<std::string> ids;
  for (const SpecimenStatus& specimen : status.specimens) {
    ids.push_back(specimen.id);
  }
  const std::string specimens = fmt::format("{}", fmt::join(ids, ", "));
  return ids.empty()       ? say("paper.case", {{"case", status.case_id}})
         : ids.size() == 1 ? say("paper.case_specimen", {{"case", status.case_id}, {"specimens", specimens}})
                           : say("paper.case_specimens", {{"case", status.case_id}, {"specimens", specimens}});
}

Result<std::string> on_paper(const PaperArguments& arguments, const PaperHead& head,
                             const std::function<void(ReportPage&)>& write) {
#ifdef HER2_PAPER
  const auto at = arguments.at.empty() ? Result<std::string>() : checked_instant(arguments.at);
  if (!at) {
    return tl::unexpected(at.error());
  }
  PaperOptions options;
  options.size = arguments.size == "letter" ? PaperSize::letter : PaperSize::a4;
  options.title = head.title;
  options.running = head.running;
  options.subject = head.subject;
  options.software = head.software;
  options.notice = research_use();
  options.created = *at;
  options.sign_off = head.sign_off;
  options.signed_by = arguments.signed_by;
  return paper_pdf(options, write);
#else
  static_cast<void>(arguments);
  static_cast<void>(head);
  static_cast<void>(write);
  return fail("this her2 was built without PDF (HER2_PAPER); choose another --format");
#endif
}

Result<std::string> checked_instant(const std::string& given) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  bool right = given.size() == kForm.size();
  for (std::size_t i = 0; right && i < given.size(); ++i) {
    right = kForm[i] == '0' ? given[i] >= '0' && given[i] <= '9' : given[i] == kForm[i];
  }
  if (!right || two_digits(given, 5) > 12 || two_digits(given, 8) > 31 || two_digits(given, 11) > 23 ||
      two_digits(given, 14) > 59) {
    return fail(fmt::format("--at {}: give the time as 2026-11-23T10:00:00Z (UTC)", given));
  }
  return given;
}

}  // namespace her2::app
