// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "her2/evidence/number_span.h"
#include "her2/evidence/reading_set.h"

namespace her2 {
namespace {

// Names of the facts of one dual-probe count.
struct CountNames {
  std::string_view cells, her2_total, cep17_total, ratio, copies, cep17_copies;
};
constexpr CountNames kFirstCount{"cells", "her2_total", "cep17_total", "ratio", "copies", "cep17_copies"};
constexpr CountNames kRecount{"recount_cells", "recount_her2_total", "recount_cep17_total",
                              "recount_ratio", "recount_copies",     "recount_cep17_copies"};

class Counts {
 public:
  explicit Counts(ReadingSet& readings) : readings_(readings) {}

  void run() {
    for (const CountNames& names : {kFirstCount, kRecount}) {
      check_count(names);
    }
    check_totals_as_means();
    check_ish_status();
  }

 private:
  // A ratio or mean of one count, with what is known of it.
  struct Quotient {
    std::string_view name, above, below;
    std::optional<Rational> counted;  // from exact counts
    bool undefined = false;           // exact counts, the lower one 0
    const Value* recorded = nullptr;

    [[nodiscard]] bool has_counts() const { return counted || undefined; }
    [[nodiscard]] std::optional<NumberSpan> span() const {
      return counted ? point_span(*counted) : written_span(recorded);
    }
    [[nodiscard]] std::optional<NumberSpan> strict_span() const {
      return counted ? point_span(*counted) : exact_span(recorded);
    }
    [[nodiscard]] bool contradicts_counts() const {
      const auto written = written_span(recorded);
      return has_counts() && written && (undefined || !overlap(*written, point_span(*counted)));
    }
  };
  using Quotients = std::array<Quotient, 3>;  // ratio, HER2 mean, CEP17 mean

  Quotients quotients_of(const CountNames& names) const {
    Quotients out{{{names.ratio, names.her2_total, names.cep17_total, {}, false, nullptr},
                   {names.copies, names.her2_total, names.cells, {}, false, nullptr},
                   {names.cep17_copies, names.cep17_total, names.cells, {}, false, nullptr}}};
    for (Quotient& quotient : out) {
      const auto above = readings_.number(quotient.above);
      const auto below = readings_.number(quotient.below);
      quotient.recorded = readings_.find(quotient.name);
      quotient.undefined = above && below && *below == 0;
      if (above && below && *below != 0) {
        quotient.counted = *above / *below;
      }
    }
    return out;
  }

  void check_count(const CountNames& names) {
    if (const Value* counted = readings_.find(names.cells);
        counted != nullptr && counted->state == Value::State::number) {
      readings_.set_everywhere(std::string(names.cells) + "_counted", *counted);
    }
    const Quotients quotients = quotients_of(names);
    const bool any =
        std::any_of(quotients.begin(), quotients.end(), [](const auto& q) { return q.recorded != nullptr; });
    const auto stated = [&](std::string_view name) {
      const Value* value = readings_.find(name);
      return value != nullptr && value->state == Value::State::number;
    };
    if (any && !stated(names.her2_total) && !stated(names.cep17_total)) {
      readings_.drop_everywhere(
          names.cells);  // nothing was counted over it that is recorded; the number itself stays as ..._counted
    }
    if (std::any_of(quotients.begin(), quotients.end(), [](const auto& q) { return q.contradicts_counts(); })) {
      split_counts_and_means(names, quotients);
      return;
    }
    for (const Quotient& quotient : quotients) {
      if (quotient.has_counts()) {
        readings_.drop_everywhere(quotient.name);  // a rounded mean would contradict the counts it was computed from
      }
    }
    check_means(names, quotients);
  }

  // Counts decide; ratio and means that do not follow from them are pointed out.
  void split_counts_and_means(const CountNames& names, const Quotients& quotients) {
    std::vector<std::string> wrong, counts;
    std::vector<std::string_view> of_counts, counted_names;
    for (const Quotient& quotient : quotients) {
      if (quotient.contradicts_counts()) {
        wrong.push_back(fmt::format("{} {} (the counts give {})", readings_.label(quotient.name),
                                    readings_.written(quotient.name),
                                    quotient.counted ? rounded_text(*quotient.counted, 2) : "none"));
      }
      if (quotient.has_counts()) {
        of_counts.push_back(quotient.name);
        for (const auto name : {quotient.above, quotient.below}) {
          if (std::find(counted_names.begin(), counted_names.end(), name) == counted_names.end()) {
            counted_names.push_back(name);
            counts.push_back(fmt::format("{} {}", readings_.label(name), readings_.written(name)));
          }
        }
      }
    }
    auto facts = readings_.recorded_ids(
        {names.cells, names.her2_total, names.cep17_total, names.ratio, names.copies, names.cep17_copies});
    readings_.point_out(
        {"counts-not-means",
         fmt::format("The recorded {} does not follow from {}.", fmt::join(wrong, " and "), fmt::join(counts, ", ")),
         std::move(facts), true});
    if (quotients[0].recorded != nullptr && quotients[1].recorded != nullptr) {
      counted_names.push_back(names.cep17_copies);  // ratio and HER2 mean say it already
    }
    readings_.split(
        {{"the total counts are right", of_counts, {}}, {"the ratio and means are right", counted_names, {}}});
  }

  // ratio * CEP17 mean = HER2 mean, within what was written.
  void check_means(const CountNames& names, const Quotients& quotients) {
    const auto& [ratio, copies, cep17] = quotients;
    const auto all_counted = ratio.counted && copies.counted && cep17.counted;
    if (all_counted || !ratio.span() || !copies.span() || !cep17.span()) {
      return;
    }
    const auto is_interval = [](const Quotient& q) { return !q.counted && !q.recorded->exact_number(); };
    const bool intervals = is_interval(ratio) || is_interval(copies) || is_interval(cep17);
    if (intervals && overlap(product(*ratio.strict_span(), *cep17.strict_span()), *copies.strict_span())) {
      return;  // they narrow each other
    }
    if (overlap(product(*ratio.span(), *cep17.span()), *copies.span())) {
      readings_.drop_everywhere(cep17.counted ? names.cep17_total
                                              : names.cep17_copies);  // ratio and HER2 mean say it already
      return;
    }
    const auto h = copies.counted ? copies.counted : readings_.number(names.copies);
    const auto c = cep17.counted ? cep17.counted : readings_.number(names.cep17_copies);
    const auto text = [&](const Quotient& q) {
      return q.counted ? rounded_text(*q.counted, 2) : readings_.written(q.name);
    };
    const std::string is = h && c ? fmt::format(" = {}", *c == 0 ? "undefined" : rounded_text(*h / *c, 2)) : "";
    auto facts = readings_.recorded_ids(
        {names.ratio, names.copies, names.cep17_copies, names.cells, names.her2_total, names.cep17_total});
    readings_.point_out(
        {"ratio-not-means",
         fmt::format("The recorded ratio {} is not HER2/CEP17: {} / {}{}.", text(ratio), text(copies), text(cep17), is),
         std::move(facts), true});
    std::vector<ReadingSet::Alternative> alternatives{
        {"the CEP17 mean is wrong", {cep17.counted ? names.cep17_total : names.cep17_copies}, {}},
        {"the ratio is wrong", {names.ratio}, {}},
        {"the HER2 mean is wrong", {copies.counted ? names.her2_total : names.copies}, {}}};
    if (ratio.counted) {
      alternatives[1] = {"the total counts are wrong", {names.her2_total, names.cep17_total}, {}};
    }
    readings_.split(alternatives);
  }

  // "HER2 copies 69, CEP17 63, cells 60": whole numbers not below the number of cells are totals more likely than
  // means.
  void check_totals_as_means() {
    const Value* copies = readings_.find("copies");
    const Value* cep17 = readings_.find("cep17_copies");
    const auto cells = readings_.number("cells");
    const auto mean = readings_.number("copies");
    if (!mean || !is_whole(copies) || (cep17 != nullptr && !is_whole(cep17)) ||
        readings_.find("her2_total") != nullptr) {
      return;
    }
    const bool both_fit = cells && cep17 != nullptr && 2 * *cep17->exact_number() >= *cells && *cells >= kFewCells;
    if (!both_fit || *mean < *cells) {
      if (*mean > kHighMean && !(cells && *mean < *cells)) {
        readings_.point_out(
            {"high-mean",
             fmt::format("HER2 copies {} is high for a mean per cell; check that it is not the total over all cells.",
                         readings_.written("copies")),
             readings_.ids({"copies"}), false});
      }
      return;
    }
    ReadingSet::Alternative totals{
        "the copy numbers are totals over all cells",
        {"copies", "cep17_copies", "ratio"},
        {{"her2_total", *copies}, {"cells", *readings_.find("cells")}, {"cep17_total", *cep17}}};
    readings_.point_out(
        {"totals-as-means",
         fmt::format(
             "HER2 copies {} with {} cells counted looks like the total over all cells ({} per cell), not a mean.",
             readings_.written("copies"), readings_.written("cells"), rounded_text(*mean / *cells, 2)),
         readings_.ids({"copies", "cep17_copies", "cells"}), true});
    readings_.split({{"the copy numbers are means per cell", {}, {}}, totals});
  }

  static bool is_whole(const Value* value) { return value->written && value->written->scale == 0; }

  // The laboratory's own conclusion is not used beside counts; where it is another than that of 2.0, people should
  // know.
  void check_ish_status() {
    const Value* status = readings_.find("ish_reported");
    const auto quotients = quotients_of(kFirstCount);
    const auto ratio = quotients[0].counted ? quotients[0].counted : readings_.number("ratio");
    const auto copies = quotients[1].counted ? quotients[1].counted : readings_.number("copies");
    if (!ratio || status == nullptr || status->state != Value::State::choice || !status->is_exact()) {
      return;
    }
    const std::string said_status = readings_.written("ish_reported");
    const bool above =
        *ratio >= 2 && (!copies || *copies >= 4) && (said_status == "negative" || said_status == "equivocal");
    const bool below = *ratio < 2 && copies && *copies < 6 && said_status == "positive";
    if (above || below) {
      readings_.point_out({"ish-status-against-ratio",
                           fmt::format("The ISH status '{}' recorded beside a ratio of {} does not follow from it; the "
                                       "laboratory may have used another edition.",
                                       said_status, rounded_text(*ratio, 2)),
                           readings_.recorded_ids({"ish_reported", "ratio", "her2_total", "cep17_total"}), false});
    }
  }

  // Our policy, from looking at public tables; no guideline states such limits.
  static constexpr int kHighMean = 12;  // a whole-number "mean" above this is pointed out
  static constexpr int kFewCells = 10;  // with fewer cells a high mean is as likely as a total

  ReadingSet& readings_;
};

}  // namespace

void reconcile_counts(ReadingSet& readings) { Counts(readings).run(); }

}  // namespace her2
