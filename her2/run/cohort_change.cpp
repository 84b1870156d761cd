// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort_change.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <tuple>

#include "her2/run/row_decider.h"

namespace her2 {
namespace {

constexpr std::size_t kMostExamples = 3;

// The two plans at work on the rows of one table.
class Pair {
 public:
  Pair(const BoundMap& map, const Plan& before, const Plan& after) {
    plans_ = {&before, &after};
    for (std::size_t i = 0; i < 2; ++i) {
      answers_[i] = reachable_answers(*plans_[i], map.facts());
      deciders_[i] = std::make_unique<RowDecider>(*plans_[i], map, answers_[i], [](Verdict&) {});
    }
    for (std::size_t i = 0; i < answers_[0].size(); ++i) {
      const auto other = std::find(answers_[1].begin(), answers_[1].end(), answers_[0][i]);
      if (other != answers_[1].end()) {
        common_.push_back({answers_[0][i], i, static_cast<std::size_t>(other - answers_[1].begin())});
      }
    }
  }

  void add(const MappedRow& row) {
    ++out_.rows;
    const Verdict& before = deciders_[0]->decide(row);
    const Verdict& after = deciders_[1]->decide(row);
    bool changed = false;
    for (const auto& [fact, first, second] : common_) {
      const std::string was = first < before.answers.size() ? before.answers[first] : "";
      const std::string is = second < after.answers.size() ? after.answers[second] : "";
      if (was == is) {
        continue;
      }
      changed = true;
      const bool leading = first == 0 && second == 0;
      CohortChange& change = changes_[{fact, was, is, leading ? before.rule : "", leading ? after.rule : ""}];
      change.fact = fact;
      change.before = was;
      change.after = is;
      change.rule_before = leading ? before.rule : "";
      change.rule_after = leading ? after.rule : "";
      ++change.rows;
      if (change.ids.size() < kMostExamples) {
        change.ids.emplace_back(row.id);
      }
    }
    out_.changed += changed ? 1U : 0U;
  }

  void between_blocks() {
    for (auto& decider : deciders_) {
      if (decider->full()) {
        decider->forget();
      }
    }
  }

  CohortChanges take() {
    for (auto& [key, change] : changes_) {
      out_.changes.push_back(std::move(change));
    }
    std::stable_sort(out_.changes.begin(), out_.changes.end(),
                     [](const CohortChange& a, const CohortChange& b) { return a.rows > b.rows; });
    return std::move(out_);
  }

 private:
  struct Common {
    FactId fact = 0;
    std::size_t first = 0, second = 0;
  };
  std::array<const Plan*, 2> plans_{};
  std::array<std::vector<FactId>, 2> answers_;
  std::array<std::unique_ptr<RowDecider>, 2> deciders_;
  std::vector<Common> common_;
  std::map<std::tuple<FactId, std::string, std::string, std::string, std::string>, CohortChange> changes_;
  CohortChanges out_;
};

}  // namespace

Result<CohortChanges> cohort_changes(const std::string& path, const ColumnMap& map, const Vocabulary& vocabulary,
                                     const Plan& before, const Plan& after) {
  auto reader = BlockReader::open(path, map.format);
  if (!reader) {
    return tl::unexpected(reader.error());
  }
  const auto bound = BoundMap::bind(map, vocabulary, before.dictionary(), reader->shape());
  if (!bound) {
    return tl::unexpected(located(bound.error(), path));
  }
  Pair pair(*bound, before, after);
  RowSplitter splitter(reader->shape());
  Block block;
  MappedRow mapped;
  while (true) {
    const auto more = reader->next(block);
    if (!more) {
      return tl::unexpected(more.error());
    }
    if (!*more) {
      break;
    }
    if (auto started = splitter.start(block); !started) {
      return tl::unexpected(located(started.error(), path));
    }
    TableRow row;
    while (splitter.next(row)) {
      if (row.problem == TableRow::Problem::none) {
        bound->map_row(row, mapped);
        pair.add(mapped);
      }
    }
    pair.between_blocks();
  }
  CohortChanges out = pair.take();
  out.table = path;
  return out;
}

}  // namespace her2
