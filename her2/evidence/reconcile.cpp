// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/reconcile.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "her2/evidence/reading_set.h"

namespace her2 {
namespace {

class Reconciler : private ReadingSet {
 public:
  using ReadingSet::ReadingSet;

  Reconciled run() {
    settle_unknown_ish();
    settle_unknown_score();
    spread_pattern();
    infer_probe();
    reconcile_counts(*this);
    check_score();
    return take();
  }

 private:
  enum class Said : std::uint8_t { nothing, not_done, unknown, known };
  Said said(std::string_view name) const {
    const auto fact = dictionary().find(name);
    const auto found = fact ? recorded().find(*fact) : recorded().end();
    if (found == recorded().end()) {
      return Said::nothing;
    }
    return found->second.is_missing()                     ? Said::not_done
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
    static constexpr std::array<std::string_view, 5> kNumbers{"her2_total", "cep17_total", "ratio", "copies",
                                                              "cep17_copies"};
    const bool concluded = said("ish_reported") != Said::nothing;
    const bool some_known =
        std::any_of(kNumbers.begin(), kNumbers.end(), [&](auto name) { return said(name) == Said::known; });
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
    const FactType& scores = dictionary()[*dictionary().find("ihc_score")];
    const FactType& statuses = dictionary()[*dictionary().find("ihc_reported")];
    std::uint64_t fitting = 0;
    for (unsigned i = 0; i < statuses.values.size(); ++i) {
      for (unsigned j = 0; j < scores.values.size(); ++j) {
        const std::string_view named = scores.values[j] == "3+"   ? "positive"
                                       : scores.values[j] == "2+" ? "equivocal"
                                                                  : "negative";
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
    const FactType& type = dictionary()[*dictionary().find("pattern_intensity")];
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
            cell.with.emplace_back(
                kCells[row][column],
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
    if (const auto shares = recorded_shares(); !shares.empty()) {
      point_out(
          {"pattern-and-shares",
           fmt::format("A staining pattern ({}) is recorded beside shares of cells; only one of the two can be used.",
                       written("pattern_intensity")),
           shares, true});
      for (auto& alternative : alternatives) {
        alternative.assumes = "the described pattern is right";
      }
      alternatives.push_back({"the shares of cells are right", {}, {}});
    } else if (alternatives.size() == 1) {
      alternatives.front().assumes.clear();
    }
    split(alternatives);
  }

  // Shares of the IHC grid that stand beside a described pattern, with the pattern itself; empty: none.
  std::vector<FactId> recorded_shares() const {
    auto out = recorded_ids({"faint_incomplete", "faint_complete", "weak_incomplete", "weak_complete",
                             "moderate_incomplete", "moderate_complete", "strong_incomplete", "strong_complete"});
    std::erase_if(out, [&](FactId share) { return recorded().at(share).is_missing(); });
    if (!out.empty()) {
      out.push_back(*dictionary().find("pattern_intensity"));
    }
    return out;
  }

  bool may_be(std::string_view name, std::string_view value) const {
    const Value* recorded = find(name);
    const auto fact = dictionary().find(name);
    const auto index = fact ? dictionary()[*fact].index_of(value) : std::nullopt;
    return recorded == nullptr || recorded->state != Value::State::choice || !index ||
           (recorded->choices >> *index & 1U) != 0;
  }

  void infer_probe() {
    const auto probe = dictionary().find("probe");
    if (!probe || find("probe") != nullptr) {
      return;
    }
    const auto known = [&](std::string_view name) { return said(name) == Said::known; };
    const bool dual = known("cep17_total") || known("cep17_copies") || known("ratio");
    if (dual || known("her2_total") || known("copies")) {
      set_everywhere("probe", Value::of_choice(dictionary()[*probe].index_of(dual ? "dual" : "single").value_or(0)));
    }
  }

  void check_score() {
    const auto score_id = dictionary().find("ihc_score");
    const auto status_id = dictionary().find("ihc_reported");
    const Value* score = find("ihc_score");
    const Value* status = find("ihc_reported");
    if (score == nullptr || status == nullptr || score->state != Value::State::choice ||
        status->state != Value::State::choice) {
      return;
    }
    const std::uint64_t fitting = scores_of_status();
    if ((score->choices & fitting) != 0) {
      return;
    }
    point_out({"score-against-status",
               fmt::format("IHC score {} contradicts the IHC status '{}' recorded beside it.", written("ihc_score"),
                           written("ihc_reported")),
               {*score_id, *status_id},
               true});
    split({{"the IHC score is right", {"ihc_reported"}, {}}, {"the IHC status is right", {"ihc_score"}, {}}});
  }
};

}  // namespace

Reconciled reconcile(const Dictionary& dictionary, const FactValues& recorded) {
  return Reconciler(dictionary, recorded).run();
}

}  // namespace her2
