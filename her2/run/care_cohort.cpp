// SPDX-License-Identifier: Apache-2.0
#include "her2/run/care_cohort.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "her2/exchange/id_set.h"
#include "her2/run/care_lines.h"
#include "her2/run/care_row.h"
#include "her2/run/row_blocks.h"
#include "her2/run/row_decider.h"

namespace her2 {
namespace {

// What all workers share. The summary and the ids are changed only while handing in.
struct Shared {
  const CareCohortOptions& options;
  const BoundMap& map;
  const TableShape& shape;
  const CareLines& lines;
  const std::vector<FactId>& answers;
  std::size_t her2 = 0, subtype = 0;  // places in answers; answers.size(): not among them
  IdSet ids;
  CareCohortSummary summary;
};

class Worker : public RowBlockWorker {
 public:
  explicit Worker(Shared& shared)
      : shared_(shared),
        splitter_(shared.shape),
        decider_(*shared.options.plan, shared.map, shared.answers, [](Verdict&) {}),
        teller_(shared.options.plan->dictionary(), shared.map, shared.options.prognosis) {}

  Result<void> work(const Block& block) override {
    out_.clear();
    done_.clear();
    hashes_.clear();
    counts_ = {};
    counts_.bytes = block.text.size();
    if (auto started = splitter_.start(block); !started) {
      return started;
    }
    block_ = &block;
    TableRow row;
    while (splitter_.next(row)) {
      tell(row);
    }
    return {};
  }

  Result<void> hand_in(OutputFile& out) override {
    repeated_.assign(hashes_.size(), 0);
    shared_.ids.add(hashes_, repeated_);
    const bool repeats = !shared_.map.several_specimens() &&
                         std::any_of(repeated_.begin(), repeated_.end(), [](std::uint8_t one) { return one != 0; });
    if (repeats) {
      refuse_repeated();
    }
    add_counts();
    if (auto written = out.write(out_); !written) {
      return written;
    }
    if (shared_.options.progress) {
      shared_.options.progress(shared_.summary.rows, shared_.summary.bytes);
    }
    return {};
  }

 private:
  struct Done {
    std::size_t begin = 0;  // of its line in out_
    bool refused = false;
  };

  void tell(const TableRow& row) {
    done_.push_back({out_.size(), row.problem != TableRow::Problem::none});
    ++counts_.rows;
    if (done_.back().refused) {
      mapped_ = MappedRow{};
      mapped_.line = row.line;
      shared_.lines.append_refused(out_, mapped_, {}, {}, row_problem_text(row, shared_.shape.names.size()));
      hashes_.push_back(0);
      ++counts_.rows_refused;
      return;
    }
    Verdict* verdict = shared_.answers.empty() ? nullptr : decider_.known(row);
    shared_.map.map_row(row, mapped_);
    hashes_.push_back(mapped_.id.empty() ? 0 : hash_id(mapped_.id));
    if (verdict == nullptr && !shared_.answers.empty()) {
      verdict = &decider_.decide(mapped_);
    }
    const auto answer = [&](std::size_t at) -> std::string_view {
      return verdict == nullptr || at >= verdict->answers.size() ? std::string_view() : verdict->answers[at];
    };
    const std::string_view her2 = answer(shared_.her2), subtype = answer(shared_.subtype);
    const bool quick = shared_.options.quick && mapped_.refusals.empty() && teller_.quick(mapped_, her2, care_);
    if (!quick) {
      teller_.slow(mapped_, her2, care_);
    }
    counts_.quick += quick ? 1 : 0;
    counts_.cells_refused += mapped_.refusals.size();
    count(subtype);
    shared_.lines.append(out_, mapped_, subtype, care_);
    if (decider_.full()) {
      decider_.forget();
    }
  }

  void count(std::string_view subtype) {
    counts_.with_npi += care_.has_npi ? 1 : 0;
    const std::size_t kind = care_.predict == CareState::refused    ? 3
                             : care_.predict == CareState::answered ? 0
                             : care_.has_chances                    ? 1
                                                                    : 2;
    ++counts_.predict[kind];
    const auto add = [](std::map<std::string, std::uint64_t>& counts, std::string_view value) {
      if (!value.empty()) {
        ++counts[std::string(value)];
      }
    };
    add(counts_.subtypes, subtype);
    add(counts_.stages, care_.stage);
    add(counts_.npi_groups, care_.npi_group);
    std::string_view rest = care_.notices;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(';'), rest.size());
      add(counts_.notices, rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  // The lines again, with a refusal in the place of every row whose id was there before. Rare; their counts stay.
  void refuse_repeated() {
    std::string out;
    TableRow row;
    (void)splitter_.start(*block_);
    for (std::size_t i = 0; splitter_.next(row) && i < done_.size(); ++i) {
      const std::size_t end = i + 1 < done_.size() ? done_[i + 1].begin : out_.size();
      if (repeated_[i] == 0 || hashes_[i] == 0 || done_[i].refused) {
        out.append(out_, done_[i].begin, end - done_[i].begin);
        continue;
      }
      shared_.map.map_row(row, mapped_);
      shared_.lines.append_refused(out, mapped_, "id", mapped_.id, "another row before it has the same id");
      ++counts_.rows_refused;
    }
    out_ = std::move(out);
  }

  void add_counts() {
    CareCohortSummary& all = shared_.summary;
    all.rows += counts_.rows;
    all.bytes += counts_.bytes;
    all.rows_refused += counts_.rows_refused;
    all.cells_refused += counts_.cells_refused;
    all.quick += counts_.quick;
    all.with_npi += counts_.with_npi;
    for (std::size_t i = 0; i < all.predict.size(); ++i) {
      all.predict[i] += counts_.predict[i];
    }
    const auto add = [](auto& to, const auto& from) {
      for (const auto& [value, rows] : from) {
        to[value] += rows;
      }
    };
    add(all.subtypes, counts_.subtypes);
    add(all.stages, counts_.stages);
    add(all.npi_groups, counts_.npi_groups);
    add(all.notices, counts_.notices);
  }

  Shared& shared_;
  RowSplitter splitter_;
  RowDecider decider_;
  CareRowTeller teller_;
  const Block* block_ = nullptr;
  MappedRow mapped_;
  CareRow care_;
  CareCohortSummary counts_;  // of this block
  std::vector<Done> done_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint8_t> repeated_;
  std::string out_;
};

}  // namespace

Result<CareCohortSummary> care_cohort(BlockReader reader, const ColumnMap& map, const Vocabulary& vocabulary,
                                      const CareCohortOptions& options, OutputFile& out) {
  const TableShape shape = reader.shape();
  const Dictionary& dictionary = options.plan->dictionary();
  const auto bound = BoundMap::bind(map, vocabulary, dictionary, shape);
  if (!bound) {
    return tl::unexpected(bound.error());
  }
  const auto answers = reachable_answers(*options.plan, bound->facts());
  const bool prognostic =
      options.prognosis.clinical_table != nullptr || options.prognosis.pathological_table != nullptr;
  const CareLines lines(options.format, prognostic);
  if (auto written = out.write(lines.header()); !written) {
    return tl::unexpected(written.error());
  }
  const auto place = [&](std::string_view name) {
    const auto id = dictionary.find(name);
    return static_cast<std::size_t>(std::find(answers.begin(), answers.end(), id.value_or(0)) - answers.begin());
  };
  Shared shared{options, *bound, shape, lines, answers, place("her2_status"), place("receptor_subtype"), {}, {}};
  shared.summary.absent_columns = bound->absent_columns();
  shared.summary.unused_columns = bound->unused_columns();
  auto done = work_in_order(reader, out, options.threads, [&shared]() { return std::make_unique<Worker>(shared); });
  if (!done) {
    return tl::unexpected(located(done.error(), shape.file));
  }
  return std::move(shared.summary);
}

}  // namespace her2
