// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_further.h"

#include <fmt/format.h>

#include "her2/report/ihc_further.h"
#include "her2/report/ish_picture.h"

namespace her2 {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kLabel = 22;

void fact(ReportPage& page, std::string_view label, const std::string& value) {
  if (!value.empty()) {
    page.field(label, value, kLabel);
  }
}

void write_readers(ReportPage& page, const IshReport& r) {
  if (!r.second) {
    return;
  }
  Rows rows;
  const auto add = [&](const std::string& name, const IshScore& score) {
    const CountSums& s = score.count.sums;
    rows.push_back({name, std::to_string(s.nuclei), ratio_words(score), mean_words(s.her2_mean(), score.her2),
                    mean_words(s.cep17_mean(), score.cep17), score.groups ? groups_words(score) : "none"});
  };
  add(r.reader.empty() ? "first" : r.reader, r.score);
  add(r.second->name.empty() ? "second" : r.second->name, r.second->score);
  page.heading("Readers side by side");
  page.table({"Reader", "Nuclei", "Ratio", "HER2", "CEP17", "Group"}, rows);
}

void write_ways(ReportPage& page, const IshReport& r) {
  if (r.score.ways.size() < 2) {
    return;
  }
  Rows rows;
  for (const CountedWay& way : r.score.ways) {
    const CountSums& s = way.sums;
    rows.push_back({way_words(way.way), s.cep17 == 0 ? "none" : fmt::format("{:.2f}", s.her2_mean() / s.cep17_mean()),
                    fmt::format("{:.2f}", s.her2_mean()), fmt::format("{:.2f}", s.cep17_mean()),
                    way.group ? std::to_string(*way.group) : "none"});
  }
  page.heading("Signals read in other ways", 3);
  page.table({"Read as", "Ratio", "HER2", "CEP17", "Group"}, rows);
}

void write_uncertainty(ReportPage& page, const IshReport& r) {
  page.heading("How sure, and of what");
  fact(page, "Intervals", "95 %: t on the logarithm of a mean; delta method and t on the logarithm of the ratio");
  if (r.score.ratio_bootstrap) {
    fact(page, "Ratio by bootstrap-t",
         fmt::format("{:.2f} to {:.2f}; take this one where a second population skews the counts",
                     r.score.ratio_bootstrap->low, r.score.ratio_bootstrap->high));
  }
  fact(page, "Probabilities hold fixed", r.conditional_on);
  if (r.score.groups) {
    fact(page, "Spread", fmt::format("the ratio of single nuclei varies by {:.0f} %", 100 * r.score.further.spread));
  }
  write_ways(page, r);
}

void write_origin(ReportPage& page, const IshReport& r) {
  page.heading("Where this comes from");
  fact(page, "Counted by",
       r.table.assay != IshAssay::counts ? r.software
       : r.reader.empty()                ? "a person; not stated who"
                                         : r.reader);
  if (!r.table.profile_name.empty()) {
    fact(page, "Profile", fmt::format("{}, SHA-256 {}", r.table.profile_name, r.table.profile_sha256));
  }
  if (!r.ihc.empty()) {
    fact(page, "IHC", fmt::format("{} ({})", r.ihc, r.ihc_source));
  }
  for (const IshField& f : r.table.fields) {
    if (r.table.assay != IshAssay::counts) {
      fact(page, "Field",
           fmt::format("{}, {} x {} px, {:.4g} um/px, SHA-256 {}", f.name, f.width, f.height,
                       static_cast<double>(f.pixel_pm) / 1e6, f.sha256));
    }
  }
  if (!r.edits.empty()) {
    fact(page, "Corrections",
         fmt::format("{} by {}: every number is counted with them", r.edits.size(), listed(r.edit_authors, "and")));
  }
  fact(page, "Software", r.software);
}

}  // namespace

void write_pictures(ReportPage& page, const IshReport& r) {
  page.heading("The counts");
  if (r.score.groups) {
    page.figure(ish_group_bar(r.score, "groups"), "Probability of each group: " + groups_words(r.score) + ".");
  }
  if (const std::string map = ish_map_svg(r, "map"); !map.empty()) {
    page.figure(map, fmt::format("The case on the map of ratio and HER2 copies.{}",
                                 r.score.groups ? " The shapes hold 95 % of what the true means may be, one for each "
                                                  "way to read doubtful signals and clusters."
                                                : ""));
  }
  if (!r.score.nuclei.empty()) {
    page.figure(ish_scatter_svg(r, "scatter"), ish_scatter_words(r));
    for (const IshChannel channel : {IshChannel::her2, IshChannel::cep17}) {
      page.figure(ish_histogram_svg(r, channel, fmt::format("histogram-{}", static_cast<int>(channel))),
                  fmt::format("How many nuclei have how many {} signals.", name_of(channel)));
    }
  }
}

void write_further(ReportPage& page, const IshReport& r) {
  write_readers(page, r);
  page.heading("Second population");
  page.paragraph(second_population_words(r.score), 2);
  if (!r.pictures.empty()) {
    page.heading("The nuclei that were counted");
    for (const IhcPicture& picture : r.pictures) {
      page.picture(picture.png, picture.title, picture.caption);
    }
  }
  write_quality(page, r.verdicts);
  write_uncertainty(page, r);
  write_origin(page, r);
}

}  // namespace her2
