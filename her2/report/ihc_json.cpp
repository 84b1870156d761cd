// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_json.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "her2/language/say.h"
#include "her2/report/status_json.h"

namespace her2 {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json or_null(double value) { return value == 0 ? Json(nullptr) : Json(value); }

// Rounded to `digits` decimals: a figure for people and programs, not a threshold. Basic operations only.
double rounded(double value, int digits) {
  double scale = 1;
  for (int i = 0; i < digits; ++i) {
    scale *= 10;
  }
  return std::floor(value * scale + 0.5) / scale;
}

template <class Items, class Make>
Json list_of(const Items& items, Make make) {
  Json list = Json::array();
  for (const auto& item : items) {
    list.push_back(make(item));
  }
  return list;
}

template <class T>
Json pairs(const std::vector<std::pair<std::string, T>>& items, const char* first, const char* second) {
  return list_of(items, [&](const auto& item) { return Json{{first, item.first}, {second, item.second}}; });
}

Json interval(const IhcInterval& value) {
  return {{"value", rounded(value.value, 4)}, {"low", rounded(value.low, 4)}, {"high", rounded(value.high, 4)}};
}

Json slide_tree(const IhcSlide& s) {
  return {{"name", s.name},
          {"sha256", or_null(s.sha256)},
          {"format", or_null(s.format)},
          {"compression", or_null(s.compression)},
          {"subsampling", or_null(s.subsampling)},
          {"scanner", or_null(s.scanner)},
          {"width_px", s.width},
          {"height_px", s.height},
          {"um_per_px", s.mpp},
          {"um_per_px_source", or_null(s.mpp_source)},
          {"measured_um_per_px", s.work_mpp},
          {"objective", or_null(s.objective)},
          {"not_read", s.left_out}};
}

Json profile_tree(const IhcProfile& p) {
  return {{"name", p.name},
          {"sha256", or_null(p.sha256)},
          {"calibrated", p.calibrated},
          {"source", or_null(p.source)},
          {"constants", pairs(p.constants, "label", "value")}};
}

Json stain_tree(const IhcStain& s) {
  const auto vector = [](const std::array<double, 3>& v) {
    return Json{rounded(v[0], 4), rounded(v[1], 4), rounded(v[2], 4)};
  };
  return {{"white", s.white},
          {"haematoxylin", vector(s.haematoxylin)},
          {"dab", vector(s.dab)},
          {"estimated", s.estimated},
          {"says", or_null(s.says)}};
}

Json region_tree(const IhcRegion& r) {
  return {{"name", r.name},
          {"role", r.role},
          {"mm2", rounded(r.mm2, 6)},
          {"tumour_cells", r.tumour_cells},
          {"h_score", rounded(r.h_score, 4)},
          {"percent", list_of(r.percent, [](double p) { return Json(rounded(p, 4)); })},
          {"score", or_null(r.likeliest)},
          {"score_words", or_null(r.score)},
          {"why_not", or_null(r.why_not)}};
}

Json nuclear_tree(const std::optional<IhcNuclear>& nuclear) {
  if (!nuclear) {
    return nullptr;
  }
  const IhcNuclear& n = *nuclear;
  Json allred = nullptr;
  if (n.proportion) {
    allred = {{"proportion", *n.proportion}, {"intensity", n.intensity}, {"total", *n.proportion + n.intensity}};
  }
  Json spot = nullptr;
  if (n.hot_spot) {
    spot = {{"x_px", rounded(n.x, 2)},
            {"y_px", rounded(n.y, 2)},
            {"side_um", n.side_um},
            {"percent", rounded(n.hot_percent, 4)},
            {"tumour_cells", n.hot_cells}};
  }
  return {{"fact", n.fact}, {"percent", interval(n.percent)}, {"allred", allred}, {"hot_spot", spot}};
}

Json second_tree(const IhcSecondOpinion& s) {
  if (!s.measured) {
    return nullptr;
  }
  return {{"connectivity", rounded(s.connectivity, 4)},
          {"score", or_null(s.score)},
          {"agrees", s.agrees},
          {"says", s.says}};
}

Json edition_tree(const CaseStatus& edition, const std::string& fact) {
  const Answer* score = ihc_score_of(edition);
  const Answer* answer = answer_of(edition, fact);
  return {{"scheme", edition.scheme},
          {"edition", edition.edition},
          {"ihc_score", score == nullptr ? Json(nullptr) : or_null(likeliest(*score))},
          {"fact", fact},
          {"answer", answer == nullptr ? Json(nullptr) : or_null(likeliest(*answer))},
          {"decided", answer != nullptr && answer->state == AnswerState::decided},
          {"status", status_tree(edition)}};
}

Json timing_tree(const IhcTiming& t) {
  return {{"seconds", t.seconds},
          {"megapixels", t.megapixels},
          {"threads", t.threads},
          {"peak_mb", t.peak_mb},
          {"parts", pairs(t.parts, "part", "seconds")}};
}

Json cells_tree(const IhcReport& r) {
  return {{"tumour", r.tumour_cells},
          {"kinds", list_of(r.kinds,
                            [](const IhcKind& k) {
                              return Json{{"kind", k.kind}, {"label", k.label}, {"cells", k.cells}};
                            })},
          {"edits", r.edits},
          {"edit_authors", r.edit_authors}};
}

}  // namespace

std::string ihc_json(const IhcReport& r, bool with_timing) {
  const Speaking english(english_messages());  // for programs: the same in every language
  const IhcHeadline head = ihc_headline(r);
  const auto verdict = [](const IhcVerdict& v) {
    return Json{{"id", v.id}, {"severity", name_of(v.severity)}, {"label", v.label}, {"reason", v.reason}};
  };
  const auto share = [](const IhcShare& s) {
    return Json{{"fact", s.fact}, {"label", s.label}, {"cells", s.cells}, {"percent", interval(s.percent)}};
  };
  const auto edition = [&r](const CaseStatus& e) { return edition_tree(e, r.answer_fact); };
  const auto picture = [](const IhcPicture& p) {
    return Json{
        {"file", p.id + ".png"}, {"title", p.title}, {"caption", p.caption}, {"width", p.width}, {"height", p.height}};
  };
  const Json tree{{"schema", kIhcSchema},
                  {"marker", r.marker},
                  {"headline", {{"score", head.score}, {"detail", or_null(head.detail)}}},
                  {"refused", r.refused()},
                  {"slide", slide_tree(r.slide)},
                  {"profile", profile_tree(r.profile)},
                  {"stain", stain_tree(r.stain)},
                  {"qc", list_of(r.qc, verdict)},
                  {"notes", r.notes},
                  {"areas", list_of(r.areas,
                                    [](const IhcArea& a) {
                                      return Json{{"reason", a.reason}, {"mm2", rounded(a.mm2, 6)}};
                                    })},
                  {"cells", cells_tree(r)},
                  {"shares", list_of(r.shares, share)},
                  {"h_score", interval(r.h_score)},
                  {"nuclear", nuclear_tree(r.nuclear)},
                  {"microarray", r.microarray},
                  {"noise_floor_percent", rounded(r.noise_floor_percent, 4)},
                  {"histogram",
                   {{"bin_od", r.histogram.bin_od},
                    {"cells", r.histogram.cells},
                    {"cuts", list_of(r.histogram.cuts,
                                     [](const auto& cut) {
                                       return Json{{"od", cut.first}, {"label", cut.second}};
                                     })}}},
                  {"second_opinion", second_tree(r.second)},
                  {"heterogeneity", pairs(r.heterogeneity, "label", "value")},
                  {"regions", list_of(r.regions, region_tree)},
                  {"editions", list_of(r.english_editions.empty() ? r.editions : r.english_editions, edition)},
                  {"primary_edition", r.editions.empty() ? Json(nullptr) : Json(r.primary)},
                  {"ensemble", r.replicates == 0 ? Json(nullptr)
                                                 : Json{{"replicates", r.replicates},
                                                        {"coverage_percent", r.coverage_percent},
                                                        {"conditional_on", or_null(r.conditional_on)}}},
                  {"pictures", list_of(r.pictures, picture)},
                  {"files", r.files},
                  {"software", r.software},
                  {"research_use", kResearchUse},
                  {"timing", with_timing ? timing_tree(r.timing) : Json(nullptr)}};
  return tree.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace her2
