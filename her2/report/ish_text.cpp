// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/ish_further.h"
#include "her2/report/text_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr std::size_t kLabel = 18;

const Answer* status_of(const CaseStatus& status) {
  return status.specimens.empty() || status.specimens[0].answers.empty() ? nullptr : &status.specimens[0].answers[0];
}

void write_counts(ReportPage& page, const IshReport& r) {
  const CountSums& s = r.score.count.sums;
  page.field(say("ish.nuclei"),
             r.score.tally.found > s.nuclei
                 ? say("ish.counted_of_found", {{"nuclei", s.nuclei}, {"found", r.score.tally.found}})
                 : say("ish.counted", {{"nuclei", s.nuclei}}),
             kLabel);
  page.field(say("ish.her2"),
             say("ish.her2_signals_per_nucleus", {{"her2", s.her2}, {"mean", mean_words(s.her2_mean(), r.score.her2)}}),
             kLabel);
  page.field(
      say("ish.cep17"),
      say("ish.cep17_signals_per_nucleus", {{"cep17", s.cep17}, {"mean", mean_words(s.cep17_mean(), r.score.cep17)}}),
      kLabel);
  page.field(say("ish.ratio"), ratio_words(r.score), kLabel);
  if (r.score.groups) {
    page.field(say("ish.group"), groups_words(r.score), kLabel);
  }
  if (!r.ihc.empty()) {
    page.field(say("ish.ihc"), r.ihc, kLabel);
  }
}

void write_editions(ReportPage& page, const IshReport& r) {
  page.heading(say("ish.her2_status_under_each_edition"));
  std::vector<std::vector<std::string>> rows;
  for (const IshEdition& edition : r.editions) {
    const Answer* answer = status_of(edition.counted);
    rows.push_back({edition.counted.edition.empty() ? edition.counted.scheme : edition.counted.edition,
                    answer == nullptr ? say("ish.no_answer") : answer_words(*answer), likely_words(edition)});
  }
  page.table({say("ish.edition"), say("ish.by_these_counts"), say("ish.how_likely")}, rows);
}

void write_left_out(ReportPage& page, const IshReport& r) {
  const IshTally& tally = r.score.tally;
  if (tally.found == tally.counted()) {
    return;
  }
  page.heading(say("ish.nuclei_left_out"));
  for (std::size_t v = 1; v < kNucleusVerdicts; ++v) {
    if (tally.nuclei.at(v) > 0) {
      page.field(fmt::format("{}", tally.nuclei.at(v)), name_in("nucleus", words(static_cast<NucleusVerdict>(v))), 8);
    }
  }
}

void write_verdicts(ReportPage& page, const IshReport& r) {
  const auto matters = [](const IhcVerdict& v) { return v.severity != Severity::ok; };
  if (std::none_of(r.verdicts.begin(), r.verdicts.end(), matters)) {
    return;
  }
  page.heading(say("ish.to_look_at"));
  for (const IhcVerdict& verdict : r.verdicts) {
    if (matters(verdict)) {
      page.item("!", fmt::format("{}: {}", verdict.label, verdict.reason), 2, Ink::warning);
    }
  }
}

void write_next(ReportPage& page, const IshReport& r) {
  page.heading(say("ish.what_to_do_next"));
  if (const std::string further = further_words(r.score); !further.empty()) {
    page.item("•", further, 2);
  }
  if (const std::string surer = status_surer_words(r); !surer.empty()) {
    page.item("•", surer, 2);
  }
  for (const auto& [action, row] : ish_actions(r)) {
    page.item("•", action, 2);
  }
}

}  // namespace

void write_ish(ReportPage& page, const IshReport& r) {
  const IshHeadline head = ish_headline(r);
  const Ink ink = r.refused()     ? Ink::warning
                  : head.positive ? Ink::positive
                  : head.negative ? Ink::negative
                                  : Ink::warning;
  page.blank();
  page.banner(head.group, ink, r.table.name);
  page.paragraph(head.status, 0, Ink::strong);
  page.blank();
  write_counts(page, r);
  write_next(page, r);
  if (page.draws()) {
    write_pictures(page, r);
  }
  write_editions(page, r);
  if (r.second) {
    page.heading(say("ish.two_readers"));
    page.paragraph(readers_words(r), 2);
  }
  if (r.areas.size() > 1) {
    page.heading(say("ish.areas"));
    std::vector<std::vector<std::string>> rows;
    for (const IshArea& area : r.areas) {
      rows.push_back(
          {area.name, std::to_string(area.sums.nuclei), number_in(area.sums.her2_mean(), 2),
           area.sums.cep17 == 0 ? say("ish.none") : number_in(area.sums.her2_mean() / area.sums.cep17_mean(), 2),
           area.group ? std::to_string(*area.group) : say("ish.none")});
    }
    page.table({say("ish.area"), say("ish.nuclei"), say("ish.her2"), say("ish.ratio"), say("ish.group")}, rows);
  }
  write_verdicts(page, r);
  write_left_out(page, r);
  if (page.draws()) {
    write_further(page, r);
  } else if (!r.files.empty()) {
    page.heading(say("ish.written"));
    for (const std::string& file : r.files) {
      page.paragraph(file, 2);
    }
  }
  page.paragraph(research_use(), 0, Ink::quiet);
}

std::string ish_text(const IshReport& r, const TextStyle& style) {
  TextPage page(style);
  write_ish(page, r);
  return page.take();
}

}  // namespace her2
