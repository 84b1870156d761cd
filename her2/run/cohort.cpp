// SPDX-License-Identifier: Apache-2.0
// Workers take blocks of rows from one reader, decide them, and write their lines in the order of the blocks.
#include "her2/run/cohort.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/id_set.h"
#include "her2/exchange/row_mapper.h"
#include "her2/run/cohort_lines.h"
#include "her2/run/cohort_summary.h"
#include "her2/run/row_decider.h"

namespace her2 {
namespace {

// Whether an id needs neither trimming nor refusal.
bool is_plain_id(std::string_view id) {
  constexpr std::size_t kLongest = 256;
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7F; };
  return !id.empty() && id.size() <= kLongest && is_plain(id.front()) && is_plain(id.back());
}

// What all workers share.
struct Shared {
  const CohortOptions& options;
  const BoundMap& map;
  const TableShape& shape;
  const CohortLines& lines;
  const std::vector<std::vector<FactId>>& answers;
  BlockReader& reader;
  OutputFile& out;

  std::mutex reading;  // for `reader` and these two
  bool no_more = false;
  std::uint64_t blocks = 0;  // handed out

  std::mutex writing;  // everything below
  std::condition_variable turn;
  std::uint64_t next_block = 0;
  std::optional<Error> error;
  IdSet ids;
  CohortSummary summary;
};

class Worker {
 public:
  explicit Worker(Shared& shared) : shared_(shared), splitter_(shared.shape), separate_(shared.map.separate_fields()) {
    const auto& plans = shared.options.plans;
    for (std::size_t i = 0; i < plans.size(); ++i) {
      add_decider(*plans[i], i);
    }
    verdicts_.resize(plans.size());
  }

  void run() {
    while (take_block()) {
      auto worked = work();
      if (!hand_in(std::move(worked))) {
        return;
      }
    }
    const std::lock_guard lock(shared_.writing);
    add_counts();
  }

 private:
  // Where a row's line stands in out_, and what it counts as.
  struct Done {
    std::size_t begin = 0;
    std::uint64_t line = 0;
    std::size_t first_verdict = 0;  // in block_verdicts_; as many as there are plans; none for rows refused whole
    std::uint32_t cells_refused = 0;
    std::uint32_t refusal = 0;  // of the whole row, or its first refused value: in refusals_; only with --strict
    bool refused_whole = false;
  };

  void add_decider(const Plan& plan, std::size_t index) {
    deciders_.push_back(
        std::make_unique<RowDecider>(plan, shared_.map, shared_.answers[index],
                                     [this, index](Verdict& verdict) { shared_.lines.finish(index, verdict); }));
  }

  bool take_block() {
    const std::lock_guard lock(shared_.reading);
    if (shared_.no_more) {
      return false;
    }
    const auto more = shared_.reader.next(block_);
    shared_.no_more = !more.value_or(false);
    if (!more) {
      read_error_ = more.error();
    } else if (!*more) {
      return false;
    }
    turn_ = shared_.blocks++;
    return true;
  }

  Result<void> work() {
    out_.clear();
    done_.clear();
    hashes_.clear();
    refusals_.clear();
    block_verdicts_.clear();
    if (read_error_) {
      return tl::unexpected(*read_error_);
    }
    if (auto started = splitter_.start(block_); !started) {
      return started;
    }
    TableRow row;
    while (splitter_.next(row)) {
      decide(row);
    }
    return {};
  }

  void decide(const TableRow& row) {
    Done done;
    done.begin = out_.size();
    done.line = row.line;
    done.first_verdict = block_verdicts_.size();
    if (row.problem != TableRow::Problem::none) {
      mapped_ = MappedRow{};
      mapped_.line = row.line;
      const std::string problem = row_problem_text(row, shared_.shape.names.size());
      refuse_whole(done, {{}, {}, problem});
      shared_.lines.append_refused(out_, mapped_, {}, {}, problem);
      hashes_.push_back(0);
      done_.push_back(done);
      return;
    }
    if (known(row)) {
      hashes_.push_back(hash_id(mapped_.id));
      for (Verdict* verdict : verdicts_) {
        block_verdicts_.push_back(verdict);
      }
      shared_.lines.append(out_, mapped_, verdicts_);
      done_.push_back(done);
      return;
    }
    shared_.map.map_row(row, mapped_);
    hashes_.push_back(mapped_.id.empty() ? 0 : hash_id(mapped_.id));
    if (!choose_deciders(done)) {
      done_.push_back(done);
      return;
    }
    done.cells_refused = static_cast<std::uint32_t>(mapped_.refusals.size());
    if (shared_.options.strict && !mapped_.refusals.empty()) {
      refusals_.push_back(sentence(mapped_.refusals.front()));
      done.refusal = static_cast<std::uint32_t>(refusals_.size() - 1);
    }
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      verdicts_[i] = &chosen_[i]->decide(mapped_);
      block_verdicts_.push_back(verdicts_[i]);
    }
    for (const auto& refusal : mapped_.refusals) {
      ++refused_columns_[refusal.column];
    }
    shared_.lines.append(out_, mapped_, verdicts_);
    done_.push_back(done);
  }

  // Whether all plans know rows like this one; then its verdicts, and its line and id in mapped_.
  bool known(const TableRow& row) {
    if (!separate_) {
      return false;
    }
    mapped_.line = row.line;
    mapped_.id = row.fields[separate_->id_column];
    if (!is_plain_id(mapped_.id)) {
      return false;
    }
    bool all = true;
    for (std::size_t i = 0; i < deciders_.size(); ++i) {
      verdicts_[i] = deciders_[i]->known(row);
      all = all && verdicts_[i] != nullptr;
    }
    mapped_.refusals.clear();
    return all;
  }

  static std::string sentence(const RowRemark& remark) {
    return remark.column.empty() ? remark.reason : fmt::format("column {}: {}", remark.column, remark.reason);
  }

  void refuse_whole(Done& done, const RowRemark& remark) {
    done.refused_whole = true;
    if (shared_.options.strict) {
      refusals_.push_back(sentence(remark));
      done.refusal = static_cast<std::uint32_t>(refusals_.size() - 1);
    }
  }

  // The deciders of this row's edition. False: there is none; the row is refused.
  bool choose_deciders(Done& done) {
    chosen_.clear();
    if (shared_.options.by_edition.empty() || mapped_.edition.empty()) {
      for (const auto& decider : deciders_) {
        chosen_.push_back(decider.get());
      }
      return true;
    }
    const std::string edition(mapped_.edition);
    const auto plan = shared_.options.by_edition.find(edition);
    if (plan == shared_.options.by_edition.end()) {
      const std::string reason = fmt::format("there is no edition {}; see 'her2 guideline list'", in_quotes(edition));
      refuse_whole(done, {"edition", edition, reason});
      shared_.lines.append_refused(out_, mapped_, "edition", edition, reason);
      return false;
    }
    auto& decider = by_edition_[edition];
    if (!decider) {
      decider = std::make_unique<RowDecider>(*plan->second, shared_.map, shared_.answers.front(),
                                             [this](Verdict& verdict) { shared_.lines.finish(0, verdict); });
    }
    chosen_.push_back(decider.get());
    return true;
  }

  // Waits for this block's turn, finds repeated ids, counts and writes. False: stop.
  bool hand_in(Result<void> worked) {
    std::unique_lock lock(shared_.writing);
    shared_.turn.wait(lock, [&] { return shared_.next_block == turn_ || shared_.error; });
    if (shared_.error) {
      return false;
    }
    auto handed = worked ? write_block() : std::move(worked);
    if (!handed) {
      shared_.error = handed.error();
    }
    ++shared_.next_block;
    shared_.turn.notify_all();
    if (handed && shared_.options.progress) {
      shared_.options.progress(shared_.summary.rows, shared_.summary.bytes);
    }
    const bool full =
        std::any_of(deciders_.begin(), deciders_.end(), [](const auto& decider) { return decider->full(); }) ||
        std::any_of(by_edition_.begin(), by_edition_.end(), [](const auto& entry) { return entry.second->full(); });
    if (full) {
      add_counts();
    }
    return handed.has_value();
  }

  Result<void> write_block() {
    repeated_.assign(hashes_.size(), 0);
    shared_.ids.add(hashes_, repeated_);
    std::string_view text = out_;
    std::string mended;
    for (std::size_t i = 0; i < done_.size(); ++i) {
      if (repeated_[i] != 0 && hashes_[i] != 0 && !shared_.map.several_specimens()) {
        mended = without_repeated();
        text = mended;
        break;
      }
    }
    if (auto counted = count(); !counted) {
      return counted;
    }
    shared_.summary.bytes += block_.text.size();
    return shared_.out.write(text);
  }

  // The block's lines with a refusal in the place of every row whose id was there before.
  std::string without_repeated() {
    std::string out;
    for (std::size_t i = 0; i < done_.size(); ++i) {
      const std::size_t end = i + 1 < done_.size() ? done_[i + 1].begin : out_.size();
      const std::string_view line(out_.data() + done_[i].begin, end - done_[i].begin);
      if (repeated_[i] == 0 || hashes_[i] == 0 || done_[i].refused_whole) {
        out += line;
        continue;
      }
      refuse_repeated(done_[i], out);
    }
    return out;
  }

  void refuse_repeated(Done& done, std::string& out) {
    // The row is read again: its views are gone. Rare.
    TableRow row;
    (void)splitter_.start(block_);
    while (splitter_.next(row) && row.line != done.line) {
    }
    shared_.map.map_row(row, mapped_);
    refuse_whole(done, {{}, {}, fmt::format("another row before it has the id {}", in_quotes(mapped_.id))});
    shared_.lines.append_refused(out, mapped_, "id", mapped_.id, "another row before it has the same id");
  }

  tl::unexpected<Error> stop(const Done& done, const std::string& reason) {
    shared_.summary.stopped = Error{shared_.shape.file, fmt::format("line {}", done.line), reason};
    return tl::unexpected(*shared_.summary.stopped);
  }

  Result<void> count() {
    CohortSummary& summary = shared_.summary;
    summary.rows += done_.size();
    for (const Done& done : done_) {
      if (done.refused_whole) {
        for (auto& part : summary.parts) {
          ++part.states[static_cast<std::size_t>(RowState::refused)];
        }
        if (shared_.options.strict) {
          return stop(done, refusals_[done.refusal]);
        }
        continue;
      }
      summary.cells_refused += done.cells_refused;
      summary.rows_with_refusals += done.cells_refused > 0 ? 1 : 0;
      for (std::size_t i = 0; i < summary.parts.size(); ++i) {
        Verdict& verdict = *block_verdicts_[done.first_verdict + i];
        const bool contradicts = verdict.state == RowState::refused || verdict.state == RowState::conflict;
        if (shared_.options.strict && (done.cells_refused > 0 || contradicts)) {
          return stop(done, done.cells_refused > 0 ? refusals_[done.refusal] : verdict.reason);
        }
        ++verdict.count;
      }
    }
    for (const auto& [column, cells] : refused_columns_) {
      summary.refused_columns[column] += cells;
    }
    refused_columns_.clear();
    return {};
  }

  // Adds this worker's verdicts to the summary and forgets them. Under `writing`.
  void add_counts() {
    for (std::size_t i = 0; i < deciders_.size(); ++i) {
      add_counts(i, *deciders_[i]);
    }
    for (auto& [edition, decider] : by_edition_) {
      add_counts(0, *decider);
    }
  }

  void add_counts(std::size_t index, RowDecider& decider) {
    add_verdicts(shared_.summary.parts[index], *shared_.options.plans[index], shared_.answers[index],
                 decider.verdicts());
    decider.forget();
  }

  Shared& shared_;
  RowSplitter splitter_;
  std::optional<BoundMap::SeparateFields> separate_;
  Block block_;
  MappedRow mapped_;
  std::vector<std::unique_ptr<RowDecider>> deciders_;
  std::map<std::string, std::unique_ptr<RowDecider>> by_edition_;
  std::vector<RowDecider*> chosen_;
  std::vector<Verdict*> verdicts_;
  std::vector<Verdict*> block_verdicts_;
  std::vector<Done> done_;
  std::vector<std::string> refusals_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint8_t> repeated_;
  std::map<std::string, std::uint64_t> refused_columns_;
  std::string out_;
  std::optional<Error> read_error_;
  std::uint64_t turn_ = 0;
};

// Workers on their own threads, the last one on this thread.
void work_together(Shared& shared, unsigned threads) {
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < std::max(1U, threads); ++i) {
    workers.push_back(std::make_unique<Worker>(shared));
  }
  std::vector<std::thread> running;
  for (std::size_t i = 1; i < workers.size(); ++i) {
    running.emplace_back([&worker = *workers[i]] { worker.run(); });
  }
  workers.front()->run();
  for (auto& thread : running) {
    thread.join();
  }
}

}  // namespace

Result<CohortSummary> decide_cohort(const std::string& path, const ColumnMap& map, const Vocabulary& vocabulary,
                                    const CohortOptions& options, OutputFile& out) {
  auto reader = BlockReader::open(path, map.format);
  return reader ? decide_cohort(std::move(*reader), map, vocabulary, options, out)
                : Result<CohortSummary>(tl::unexpected(reader.error()));
}

Result<CohortSummary> decide_cohort(BlockReader reader, const ColumnMap& map, const Vocabulary& vocabulary,
                                    const CohortOptions& options, OutputFile& out) {
  const TableShape shape = reader.shape();
  const auto bound = BoundMap::bind(map, vocabulary, options.plans.front()->dictionary(), shape);
  if (!bound) {
    return tl::unexpected(bound.error());
  }
  std::vector<std::vector<FactId>> answers;
  for (const Plan* plan : options.plans) {
    answers.push_back(reachable_answers(*plan, bound->facts()));
  }
  const CohortLines lines(options.format, *bound, shape, options.plans, answers);
  if (auto written = out.write(lines.header()); !written) {
    return tl::unexpected(written.error());
  }
  Shared shared{options, *bound, shape, lines, answers, reader, out, {},
                false,   0,      {},    {},    0,       {},     {},  empty_summary(options.plans, *bound)};
  work_together(shared, options.threads);
  if (shared.error && !shared.summary.stopped) {
    return tl::unexpected(located(*shared.error, shape.file));
  }
  return std::move(shared.summary);
}

}  // namespace her2
