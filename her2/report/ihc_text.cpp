// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "her2/language/retold.h"
#include "her2/language/say.h"
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
  page.heading(r.nuclear ? say("ihc.tumour_cells_by_nuclear_staining") : say("ihc.tumour_cells_by_membrane_staining"));
  for (const IhcShare& share : r.shares) {
    if (share.cells > 0 || share.percent.high >= 0.05) {
      page.field(
          staining_words(share.label),
          percent_in(fmt::format("{:>5.1f}", share.percent.value)) + "  " + bar(share.percent.value, page.unicode()),
          22);
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
  page.heading(r.nuclear ? say("ihc.what_the_guideline_says") : say("ihc.score_under_each_edition"));
  std::vector<std::vector<std::string>> rows;
  for (const CaseStatus& edition : r.editions) {
    const Answer* answer = answer_of(edition, r.answer_fact);
    rows.push_back({edition_words(r, edition), answer == nullptr ? say("ihc.no_answer") : score_words(*answer),
                    answer == nullptr ? std::string() : rule_of(*answer)});
  }
  page.table({r.nuclear ? say("ihc.guideline") : say("ihc.edition"), r.nuclear ? say("ihc.answer") : say("ihc.score"),
              say("ihc.rule")},
             rows);
}

void write_cores(ReportPage& page, const IhcReport& r) {
  page.heading(say("ihc.cores"));
  std::vector<std::vector<std::string>> rows;
  for (const IhcRegion& core : r.regions) {
    if (core.role == "core") {
      rows.push_back({core.name, with_commas(core.tumour_cells), number_in(core.h_score, 0),
                      core.score.empty() ? core.why_not : core.score});
    }
  }
  page.table({say("ihc.core"), say("ihc.tumour_cells_column"), say("ihc.h_score_head"), say("ihc.score")}, rows);
}

void write_verdicts(ReportPage& page, const IhcReport& r) {
  const bool any =
      std::any_of(r.qc.begin(), r.qc.end(), [](const IhcVerdict& v) { return v.severity != Severity::ok; });
  if (!any && r.notes.empty() && r.profile.calibrated) {
    return;
  }
  page.heading(say("ihc.to_look_at"));
  for (const IhcVerdict& verdict : r.qc) {
    if (verdict.severity != Severity::ok) {
      page.item("!", fmt::format("{}: {}", verdict.label, verdict.reason), 2, Ink::warning);
    }
  }
  if (!r.profile.calibrated) {
    page.item("!", say("ihc.the_profile_is_uncalibrated_its", {{"name", r.profile.name}}), 2, Ink::warning);
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
    page.field(say("ihc.slide"),
               say("ihc.x_px_um_px", {{"width", r.slide.width},
                                      {"height", r.slide.height},
                                      {"mpp", number_in(fmt::format("{:.4g}", r.slide.mpp))}}) +
                   (r.slide.format.empty() ? "" : ", " + r.slide.format),
               kLabel);
    page.field(say("ihc.measured"),
               say("ihc.mm2_of_tissue_at_um_px", {{"measured", number_in(measured, 2)},
                                                  {"work_mpp", number_in(fmt::format("{:.4g}", r.slide.work_mpp))}}),
               kLabel);
  } else {
    page.field(
        say("ihc.cells"),
        say("ihc.from_a_cell_table_measured_at_um", {{"work_mpp", number_in(fmt::format("{:.4g}", r.slide.work_mpp))}}),
        kLabel);
  }
  page.field(say("ihc.profile"),
             r.profile.calibrated ? r.profile.name : say("ihc.uncalibrated_profile", {{"name", r.profile.name}}),
             kLabel);
  if (r.stain.says != "of the profile" && !r.stain.says.empty()) {
    page.field(say("ihc.stain_vectors"), retold(r.stain.says), kLabel);
  }
  if (r.nuclear) {
    for (const auto& [label, words] : {std::pair{say("ihc.allred"), allred_words(*r.nuclear)},
                                       std::pair{say("ihc.hot_spot"), hot_spot_words(*r.nuclear)}}) {
      if (!words.empty()) {
        page.field(label, words, kLabel);
      }
    }
  }
  if (r.second.measured) {
    page.field(say("ihc.second_opinion"),
               say("ihc.connectivity", {{"connectivity", number_in(r.second.connectivity, 2)}}) +
                   (r.second.score.empty() ? "" : ": " + retold(r.second.score)),
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
    page.heading(say("ihc.written"));
    page.paragraph(fmt::format("{}", fmt::join(r.files, "  ")), 2);
  }
  if (r.timing.seconds > 0 && !page.draws()) {
    page.paragraph(say("ihc.timing", {{"seconds", number_in(r.timing.seconds, 1)},
                                      {"megapixels", number_in(r.timing.megapixels, 0)},
                                      {"threads", r.timing.threads}}),
                   0, Ink::quiet);
  }
  page.paragraph(research_use(), 0, Ink::quiet);
}

std::string ihc_text(const IhcReport& r, const TextStyle& style) {
  TextPage page(style);
  write_ihc(page, r);
  return page.take();
}

}  // namespace her2
