// SPDX-License-Identifier: Apache-2.0
#include "her2/run/agreement.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/exchange/table_reader.h"
#include "her2/language/say.h"
#include "her2/run/agreement_rules.h"

namespace her2 {
namespace {

CountedShare share_of(std::uint64_t successes, std::uint64_t trials) {
  return {successes, trials, wilson(successes, trials)};
}

// The table of two halves: category `cut` and above, or below it.
ConfusionTable halved(const ConfusionTable& table, std::size_t cut) {
  ConfusionTable out(2);
  for (std::size_t a = 0; a < table.categories; ++a) {
    for (std::size_t b = 0; b < table.categories; ++b) {
      out.at(a >= cut ? 1 : 0, b >= cut ? 1 : 0) += table.at(a, b);
    }
  }
  return out;
}

class Report {
 public:
  Report(const Dictionary& dictionary, const std::vector<Rater>& raters, const AgreementOptions& options)
      : dictionary_(dictionary), raters_(raters), options_(options) {}

  Result<AgreementReport> run() {
    out_.what = options_.what;
    if (options_.numbers) {
      if (auto compared = compare_numbers(); !compared) {
        return tl::unexpected(compared.error());
      }
    } else if (auto compared = compare_categories(); !compared) {
      return tl::unexpected(compared.error());
    }
    for (const auto& [share, half_width] : options_.wanted) {
      out_.needed.push_back({share, half_width, cases_for_interval(share, half_width)});
    }
    return std::move(out_);
  }

 private:
  static std::vector<std::pair<std::string, std::string>> common(const Rater& a, const Rater& b) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [id, value] : a.values) {
      const auto found = b.values.find(id);
      if (found != b.values.end()) {
        out.emplace_back(value, found->second);
      }
    }
    return out;
  }

  void note_left_out(const Rater& a, const Rater& b, std::size_t both) {
    const std::size_t alone = a.values.size() + b.values.size() - 2 * both;
    if (alone > 0) {
      out_.notes.push_back(say("agree.left_out", {{"first", a.name}, {"second", b.name}, {"cases", alone}}));
    }
  }

  Result<void> compare_numbers() {
    for (std::size_t i = 0; i < raters_.size(); ++i) {
      for (std::size_t j = i + 1; j < raters_.size(); ++j) {
        NumbersAgreement numbers{raters_[i].name, raters_[j].name, options_.ratio ? "ratio" : "difference", {}};
        std::vector<double> first, second;
        const auto pairs = common(raters_[i], raters_[j]);
        for (const auto& [a, b] : pairs) {
          const auto x = Decimal::parse(a), y = Decimal::parse(b);
          if (!x || !y || (options_.ratio && (x->mantissa <= 0 || y->mantissa <= 0))) {
            return fail(
                fmt::format("'{}' and '{}' cannot be compared as numbers{}", a, b, options_.ratio ? " above 0" : ""));
          }
          const auto value = [&](const Decimal& number) {
            const double plain = static_cast<double>(number.rational());
            return options_.ratio ? std::log(plain) : plain;
          };
          first.push_back(value(*x));
          second.push_back(value(*y));
        }
        note_left_out(raters_[i], raters_[j], pairs.size());
        numbers.limits = limits_of_agreement(first, second);
        out_.numbers.push_back(std::move(numbers));
      }
    }
    return {};
  }

  // The categories in use, from low to high where that is known.
  Result<void> find_categories() {
    std::set<std::string> used;
    for (const Rater& rater : raters_) {
      for (const auto& [id, value] : rater.values) {
        used.insert(value);
      }
    }
    const auto fact = dictionary_.find(options_.what);
    if (fact && dictionary_[*fact].kind == FactKind::choice) {
      for (const std::string& value : dictionary_[*fact].values) {
        if (used.erase(value) > 0) {
          categories_.push_back(value);
        }
      }
      if (!used.empty()) {
        return fail(fmt::format("'{}' is not a value of {} ({})", *used.begin(), options_.what,
                                dictionary_[*fact].signature()));
      }
      ordered_ = dictionary_[*fact].ordered;
      return {};
    }
    categories_.assign(used.begin(), used.end());
    ordered_ =
        std::all_of(used.begin(), used.end(), [](const auto& value) { return Decimal::parse(value).has_value(); });
    if (ordered_) {
      std::sort(categories_.begin(), categories_.end(),
                [](const auto& a, const auto& b) { return compare(*Decimal::parse(a), *Decimal::parse(b)) < 0; });
    }
    constexpr std::size_t kMost = 40;
    return categories_.size() <= kMost ? Result<void>{}
                                       : fail(fmt::format("{} different values are no categories; for numbers say "
                                                          "--numbers",
                                                          categories_.size()));
  }

  std::size_t index_of(const std::string& value) const {
    return static_cast<std::size_t>(std::find(categories_.begin(), categories_.end(), value) - categories_.begin());
  }

  Result<void> compare_categories() {
    if (auto found = find_categories(); !found) {
      return found;
    }
    const bool with_method = !options_.method.empty();
    std::vector<Rater> panel;
    for (const Rater& rater : raters_) {
      if (!with_method || rater.name != options_.method) {
        panel.push_back(rater);
      }
    }
    if (with_method) {
      if (panel.size() == raters_.size()) {
        return fail(fmt::format("--method {}: no rater is called so", options_.method));
      }
      out_.method = options_.method;
      const Rater majority = majority_of(panel, &out_.without_majority);
      for (const Rater& rater : raters_) {
        if (rater.name == options_.method) {
          add_pair(majority, rater);
        }
      }
      if (out_.without_majority > 0) {
        out_.notes.push_back(say("agree.no_majority", {{"cases", out_.without_majority}}));
      }
    } else {
      for (std::size_t i = 0; i < raters_.size(); ++i) {
        for (std::size_t j = i + 1; j < raters_.size(); ++j) {
          add_pair(raters_[i], raters_[j]);
        }
      }
    }
    if (std::all_of(out_.pairs.begin(), out_.pairs.end(), [](const auto& pair) { return pair.overall.trials == 0; })) {
      return fail("no case was rated by two; do the ids agree?");
    }
    if (panel.size() > 2 || (with_method && panel.size() > 1)) {
      add_panel(panel);
    }
    for (const AgreementRule& rule : options_.rules) {
      out_.rules.push_back(judged(rule, out_.pairs.front(), options_.events));
    }
    return {};
  }

  // What more than half of the readers of a case say.
  static Rater majority_of(const std::vector<Rater>& panel, std::uint64_t* without) {
    std::map<std::string, std::map<std::string, std::size_t>> votes;
    std::map<std::string, std::size_t> readers;
    for (const Rater& rater : panel) {
      for (const auto& [id, value] : rater.values) {
        ++votes[id][value];
        ++readers[id];
      }
    }
    Rater out{say("agree.majority_of_the_panel"), {}};
    for (const auto& [id, counts] : votes) {
      const auto most = std::max_element(counts.begin(), counts.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
      if (2 * most->second > readers[id]) {
        out.values[id] = most->first;
      } else if (without != nullptr) {
        ++*without;
      }
    }
    return out;
  }

  void add_pair(const Rater& a, const Rater& b) {
    PairAgreement out;
    out.first = a.name;
    out.second = b.name;
    out.categories = categories_;
    out.ordered = ordered_;
    out.table = ConfusionTable(categories_.size());
    const auto pairs = common(a, b);
    for (const auto& [first, second] : pairs) {
      ++out.table.at(index_of(first), index_of(second));
    }
    note_left_out(a, b, pairs.size());
    std::uint64_t same = 0;
    for (std::size_t k = 0; k < categories_.size(); ++k) {
      same += out.table.at(k, k);
      out.by_category.push_back(category(out.table, k));
    }
    out.overall = share_of(same, pairs.size());
    out.kappa = cohen_kappa(out.table, Weighting::none);
    const RatingCounts ratings = rating_counts(out.table);
    out.ac1 = gwet_ac(ratings, Weighting::none);
    if (ordered_) {
      out.linear = cohen_kappa(out.table, Weighting::linear);
      out.quadratic = cohen_kappa(out.table, Weighting::quadratic);
      out.ac2_linear = gwet_ac(ratings, Weighting::linear);
      out.ac2_quadratic = gwet_ac(ratings, Weighting::quadratic);
      for (std::size_t cut = 1; cut < categories_.size(); ++cut) {
        out.boundaries.push_back(boundary(out.table, cut));
      }
    }
    out_.pairs.push_back(std::move(out));
  }

  CategoryAgreement category(const ConfusionTable& table, std::size_t k) const {
    const std::uint64_t both = table.at(k, k), first = table.first(k), second = table.second(k), all = table.total();
    CategoryAgreement out;
    out.category = categories_[k];
    out.positive = share_of(both, first);
    out.negative = share_of(all - first - second + both, all - first);
    out.specific = first + second == 0 ? 0 : 2 * static_cast<double>(both) / static_cast<double>(first + second);
    return out;
  }

  BoundaryAgreement boundary(const ConfusionTable& table, std::size_t cut) const {
    const ConfusionTable two = halved(table, cut);
    BoundaryAgreement out;
    out.name = fmt::format("{} / {}", categories_[cut - 1], categories_[cut]);
    out.overall = share_of(two.at(0, 0) + two.at(1, 1), two.total());
    out.positive = share_of(two.at(1, 1), two.first(1));
    out.negative = share_of(two.at(0, 0), two.first(0));
    out.kappa = cohen_kappa(two, Weighting::none);
    out.ac1 = gwet_ac(rating_counts(two), Weighting::none);
    return out;
  }

  void add_panel(const std::vector<Rater>& panel) {
    PanelAgreement out;
    RatingCounts ratings;
    std::map<std::string, std::vector<std::uint32_t>> by_case;
    for (const Rater& rater : panel) {
      out.readers.push_back(rater.name);
      for (const auto& [id, value] : rater.values) {
        auto& counts = by_case[id];
        counts.resize(categories_.size());
        ++counts[index_of(value)];
      }
    }
    std::uint64_t unanimous = 0;
    for (const auto& [id, counts] : by_case) {
      ratings.push_back(counts);
      std::size_t raters = 0;
      for (const std::uint32_t count : counts) {
        raters += count;
      }
      if (raters == panel.size()) {
        ++out.cases;
        unanimous += *std::max_element(counts.begin(), counts.end()) == raters ? 1U : 0U;
      }
    }
    out.unanimous = share_of(unanimous, out.cases);
    out.fleiss = fleiss_kappa(ratings, Weighting::none);
    out.ac1 = gwet_ac(ratings, Weighting::none);
    out.ac2_linear = ordered_ ? gwet_ac(ratings, Weighting::linear) : Coefficient{};
    for (std::size_t i = 0; i < panel.size(); ++i) {
      std::vector<Rater> others = panel;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      const auto pairs = common(majority_of(others, nullptr), panel[i]);
      const auto same = std::count_if(pairs.begin(), pairs.end(), [](const auto& p) { return p.first == p.second; });
      out.against_others.emplace_back(panel[i].name, share_of(static_cast<std::uint64_t>(same), pairs.size()));
    }
    out_.panel = std::move(out);
  }

  const Dictionary& dictionary_;
  const std::vector<Rater>& raters_;
  const AgreementOptions& options_;
  std::vector<std::string> categories_;
  bool ordered_ = false;
  AgreementReport out_;
};

}  // namespace

Result<Rater> read_rater(const std::string& path, const std::string& id_column, const std::string& column) {
  auto reader = BlockReader::open(path, TableFormat{});
  if (!reader) {
    return tl::unexpected(reader.error());
  }
  const auto& names = reader->shape().names;
  const auto place = [&](const std::string& name) { return std::find(names.begin(), names.end(), name); };
  for (const std::string& name : {id_column, column}) {
    if (place(name) == names.end()) {
      return fail(fmt::format("there is no column '{}'; the table has {}", name, fmt::join(names, ", ")), {}, path);
    }
  }
  const auto id_at = place(id_column) - names.begin(), value_at = place(column) - names.begin();
  Rater out{path, {}};
  RowSplitter splitter(reader->shape());
  Block block;
  while (true) {
    const auto more = reader->next(block);
    if (!more) {
      return tl::unexpected(more.error());
    }
    if (!*more) {
      return out;
    }
    if (auto started = splitter.start(block); !started) {
      return tl::unexpected(located(started.error(), path));
    }
    TableRow row;
    while (splitter.next(row)) {
      const std::string line = fmt::format("line {}", row.line);
      if (row.problem != TableRow::Problem::none) {
        return fail(row_problem_text(row, names.size()), line, path);
      }
      const std::string id(row.fields[id_at]), value(row.fields[value_at]);
      if (!value.empty() && !out.values.emplace(id, value).second) {
        return fail(fmt::format("the id '{}' stands twice", id), line, path);
      }
    }
  }
}

Result<AgreementReport> agreement_report(const Dictionary& dictionary, const std::vector<Rater>& raters,
                                         const AgreementOptions& options) {
  return Report(dictionary, raters, options).run();
}

}  // namespace her2
