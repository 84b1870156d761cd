// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort_rates.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/evidence/toml_text.h"
#include "her2/guideline/toml_reader.h"

namespace her2 {
namespace {

class RateReader {
 public:
  RateReader(const toml::table& table, std::size_t index, const Dictionary& dictionary)
      : table_(table), reader_(table, fmt::format("rate {}", index + 1)), dictionary_(dictionary) {}

  RateRule run() {
    reader_.only({"id", "title", "among", "when", "words", "source", "reference", "published_low", "published_high",
                  "watch_low", "watch_high", "watch_note"});
    RateRule out;
    CohortRate& rate = out.rate;
    rate.id = reader_.text("id", true);
    rate.title = reader_.text("title", true);
    rate.words = reader_.text("words", true);
    rate.source = reader_.text("source", true);
    rate.watch_note = reader_.text("watch_note", false);
    rate.reference = share("reference");
    rate.published = span("published_low", "published_high");
    rate.watch = span("watch_low", "watch_high");
    out.among = condition("among", out.facts);
    out.when = condition("when", out.facts);
    std::sort(out.facts.begin(), out.facts.end());
    out.facts.erase(std::unique(out.facts.begin(), out.facts.end()), out.facts.end());
    return out;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return reader_.error(); }

 private:
  std::optional<double> share(std::string_view key) {
    const auto percent = table_.contains(key) ? reader_.number(key) : std::nullopt;
    if (!percent) {
      return std::nullopt;
    }
    if (*percent < 0 || *percent > 100) {
      reader_.wrong(fmt::format("'{}' must be a share in per cent, 0 to 100", key));
      return std::nullopt;
    }
    return static_cast<double>(*percent) / 100;
  }

  std::optional<std::pair<double, double>> span(std::string_view low, std::string_view high) {
    const auto from = share(low), to = share(high);
    if (from.has_value() != to.has_value() || (from && *from > *to)) {
      reader_.wrong(fmt::format("'{}' and '{}' belong together, the lower one first", low, high));
      return std::nullopt;
    }
    return from ? std::optional(std::pair(*from, *to)) : std::nullopt;
  }

  Condition condition(std::string_view key, std::vector<FactId>& facts) {
    auto parsed = parse_condition(reader_.text(key, true), dictionary_, {});
    if (!parsed) {
      reader_.wrong(fmt::format("'{}': {}", key, parsed.error().text()));
      return {};
    }
    for (const FactId fact : facts_read(*parsed, dictionary_)) {
      facts.push_back(fact);
      if (dictionary_[fact].kind != FactKind::choice) {
        reader_.wrong(fmt::format("'{}' may name choices only, and {} is a number", key, dictionary_[fact].name));
      }
    }
    return std::move(*parsed);
  }

  const toml::table& table_;
  TomlReader reader_;
  const Dictionary& dictionary_;
};

}  // namespace

Result<std::vector<RateRule>> parse_rates(std::string_view toml, const std::string& file,
                                          const Dictionary& dictionary) {
  const auto parsed = parse_toml(std::string(toml), file);
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  TomlReader reader(*parsed, "");
  reader.only({"rate"});
  const auto tables = reader.tables("rate");
  if (!reader.ok()) {
    return tl::unexpected(located(*reader.error(), file));
  }
  std::vector<RateRule> out;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    RateReader one(*tables[i], i, dictionary);
    RateRule rule = one.run();
    if (one.error()) {
      return tl::unexpected(located(*one.error(), file));
    }
    if (std::any_of(out.begin(), out.end(), [&](const RateRule& other) { return other.rate.id == rule.rate.id; })) {
      return fail(fmt::format("rate '{}' stands twice", rule.rate.id), {}, file);
    }
    out.push_back(std::move(rule));
  }
  return out;
}

}  // namespace her2
