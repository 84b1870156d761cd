// SPDX-License-Identifier: Apache-2.0
#include "her2/report/care_json.h"

#include "her2/language/say.h"
#include "her2/report/care_picture.h"
#include "her2/report/care_words.h"
#include "her2/report/status_json.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

template <class Items, class Make>
Json list_of(const Items& items, Make make) {
  Json list = Json::array();
  for (const auto& item : items) {
    list.push_back(make(item));
  }
  return list;
}

class Tree {
 public:
  explicit Tree(const CareReport& report) : report_(report), dictionary_(report.rules->dictionary()) {}

  Json run() {
    const CareAnswer& answer = report_.answer;
    Json out;
    out["schema"] = kCareSchema;
    out["research_use"] = kCareUse;
    out["software"] = report_.status.software;
    out["case"] = report_.status.case_id;
    out["specimen"] = report_.specimen < report_.status.specimens.size()
                          ? Json(report_.status.specimens[report_.specimen].id)
                          : Json(nullptr);
    out["scheme"] = report_.status.scheme;
    out["subtype"] = subtype_words(report_);
    out["what_if"] = list_of(answer.assumed, [](const auto& a) {
      return Json{{"fact", a.first}, {"value", a.second}};
    });
    out["facts"] = facts();
    out["contradictions"] = list_of(answer.facts.contradictions, [&](const Contradiction& c) {
      return Json{{"id", c.id}, {"says", c.says}, {"facts", names(c.facts)}};
    });
    out["notices"] = answer.facts.notices;
    out["notes"] = answer.notes;
    out["counts"] = {{"met", count_of(report_, Truth::met)},
                     {"not_met", count_of(report_, Truth::not_met)},
                     {"open", count_of(report_, Truth::open)}};
    out["stages"] = results(report_.prognosis.stages);
    out["prognosis"] = prognosis();
    out["survival"] = survival();
    out["her2_negative"] = her2_negative_words(report_);
    out["options"] = options();
    out["next"] = list_of(answer.next, [&](const NextFact& next) {
      return Json{{"fact", dictionary_[next.fact].name}, {"options", next.options}, {"may_close", next.may_close}};
    });
    out["changes"] = list_of(report_.changes, [&](const CareChange& change) { return change_tree(change); });
    out["sources"] = list_of(care_citations(report_), [](const auto& s) {
      return Json{{"key", s.first}, {"citation", s.second}};
    });
    out["option_files"] = list_of(report_.rules->options, [](const OptionFile& file) {
      return Json{{"id", file.id}, {"sha256", file.hash}};
    });
    out["status"] = status_tree(report_.status);
    return out;
  }

 private:
  Json names(const std::vector<FactId>& facts) const {
    return list_of(facts, [&](FactId fact) { return Json(dictionary_[fact].name); });
  }

  Json facts() const {
    Json list = Json::array();
    for (const auto& [fact, value] : report_.answer.facts.known) {
      const auto derived = report_.answer.facts.derived.find(fact);
      const bool follows = derived != report_.answer.facts.derived.end();
      list.push_back({{"fact", dictionary_[fact].name},
                      {"label", dictionary_[fact].label},
                      {"value", value_text(dictionary_[fact], value)},
                      {"unit", or_null(dictionary_[fact].unit)},
                      {"follows_from", follows ? Json(derived->second) : Json(nullptr)}});
    }
    return list;
  }

  Json criterion_tree(const Criterion& criterion, Truth truth) const {
    return {{"when", criterion.when_text},
            {"words", criterion_words(report_, criterion)},
            {"truth", truth_word(truth)},
            {"recorded", or_null(known_words(report_, criterion))},
            {"unconfirmed", criterion.unconfirmed}};
  }

  Json criteria(const std::vector<Criterion>& list, const std::vector<Truth>& truths) const {
    Json out = Json::array();
    for (std::size_t i = 0; i < list.size(); ++i) {
      out.push_back(criterion_tree(list[i], truths[i]));
    }
    return out;
  }

  static Json remark_tree(const Remark& remark, Truth truth) {
    const char* kind = remark.kind == Remark::Kind::contraindication ? "contraindication"
                       : remark.kind == Remark::Kind::caution        ? "caution"
                                                                     : "note";
    return {{"kind", kind},
            {"says", remark.says},
            {"when", or_null(remark.when_text)},
            {"truth", truth_word(truth)},
            {"unconfirmed", remark.unconfirmed}};
  }

  Json option_tree(const OptionFile& file, const OptionAnswer& answer) const {
    const Option& option = *answer.option;
    Json remarks = Json::array();
    for (std::size_t i = 0; i < option.remarks.size(); ++i) {
      remarks.push_back(remark_tree(option.remarks[i], answer.remarks[i]));
    }
    const auto needed = [&](const SettlingFact& fact) {
      return Json{{"fact", dictionary_[fact.fact].name},
                  {"label", dictionary_[fact.fact].label},
                  {"may_close", fact.may_close},
                  {"may_meet", fact.may_meet}};
    };
    return {
        {"id", option.id},
        {"name", option.name},
        {"group", file.id},
        {"setting", option.setting},
        {"for", option.intended_for},
        {"sense", name_of(option.sense)},
        {"indication", option.indication},
        {"state", truth_word(answer.state)},
        {"words", state_words(answer)},
        {"criteria", criteria(option.criteria, answer.criteria)},
        {"failed", failed_words(report_, answer)},
        {"settled_by", list_of(answer.settled_by, needed)},
        {"contradicted", answer.contradicted},
        {"trial_entry", criteria(option.trial_entry, answer.trial_entry)},
        {"trials",
         list_of(
             option.trials,
             [](const OptionTrial& trial) {
               return Json{{"name", trial.name}, {"id", or_null(trial.id)}, {"id_unconfirmed", trial.id_unconfirmed}};
             })},
        {"results", option.results},
        {"labels", list_of(option.labels,
                           [](const OptionLabel& label) {
                             return Json{{"authority", label.authority},
                                         {"date", or_null(label.date)},
                                         {"says", label.says},
                                         {"unconfirmed", label.unconfirmed}};
                           })},
        {"regimen", or_null(option.regimen)},
        {"remarks", remarks},
        {"cite", option.cite},
        {"unconfirmed", option.unconfirmed}};
  }

  static Json result_tree(const CareResult& r) {
    const char* state = r.state == CareState::answered ? "answered" : r.state == CareState::open ? "open" : "refused";
    const auto number = [](const CareNumber& n) {
      return Json{{"id", n.id},   {"label", n.label}, {"unit", n.unit},
                  {"low", n.low}, {"high", n.high},   {"text", number_text(n)}};
    };
    const auto input = [](const CareInput& i) {
      return Json{{"fact", i.fact}, {"label", i.label}, {"value", i.value}, {"known", i.known}};
    };
    return {{"id", r.id},
            {"title", r.title},
            {"state", state},
            {"says", r.says},
            {"numbers", list_of(r.numbers, number)},
            {"groups", r.groups},
            {"valid", r.valid},
            {"inputs", list_of(r.inputs, input)},
            {"unknown", r.unknown},
            {"assumes", r.assumes},
            {"sources", r.sources},
            {"unconfirmed", r.unconfirmed}};
  }

  static Json results(const std::vector<CareResult>& list) {
    return list_of(list, [](const CareResult& r) { return result_tree(r); });
  }

  Json prognosis() const {
    const Prognosis& all = report_.prognosis;
    Json out = results(all.scores);
    for (const CareResult* r :
         {&all.predict.result, &all.predict_later.result, &all.predict_recurrence.result, &all.registry}) {
      out.push_back(result_tree(*r));
    }
    return out;
  }

  // The curves of every arm that adds something; the middle of low and high is what the page draws.
  Json survival() const {
    const PredictAnswer& answer = report_.prognosis.predict;
    if (!answer.has_curves) {
      return nullptr;
    }
    Json years = Json::array(), arms = Json::array();
    for (std::size_t year = 1; year <= kPredictYears; ++year) {
      years.push_back(year);
    }
    for (std::size_t arm = 0; arm < kPredictArms; ++arm) {
      if (arm != 0 && !answer.arms[arm]) {
        continue;
      }
      const auto& low = answer.curves.low;
      const auto& high = answer.curves.high;
      arms.push_back({{"treatment", arm_words(static_cast<PredictArm>(arm))},
                      {"alive_low", low.alive[arm]},
                      {"alive_high", high.alive[arm]},
                      {"benefit_low", answer.curves.benefit_low[arm]},
                      {"benefit_high", answer.curves.benefit_high[arm]},
                      {"dead_breast_low", low.breast[arm]},
                      {"dead_breast_high", high.breast[arm]},
                      {"dead_other_low", low.other[arm]},
                      {"dead_other_high", high.other[arm]}});
    }
    return {{"years", years}, {"arms", arms}};
  }

  Json options() const {
    Json out = Json::array();
    std::size_t at = 0;
    for (const OptionFile& file : report_.rules->options) {
      for (std::size_t i = 0; i < file.options.size(); ++i) {
        out.push_back(option_tree(file, report_.answer.options[at++]));
      }
    }
    return out;
  }

  Json change_tree(const CareChange& change) const {
    const auto ids = [](const std::vector<const Option*>& options) {
      return list_of(options, [](const Option* option) { return Json(option->id); });
    };
    return {{"fact", dictionary_[change.fact].name},
            {"from", change.from},
            {"to", change.to},
            {"answers", list_of(change.answers,
                                [&](const AnswerChange& answer) {
                                  return Json{{"fact", dictionary_[answer.fact].name},
                                              {"from", or_null(answer.from)},
                                              {"to", or_null(answer.to)}};
                                })},
            {"then_met", ids(change.gained)},
            {"no_longer_met", ids(change.lost)},
            {"then_open", ids(change.opened)},
            {"survival_points", change.survival_points ? Json(*change.survival_points) : Json(nullptr)}};
  }

  const CareReport& report_;
  const Dictionary& dictionary_;
};

}  // namespace

nlohmann::ordered_json care_tree(const CareReport& report) { return Tree(report).run(); }

std::string care_json(const CareReport& report, int indent) {
  const Speaking english(english_messages());  // for programs: the same in every language
  return care_tree(report).dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace her2
