// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "her2/report/ihc_further.h"
#include "her2/report/text_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr std::size_t kLabel = 16;

Ink ink_of(const IhcHeadline& head, bool refused) {
  if (refused) {
    return Ink::warning;
  }
  return head.positive ? Ink::positive : head.negative ? Ink::negative : Ink::warning;
}

// A bar of ten signs for 0 to 100 %.
std::string bar(double percent, bool unicode) {
  const int full = std::clamp(static_cast<int>(std::floor(percent / 5 + 0.5)), percent > 0 ? 1 : 0, 20);
  std::string out;
  for (int i = 0; i < full; ++i) {
    out += unicode ? "█" : "#";
  }
  return out;
}

void write_shares(ReportPage& page, const IhcReport& r) {
  if (page.draws()) {
    write_staining(page, r);
    return;
  }
  page.heading(r.nuclear ? "Tumour cells by nuclear staining" : "Tumour cells by membrane staining");
  for (const IhcShare& share : r.shares) {
    if (share.cells > 0 || share.percent.high >= 0.05) {
      page.field(share.label,
                 fmt::format("{:>5.1f} %  {}", share.percent.value, bar(share.percent.value, page.unicode())), 22);
    }
  }
}

// The row that gives the score, or the most probable one.
std::string rule_of(const Answer& answer) {
  if (!answer.rows.empty()) {
    return answer.rows.back().id();
  }
  const std::string value = likeliest(answer);
  const auto found = std::find_if(answer.values.begin(), answer.values.end(),
                                  [&](const PossibleValue& v) { return v.value == value; });
  return found == answer.values.end() ? std::string() : found->row;
}

void write_editions(ReportPage& page, const IhcReport& r) {
  page.heading(r.nuclear ? "What the guideline says" : "Score under each edition");
  std::vector<std::vector<std::string>> rows;
  for (const CaseStatus& edition : r.editions) {
    const Answer* answer = answer_of(edition, r.answer_fact);
    rows.push_back({edition_words(r, edition), answer == nullptr ? "no answer" : score_words(*answer),
                    answer == nullptr ? std::string() : rule_of(*answer)});
  }
  page.table({r.nuclear ? "guideline" : "edition", r.nuclear ? "answer" : "score", "rule"}, rows);
}

void write_cores(ReportPage& page, const IhcReport& r) {
  page.heading("Cores");
  std::vector<std::vector<std::string>> rows;
  for (const IhcRegion& core : r.regions) {
    if (core.role == "core") {
      rows.push_back({core.name, with_commas(core.tumour_cells), fmt::format("{:.0f}", core.h_score),
                      core.score.empty() ? core.why_not : core.score});
    }
  }
  page.table({"core", "tumour cells", "H-score", "score"}, rows);
}

void write_verdicts(ReportPage& page, const IhcReport& r) {
  const bool any =
      std::any_of(r.qc.begin(), r.qc.end(), [](const IhcVerdict& v) { return v.severity != Severity::ok; });
  if (!any && r.notes.empty() && r.profile.calibrated) {
    return;
  }
  page.heading("To look at");
  for (const IhcVerdict& verdict : r.qc) {
    if (verdict.severity != Severity::ok) {
      page.item("!", fmt::format("{}: {}", verdict.label, verdict.reason), 2, Ink::warning);
    }
  }
  if (!r.profile.calibrated) {
    page.item("!", fmt::format("The profile {} is uncalibrated: its thresholds are starting values.", r.profile.name),
              2, Ink::warning);
  }
  if (r.second.measured && !r.second.agrees) {
    page.item("!", r.second.says, 2, Ink::warning);
  }
  for (const std::string& note : r.notes) {
    page.item("•", note, 2);
  }
}

}  // namespace

void write_ihc(ReportPage& page, const IhcReport& r) {
  const IhcHeadline head = ihc_headline(r);
  page.blank();
  page.banner(head.score, ink_of(head, r.refused()), r.slide.name);
  if (!head.detail.empty()) {
    page.paragraph(head.detail, 0, Ink::strong);
  }
  double measured = 0;
  for (const IhcArea& area : r.areas) {
    measured += area.reason == "measured" ? area.mm2 : 0;
  }
  if (r.slide.width > 0) {
    page.field("slide",
               fmt::format("{} x {} px, {:.4g} um/px{}{}", r.slide.width, r.slide.height, r.slide.mpp,
                           r.slide.format.empty() ? "" : ", ", r.slide.format),
               kLabel);
    page.field("measured", fmt::format("{:.2f} mm2 of tissue at {:.4g} um/px", measured, r.slide.work_mpp), kLabel);
  } else {
    page.field("cells", fmt::format("from a cell table, measured at {:.4g} um/px", r.slide.work_mpp), kLabel);
  }
  page.field("profile", r.profile.name + (r.profile.calibrated ? "" : " (uncalibrated)"), kLabel);
  if (r.stain.says != "of the profile" && !r.stain.says.empty()) {
    page.field("stain vectors", r.stain.says, kLabel);
  }
  if (r.nuclear) {
    for (const auto& [label, words] :
         {std::pair{"Allred", allred_words(*r.nuclear)}, std::pair{"hot spot", hot_spot_words(*r.nuclear)}}) {
      if (!words.empty()) {
        page.field(label, words, kLabel);
      }
    }
  }
  if (r.second.measured) {
    page.field("second opinion",
               fmt::format("connectivity {:.2f}{}{}", r.second.connectivity, r.second.score.empty() ? "" : ": ",
                           r.second.score),
               kLabel);
  }
  if (!r.refused()) {
    write_shares(page, r);
    if (r.microarray) {
      write_cores(page, r);
    } else {
      write_editions(page, r);
    }
  }
  write_verdicts(page, r);
  if (page.draws()) {
    write_further(page, r);  // names the files; a time would make every copy another
  } else if (!r.files.empty()) {
    page.heading("Written");
    page.paragraph(fmt::format("{}", fmt::join(r.files, "  ")), 2);
  }
  if (r.timing.seconds > 0 && !page.draws()) {
    page.paragraph(fmt::format("{:.1f} s, {:.0f} megapixels, {} thread{}", r.timing.seconds, r.timing.megapixels,
                               r.timing.threads, r.timing.threads == 1 ? "" : "s"),
                   0, Ink::quiet);
  }
  page.paragraph(kResearchUse, 0, Ink::quiet);
}

std::string ihc_text(const IhcReport& r, const TextStyle& style) {
  TextPage page(style);
  write_ihc(page, r);
  return page.take();
}

}  // namespace her2
