// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/reconcile.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace her2 {
namespace {

// The closed interval that a written mean or ratio may stand for: one unit of its last digit to either side, at most 0.1
// (people write "5" for 5.0), so that rounding
// and cutting off are both allowed.
struct Span {
  Rational low, high;
};

std::optional<Span> written_span(const Value* value) {
  if (value == nullptr || !value->exact_number()) {
    return std::nullopt;
  }
  const Rational at = *value->exact_number();
  const Rational slack = value->written ? std::min(value->written->last_digit(), Rational(1, 10)) : Rational(0);
  return Span{at - slack, at + slack};
}

bool overlap(const Span& a, const Span& b) { return a.low <= b.high && b.low <= a.high; }

// Names of the facts of one dual-probe count.
struct CountNames {
  std::string_view cells, her2_total, cep17_total, ratio, copies, cep17_copies;
};
constexpr CountNames kFirstCount{"cells", "her2_total", "cep17_total", "ratio", "copies", "cep17_copies"};
constexpr CountNames kRecount{"recount_cells",  "recount_her2_total", "recount_cep17_total",
                              "recount_ratio", "recount_copies",     "recount_cep17_copies"};

class Reconciler {
 public:
  Reconciler(const Dictionary& dictionary, const FactValues& recorded) : dictionary_(dictionary), recorded_(recorded) {
    out_.readings.push_back({recorded, {}});
  }

  Reconciled run() {
    settle_unknown_ish();
    settle_unknown_score();
    spread_pattern();
    infer_probe();
    for (const CountNames& names : {kFirstCount, kRecount}) {
      check_count(names);
    }
    check_totals_as_means();
    check_score();
    return std::move(out_);
  }

 private:
  const Value* find(std::string_view name) const {
    const auto fact = dictionary_.find(name);
    const auto found = fact ? recorded_.find(*fact) : recorded_.end();
    return found == recorded_.end() || found->second.is_missing() ? nullptr : &found->second;
  }
  std::optional<Rational> number(std::string_view name) const {
    const Value* value = find(name);
    return value == nullptr ? std::nullopt : value->exact_number();
  }
  std::string written(std::string_view name) const {
    const Value* value = find(name);
    return value == nullptr ? "" : value_text(dictionary_[*dictionary_.find(name)], *value);
  }
  std::vector<FactId> ids(std::initializer_list<std::string_view> names) const {
    std::vector<FactId> out;
    for (const auto name : names) {
      if (const auto fact = dictionary_.find(name)) {
        out.push_back(*fact);
      }
    }
    return out;
  }

  void set_everywhere(std::string_view name, const Value& value) {
    if (const auto fact = dictionary_.find(name)) {
      for (auto& reading : out_.readings) {
        reading.facts[*fact] = value;
      }
    }
  }
  void drop_everywhere(std::string_view name) {
    if (const auto fact = dictionary_.find(name)) {
      for (auto& reading : out_.readings) {
        reading.facts.erase(*fact);
      }
    }
  }

  // Replaces each reading by one for every alternative.
  struct Alternative {
    std::string assumes;
    std::vector<std::string_view> without;
    std::vector<std::pair<std::string_view, Value>> with;
  };
  void split(const std::vector<Alternative>& alternatives) {
    std::vector<Reading> next;
    for (const auto& reading : out_.readings) {
      for (const auto& alternative : alternatives) {
        Reading other = reading;
        for (const auto name : alternative.without) {
          if (const auto fact = dictionary_.find(name)) {
            other.facts.erase(*fact);
          }
        }
        for (const auto& [name, value] : alternative.with) {
          if (const auto fact = dictionary_.find(name)) {
            other.facts[*fact] = value;
          }
        }
        other.assumes += (other.assumes.empty() ? "" : "; ") + alternative.assumes;
        next.push_back(std::move(other));
      }
    }
    out_.readings = std::move(next);
  }

  enum class Said : std::uint8_t { nothing, not_done, unknown, known };
  Said said(std::string_view name) const {
    const auto fact = dictionary_.find(name);
    const auto found = fact ? recorded_.find(*fact) : recorded_.end();
    if (found == recorded_.end()) {
      return Said::nothing;
    }
    return found->second.is_missing()                          ? Said::not_done
           : found->second.state == Value::State::unknown ? Said::unknown
                                                               : Said::known;
  }

  // A number that is not to hand says nothing beside the laboratory's own conclusion, known or not, or beside other
  // numbers; a number of cells that is not to hand was not stated.
  void settle_unknown_ish() {
    for (const std::string_view name : {"cells", "recount_cells"}) {
      if (said(name) == Said::unknown) {
        drop_everywhere(name);
      }
    }
    static constexpr std::array<std::string_view, 5> kNumbers{"her2_total", "cep17_total", "ratio", "copies", "cep17_copies"};
    const bool concluded = said("ish_reported") != Said::nothing;
    const bool some_known = std::any_of(kNumbers.begin(), kNumbers.end(), [&](auto name) { return said(name) == Said::known; });
    for (const auto name : kNumbers) {
      if (said(name) == Said::unknown && (concluded || some_known)) {
        drop_everywhere(name);
      }
    }
  }

  // A score that is not to hand is one of those that the status beside it stands for; none when IHC was not done.
  void settle_unknown_score() {
    if (said("ihc_score") != Said::unknown) {
      return;
    }
    const std::uint64_t fitting = said("ihc_reported") == Said::known ? scores_of_status() : 0;
    if (said("ihc_reported") == Said::not_done) {
      drop_everywhere("ihc_score");
    } else if (fitting != 0) {
      set_everywhere("ihc_score", Value::of_choices(fitting));
    }
  }

  // The scores that the recorded IHC status stands for.
  std::uint64_t scores_of_status() const {
    const Value* status = find("ihc_reported");
    const FactType& scores = dictionary_[*dictionary_.find("ihc_score")];
    const FactType& statuses = dictionary_[*dictionary_.find("ihc_reported")];
    std::uint64_t fitting = 0;
    for (unsigned i = 0; i < statuses.values.size(); ++i) {
      for (unsigned j = 0; j < scores.values.size(); ++j) {
        const std::string_view named = scores.values[j] == "3+" ? "positive" : scores.values[j] == "2+" ? "equivocal" : "negative";
        const bool stands_for = (status->choices >> i & 1U) != 0 && statuses.values[i] == named;
        fitting |= stands_for ? std::uint64_t{1} << j : 0;
      }
    }
    return fitting & ~scores.computed_only;
  }

  // "weak, incomplete, 25 %": that cell of the grid holds 25 %, the others nothing.
  void spread_pattern() {
    static constexpr std::array<std::string_view, 4> kIntensities{"faint", "weak", "moderate", "strong"};
    static constexpr std::array<std::string_view, 2> kCompleteness{"incomplete", "complete"};
    const Value* intensity = find("pattern_intensity");
    if (intensity == nullptr || intensity->state != Value::State::choice) {
      return;
    }
    const FactType& type = dictionary_[*dictionary_.find("pattern_intensity")];
    std::vector<Alternative> alternatives;
    for (unsigned i = 0; i < type.values.size(); ++i) {
      if ((intensity->choices >> i & 1U) == 0) {
        continue;
      }
      for (const auto complete : kCompleteness) {
        if (!may_be("pattern_completeness", complete)) {
          continue;
        }
        Alternative cell{fmt::format("the pattern is {}, {}", type.values[i], complete), {}, {}};
        static constexpr std::array<std::array<std::string_view, 2>, 4> kCells{
            {{"faint_incomplete", "faint_complete"},
             {"weak_incomplete", "weak_complete"},
             {"moderate_incomplete", "moderate_complete"},
             {"strong_incomplete", "strong_complete"}}};
        for (std::size_t row = 0; row < kIntensities.size(); ++row) {
          for (std::size_t column = 0; column < kCompleteness.size(); ++column) {
            const bool here = type.values[i] == kIntensities[row] && complete == kCompleteness[column];
            const Value* percent = find("pattern_percent");
            cell.with.emplace_back(kCells[row][column],
                                   here ? (percent != nullptr ? *percent : Value::of_interval(Bound{0, true}, Bound{100, false}))
                                        : Value::of_number(Decimal{}));
          }
        }
        alternatives.push_back(std::move(cell));
        if (type.values[i] == "none") {
          break;  // completeness says nothing of unstained cells
        }
      }
    }
    if (alternatives.size() == 1) {
      alternatives.front().assumes.clear();
    }
    split(alternatives);
  }

  bool may_be(std::string_view name, std::string_view value) const {
    const Value* recorded = find(name);
    const auto fact = dictionary_.find(name);
    const auto index = fact ? dictionary_[*fact].index_of(value) : std::nullopt;
    return recorded == nullptr || recorded->state != Value::State::choice || !index ||
           (recorded->choices >> *index & 1U) != 0;
  }

  void infer_probe() {
    const auto probe = dictionary_.find("probe");
    if (!probe || find("probe") != nullptr) {
      return;
    }
    const bool dual = find("cep17_total") != nullptr || find("cep17_copies") != nullptr || find("ratio") != nullptr;
    const bool her2 = find("her2_total") != nullptr || find("copies") != nullptr;
    if (dual || her2) {
      set_everywhere("probe", Value::of_choice(dictionary_[*probe].index_of(dual ? "dual" : "single").value_or(0)));
    }
  }

  void check_count(const CountNames& names) {
    const auto cells = number(names.cells);
    if (const Value* counted = find(names.cells); counted != nullptr && counted->state == Value::State::number) {
      set_everywhere(std::string(names.cells) + "_counted", *counted);
    }
    const auto her2 = number(names.her2_total);
    const auto cep17 = number(names.cep17_total);
    const bool totals = cells && her2 && cep17;
    if (totals) {
      check_against_totals(names, *cells, *her2, *cep17);
      return;
    }
    const bool quotient = find(names.ratio) != nullptr || find(names.copies) != nullptr || find(names.cep17_copies) != nullptr;
    if (quotient && !her2 && !cep17) {
      drop_everywhere(names.cells);  // nothing was counted over it that is recorded; the number itself stays as ..._counted
    }
    check_means(names);
  }

  // Totals decide; ratio and means that do not follow from them are pointed out.
  void check_against_totals(const CountNames& names, const Rational& cells, const Rational& her2, const Rational& cep17) {
    struct Check {
      std::string_view name;
      Rational above, below;
    };
    std::vector<std::string> wrong;
    std::vector<std::string_view> wrong_names;
    for (const Check& check : {Check{names.ratio, her2, cep17}, Check{names.copies, her2, cells},
                               Check{names.cep17_copies, cep17, cells}}) {
      const auto span = written_span(find(check.name));
      if (span && check.below != 0 && !overlap(*span, {check.above / check.below, check.above / check.below})) {
        wrong.push_back(fmt::format("{} {} (the totals give {})", dictionary_[*dictionary_.find(check.name)].label,
                                    written(check.name), rounded_text(check.above / check.below, 2)));
        wrong_names.push_back(check.name);
      }
      drop_if_clean(check.name, wrong_names);
    }
    if (wrong.empty()) {
      return;
    }
    Discrepancy discrepancy{"counts-not-means", fmt::format("The recorded {} does not follow from the total counts {} HER2 and {} CEP17 signals in {} cells.",
                                                  fmt::join(wrong, " and "), written(names.her2_total), written(names.cep17_total), written(names.cells)),
                  ids({names.cells, names.her2_total, names.cep17_total, names.ratio, names.copies}), true};
    out_.discrepancies.push_back(std::move(discrepancy));
    split({{"the total counts are right", {names.ratio, names.copies, names.cep17_copies}, {}},
           {"the ratio and means are right", {names.cells, names.her2_total, names.cep17_total}, {}}});
  }

  void drop_if_clean(std::string_view name, const std::vector<std::string_view>& wrong) {
    if (std::find(wrong.begin(), wrong.end(), name) == wrong.end() && find(name) != nullptr) {
      // kept out of the constraints: a rounded mean would contradict the totals it was computed from
      for (auto& reading : out_.readings) {
        reading.facts.erase(*dictionary_.find(name));
      }
    }
  }

  // ratio * CEP17 mean = HER2 mean, within what was written.
  void check_means(const CountNames& names) {
    const auto ratio = written_span(find(names.ratio));
    const auto copies = written_span(find(names.copies));
    const auto cep17 = written_span(find(names.cep17_copies));
    if (!ratio || !copies || !cep17) {
      return;
    }
    const Rational zero = 0;
    const Span product{std::max(ratio->low, zero) * std::max(cep17->low, zero), ratio->high * cep17->high};
    if (overlap(product, *copies)) {
      drop_everywhere(names.cep17_copies);  // ratio and HER2 mean say it already
      return;
    }
    const auto h = number(names.copies);
    const auto c = number(names.cep17_copies);
    out_.discrepancies.push_back({"ratio-not-means",
                            fmt::format("The recorded ratio {} is not HER2/CEP17: {} / {} = {}.", written(names.ratio),
                                        written(names.copies), written(names.cep17_copies),
                                        *c == 0 ? "undefined" : rounded_text(*h / *c, 2)),
                            ids({names.ratio, names.copies, names.cep17_copies}),
                            true});
    split({{"the CEP17 mean is wrong", {names.cep17_copies}, {}},
           {"the ratio is wrong", {names.ratio}, {}},
           {"the HER2 mean is wrong", {names.copies}, {}}});
  }

  // "HER2 copies 69, CEP17 63, cells 60": whole numbers not below the number of cells are totals more likely than means.
  void check_totals_as_means() {
    const Value* copies = find("copies");
    const Value* cep17 = find("cep17_copies");
    const auto cells = number("cells");
    const auto mean = number("copies");
    if (!mean || !is_whole(copies) || (cep17 != nullptr && !is_whole(cep17)) || find("her2_total") != nullptr) {
      return;
    }
    const bool both_fit = cells && cep17 != nullptr && 2 * *cep17->exact_number() >= *cells && *cells >= kFewCells;
    if (!both_fit || *mean < *cells) {
      if (*mean > kHighMean && !(cells && *mean < *cells)) {
        out_.discrepancies.push_back({"high-mean",
                                fmt::format("HER2 copies {} is high for a mean per cell; check that it is not the total over all cells.",
                                            written("copies")),
                                ids({"copies"}), false});
      }
      return;
    }
    Alternative totals{"the copy numbers are totals over all cells",
                       {"copies", "cep17_copies", "ratio"},
                       {{"her2_total", *copies}, {"cells", *find("cells")}, {"cep17_total", *cep17}}};
    out_.discrepancies.push_back({"totals-as-means",
                            fmt::format("HER2 copies {} with {} cells counted looks like the total over all cells ({} per cell), not a mean.",
                                        written("copies"), written("cells"), rounded_text(*mean / *cells, 2)),
                            ids({"copies", "cep17_copies", "cells"}), true});
    split({{"the copy numbers are means per cell", {}, {}}, totals});
  }

  static bool is_whole(const Value* value) { return value->written && value->written->scale == 0; }

  void check_score() {
    const auto score_id = dictionary_.find("ihc_score");
    const auto status_id = dictionary_.find("ihc_reported");
    const Value* score = find("ihc_score");
    const Value* status = find("ihc_reported");
    if (score == nullptr || status == nullptr || score->state != Value::State::choice || status->state != Value::State::choice) {
      return;
    }
    const std::uint64_t fitting = scores_of_status();
    if ((score->choices & fitting) != 0) {
      return;
    }
    out_.discrepancies.push_back({"score-against-status",
                            fmt::format("IHC score {} contradicts the IHC status '{}' recorded beside it.", written("ihc_score"), written("ihc_reported")),
                            {*score_id, *status_id}, true});
    split({{"the IHC score is right", {"ihc_reported"}, {}}, {"the IHC status is right", {"ihc_score"}, {}}});
  }

  // Our policy, from looking at public tables; no guideline states such limits.
  static constexpr int kHighMean = 12;  // a whole-number "mean" above this is pointed out
  static constexpr int kFewCells = 10;  // with fewer cells a high mean is as likely as a total

  const Dictionary& dictionary_;
  const FactValues& recorded_;
  Reconciled out_;
};

}  // namespace

Reconciled reconcile(const Dictionary& dictionary, const FactValues& recorded) {
  return Reconciler(dictionary, recorded).run();
}

}  // namespace her2
