// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort_report.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/id_set.h"
#include "her2/exchange/row_mapper.h"
#include "her2/guideline/holds.h"
#include "her2/run/cohort_assembly.h"
#include "her2/run/cohort_tally.h"
#include "her2/run/row_blocks.h"
#include "her2/run/row_decider.h"

namespace her2 {
namespace {

constexpr auto kNoIndex = static_cast<std::size_t>(-1);

// What is known of each recorded fact, over all rows.
using Completeness = std::vector<std::array<std::uint64_t, 3>>;  // known, unknown, missing

// What all workers share; changed only while handing in.
struct SharedTable {
  const CohortReportOptions& options;
  const BoundMap& map;
  const TableShape& shape;
  const CohortFacts& facts;
  std::vector<std::size_t> by;  // columns
  std::size_t date = kNoIndex;
  CohortTally tally;
  IdSet ids;
  std::uint64_t rows = 0, bytes = 0, rows_refused = 0, cells_refused = 0;
  Completeness known;
  std::map<std::string, std::uint64_t> refused_columns;
};

class ReportWorker : public RowBlockWorker {
 public:
  explicit ReportWorker(SharedTable& shared)
      : shared_(shared), splitter_(shared.shape), known_(shared.map.facts().size()) {
    const auto& plans = shared.options.plans;
    for (std::size_t i = 0; i < plans.size(); ++i) {
      deciders_.push_back(std::make_unique<RowDecider>(*plans[i], shared.map, shared.facts.asked[i], [](Verdict&) {}));
    }
  }

  Result<void> work(const Block& block) override {
    if (std::any_of(deciders_.begin(), deciders_.end(), [](const auto& decider) { return decider->full(); })) {
      kinds_.clear();
      for (auto& decider : deciders_) {
        decider->forget();
      }
    }
    bytes_ = block.text.size();
    used_ = 0;
    if (auto started = splitter_.start(block); !started) {
      return started;
    }
    TableRow row;
    while (splitter_.next(row)) {
      take(row);
    }
    return {};
  }

  Result<void> hand_in(OutputFile& /*out*/) override {
    std::vector<std::uint64_t> hashes;
    for (std::size_t i = 0; i < used_; ++i) {
      hashes.push_back(rows_[i].hash);
    }
    std::vector<std::uint8_t> repeated(hashes.size());
    shared_.ids.add(hashes, repeated);
    for (std::size_t i = 0; i < used_; ++i) {
      TakenRow& row = rows_[i];
      for (const std::string& refusal : row.refusals) {
        shared_.tally.refuse(refusal, row.id);
      }
      if (row.kind != nullptr && repeated[i] != 0 && row.hash != 0 && !shared_.map.several_specimens()) {
        row.kind = nullptr;
        shared_.tally.refuse("another row before it has the same id", row.id);
      }
      if (row.kind == nullptr) {
        ++shared_.rows_refused;
        continue;
      }
      shared_.tally.add(*row.kind, row.id, row.groups, row.period);
    }
    shared_.rows += used_;
    shared_.bytes += bytes_;
    shared_.cells_refused += cells_refused_;
    cells_refused_ = 0;
    for (std::size_t slot = 0; slot < known_.size(); ++slot) {
      for (std::size_t state = 0; state < 3; ++state) {
        shared_.known[slot][state] += known_[slot][state];
      }
      known_[slot] = {};
    }
    for (const auto& [column, cells] : refused_columns_) {
      shared_.refused_columns[column] += cells;
    }
    refused_columns_.clear();
    if (shared_.options.progress) {
      shared_.options.progress(shared_.rows, shared_.bytes);
    }
    return {};
  }

 private:
  struct TakenRow {
    std::string id, period;
    std::uint64_t hash = 0;
    RowKind* kind = nullptr;  // nullptr: refused whole
    std::vector<std::string> groups, refusals;
  };

  void take(const TableRow& row) {
    if (used_ == rows_.size()) {
      rows_.emplace_back();
    }
    TakenRow& out = rows_[used_++];
    out.refusals.clear();
    out.groups.clear();
    out.period.clear();
    out.kind = nullptr;
    out.hash = 0;
    if (row.problem != TableRow::Problem::none) {
      out.id = fmt::format("line {}", row.line);
      out.refusals.push_back(row_problem_text(row, shared_.shape.names.size()));
      return;
    }
    shared_.map.map_row(row, mapped_);
    out.hash = mapped_.id.empty() ? 0 : hash_id(mapped_.id);
    out.id = mapped_.id.empty() ? fmt::format("line {}", row.line) : std::string(mapped_.id);
    for (const RowRemark& refusal : mapped_.refusals) {
      // Without the value: reasons are counted, and values are many.
      out.refusals.push_back(refusal.column.empty() ? refusal.reason
                                                    : fmt::format("column {}: a value that cannot be", refusal.column));
      ++cells_refused_;
      ++refused_columns_[refusal.column];
    }
    note_known();
    std::vector<Verdict*> verdicts;
    for (const auto& decider : deciders_) {
      verdicts.push_back(&decider->decide(mapped_));
    }
    out.kind = &kind_of(verdicts);
    for (const std::size_t column : shared_.by) {
      out.groups.emplace_back(trimmed(row.fields[column]));
    }
    const std::string_view date = shared_.date == kNoIndex ? mapped_.date : row.fields[shared_.date];
    out.period = period_of(trimmed(date), shared_.options.period);
  }

  void note_known() {
    for (std::size_t slot = 0; slot < mapped_.values.size(); ++slot) {
      const auto kind = mapped_.values[slot].kind;
      const std::size_t state = kind == RowValue::Kind::missing ? 2 : kind == RowValue::Kind::unknown ? 1 : 0;
      ++known_[slot][state];
    }
  }

  RowKind& kind_of(const std::vector<Verdict*>& verdicts) {
    auto& out = kinds_[verdicts];
    if (!out) {
      std::vector<const Verdict*> given(verdicts.begin(), verdicts.end());
      out = std::make_unique<RowKind>(shared_.facts.kind_of(given));
    }
    return *out;
  }

  SharedTable& shared_;
  RowSplitter splitter_;
  std::vector<std::unique_ptr<RowDecider>> deciders_;
  std::map<std::vector<Verdict*>, std::unique_ptr<RowKind>> kinds_;
  MappedRow mapped_;
  std::vector<TakenRow> rows_;
  std::size_t used_ = 0, bytes_ = 0;
  std::uint64_t cells_refused_ = 0;
  Completeness known_;
  std::map<std::string, std::uint64_t> refused_columns_;
};

Result<std::size_t> column_of(const TableShape& shape, const std::string& name) {
  const auto found = std::find(shape.names.begin(), shape.names.end(), name);
  if (found == shape.names.end()) {
    return fail(fmt::format("there is no column '{}'", name), "line of names", shape.file);
  }
  return static_cast<std::size_t>(found - shape.names.begin());
}

void add_columns(const SharedTable& shared, const ColumnMap& map, const Dictionary& dictionary, CohortReport& out) {
  const auto& facts = shared.map.facts();
  for (std::size_t slot = 0; slot < facts.size(); ++slot) {
    CohortReport::Column column;
    column.fact = dictionary[facts[slot]].name;
    column.label = dictionary[facts[slot]].label;
    for (const ColumnRule& rule : map.columns) {
      const bool there =
          std::find(shared.shape.names.begin(), shared.shape.names.end(), rule.column) != shared.shape.names.end();
      if (rule.fact == facts[slot] && there) {
        column.column += (column.column.empty() ? "" : ", ") + rule.column;
        const auto refused = shared.refused_columns.find(rule.column);
        column.refused += refused == shared.refused_columns.end() ? 0 : refused->second;
      }
    }
    if (column.column.empty()) {
      column.column = column.fact;
      const auto refused = shared.refused_columns.find(column.fact);
      column.refused = refused == shared.refused_columns.end() ? 0 : refused->second;
    }
    column.known = shared.known[slot][0];
    column.unknown = shared.known[slot][1] - std::min(shared.known[slot][1], column.refused);
    column.missing = shared.known[slot][2];
    out.columns.push_back(std::move(column));
  }
}

}  // namespace

std::string period_of(std::string_view date, CohortPeriod period) {
  const auto digits = [&](std::size_t from, std::size_t count) {
    return date.size() >= from + count && std::all_of(date.begin() + static_cast<std::ptrdiff_t>(from),
                                                      date.begin() + static_cast<std::ptrdiff_t>(from + count),
                                                      [](char c) { return c >= '0' && c <= '9'; });
  };
  const bool has_month = date.size() >= 7 && digits(0, 4) && date[4] == '-' && digits(5, 2) &&
                         (date.size() == 7 || date[7] == '-' || date[7] == ' ' || date[7] == 'T');
  const int month = has_month ? (date[5] - '0') * 10 + (date[6] - '0') : 0;
  if (period == CohortPeriod::year && digits(0, 4) && (date.size() == 4 || has_month)) {
    return std::string(date.substr(0, 4));
  }
  if (month < 1 || month > 12) {
    return {};
  }
  return period == CohortPeriod::month     ? std::string(date.substr(0, 7))
         : period == CohortPeriod::quarter ? fmt::format("{}-Q{}", date.substr(0, 4), (month + 2) / 3)
                                           : std::string(date.substr(0, 4));
}

Result<CohortReport> cohort_report(BlockReader reader, const ColumnMap& map, const Vocabulary& vocabulary,
                                   const CohortReportOptions& options, OutputFile& out) {
  const TableShape shape = reader.shape();
  const Dictionary& dictionary = options.plans.front()->dictionary();
  const auto bound = BoundMap::bind(map, vocabulary, dictionary, shape);
  if (!bound) {
    return tl::unexpected(located(bound.error(), shape.file));
  }
  const CohortFacts facts(options);
  SharedTable shared{options,
                     *bound,
                     shape,
                     facts,
                     {},
                     kNoIndex,
                     CohortTally(options.plans.size(), facts.shown.size(), options.rates.size(), options.by.size()),
                     {},
                     0,
                     0,
                     0,
                     0,
                     Completeness(bound->facts().size()),
                     {}};
  for (const std::string& name : options.by) {
    const auto column = column_of(shape, name);
    if (!column) {
      return tl::unexpected(column.error());
    }
    shared.by.push_back(*column);
  }
  if (!options.date.empty()) {
    const auto column = column_of(shape, options.date);
    if (!column) {
      return tl::unexpected(column.error());
    }
    shared.date = *column;
  }
  auto worked = work_in_order(reader, out, options.threads, [&] { return std::make_unique<ReportWorker>(shared); });
  if (!worked) {
    return tl::unexpected(located(worked.error(), shape.file));
  }
  CohortReport report = facts.assemble(std::move(shared.tally));
  report.table = shape.file;
  report.map = map.title;
  report.rows = shared.rows;
  report.rows_refused = shared.rows_refused;
  report.cells_refused = shared.cells_refused;
  add_columns(shared, map, dictionary, report);
  report.absent_columns = bound->absent_columns();
  std::copy_if(bound->unused_columns().begin(), bound->unused_columns().end(),
               std::back_inserter(report.unused_columns), [&](const std::string& name) {
                 return name != options.date &&
                        std::find(options.by.begin(), options.by.end(), name) == options.by.end();
               });
  return report;
}

}  // namespace her2
