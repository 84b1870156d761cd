// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_further.h"

#include <fmt/format.h>

#include "her2/language/retold.h"
#include "her2/language/say.h"
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
                    mean_words(s.cep17_mean(), score.cep17), score.groups ? groups_words(score) : say("ish.none")});
  };
  add(r.reader.empty() ? say("ish.first") : r.reader, r.score);
  add(r.second->name.empty() ? say("ish.second") : r.second->name, r.second->score);
  page.heading(say("ish.readers_side_by_side"));
  page.table({say("ish.reader"), say("ish.nuclei_head"), say("ish.ratio_head"), say("ish.her2"), say("ish.cep17"),
              say("ish.group_head")},
             rows);
}

void write_ways(ReportPage& page, const IshReport& r) {
  if (r.score.ways.size() < 2) {
    return;
  }
  Rows rows;
  for (const CountedWay& way : r.score.ways) {
    const CountSums& s = way.sums;
    rows.push_back({way_words(way.way), s.cep17 == 0 ? say("ish.none") : number_in(s.her2_mean() / s.cep17_mean(), 2),
                    number_in(s.her2_mean(), 2), number_in(s.cep17_mean(), 2),
                    way.group ? std::to_string(*way.group) : say("ish.none")});
  }
  page.heading(say("ish.signals_read_in_other_ways"), 3);
  page.table({say("ish.read_as"), say("ish.ratio_head"), say("ish.her2"), say("ish.cep17"), say("ish.group_head")},
             rows);
}

void write_uncertainty(ReportPage& page, const IshReport& r) {
  page.heading(say("ish.how_sure_and_of_what"));
  fact(page, say("ish.intervals"), say("ish.95_t_on_the_logarithm_of_a"));
  if (r.score.ratio_bootstrap) {
    fact(page, say("ish.ratio_by_bootstrap_t"),
         say("ish.to_take_this_one_where_a_second", {{"low", number_in(r.score.ratio_bootstrap->low, 2)},
                                                     {"high", number_in(r.score.ratio_bootstrap->high, 2)}}));
  }
  fact(page, say("ish.probabilities_hold_fixed"), retold(r.conditional_on));
  if (r.score.groups) {
    fact(page, say("ish.spread"),
         say("ish.the_ratio_of_single_nuclei_varies_by", {{"spread", percent_in(100 * r.score.further.spread, 0)}}));
  }
  write_ways(page, r);
}

void write_origin(ReportPage& page, const IshReport& r) {
  page.heading(say("ish.where_this_comes_from"));
  fact(page, say("ish.counted_by"),
       r.table.assay != IshAssay::counts ? r.software
       : r.reader.empty()                ? say("ish.a_person_not_stated_who")
                                         : r.reader);
  if (!r.table.profile_name.empty()) {
    fact(page, say("ish.profile"),
         say("ish.sha_256", {{"profile_name", r.table.profile_name}, {"profile_sha256", r.table.profile_sha256}}));
  }
  if (!r.ihc.empty()) {
    fact(page, say("ish.ihc"), fmt::format("{} ({})", r.ihc, r.ihc_source));
  }
  for (const IshField& f : r.table.fields) {
    if (r.table.assay != IshAssay::counts) {
      fact(page, say("ish.field"),
           say("ish.x_px_um_px_sha_256",
               {{"name", f.name},
                {"width", f.width},
                {"height", f.height},
                {"pixel", number_in(fmt::format("{:.4g}", static_cast<double>(f.pixel_pm) / 1e6))},
                {"sha256", f.sha256}}));
    }
  }
  if (!r.edits.empty()) {
    fact(page, say("ish.corrections"),
         say("ish.corrections_by", {{"corrections", r.edits.size()}, {"authors", listed(r.edit_authors, "and")}}));
  }
  fact(page, say("ish.software"), r.software);
}

}  // namespace

void write_pictures(ReportPage& page, const IshReport& r) {
  page.heading(say("ish.the_counts"));
  if (r.score.groups) {
    page.figure(ish_group_bar(r.score, "groups"),
                say("ish.probability_of_each_group", {{"groups", groups_words(r.score)}}) + ".");
  }
  if (const std::string map = ish_map_svg(r, "map"); !map.empty()) {
    page.figure(map, r.score.groups ? say("ish.map_words") + " " + say("ish.the_shapes_hold_95_of_what_the_true")
                                    : say("ish.map_words"));
  }
  if (!r.score.nuclei.empty()) {
    page.figure(ish_scatter_svg(r, "scatter"), ish_scatter_words(r));
    for (const IshChannel channel : {IshChannel::her2, IshChannel::cep17}) {
      page.figure(ish_histogram_svg(r, channel, fmt::format("histogram-{}", static_cast<int>(channel))),
                  say("ish.how_many_nuclei_have_how_many_signals", {{"name", name_of(channel)}}));
    }
  }
}

void write_further(ReportPage& page, const IshReport& r) {
  write_readers(page, r);
  page.heading(say("ish.second_population"));
  page.paragraph(second_population_words(r.score), 2);
  if (!r.pictures.empty()) {
    page.heading(say("ish.the_nuclei_that_were_counted"));
    for (const IhcPicture& picture : r.pictures) {
      page.picture(picture.png, picture.title, picture.caption);
    }
  }
  write_quality(page, r.verdicts);
  write_uncertainty(page, r);
  write_origin(page, r);
}

}  // namespace her2
