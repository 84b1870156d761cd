// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_json.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "her2/language/say.h"
#include "her2/report/status_json.h"

namespace her2 {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// Four decimals: a figure for people and programs, not a threshold. Basic operations only.
double rounded(double value) { return std::floor(value * 10000 + 0.5) / 10000; }

template <class Items, class Make>
Json list_of(const Items& items, Make make) {
  Json list = Json::array();
  for (const auto& item : items) {
    list.push_back(make(item));
  }
  return list;
}

Json interval(double value, const Interval& limits) {
  const bool known = limits.high > 0;
  return {{"value", rounded(value)},
          {"low", known ? Json(rounded(limits.low)) : Json(nullptr)},
          {"high", known ? Json(rounded(limits.high)) : Json(nullptr)}};
}

double ratio_of(const CountSums& s) { return static_cast<double>(s.her2) / static_cast<double>(s.cep17); }

Json group_of(const std::optional<int>& group) { return group ? Json(*group) : Json(nullptr); }

Json sums_tree(const CountSums& s) { return {{"nuclei", s.nuclei}, {"her2_total", s.her2}, {"cep17_total", s.cep17}}; }

Json count_tree(const IshScore& score) {
  const CountSums& s = score.count.sums;
  Json out = sums_tree(s);
  out["her2_is_lower_bound"] = score.tally.at_least > 0;
  out["her2_mean"] = interval(s.her2_mean(), score.her2);
  out["cep17_mean"] = interval(s.cep17_mean(), score.cep17);
  out["ratio"] = s.cep17 == 0 ? Json(nullptr) : interval(ratio_of(s), score.ratio);
  out["ratio_bootstrap_t"] = score.ratio_bootstrap ? Json{{"low", rounded(score.ratio_bootstrap->low)},
                                                          {"high", rounded(score.ratio_bootstrap->high)}}
                                                   : Json(nullptr);
  out["group"] = group_of(score.count.group);
  return out;
}

Json groups_tree(const IshScore& score) {
  if (!score.groups) {
    return nullptr;
  }
  return list_of(*score.groups, [](double share) { return Json(rounded(share)); });
}

const char* name_of(FurtherNuclei::Verdict verdict) {
  switch (verdict) {
    case FurtherNuclei::Verdict::enough: return "enough";
    case FurtherNuclei::Verdict::count_more: return "count-more";
    case FurtherNuclei::Verdict::not_by_counting: return "not-by-counting";
    case FurtherNuclei::Verdict::not_by_doubtful: break;
  }
  return "not-by-doubtful";
}

Json further_tree(const IshScore& score) {
  if (!score.groups) {
    return nullptr;
  }
  const FurtherNuclei& f = score.further;
  const bool counted =
      f.verdict == FurtherNuclei::Verdict::count_more || f.verdict == FurtherNuclei::Verdict::not_by_counting;
  return {{"verdict", name_of(f.verdict)},        {"wrong_group", rounded(f.wrong)},
          {"level", rounded(score.level)},        {"nuclei", counted ? Json(f.further) : Json(nullptr)},
          {"spread_of_ratio", rounded(f.spread)}, {"says", further_words(score)}};
}

Json tally_tree(const IshTally& t) {
  Json verdicts = Json::object();
  for (std::size_t v = 0; v < kNucleusVerdicts; ++v) {
    verdicts[std::string(her2::name_of(static_cast<NucleusVerdict>(v)))] = t.nuclei.at(v);
  }
  return {{"found", t.found},
          {"verdicts", verdicts},
          {"truncated_share", rounded(truncated_share(t))},
          {"edited", t.edited},
          {"areas", t.areas_known ? Json(t.areas) : Json(nullptr)},
          {"unscorable_signals", t.unscorable},
          {"cytoplasmic_signals", t.cytoplasmic}};
}

Json way_tree(const CountedWay& way) {
  Json out = {{"says", way_words(way.way)}};
  out.update(sums_tree(way.sums));
  out["group"] = group_of(way.group);
  return out;
}

const char* name_of(SecondPopulation::Pattern pattern) {
  switch (pattern) {
    case SecondPopulation::Pattern::together: return "together";
    case SecondPopulation::Pattern::intermingled: return "intermingled";
    case SecondPopulation::Pattern::unknown: break;
  }
  return "unknown";
}

Json second_tree(const IshScore& score) {
  const SecondPopulation& p = score.second;
  const auto all = static_cast<double>(score.count.sums.nuclei);
  return {{"tested", p.tested},
          {"found", p.found},
          {"p", p.tested ? Json(rounded(p.p)) : Json(nullptr)},
          {"separation", p.tested ? Json(rounded(p.separation)) : Json(nullptr)},
          {"nuclei", p.members},
          {"percent", p.found ? Json{{"value", rounded(100 * static_cast<double>(p.members) / all)},
                                     {"low", rounded(100 * p.share.low)},
                                     {"high", rounded(100 * p.share.high)}}
                              : Json(nullptr)},
          {"count_separately", p.found && 10 * p.members > score.count.sums.nuclei},
          {"first", p.found ? sums_tree(p.first) : Json(nullptr)},
          {"second", p.found ? sums_tree(p.second) : Json(nullptr)},
          {"pattern", name_of(p.pattern)},
          {"pattern_p", p.together_p ? Json(rounded(*p.together_p)) : Json(nullptr)},
          {"says", second_population_words(score)}};
}

Json paired_tree(const PairedDifference& d) {
  return {{"difference", rounded(d.mean)},
          {"low", rounded(d.limits.low)},
          {"high", rounded(d.limits.high)},
          {"equal", d.equal}};
}

Json readers_tree(const IshReport& r) {
  if (!r.second) {
    return nullptr;
  }
  const ReaderComparison& c = r.second->comparison;
  Json out = {{"first", or_null(r.reader)}, {"second", or_null(r.second->name)}};
  out["second_count"] = count_tree(r.second->score);
  out["second_group_probability"] = groups_tree(r.second->score);
  out["ratio_factor"] = c.ratio_factor ? interval(*c.ratio_factor, c.ratio_limits) : Json(nullptr);
  out["ratio_differs"] = c.ratio_differs;
  out["groups_differ"] = c.groups_differ;
  out["paired_nuclei"] = c.pairs;
  out["her2_difference"] = c.paired ? paired_tree(c.her2) : Json(nullptr);
  out["cep17_difference"] = c.paired ? paired_tree(c.cep17) : Json(nullptr);
  out["used_as_recount"] = r.second->is_recount;
  out["says"] = readers_words(r);
  return out;
}

Json field_tree(const IshField& f) {
  const auto channel = [&](std::size_t c) {
    const FieldChannel& it = f.channels.at(c);
    return Json{{"signal_sigma_nm", it.signal_sigma},
                {"saturated_share", rounded(it.saturated / 10000.0)},
                {"crosstalk", rounded(it.crosstalk / 1000.0)},
                {"threshold", it.threshold},
                {"plateau_factor", rounded(it.plateau / 100.0)}};
  };
  return {{"name", f.name},
          {"sha256", or_null(f.sha256)},
          {"width_px", f.width},
          {"height_px", f.height},
          {"um_per_px", f.pixel_pm > 0 ? Json(f.pixel_pm / 1e6) : Json(nullptr)},
          {"in_focus_share", rounded(f.focus / 1000.0)},
          {"her2", channel(0)},
          {"cep17", channel(1)},
          {"ratio_at_other_thresholds",
           f.ratio_low > 0 ? Json{rounded(f.ratio_low / 1000.0), rounded(f.ratio_high / 1000.0)} : Json(nullptr)},
          {"notices", f.notices},
          {"refused", or_null(f.refused)}};
}

Json edition_tree(const IshEdition& e) {
  return {
      {"scheme", e.counted.scheme},
      {"edition", e.counted.edition},
      {"likely", list_of(e.likely,
                         [](const PossibleValue& v) {
                           return Json{{"value", v.value}, {"probability", v.probability}, {"rule", or_null(v.row)}};
                         })},
      {"status", status_tree(e.english.scheme.empty() ? e.counted : e.english)}};
}

Json edit_tree(const IshEdit& e) {
  return {{"nucleus", e.nucleus},
          {"action", her2::name_of(e.action)},
          {"author", or_null(e.author)},
          {"time", or_null(e.time)}};
}

}  // namespace

std::string ish_json(const IshReport& r, bool with_timing) {
  const Speaking english(english_messages());  // for programs: the same in every language
  const IshHeadline head = ish_headline(r);
  Json out;
  out["schema"] = kIshSchema;
  out["headline"] = {{"group", head.group}, {"detail", head.detail}, {"status", or_null(head.status)}};
  out["refused"] = r.refused();
  out["name"] = r.table.name;
  out["assay"] = her2::name_of(r.table.assay);
  out["profile"] = r.table.profile_name.empty()
                       ? Json(nullptr)
                       : Json{{"name", r.table.profile_name}, {"sha256", or_null(r.table.profile_sha256)}};
  out["ihc"] = r.ihc.empty() ? Json(nullptr) : Json{{"score", r.ihc}, {"source", or_null(r.ihc_source)}};
  out["qc"] = list_of(r.verdicts, [](const IhcVerdict& v) {
    return Json{{"id", v.id}, {"severity", her2::name_of(v.severity)}, {"label", v.label}, {"reason", v.reason}};
  });
  out["count"] = count_tree(r.score);
  out["group_probability"] = groups_tree(r.score);
  out["further"] = further_tree(r.score);
  out["ways"] = list_of(r.score.ways, way_tree);
  out["nuclei"] = tally_tree(r.score.tally);
  out["areas"] = list_of(r.areas, [](const IshArea& a) {
    Json area = {{"name", a.name}};
    area.update(sums_tree(a.sums));
    area["group"] = group_of(a.group);
    return area;
  });
  out["second_population"] = second_tree(r.score);
  out["readers"] = readers_tree(r);
  out["fields"] = list_of(r.table.assay == IshAssay::counts ? std::vector<IshField>{} : r.table.fields, field_tree);
  out["editions"] = list_of(r.editions, edition_tree);
  out["primary_edition"] = r.primary;
  out["ensemble"] =
      r.replicates == 0 ? Json(nullptr) : Json{{"replicates", r.replicates}, {"conditional_on", r.conditional_on}};
  out["edits"] = list_of(r.edits, edit_tree);
  out["files"] = r.files;
  out["software"] = r.software;
  out["research_use"] = kResearchUse;
  out["timing"] = nullptr;
  if (with_timing) {
    out["timing"] = {{"seconds", rounded(r.timing.seconds)},
                     {"megapixels", rounded(r.timing.megapixels)},
                     {"threads", r.timing.threads},
                     {"peak_mb", rounded(r.timing.peak_mb)}};
  }
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace her2
